import { createHash } from 'node:crypto';

import type { Cause } from '../../shared/types';
import { isUsableSession, pastedSession } from './cookie';

/** A refusal that holds for later calls too. */
export interface Pause {
	cause: Cause;
	/** ISO time. */
	until: string;
}

/** A purchase that was sent and whose end is not yet known. */
export interface Spending {
	what: 'upload' | 'vip';
	/** GiB of upload, or weeks of VIP ("max" counts as 0). */
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
	deadPaste: { fingerprint: string; at: string } | null;
	/** Counts the stored states, to tell the newer of two apart. */
	generation: number;
	/** What refused the last Test although its answer rotated the session; null when it succeeded. */
	probeRefusal: string | null;
}

/** The stored fields of the credential `myAnonamouseApi` that the session needs. */
export interface SessionFields {
	sessionToken?: unknown;
	tokenState?: unknown;
}

/** Enough of a hash to tell two pasted values apart, too little to try values against it. */
function fingerprint(value: string): string {
	return createHash('sha256').update(value).digest('hex').slice(0, 12);
}

function storedState(tokenState: unknown): Partial<TokenState> {
	if (typeof tokenState !== 'string' || tokenState === '') return {};
	try {
		const value: unknown = JSON.parse(tokenState);
		return typeof value === 'object' && value !== null ? value : {};
	} catch {
		return {};
	}
}

/**
 * The state to work with. A newly pasted value always beats the stored session and ends its pause; a
 * download freeze, a purchase under way and the memory of a dead paste belong to the account and outlive it.
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
		deadPaste: stored.deadPaste ?? null,
		generation: stored.generation ?? 0,
		probeRefusal: stored.probeRefusal ?? null,
	};
}

/** The text to store in `tokenState`. */
export function writeTokenState(state: TokenState): string {
	return JSON.stringify({ ...state, generation: state.generation + 1 });
}
