import { createHash } from 'node:crypto';

import { isRecord, parseJson } from '../../shared/json';
import type { Cause } from '../../shared/types';
import { isUsableSession, pastedSession } from './cookie';

/** A refusal that holds for later calls too. */
export interface Pause {
	cause: Cause;
	/** ISO time. */
	until: string;
}

/** A purchase that was sent and whose outcome is not yet known. */
export interface Spending {
	what: 'upload' | 'vip';
	/** GiB of upload; 0 for VIP. */
	amount: number;
	/** ISO time. */
	at: string;
	/** The account just before, to prove later how it ended. */
	uploadedBytes: number;
	vipUntil: string | null;
}

/** What the credential keeps between calls, encrypted, in its hidden `tokenState`. */
export interface TokenState {
	/** The value to send next. */
	session: string;
	/** Fingerprint of the pasted value that `session` descends from. */
	pastedFingerprint: string;
	/** Class of the account when it was last read; decides whether VIP torrents are free. */
	className: string | null;
	pause: Pause | null;
	/** ISO time until which the site gives no downloads, whatever else it refuses. */
	freezeUntil: string | null;
	spending: Spending | null;
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
	return isRecord(value) ? value : {};
}

/**
 * The state to work with. A newly pasted value always beats the stored session and ends its pause; a
 * download freeze, a purchase under way and the memory of a rejected paste belong to the account and outlive it.
 */
export function readTokenState(credential: SessionFields): TokenState {
	const pasted = pastedSession(credential.sessionToken);
	const pastedFingerprint = fingerprint(pasted);
	const stored = storedState(credential.tokenState);
	const descends = stored.pastedFingerprint === pastedFingerprint;
	const session = descends && isUsableSession(stored.session ?? '') ? stored.session! : pasted;
	return {
		session,
		pastedFingerprint,
		className: stored.className ?? null,
		pause: descends ? (stored.pause ?? null) : null,
		freezeUntil: stored.freezeUntil ?? null,
		spending: stored.spending ?? null,
		lastRejectedPaste: stored.lastRejectedPaste ?? null,
		generation: stored.generation ?? 0,
		probeRefusal: stored.probeRefusal ?? null,
	};
}

/** The text to store in `tokenState`. */
export function writeTokenState(state: TokenState): string {
	return JSON.stringify({ ...state, generation: state.generation + 1 });
}
