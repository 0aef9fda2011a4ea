import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { type Parameters } from '../../../shared/parameters';
import { MAIN_CATEGORIES, SEARCH_TYPES, SORT_TYPES } from './searchOptions';

const BYTES_PER_MIB = 1_048_576;

/** A limit of the search, and the site's name for it. */
interface Limit {
	field: INodeProperties;
	siteName: string;
}

function limit(displayName: string, name: string, siteName: string, description: string): Limit {
	return {
		field: {
			displayName,
			name,
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description,
		},
		siteName,
	};
}

/** Minimum and maximum of each figure. */
const RANGES: Array<[min: Limit, max: Limit]> = [
	[
		limit('Min Size (MiB)', 'minSizeMiB', 'minSize', 'Minimum size in MiB; 0 for no minimum'),
		limit('Max Size (MiB)', 'maxSizeMiB', 'maxSize', 'Maximum size in MiB; 0 for no maximum'),
	],
	[
		limit('Min Seeders', 'minSeeders', 'minSeeders', 'Minimum number of seeders; 0 for no minimum'),
		limit('Max Seeders', 'maxSeeders', 'maxSeeders', 'Maximum number of seeders; 0 for no maximum'),
	],
	[
		limit(
			'Min Leechers',
			'minLeechers',
			'minLeechers',
			'Minimum number of leechers; 0 for no minimum',
		),
		limit(
			'Max Leechers',
			'maxLeechers',
			'maxLeechers',
			'Maximum number of leechers; 0 for no maximum',
		),
	],
];

const SEARCH_TYPE: INodeProperties = {
	displayName: 'Search Type',
	name: 'searchType',
	type: 'options',
	options: SEARCH_TYPES,
	default: 'fl',
	description: 'Which torrents to search',
};

const TEXT: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	default: '',
	placeholder: 'e.g. sherlock holmes',
	description:
		'Words to search for in titles, authors, narrators and series; empty for all torrents',
};

const MAIN_CATEGORIES_FIELD: INodeProperties = {
	displayName: 'Main Categories',
	name: 'mainCategories',
	type: 'string',
	default: '',
	placeholder: 'e.g. audiobooks, e-books',
	description:
		'Comma-separated: audiobooks, e-books, musicology, radio, or the numbers of the site; empty for all',
};

const LANGUAGES: INodeProperties = {
	displayName: 'Languages',
	name: 'languages',
	type: 'string',
	default: '',
	placeholder: 'e.g. 1, 3',
	description: 'Comma-separated language numbers of the site; empty for all',
};

const SORT_TYPE: INodeProperties = {
	displayName: 'Sort By',
	name: 'sortType',
	type: 'options',
	options: SORT_TYPES,
	default: 'leechersDesc',
	description: 'Order in which the site returns the torrents',
};

/** The fields that say what to search for, in the order of the editor. */
export const FILTER_FIELDS: INodeProperties[] = [
	SEARCH_TYPE,
	TEXT,
	...RANGES.flatMap(([min, max]) => [min.field, max.field]),
	MAIN_CATEGORIES_FIELD,
	LANGUAGES,
	SORT_TYPE,
];

function mainCategories(parameters: Parameters): number[] {
	return parameters.list(MAIN_CATEGORIES_FIELD).map((part) => {
		const category = MAIN_CATEGORIES.get(part.toLowerCase()) ?? Number(part);
		if (!Number.isInteger(category) || category <= 0) {
			parameters.refuse(
				MAIN_CATEGORIES_FIELD,
				`"${part}" is neither a category's name nor its number on the site.`,
			);
		}
		return category;
	});
}

function languages(parameters: Parameters): number[] {
	return parameters.list(LANGUAGES).map((part) => {
		if (!/^\d+$/.test(part)) {
			parameters.refuse(LANGUAGES, `"${part}" is not a language number of the site.`);
		}
		return Number(part);
	});
}

function limits(parameters: Parameters): IDataObject {
	const values: IDataObject = {};
	for (const [min, max] of RANGES) {
		const lower = parameters.number(min.field);
		const upper = parameters.number(max.field);
		if (lower > 0) values[min.siteName] = lower;
		if (upper > 0) values[max.siteName] = upper;
		if (upper > 0 && lower > upper) {
			parameters.refuse(max.field, 'enter a number that is not below the minimum.');
		}
	}
	return 'minSize' in values || 'maxSize' in values ? { ...values, unit: BYTES_PER_MIB } : values;
}

/** The site's own filter (`tor`) for the fields of a search, without the page. */
export function searchFilter(parameters: Parameters): IDataObject {
	const categories = mainCategories(parameters);
	const browseLanguages = languages(parameters);
	return {
		text: parameters.text(TEXT),
		srchIn: ['title', 'author', 'narrator', 'series'],
		searchType: parameters.choice(SEARCH_TYPE),
		searchIn: 'torrents',
		sortType: parameters.choice(SORT_TYPE),
		...limits(parameters),
		...(categories.length > 0 ? { main_cat: categories } : {}),
		...(browseLanguages.length > 0 ? { browse_lang: browseLanguages } : {}),
	};
}
