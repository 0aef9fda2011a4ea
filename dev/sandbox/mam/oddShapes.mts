import type { Entry } from './catalogue.mts';
import { prettySize } from './size.mts';

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

/** A flag in one of its three shapes. */
function flag(value: boolean, shape: number): unknown {
	return [Number(value), String(Number(value)), value][shape];
}

/** Names by id in the site's JSON inside a string; broken in one of the shapes. */
function people(name: string, shape: number): string {
	if (name === '') return '';
	return shape === 1 ? `{"12": "${name}` : JSON.stringify({ 12: name });
}

/** Fields that come only when the root of the search asks for them. */
const ON_REQUEST: Record<string, (entry: Entry) => Record<string, unknown>> = {
	dlLink: ({ dl }) => ({ dl }),
	description: ({ title }) => ({ description: `<p>${escaped(title)}</p>` }),
	isbn: ({ id }) => ({ isbn: `978${id}` }),
	mediaInfo: () => ({ mediainfo: '{}' }),
	thumbnail: () => ({ thumbnail: '' }),
};

/** What a record depends on beside its entry. */
export interface RecordOptions {
	odd: boolean;
	/** The root of the search. */
	root: Record<string, unknown>;
	/** Whether the site has noticed yet that the account has the torrent. */
	mySnatched: boolean;
}

/**
 * A record as the site sends it. With `odd` each record takes one of several shapes by its id: numbers as
 * strings, flags as "0"/"1" or booleans, numeric titles, broken JSON inside strings.
 */
export function record(
	entry: Entry,
	{ odd, root, mySnatched }: RecordOptions,
): Record<string, unknown> {
	const shape = odd ? entry.id % 3 : 0;
	const number = (value: number) => (shape === 1 ? String(value) : value);
	const isNumeric = odd && /^\d+$/.test(entry.title);
	return {
		id: number(entry.id),
		title: isNumeric ? Number(entry.title) : escaped(entry.title),
		size: shape === 2 ? entry.sizeBytes : prettySize(entry.sizeBytes),
		seeders: number(entry.seeders),
		leechers: number(entry.leechers),
		times_completed: number(entry.snatched),
		numfiles: number(1),
		added: entry.added,
		category: String(entry.category),
		catname: entry.categoryName,
		main_cat: entry.mainCategory,
		language: entry.language,
		lang_code: entry.language === 1 ? 'ENG' : 'GER',
		author_info: people(entry.author, shape),
		narrator_info: people(entry.narrator, shape),
		series_info:
			entry.series === '' ? '{}' : JSON.stringify({ 7: [entry.series, String(entry.id % 9)] }),
		free: flag(entry.free, shape),
		personal_freeleech: flag(entry.personalFreeleech, shape),
		vip: flag(entry.vip, shape),
		fl_vip: flag(entry.flVip, shape),
		my_snatched: flag(mySnatched, shape),
		vip_expire: entry.vip ? number(entry.vipExpire) : 0,
		...Object.fromEntries(
			Object.entries(ON_REQUEST)
				.filter(([name]) => name in root)
				.flatMap(([, fields]) => Object.entries(fields(entry))),
		),
	};
}

/** A record that nobody can read; `found` does not count it. */
export const UNREADABLE = { id: null, title: null, size: '? MiB', seeders: '-', leechers: [] };
