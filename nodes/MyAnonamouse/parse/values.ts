import { isRecord, type JsonObject } from '../../shared/json';

/** A record, or the sentence that says why there is none. Parse functions never throw. */
export type Parsed<T> = { record: T } | { unreadable: string };

/** Bytes in one unit of the site's pretty sizes; its units are binary whatever they are called. */
const UNIT_BYTES: Record<string, number> = {
	B: 1,
	K: 1024,
	M: 1024 ** 2,
	G: 1024 ** 3,
	T: 1024 ** 4,
	P: 1024 ** 5,
};

/** A JSON object, or null. */
export function asRecord(value: unknown): JsonObject | null {
	return isRecord(value) ? value : null;
}

/** A finite number, also from a string with thousands commas; null for anything else. */
export function asNumber(value: unknown): number | null {
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	if (typeof value !== 'string') return null;
	const text = value.replace(/,/g, '').trim();
	return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : null;
}

/** A whole number of at least 0; null for anything else. */
export function asCount(value: unknown): number | null {
	const number = asNumber(value);
	return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Bytes from a byte count or a pretty size like `1,002.9 MiB`; null when it is neither. */
export function asBytes(value: unknown): number | null {
	const plain = asNumber(value);
	if (plain !== null) return plain >= 0 ? Math.round(plain) : null;
	if (typeof value !== 'string') return null;
	const parts = /^\s*([\d.,]+)\s*([KMGTP]?)i?B(ytes)?\s*$/i.exec(value);
	const number = parts === null ? null : asNumber(parts[1]);
	if (parts === null || number === null) return null;
	return Math.round(number * UNIT_BYTES[parts[2].toUpperCase() || 'B']);
}

/** The site's flags: 0/1, "0"/"1", booleans. Anything else is false. */
export function asFlag(value: unknown): boolean {
	return value === true || value === 1 || value === '1' || value === 'true';
}

/**
 * ISO 8601 UTC from `2099-01-01 00:00:00` (the site's times are UTC) or unix seconds; null when there is no
 * readable time, or 0.
 */
export function asIsoTime(value: unknown): string | null {
	const seconds = asNumber(value);
	if (seconds !== null) return seconds > 0 ? isoOrNull(seconds * 1000) : null;
	if (typeof value !== 'string') return null;
	const parts = /^\s*(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?Z?\s*$/.exec(value);
	return parts === null ? null : isoOrNull(Date.parse(`${parts[1]}T${parts[2]}Z`));
}

function isoOrNull(ms: number): string | null {
	const date = new Date(ms);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

const NAMED_ENTITIES = new Map([
	['amp', '&'],
	['apos', "'"],
	['gt', '>'],
	['hellip', '…'],
	['ldquo', '“'],
	['lsquo', '‘'],
	['lt', '<'],
	['mdash', '—'],
	['nbsp', ' '],
	['ndash', '–'],
	['quot', '"'],
	['rdquo', '”'],
	['rsquo', '’'],
]);

/** Text of a string or number with its HTML entities decoded once; an unknown entity stays as it is. */
export function asText(value: unknown): string | null {
	if (typeof value === 'number') return String(value);
	if (typeof value !== 'string') return null;
	return value.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (entity, dec, hex, name) => {
		if (name !== undefined) return NAMED_ENTITIES.get(String(name).toLowerCase()) ?? entity;
		const code = dec !== undefined ? Number(dec) : Number.parseInt(String(hex), 16);
		return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
	});
}
