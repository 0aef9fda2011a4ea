let issued = 0;

/** A pasted value of its own for each test: the transport remembers turns and intervals by it. */
export function newSession(): string {
	return `session-${++issued}%3D`;
}

/** Stored credential data with `sessionToken` just pasted. */
export function mamCredentials(sessionToken: string) {
	return {
		myAnonamouseApi: {
			sessionToken,
			baseUrl: 'https://www.myanonamouse.net',
			requestIntervalSeconds: 0,
			tokenState: '',
			refresh: '',
		},
	};
}
