import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { splitList, splitListLower } from '../../../shared/lists';
import { badParameter, numberParameter } from '../parameters';
import { MAIN_CATEGORIES, SEARCH_TYPES, SORT_TYPES } from './searchOptions';

const BYTES_PER_MIB = 1_048_576;

interface Filter {
	displayName: string;
	/** Parameter name. */
	name: string;
	/** The site's name. */
	tor: string;
	description: string;
}

const FILTERS: Filter[] = [
	{
		displayName: 'Min Size (MiB)',
		name: 'minSizeMiB',
		tor: 'minSize',
		description: 'Least size in MiB; 0 for any',
	},
	{
		displayName: 'Max Size (MiB)',
		name: 'maxSizeMiB',
		tor: 'maxSize',
		description: 'Largest size in MiB; 0 for any',
	},
	{
		displayName: 'Min Seeders',
		name: 'minSeeders',
		tor: 'minSeeders',
		description: 'Least number of seeders; 0 for any',
	},
	{
		displayName: 'Max Seeders',
		name: 'maxSeeders',
		tor: 'maxSeeders',
		description: 'Largest number of seeders; 0 for any',
	},
	{
		displayName: 'Min Leechers',
		name: 'minLeechers',
		tor: 'minLeechers',
		description: 'Least number of leechers; 0 for any',
	},
	{
		displayName: 'Max Leechers',
		name: 'maxLeechers',
		tor: 'maxLeechers',
		description: 'Largest number of leechers; 0 for any',
	},
];

/** The fields of a search, in the order of the editor. */
export const searchProperties: INodeProperties[] = [
	{
		displayName: 'Search Type',
		name: 'searchType',
		type: 'options',
		options: SEARCH_TYPES,
		default: 'fl',
		description: 'Which torrents the site searches',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		default: '',
		description:
			'Words to search for in titles, authors, narrators and series; empty for all torrents',
	},
	...FILTERS.map(
		({ displayName, name, description }): INodeProperties => ({
			displayName,
			name,
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description,
		}),
	),
	{
		displayName: 'Main Categories',
		name: 'mainCategories',
		type: 'string',
		default: '',
		placeholder: 'audiobooks, e-books',
		description:
			'Comma-separated: audiobooks, e-books, musicology, radio, or the numbers of the site; empty for all',
	},
	{
		displayName: 'Languages',
		name: 'languages',
		type: 'string',
		default: '',
		placeholder: '1, 3',
		description: 'Comma-separated language numbers of the site; empty for all',
	},
	{
		displayName: 'Sort By',
		name: 'sortType',
		type: 'options',
		options: SORT_TYPES,
		default: 'leechersDesc',
		description: 'Order in which the site returns the torrents',
	},
];

function mainCategories(context: IExecuteFunctions, itemIndex: number): number[] {
	return splitListLower(context.getNodeParameter('mainCategories', itemIndex)).map((part) => {
		const category = MAIN_CATEGORIES.get(part) ?? Number(part);
		if (!Number.isInteger(category) || category <= 0) {
			badParameter(
				context,
				'mainCategories',
				`Main Categories: "${part}" is neither a name nor a number of the site.`,
			);
		}
		return category;
	});
}

function languages(context: IExecuteFunctions, itemIndex: number): number[] {
	return splitList(context.getNodeParameter('languages', itemIndex)).map((part) => {
		if (!/^\d+$/.test(part))
			badParameter(context, 'languages', `Languages: "${part}" is not a number of the site.`);
		return Number(part);
	});
}

function limits(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const values: IDataObject = {};
	for (const { displayName, name, tor } of FILTERS) {
		const value = numberParameter(context, name, itemIndex, { label: displayName });
		if (value > 0) values[tor] = value;
	}
	for (const [least, most, label] of [
		['minSize', 'maxSize', 'Max Size (MiB)'],
		['minSeeders', 'maxSeeders', 'Max Seeders'],
		['minLeechers', 'maxLeechers', 'Max Leechers'],
	]) {
		if (values[most] !== undefined && Number(values[least] ?? 0) > Number(values[most])) {
			badParameter(context, label, `${label}: enter a number that is not below the least one.`);
		}
	}
	return 'minSize' in values || 'maxSize' in values ? { ...values, unit: BYTES_PER_MIB } : values;
}

/** The site's own filter (`tor`) for the fields of a search, without the page. */
export function searchQuery(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const categories = mainCategories(context, itemIndex);
	const browseLanguages = languages(context, itemIndex);
	return {
		text: String(context.getNodeParameter('text', itemIndex)),
		srchIn: ['title', 'author', 'narrator', 'series'],
		searchType: context.getNodeParameter('searchType', itemIndex) as string,
		searchIn: 'torrents',
		sortType: context.getNodeParameter('sortType', itemIndex) as string,
		...limits(context, itemIndex),
		...(categories.length > 0 ? { main_cat: categories } : {}),
		...(browseLanguages.length > 0 ? { browse_lang: browseLanguages } : {}),
	};
}
