import { prettySize } from './account.mts';
import type { Entry } from './catalogue.mts';

const ENTITIES: Array<[RegExp, string]> = [
	[/&/g, '&amp;'],
	[/</g, '&lt;'],
	[/>/g, '&gt;'],
	[/"/g, '&quot;'],
	[/'/g, '&#039;'],
];

function escaped(text: string): string {
	return ENTITIES.reduce((result, [pattern, entity]) => result.replace(pattern, entity), text);
}

/** One MiB below a GiB the site still counts in MiB: `1,002.9 MiB`. */
function lateUnit(bytes: number): string {
	const mib = bytes / 1024 ** 2;
	if (mib < 1000 || mib >= 1100) return prettySize(bytes);
	return `${mib.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MiB`;
}

/** A flag in one of its three shapes. */
function flag(value: boolean, shape: number): unknown {
	return [Number(value), String(Number(value)), value][shape];
}

/**
 * A record as the site sends it. With `odd` each record takes one of several shapes by its id: numbers as
 * strings, flags as "0"/"1" or booleans, numeric titles, broken JSON inside strings.
 */
export function record(entry: Entry, odd: boolean, dlLink: boolean): Record<string, unknown> {
	const shape = odd ? entry.id % 3 : 0;
	const number = (value: number) => (shape === 1 ? String(value) : value);
	const isNumeric = odd && /^\d+$/.test(entry.title);
	return {
		id: number(entry.id),
		title: isNumeric ? Number(entry.title) : escaped(entry.title),
		size: shape === 2 ? entry.sizeBytes : lateUnit(entry.sizeBytes),
		seeders: number(entry.seeders),
		leechers: number(entry.leechers),
		times_completed: number(entry.snatched),
		numfiles: number(1),
		added: entry.added,
		category: String(entry.category),
		catname: entry.categoryName,
		main_cat: entry.mainCategory,
		author_info: shape === 1 ? '{"12": "Broken' : '{"12": "An Author"}',
		narrator_info: '',
		series_info: '{}',
		free: flag(entry.free, shape),
		personal_freeleech: flag(entry.personalFreeleech, shape),
		vip: flag(entry.vip, shape),
		fl_vip: flag(entry.flVip, shape),
		my_snatched: flag(entry.mySnatched, shape),
		vip_expire: 0,
		...(dlLink ? { dl: entry.dl } : {}),
	};
}

/** A record that nobody can read; `found` does not count it. */
export const UNREADABLE = { id: null, title: null, size: '? MiB', seeders: '-', leechers: [] };
