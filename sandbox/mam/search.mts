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
	if (value === undefined || value === '') return null;
	const number = Number(value);
	return Number.isFinite(number) ? number : null;
}

function listOf(value: unknown): number[] {
	if (value === undefined || value === '') return [];
	return (Array.isArray(value) ? value : [value]).map(Number);
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

const SORTS: Record<string, (entry: Entry) => number | string> = {
	title: ({ title }) => title,
	size: ({ sizeBytes }) => sizeBytes,
	seeders: ({ seeders }) => seeders,
	leechers: ({ leechers }) => leechers,
	snatched: ({ snatched }) => snatched,
	date: ({ id }) => id,
	category: ({ category }) => category,
};

function within(value: number, least: unknown, most: unknown, unit = 1): boolean {
	const low = numberOf(least);
	const high = numberOf(most);
	return (low === null || value >= low * unit) && (high === null || value <= high * unit);
}

function matches(entry: Entry, tor: Tor, hashOf: (id: number) => string): boolean {
	const text = String(tor.text ?? '').toLowerCase();
	const main = listOf(tor.main_cat);
	const categories = listOf(tor.cat).filter((category) => category !== 0);
	const unit = numberOf(tor.unit) ?? 1;
	const type = TYPES[String(tor.searchType ?? 'all')] ?? TYPES.all;
	const id = numberOf(tor.id);
	return (
		type(entry) &&
		(text === '' || entry.title.toLowerCase().includes(text)) &&
		(id === null || entry.id === id) &&
		(tor.hash === undefined || hashOf(entry.id) === String(tor.hash).toLowerCase()) &&
		(main.length === 0 || main.includes(entry.mainCategory)) &&
		(categories.length === 0 || categories.includes(entry.category)) &&
		within(entry.sizeBytes, tor.minSize, tor.maxSize, unit) &&
		within(entry.seeders, tor.minSeeders, tor.maxSeeders) &&
		within(entry.leechers, tor.minLeechers, tor.maxLeechers) &&
		within(entry.snatched, tor.minSnatched, tor.maxSnatched)
	);
}

function sorted(entries: Entry[], sortType: string): Entry[] {
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
	const perpage = Math.min(100, Math.max(5, numberOf(root.perpage) ?? 20));
	const start = Math.max(0, numberOf(tor.startNumber) ?? 0);
	const hashOf = (id: number) => catalogue.file(id).infoHash;
	const all = sorted(
		catalogue.entries.filter((entry) => matches(entry, tor, hashOf)),
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
	for (const [name, value] of Object.entries(query)) {
		const inner = /^tor\[(\w+)\](?:\[\d*\])?$/.exec(name)?.[1];
		if (inner === undefined) root[name] = value;
		else root.tor = { ...(root.tor as Tor), [inner]: value };
	}
	return root;
}
