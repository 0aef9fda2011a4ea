/** A credential as n8n names it. */
export interface Identity {
	id: string;
	name: string;
}

/** Longer than the six hours between two runs of the slowest shipped workflow. */
const USE_LASTS_MS = 7 * 3_600_000;

/** By fingerprint of a pasted value: the credential that this process uses it with, and when it last did. */
const uses = new Map<string, Identity & { at: number }>();

/**
 * Notes that `own` is about to use a pasted value. Returns the other credential that uses it, or null: a credential
 * that was not used for seven hours no longer counts. Only uses of this process are known.
 */
export function claimPasted(fingerprint: string, own: Identity, now: number): Identity | null {
	const known = uses.get(fingerprint);
	const inUse = known !== undefined && Math.abs(now - known.at) < USE_LASTS_MS;
	if (inUse && known.id !== own.id) return known;
	uses.set(fingerprint, { ...own, at: now });
	return null;
}

/** Forgets what was used with a credential that n8n no longer has. */
export function forgetCredential(id: string): void {
	for (const [fingerprint, use] of uses) if (use.id === id) uses.delete(fingerprint);
}
