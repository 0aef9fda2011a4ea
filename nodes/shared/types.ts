/**
 * Why something was refused or failed. Public: users branch on these names, and
 * `mam_<flow>_run_failed{cause}` carries them.
 */
export const CAUSES = [
	'dead_cookie',
	'ip_lock',
	'asn_lock',
	'session_type',
	'account_disabled',
	'rate_limited',
	'function_not_allowed',
	'session_in_two_credentials',
	'session_busy',
	'site_unavailable',
	'download_freeze',
	'vip_only',
	'gone',
	'not_json',
	'empty_body',
	'login_redirect',
	'session_refused',
	'bad_torrent',
	'timeout',
	'unreachable',
	'client_auth',
	'client_banned',
	'client_unreachable',
	'delete_incomplete',
	'spend_unknown',
	'stale_plan',
	'stale_account',
	'bad_parameter',
	'no_data',
	'unknown',
] as const;

export type Cause = (typeof CAUSES)[number];

/** Refusals that only a new session, or the user on the site, ends. */
export const SESSION_CAUSES: Cause[] = [
	'dead_cookie',
	'ip_lock',
	'asn_lock',
	'session_type',
	'account_disabled',
];

/** Everything a user needs to know about one failure. */
export interface FailureFacts {
	cause: Cause;
	/** What happened, as a sentence. */
	sentence: string;
	/** What the user should do next. */
	action: string;
	/** ISO time until which it holds; absent when it has no known end. */
	until?: string | null;
}

/** The item that a failure becomes; every later step passes it on unchanged. */
export interface FailureItem {
	/** What happened, as a sentence. */
	error: string;
	/** What the user should do next. */
	message: string;
	details: {
		cause: Cause;
		/** Display name of the node that failed. */
		node: string;
		/** `resource:operation`, or the operation of a node without resources. */
		operation: string;
		/** ISO time until which the refusal holds; null when it has no known end. */
		until: string | null;
	};
	/** The `id` of the input item, where it had one. */
	id?: number | string;
}

/** The one item a list operation returns for a proven empty answer (`markEmpty`). */
export interface EmptyMarker {
	empty: true;
	/** ISO time of the answer. */
	fetchedAt: string;
}
