import type { INodePropertyOptions } from 'n8n-workflow';

/** What the site's search can be narrowed to. */
export const SEARCH_TYPES: INodePropertyOptions[] = [
	{ name: 'Active', value: 'active', description: 'At least one seeder' },
	{ name: 'All', value: 'all' },
	{
		name: 'Free for This Account',
		value: 'free',
		description: 'Freeleech, and VIP torrents where the class of the account makes them free',
	},
	{ name: 'Freeleech', value: 'fl' },
	{ name: 'Freeleech or VIP', value: 'fl-VIP' },
	{ name: 'Inactive', value: 'inactive', description: 'No seeder' },
	{ name: 'Missing Metadata', value: 'nMeta' },
	{ name: 'Not VIP', value: 'nVIP' },
	{ name: 'VIP', value: 'VIP' },
];

function bothWays(name: string, value: string): INodePropertyOptions[] {
	return [
		{ name: `${name} (Ascending)`, value: `${value}Asc` },
		{ name: `${name} (Descending)`, value: `${value}Desc` },
	];
}

/** The site's sort orders. */
export const SORT_TYPES: INodePropertyOptions[] = [
	...bothWays('Added', 'date'),
	...bothWays('Bookmarked', 'bmka'),
	...bothWays('Category', 'category'),
	{ name: 'Default', value: 'default' },
	...bothWays('Files', 'file'),
	...bothWays('Leechers', 'leechers'),
	{ name: 'Random', value: 'random' },
	...bothWays('Reseed Requests', 'reseed'),
	...bothWays('Seeders', 'seeders'),
	...bothWays('Size', 'size'),
	...bothWays('Snatches', 'snatched'),
	...bothWays('Title', 'title'),
];

/** Names that `mainCategories` takes, beside the site's numbers. */
export const MAIN_CATEGORIES = new Map([
	['audiobooks', 13],
	['e-books', 14],
	['ebooks', 14],
	['musicology', 15],
	['radio', 16],
]);
