import { readTokenState, type SessionFields } from './tokenState';

const latest = new Map<string, string>();

/** Notes a stored `tokenState`, for a Test that was given the credential's data before it waited its turn. */
export function noteLatest(tokenState: string, credential: SessionFields): void {
	latest.set(readTokenState(credential).pastedFingerprint, tokenState);
}

/** `credential` with the newer of its own state and the one that this process stored last. */
export function withLatest<T extends SessionFields>(credential: T): T {
	const own = readTokenState(credential);
	const noted = latest.get(own.pastedFingerprint);
	if (noted === undefined) return credential;
	const newer = { ...credential, tokenState: noted };
	return readTokenState(newer).generation > own.generation ? newer : credential;
}
