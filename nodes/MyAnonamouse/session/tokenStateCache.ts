import { readTokenState, type SessionFields } from './tokenState';

const latest = new Map<string, string>();

/** Keeps a stored `tokenState`, for a Test whose credential data was read before it had to wait. */
export function cacheTokenState(tokenState: string, credential: SessionFields): void {
	latest.set(readTokenState(credential).pastedFingerprint, tokenState);
}

/** `credential` with the newer of its own state and the one that this process stored last. */
export function withCachedState<T extends SessionFields>(credential: T): T {
	const own = readTokenState(credential);
	const cached = latest.get(own.pastedFingerprint);
	if (cached === undefined) return credential;
	const newer = { ...credential, tokenState: cached };
	return readTokenState(newer).generation > own.generation ? newer : credential;
}
