import type { Catalogue, Entry } from './catalogue.mts';

type Tor = Record<string, unknown>;

/** What a search answers, before odd shapes are put on. */
export interface Found {
	perpage: number;
	start: number;
	total: number;
	found: number;
	entries: Entry[];
}

function numberOf(value: unknown): number | null {
	if (value === undefined || value === null || value === '') return null;
	const number = Number(value);
	return Number.isFinite(number) ? number : null;
}

function listOf(value: unknown): string[] {
	if (value === undefined || value === '') return [];
	return (Array.isArray(value) ? value : [value]).map(String);
}

function numbersOf(value: unknown): number[] {
	return listOf(value).map(Number);
}

/** Unix seconds of a `YYYY-MM-DD` or of unix seconds. */
function dateOf(value: unknown): number | null {
	const number = numberOf(value);
	if (number !== null || value === undefined || value === '') return number;
	const milliseconds = Date.parse(`${String(value)}T00:00:00Z`);
	return Number.isNaN(milliseconds) ? null : milliseconds / 1000;
}

const TYPES: Record<string, (entry: Entry) => boolean> = {
	all: () => true,
	active: ({ seeders }) => seeders > 0,
	inactive: ({ seeders }) => seeders === 0,
	fl: ({ free, personalFreeleech }) => free || personalFreeleech,
	'fl-VIP': ({ free, personalFreeleech, vip, flVip }) => free || personalFreeleech || vip || flVip,
	VIP: ({ vip }) => vip,
	nVIP: ({ vip }) => !vip,
	nMeta: () => false,
};

/** Nobody here bookmarks or uploads. */
const PLACES: Record<string, (entry: Entry) => boolean> = {
	torrents: () => true,
	bookmarks: () => false,
	mine: () => false,
	allReseed: ({ seeders }) => seeders === 0,
	myReseed: ({ seeders, mySnatched }) => seeders === 0 && mySnatched,
};

const TEXTS: Record<string, (entry: Entry) => string> = {
	title: ({ title }) => title,
	author: ({ author }) => author,
	narrator: ({ narrator }) => narrator,
	series: ({ series }) => series,
	description: ({ title }) => title,
	filenames: ({ id, fileType }) => `mam-${id}.${fileType}`,
	fileTypes: ({ fileType }) => fileType,
	tags: ({ tags }) => tags,
};

/** Keys of `sortType` before `Asc` or `Desc`. All torrents have one file, and no bookmarks or reseed requests. */
const SORTS: Record<string, (entry: Entry) => number | string> = {
	title: ({ title }) => title,
	size: ({ sizeBytes }) => sizeBytes,
	seeders: ({ seeders }) => seeders,
	leechers: ({ leechers }) => leechers,
	snatched: ({ snatched }) => snatched,
	date: ({ id }) => id,
	category: ({ category }) => category,
	file: () => 1,
	bmka: () => 0,
	reseed: () => 0,
};

/** Looks shuffled and is the same every time. */
function scrambled({ id }: Entry): number {
	return Math.imul(id, 2_654_435_761) >>> 0;
}

function within(value: number, min: unknown, max: unknown, unit = 1): boolean {
	const low = numberOf(min);
	const high = numberOf(max);
	return (low === null || value >= low * unit) && (high === null || value <= high * unit);
}

/** Whether every word of `text` is in one of the places of `srchIn`. */
function hasText(entry: Entry, tor: Tor): boolean {
	const places = listOf(tor.srchIn).filter((name) => name in TEXTS);
	const searched = (places.length === 0 ? ['title'] : places)
		.map((name) => TEXTS[name](entry).toLowerCase())
		.join(' ');
	const words = String(tor.text ?? '')
		.toLowerCase()
		.split(/\s+/);
	return words.every((word) => searched.includes(word));
}

function matches(entry: Entry, tor: Tor, idOfHash: number | undefined): boolean {
	const main = numbersOf(tor.main_cat);
	const categories = numbersOf(tor.cat).filter((category) => category !== 0);
	const languages = numbersOf(tor.browse_lang);
	const unit = numberOf(tor.unit) ?? 1;
	const type = TYPES[String(tor.searchType ?? 'all')] ?? TYPES.all;
	const place = PLACES[String(tor.searchIn ?? 'torrents')] ?? PLACES.torrents;
	const added = Date.parse(`${entry.added}Z`) / 1000;
	const id = numberOf(tor.id);
	return (
		type(entry) &&
		place(entry) &&
		hasText(entry, tor) &&
		(id === null || entry.id === id) &&
		(tor.hash === undefined || entry.id === idOfHash) &&
		(main.length === 0 || main.includes(entry.mainCategory)) &&
		(categories.length === 0 || categories.includes(entry.category)) &&
		(languages.length === 0 || languages.includes(entry.language)) &&
		within(added, dateOf(tor.startDate), dateOf(tor.endDate)) &&
		within(entry.sizeBytes, tor.minSize, tor.maxSize, unit) &&
		within(entry.seeders, tor.minSeeders, tor.maxSeeders) &&
		within(entry.leechers, tor.minLeechers, tor.maxLeechers) &&
		within(entry.snatched, tor.minSnatched, tor.maxSnatched)
	);
}

function sorted(entries: Entry[], sortType: string): Entry[] {
	if (sortType === 'random') return [...entries].sort((a, b) => scrambled(a) - scrambled(b));
	const [, name, direction] = /^(.*?)(Asc|Desc)$/.exec(sortType) ?? [];
	const key = SORTS[name ?? ''];
	if (key === undefined) return entries;
	const sign = direction === 'Asc' ? 1 : -1;
	return [...entries].sort((a, b) => {
		const [x, y] = [key(a), key(b)];
		return x < y ? -sign : x > y ? sign : a.id - b.id;
	});
}

/** Searches the catalogue with the site's own filter names. The page size counts at the root only. */
export function search(catalogue: Catalogue, root: Tor): Found {
	const tor = (typeof root.tor === 'object' && root.tor !== null ? root.tor : {}) as Tor;
	const perpage = Math.min(1000, Math.max(5, numberOf(root.perpage) ?? 20));
	const start = Math.max(0, numberOf(tor.startNumber) ?? 0);
	const idOfHash =
		tor.hash === undefined ? undefined : catalogue.byInfoHash(String(tor.hash).toLowerCase())?.id;
	const all = sorted(
		catalogue.entries.filter((entry) => matches(entry, tor, idOfHash)),
		String(tor.sortType ?? 'default'),
	);
	return {
		perpage,
		start,
		total: catalogue.entries.length,
		found: all.length,
		entries: all.slice(start, start + perpage),
	};
}

/** `tor[main_cat][]=13` and the like as the nested object that POST sends as JSON. */
export function nestedQuery(query: Record<string, unknown>): Tor {
	const root: Tor = {};
	const tor: Tor = {};
	for (const [name, value] of Object.entries(query)) {
		const [, inner, index] = /^tor\[(\w+)\](\[\d*\])?$/.exec(name) ?? [];
		if (inner === undefined) root[name] = value;
		else if (index === undefined) tor[inner] = value;
		else tor[inner] = [...listOf(tor[inner]), ...listOf(value)];
	}
	return { ...root, tor };
}
