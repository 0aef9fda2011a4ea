import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { markEmptyOption, withEmptyMarker } from '../../../shared/markEmpty';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { LIMITS, readLimit } from '../../../shared/returnAll';
import type { Capabilities } from '../../client/capabilities';
import { clientOf, type Client } from '../../client/client';
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
	ISO_TIMES,
	listedHash,
	readTorrents,
	SHARES_CONTENT,
	type Fields,
	type RawTorrent,
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

/** `content_path` -> Content Path, `addedAt` -> Added At. */
function titleOf(field: string): string {
	return field.replace(/_|(?=[A-Z])/g, ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

const SELECTED_FIELDS: INodeProperties = {
	displayName: 'Selected Fields',
	name: 'selectedFields',
	type: 'multiOptions',
	options: [...ESSENTIAL_FIELDS, ...Object.keys(ISO_TIMES), SHARES_CONTENT]
		.sort((a, b) => a.localeCompare(b))
		.map((value) => ({ name: titleOf(value), value })),
	default: ['name', 'hash', 'state'],
	displayOptions: { show: { fields: ['selected'] } },
	description:
		'The fields to return. Shares Content, in place of the paths, says whether another listed torrent has content at the same place. Deselected Files takes a request for each torrent whose wanted size is below its total size: at most 20 per run, and others in the next run.',
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

const NAME: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. tolkien',
	description: 'Only torrents whose name contains this, in upper or lower case; empty = any',
};

const UNCATEGORIZED: INodeProperties = {
	displayName: 'Uncategorized',
	name: 'uncategorized',
	type: 'boolean',
	default: false,
	description: 'Whether to return only torrents without a category',
};

const UNTAGGED: INodeProperties = {
	displayName: 'Untagged',
	name: 'untagged',
	type: 'boolean',
	default: false,
	description: 'Whether to return only torrents without tags',
};

const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		CATEGORY_FILTER,
		FILTER,
		HASHES,
		INCLUDE_TRACKERS,
		markEmptyOption,
		NAME,
		REVERSE,
		SORT,
		TAG,
		UNCATEGORIZED,
		UNTAGGED,
	],
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

/** The category or tag to filter by; '' for torrents without one, null for all. */
function readGroup(options: Parameters, group: INodeProperties, without: INodeProperties) {
	const name = options.locator(group);
	if (!options.flag(without)) return name === '' ? null : name;
	return name === ''
		? ''
		: options.refuse(without, `switch it off, or clear ${group.displayName}.`);
}

/** The query of `torrents/info`: the client itself filters, sorts and cuts. */
function readQuery(parameters: Parameters): TorrentQuery {
	const { options } = parameters;
	const query: TorrentQuery = { filter: options.choice(FILTER) };
	const hashes = readHashes(options);
	const limit = readLimit(parameters);
	const category = readGroup(options, CATEGORY_FILTER, UNCATEGORIZED);
	const tag = readGroup(options, TAG, UNTAGGED);
	if (category !== null) query.category = category;
	if (tag !== null) query.tag = tag;
	if (hashes.length > 0) query.hashes = hashes.join('|');
	if (options.has(SORT)) query.sort = options.choice(SORT);
	if (options.flag(REVERSE)) query.reverse = true;
	if (limit !== undefined) query.limit = limit;
	return query;
}

/** The torrents of the query whose name contains `name`, which the client itself cannot search for. */
async function listByName(
	client: Client,
	{ limit, ...query }: TorrentQuery,
	name: string,
	list: typeof listTorrents,
): Promise<RawTorrent[]> {
	const found = (await listTorrents(client, query))
		.filter((torrent) => String(torrent.name).toLowerCase().includes(name.toLowerCase()))
		.slice(0, limit as number | undefined);
	if (found.length === 0 || list === listTorrents) return found;
	return await list(client, { ...query, hashes: found.map(({ hash }) => hash).join('|') });
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
			const name = parameters.options.text(NAME);
			const markEmpty = parameters.options.flag(markEmptyOption);
			const list = parameters.options.flag(INCLUDE_TRACKERS) ? listWithTrackers : listTorrents;
			const client = await clientOf(this);
			const filter = filterName(String(query.filter), client.capabilities);
			const torrents =
				name === ''
					? await list(client, { ...query, filter })
					: await listByName(client, { ...query, filter }, name, list);
			const asksFiles = !Array.isArray(fields) || fields.includes(DESELECTED_FILES);
			if (asksFiles) await addDeselected(client, torrents);
			const pairedItem = { item: itemIndex };
			// What the list is sorted by is shown, also where it is not essential.
			const { sort } = query;
			const items = readTorrents(torrents, fields).map((json, index) => {
				if (typeof sort === 'string') json[sort] = torrents[index][sort];
				return { json: json as IDataObject, pairedItem };
			});
			return withEmptyMarker(items, markEmpty, new Date(), itemIndex);
		},
	},
});
