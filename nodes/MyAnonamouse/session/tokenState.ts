import { createHash } from 'node:crypto';

import { isRecord, parseJson, type JsonObject } from '../../shared/json';
import type { Cause } from '../../shared/types';
import type { NotedPurchase } from '../parse/lastPurchase';
import { isUsableSession, pastedSession } from './cookie';

/** A refusal that holds for later calls too. */
export interface Pause {
	cause: Cause;
	/** ISO time. */
	until: string;
}

/** The last purchase that was sent. */
export interface PurchaseNote extends NotedPurchase {
	/** `open` while it is not known how it ended. */
	outcome: 'open' | 'bought';
}

/** What the credential keeps between calls, encrypted, in its hidden `tokenState`. */
export interface TokenState {
	/** The value to send next. */
	session: string;
	/** Fingerprint of the pasted value that `session` descends from. */
	pastedFingerprint: string;
	/** Rotations since the value was pasted: of two sessions the one with more is the newer. */
	rotations: number;
	/** ISO time of the last answer that the site accepted; null when none has come since the value was pasted. */
	acceptedAt: string | null;
	/** Whether VIP torrents are free for the account, and when (ISO time) it was read; null before. */
	vipIsFree: { value: boolean; at: string } | null;
	pause: Pause | null;
	/** Until when (ISO time) the session may not use single pages of the site, by path. */
	pausedPaths: Record<string, string>;
	/** ISO time until which the site gives no downloads, whatever else it refuses. */
	freezeUntil: string | null;
	purchase: PurchaseNote | null;
	/** The last pasted value that was refused as dead. */
	lastRejectedPaste: { fingerprint: string; at: string } | null;
	/** Counts the stored states: the higher one is the newer. */
	generation: number;
	/** What refused the last Test although its answer rotated the session; null when it succeeded. */
	probeRefusal: string | null;
}

/** The stored fields of the credential `myAnonamouseApi` that the session needs. */
export interface SessionFields {
	sessionToken?: unknown;
	tokenState?: unknown;
}

/** A short hash: enough to distinguish two pasted values, too short to brute-force them. */
function fingerprint(value: string): string {
	return createHash('sha256').update(value).digest('hex').slice(0, 12);
}

function storedState(tokenState: unknown): Partial<TokenState> {
	const value = typeof tokenState === 'string' ? parseJson(tokenState) : undefined;
	return isRecord(value) ? value : ({} as JsonObject);
}

/** Fingerprint of the pasted value that the stored state belongs to; null when none is stored. */
export function storedFingerprint(tokenState: unknown): string | null {
	return storedState(tokenState).pastedFingerprint ?? null;
}

/**
 * The state to work with. A newly pasted value always beats the stored session and ends its pauses; a
 * download freeze, the last purchase and the memory of a rejected paste belong to the account and outlive it.
 */
export function readTokenState(credential: SessionFields): TokenState {
	const pasted = pastedSession(credential.sessionToken);
	const pastedFingerprint = fingerprint(pasted);
	const stored = storedState(credential.tokenState);
	const own = stored.pastedFingerprint === pastedFingerprint ? stored : {};
	const { session: rotated } = own;
	const session = typeof rotated === 'string' && isUsableSession(rotated) ? rotated : pasted;
	return {
		session,
		pastedFingerprint,
		rotations: own.rotations ?? 0,
		acceptedAt: own.acceptedAt ?? null,
		vipIsFree: stored.vipIsFree ?? null,
		pause: own.pause ?? null,
		pausedPaths: own.pausedPaths ?? {},
		freezeUntil: stored.freezeUntil ?? null,
		purchase: stored.purchase ?? null,
		lastRejectedPaste: stored.lastRejectedPaste ?? null,
		generation: stored.generation ?? 0,
		probeRefusal: own.probeRefusal ?? null,
	};
}

/** `state` as the next one to be stored. */
export function nextGeneration(state: TokenState): TokenState {
	return { ...state, generation: state.generation + 1 };
}

/** The text to store in `tokenState`. */
export function writeTokenState(state: TokenState): string {
	return JSON.stringify(state);
}
