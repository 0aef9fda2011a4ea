import {
	readTokenState,
	storedFingerprint,
	type SessionFields,
	type TokenState,
} from './tokenState';

/** The newest state that this process knows, by fingerprint of the pasted value. */
const newest = new Map<string, TokenState>();

/** Fingerprints of the pasted values that this process has seen replaced. */
const replaced = new Set<string>();

/** More values than one n8n will ever have pasted between two restarts. */
const MAX_VALUES = 100;

/** The newer of two states of one pasted value; its session is the one that was rotated more often. */
function newerOf(known: TokenState, stored: TokenState): TokenState {
	const state = known.generation > stored.generation ? known : stored;
	const { session, rotations } = known.rotations > stored.rotations ? known : stored;
	if (rotations === state.rotations) return state;
	// What was said of an older value says nothing about this one.
	const pause = state.pause?.cause === 'dead_cookie' ? null : state.pause;
	return { ...state, session, rotations, pause };
}

/**
 * Keeps a state before it is stored: a failed write, or an editor's save that puts an old state back, then loses
 * nothing as long as this process lives.
 */
export function cacheTokenState(state: TokenState): void {
	newest.delete(state.pastedFingerprint);
	newest.set(state.pastedFingerprint, state);
	if (newest.size > MAX_VALUES) newest.delete(newest.keys().next().value as string);
}

/** Notes which pasted value a credential that was just read holds, and which one it replaced. */
export function notePasted(credential: SessionFields): void {
	const { pastedFingerprint } = readTokenState(credential);
	const before = storedFingerprint(credential.tokenState);
	replaced.delete(pastedFingerprint);
	if (before !== null && before !== pastedFingerprint) replaced.add(before);
	if (replaced.size > MAX_VALUES) replaced.delete(replaced.values().next().value as string);
}

/** Whether this value has been replaced since it was read. */
export function isReplaced({ pastedFingerprint }: TokenState): boolean {
	return replaced.has(pastedFingerprint);
}

/** The newest state of the credential: what is stored, or what this process knows better. */
export function newestState(credential: SessionFields): TokenState {
	const stored = readTokenState(credential);
	const known = newest.get(stored.pastedFingerprint);
	return known === undefined ? stored : newerOf(known, stored);
}
