import type { IDataObject } from 'n8n-workflow';

/** qBittorrent's preferences, by its own names. */
export type Preferences = IDataObject;

/** One preference that is not as wanted. */
export interface Drift {
	key: string;
	/** Its value in the client. */
	from: unknown;
	/** The wanted value. */
	to: unknown;
}

/** Whether a preference holds a password or key, which never reaches an item. */
export function isSecret(key: string): boolean {
	return /password|passphrase|secret|api_?key|token/i.test(key);
}

/** The preferences without those that hold a secret. */
export function withoutSecrets(preferences: Preferences): Preferences {
	return Object.fromEntries(Object.entries(preferences).filter(([key]) => !isSecret(key)));
}

/** The wanted preferences that the client does not have yet. */
export function driftOf(current: Preferences, wanted: Preferences): Drift[] {
	return Object.entries(wanted)
		.filter(([key, value]) => JSON.stringify(current[key]) !== JSON.stringify(value))
		.map(([key, value]) => ({ key, from: current[key], to: value }));
}

/** The first wanted preference that this client cannot take: qBittorrent passes over it in silence. Null when all fit. */
export function unfitKey(current: Preferences, wanted: Preferences): string | null {
	const unfit = Object.keys(wanted).find(
		(key) => !(key in current) || isSecret(key) || typeof current[key] !== typeof wanted[key],
	);
	return unfit ?? null;
}
