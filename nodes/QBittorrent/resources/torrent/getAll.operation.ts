import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { markEmptyOption, withEmptyMarker } from '../../../shared/markEmpty';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { LIMITS, readLimit } from '../../../shared/returnAll';
import type { Capabilities } from '../../client/capabilities';
import { clientOf } from '../../client/client';
import {
	addDeselected,
	listTorrents,
	listWithTrackers,
	type TorrentQuery,
} from '../../client/torrents';
import {
	DESELECTED_FILES,
	ESSENTIAL_FIELDS,
	isHash,
	listedHash,
	readTorrents,
	SHARES_CONTENT,
	type Fields,
} from '../../parse/torrent';
import { CATEGORY, fieldsChoice, TAG } from '../fields';

const CHOICE = fieldsChoice(
	'What the MAM Policy node reads: keeps stored executions small, and your passkey out of them',
);

const FIELDS: INodeProperties = {
	...CHOICE,
	options: [
		...(CHOICE.options ?? []),
		{ name: 'Selected', value: 'selected', description: 'Only some of the essential fields' },
	],
};

/** `content_path` -> Content Path. */
function titleOf(field: string): string {
	return field.replace(/(^|_)([a-z])/g, (_, gap: string, letter: string) =>
		(gap === '' ? '' : ' ').concat(letter.toUpperCase()),
	);
}

const SELECTED_FIELDS: INodeProperties = {
	displayName: 'Selected Fields',
	name: 'selectedFields',
	type: 'multiOptions',
	options: [...ESSENTIAL_FIELDS, SHARES_CONTENT]
		.sort((a, b) => a.localeCompare(b))
		.map((value) => ({ name: titleOf(value), value })),
	default: ['name', 'hash', 'state'],
	displayOptions: { show: { fields: ['selected'] } },
	description:
		'The fields to return. Shares Content, in place of the paths, says whether another listed torrent has content at the same place. Deselected Files takes a request for each torrent of which less is wanted than there is: at most 20 per run, and others in the next run.',
};

const CATEGORY_FILTER: INodeProperties = {
	...CATEGORY,
	description: 'Only torrents of this category; empty = any category or none',
};

const FILTER: INodeProperties = {
	displayName: 'Filter',
	name: 'filter',
	type: 'options',
	options: [
		{ name: 'Active', value: 'active' },
		{ name: 'All', value: 'all' },
		{ name: 'Checking', value: 'checking' },
		{ name: 'Completed', value: 'completed' },
		{ name: 'Downloading', value: 'downloading' },
		{ name: 'Errored', value: 'errored' },
		{ name: 'Inactive', value: 'inactive' },
		{ name: 'Moving', value: 'moving' },
		{ name: 'Running', value: 'running' },
		{ name: 'Seeding', value: 'seeding' },
		{ name: 'Stalled', value: 'stalled' },
		{ name: 'Stalled Downloading', value: 'stalled_downloading' },
		{ name: 'Stalled Uploading', value: 'stalled_uploading' },
		{ name: 'Stopped', value: 'stopped' },
	],
	default: 'all',
	description: 'Only torrents in these states',
};

const HASHES: INodeProperties = {
	displayName: 'Hashes',
	name: 'hashes',
	type: 'string',
	default: '',
	description: 'Only these torrents: comma-separated info hashes; empty = any',
};

const INCLUDE_TRACKERS: INodeProperties = {
	displayName: 'Include Trackers',
	name: 'includeTrackers',
	type: 'boolean',
	default: false,
	description:
		'Whether to add what the trackers of each torrent say. Before qBittorrent 5.1 that takes a request per torrent: a sixteenth of the announcing torrents, at least 30 and at most 100, is queried per run, and others in the next run.',
};

const REVERSE: INodeProperties = {
	displayName: 'Reverse',
	name: 'reverse',
	type: 'boolean',
	default: false,
	description: 'Whether to sort from high to low, or from Z to A',
};

const SORT: INodeProperties = {
	displayName: 'Sort',
	name: 'sort',
	type: 'options',
	options: [
		{ name: 'Added On', value: 'added_on' },
		{ name: 'Completion On', value: 'completion_on' },
		{ name: 'Last Activity', value: 'last_activity' },
		{ name: 'Name', value: 'name' },
		{ name: 'Progress', value: 'progress' },
		{ name: 'Ratio', value: 'ratio' },
		{ name: 'Seeding Time', value: 'seeding_time' },
		{ name: 'Size', value: 'size' },
		{ name: 'Uploaded', value: 'uploaded' },
	],
	default: 'added_on',
	description: 'Field by which the client sorts the list before the limit applies',
};

const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [CATEGORY_FILTER, FILTER, HASHES, INCLUDE_TRACKERS, markEmptyOption, REVERSE, SORT, TAG],
};

function readHashes(options: Parameters): string[] {
	const hashes = options.list(HASHES);
	const bad = hashes.find((hash): boolean => !isHash(hash));
	if (bad === undefined) return hashes.map(listedHash);
	return options.refuse(HASHES, `"${bad.slice(0, 80)}" is not the info hash of one torrent.`);
}

/** The filter's name in this version: qBittorrent answers an unknown one with every torrent. */
function filterName(filter: string, { stoppedFilter, runningFilter }: Capabilities): string {
	if (filter === 'stopped') return stoppedFilter;
	return filter === 'running' ? runningFilter : filter;
}

/** The query of `torrents/info`: the client itself filters, sorts and cuts. */
function readQuery(parameters: Parameters): TorrentQuery {
	const { options } = parameters;
	const query: TorrentQuery = { filter: options.choice(FILTER) };
	const category = options.locator(CATEGORY_FILTER);
	const tag = options.locator(TAG);
	const hashes = readHashes(options);
	const limit = readLimit(parameters);
	if (category !== '') query.category = category;
	if (tag !== '') query.tag = tag;
	if (hashes.length > 0) query.hashes = hashes.join('|');
	if (options.has(SORT)) query.sort = options.choice(SORT);
	if (options.flag(REVERSE)) query.reverse = true;
	if (limit !== undefined) query.limit = limit;
	return query;
}

/** One item per torrent. */
export const getAll = operation({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many torrents',
	description: 'Get the torrents of the client, one item each',
	changes: false,
	fields: [...LIMITS, FIELDS, SELECTED_FIELDS, OPTIONS],
	run: {
		perItem: async function ({ itemIndex }) {
			const parameters = new Parameters(this, itemIndex);
			const query = readQuery(parameters);
			const choice = parameters.choice<Fields | 'selected'>(FIELDS);
			const fields = choice === 'selected' ? parameters.choices(SELECTED_FIELDS) : choice;
			const markEmpty = parameters.options.flag(markEmptyOption);
			const list = parameters.options.flag(INCLUDE_TRACKERS) ? listWithTrackers : listTorrents;
			const client = await clientOf(this);
			const filter = filterName(String(query.filter), client.capabilities);
			const torrents = await list(client, { ...query, filter });
			const asksFiles = !Array.isArray(fields) || fields.includes(DESELECTED_FILES);
			if (asksFiles) await addDeselected(client, torrents);
			const pairedItem = { item: itemIndex };
			// What the list is sorted by is shown, also where it is not essential.
			const { sort } = query;
			const items = readTorrents(torrents, fields).map((json, index) => {
				const sorted = typeof sort === 'string' ? { [sort]: torrents[index][sort] } : {};
				return { json: { ...json, ...sorted } as IDataObject, pairedItem };
			});
			return withEmptyMarker(items, markEmpty, new Date(), itemIndex);
		},
	},
});
