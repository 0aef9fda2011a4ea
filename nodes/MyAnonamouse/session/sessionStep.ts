/**
 * What a request with the credential is for. Node code puts one into the credential data that it hands to
 * n8n; without one the request comes from the Test button or from n8n's HTTP Request node.
 */
export type SessionStep =
	/** Send the request with this session; store nothing. */
	| { kind: 'use'; session: string }
	/** Store this `tokenState`; send nothing. */
	| { kind: 'commit'; tokenState: string };

/** The name of the step in the credential data. It is never stored: n8n stores only what preAuthentication returns. */
export const SESSION_STEP = 'sessionStep';
