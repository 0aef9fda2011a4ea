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

/** Those that decide what is downloaded where, and which torrents stay announced. */
const ESSENTIAL_KEYS = [
	'save_path',
	'temp_path_enabled',
	'temp_path',
	'listen_port',
	'dl_limit',
	'up_limit',
	'queueing_enabled',
	'max_active_downloads',
	'max_active_uploads',
	'max_active_torrents',
	'dont_count_slow_torrents',
	'max_ratio_enabled',
	'max_ratio',
	'max_ratio_act',
	'max_seeding_time_enabled',
	'max_seeding_time',
	'max_inactive_seeding_time_enabled',
	'max_inactive_seeding_time',
];

/** Only {@link ESSENTIAL_KEYS} of the preferences, as far as this version has them. */
export function essentialPreferences(preferences: Preferences): Preferences {
	const present = ESSENTIAL_KEYS.filter((key) => key in preferences);
	return Object.fromEntries(present.map((key) => [key, preferences[key]]));
}

/** A value for comparison: qBittorrent stores a folder without the slash at its end. */
function comparable(key: string, value: unknown): string {
	const isFolder = /(_path|_dir)$/.test(key) && typeof value === 'string';
	return JSON.stringify(isFolder ? value.replace(/(?<=.)[\\/]+$/, '') : value);
}

/** The wanted preferences that the client does not have yet. */
export function driftOf(current: Preferences, wanted: Preferences): Drift[] {
	return Object.entries(wanted)
		.filter(([key, value]) => comparable(key, current[key]) !== comparable(key, value))
		.map(([key, value]) => ({ key, from: current[key], to: value }));
}

/** The first wanted preference that this client would silently ignore; null when it takes all. */
export function unsettableKey(current: Preferences, wanted: Preferences): string | null {
	const unsettable = Object.keys(wanted).find(
		(key) => !(key in current) || isSecret(key) || typeof current[key] !== typeof wanted[key],
	);
	return unsettable ?? null;
}

/**
 * The first wanted port that is none: qBittorrent accepts any number, and 0 as the port of the WebUI locks
 * everybody out of it. Null when all are ports.
 */
export function badPort(wanted: Preferences): string | null {
	const isPort = (key: string, value: unknown) =>
		Number.isInteger(value) &&
		Number(value) <= 65_535 &&
		Number(value) >= (key === 'web_ui_port' ? 1 : 0);
	const bad = Object.entries(wanted).find(
		([key, value]) => /_port$/.test(key) && typeof value === 'number' && !isPort(key, value),
	);
	return bad?.[0] ?? null;
}

const SHARE_LIMITS = ['max_ratio', 'max_seeding_time', 'max_inactive_seeding_time'];

/**
 * The first share limit that would be switched on without a value of its own (-1 is none). Before 5.3 it is 0
 * then, and everything that is complete stops at once. Null when there is none.
 */
export function limitWithoutValue(current: Preferences, wanted: Preferences): string | null {
	const without = SHARE_LIMITS.find((limit) => {
		const key = `${limit}_enabled`;
		return wanted[key] === true && current[key] === false && !(Number(wanted[limit]) >= 0);
	});
	return without ?? null;
}
