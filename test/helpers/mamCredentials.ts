import {
	nextGeneration,
	readTokenState,
	writeTokenState,
	type TokenState,
} from '../../nodes/MyAnonamouse/session/tokenState';

let issued = 0;

/** A pasted value of its own for each test: the session remembers turns and intervals by it. */
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
			turnToken: '',
			refresh: '',
		},
	};
}

/** Changes the stored state as another n8n process does. */
export function storeElsewhere(
	{ myAnonamouseApi }: ReturnType<typeof mamCredentials>,
	change: Partial<TokenState>,
): void {
	const state = readTokenState(myAnonamouseApi);
	const rotations = state.rotations + ('session' in change ? 1 : 0);
	myAnonamouseApi.tokenState = writeTokenState(nextGeneration({ ...state, rotations, ...change }));
}
