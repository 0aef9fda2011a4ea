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

/** A number as the site writes it, its thousands separated by commas or not at all. */
const NUMBER = /^[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(e[-+]?\d+)?$/i;

/** A finite number, also from a string with thousands commas; null for anything else. */
export function asNumber(value: unknown): number | null {
	const text = typeof value === 'string' ? value.trim() : '';
	const isNumeric = NUMBER.test(text) && /^[-+]?\.?\d/.test(text);
	const number =
		typeof value === 'number' ? value : isNumeric ? Number(text.replace(/,/g, '')) : NaN;
	return Number.isFinite(number) ? number : null;
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

/** HTML's names of the characters from U+00A0 to U+00FF, in order. */
const LATIN_1 =
	'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const NAMED_ENTITIES = new Map([
	...LATIN_1.split(' ').map((name, at): [string, string] => [name, String.fromCharCode(0xa0 + at)]),
	['amp', '&'],
	['apos', "'"],
	['bull', '•'],
	['euro', '€'],
	['gt', '>'],
	['hellip', '…'],
	['ldquo', '“'],
	['lsquo', '‘'],
	['lt', '<'],
	['mdash', '—'],
	['nbsp', ' '],
	['ndash', '–'],
	['OElig', 'Œ'],
	['oelig', 'œ'],
	['quot', '"'],
	['rdquo', '”'],
	['rsquo', '’'],
	['Scaron', 'Š'],
	['scaron', 'š'],
	['trade', '™'],
]);

function namedEntity(name: string): string | undefined {
	return NAMED_ENTITIES.get(name) ?? NAMED_ENTITIES.get(name.toLowerCase());
}

/** Text of a string or number with its HTML entities decoded once; an unknown entity stays as it is. */
export function asText(value: unknown): string | null {
	if (typeof value === 'number') return String(value);
	if (typeof value !== 'string') return null;
	return value.replace(
		/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+\d{0,2}));/gi,
		(entity, dec, hex, name) => {
			if (name !== undefined) return namedEntity(String(name)) ?? entity;
			const code = dec !== undefined ? Number(dec) : Number.parseInt(String(hex), 16);
			return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
		},
	);
}
