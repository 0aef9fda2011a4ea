import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { splitList } from '../../../shared/lists';
import { markEmptyOption, withEmptyMarker } from '../../../shared/markEmpty';
import { isHash, readTorrent } from '../../parse/torrent';
import type { Capabilities } from '../../client/capabilities';
import { clientOf } from '../../client/client';
import { listTorrents, listWithTrackers, type TorrentQuery } from '../../client/torrents';
import { shownFor } from '../../../shared/display';
import { badHashFacts } from '../facts';
import { categoryProperty, located, tagProperty } from '../locators';
import { fieldsProperty, readFields } from '../recordFields';
import { limitOf, returnAllProperties } from '../../../shared/returnAll';

const FILTERS = [
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
];

export const description = [
	...returnAllProperties('torrent', 'getAll'),
	...shownFor('torrent', 'getAll', [
		fieldsProperty(
			'What the MAM Policy node reads: keeps stored executions small, and your passkey out of them',
		),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{ ...categoryProperty, description: 'Only torrents of this category; empty = of any' },
				{
					displayName: 'Filter',
					name: 'filter',
					type: 'options',
					options: FILTERS,
					default: 'all',
					description: 'Only torrents in these states',
				},
				{
					displayName: 'Hashes',
					name: 'hashes',
					type: 'string',
					default: '',
					description: 'Only these torrents: comma-separated info hashes; empty = any',
				},
				{
					displayName: 'Include Trackers',
					name: 'includeTrackers',
					type: 'boolean',
					default: false,
					description:
						'Whether to add what the trackers of each torrent say. Before qBittorrent 5.1 that takes a request per torrent: at most 30 of those that announce are asked, and others the next time.',
				},
				markEmptyOption,
				{
					displayName: 'Reverse',
					name: 'reverse',
					type: 'boolean',
					default: false,
					description: 'Whether to sort from high to low, or from Z to A',
				},
				{
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
				},
				{ ...tagProperty, description: 'Only torrents with this tag; empty = with any' },
			],
		},
	]),
];

interface Options {
	filter?: string;
	hashes?: string;
	includeTrackers?: boolean;
	markEmpty?: boolean;
	reverse?: boolean;
	sort?: string;
}

/** The filter's value for this version. qBittorrent takes a filter it does not know for "everything". */
function filterValue(filter: string, capabilities: Capabilities): string | null {
	if (filter === 'stopped') return capabilities.stoppedFilter;
	if (filter === 'running') return capabilities.runningFilter;
	return FILTERS.some(({ value }) => value === filter) ? filter : null;
}

/** One item per torrent. Options narrow the list; the client itself filters, sorts and cuts. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const limit = limitOf(this, itemIndex);
	const fields = readFields(this, itemIndex);
	const options = this.getNodeParameter('options', itemIndex, {}) as Options;
	const client = await clientOf(this);

	const filter = filterValue(options.filter ?? 'all', client.capabilities);
	if (filter === null) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: `"${options.filter}" is no filter of qBittorrent, which would answer it with every torrent.`,
			action: `Set Filter to one of: ${FILTERS.map(({ value }) => value).join(', ')}.`,
		});
	}
	const hashes = splitList(options.hashes);
	const badHash = hashes.find((hash) => !isHash(hash));
	if (badHash !== undefined) throw client.failure(badHashFacts(badHash));

	const query: TorrentQuery = { filter };
	const category = located(this, 'options.category', itemIndex);
	const tag = located(this, 'options.tag', itemIndex);
	if (category !== '') query.category = category;
	if (tag !== '') query.tag = tag;
	if (hashes.length > 0) query.hashes = hashes.join('|');
	if (options.sort) query.sort = options.sort;
	if (options.reverse) query.reverse = true;
	if (limit !== undefined) query.limit = limit;

	const list = options.includeTrackers === true ? listWithTrackers : listTorrents;
	const items = (await list(client, query)).map((torrent) => ({
		json: readTorrent(torrent, fields) as never,
		pairedItem: { item: itemIndex },
	}));
	return withEmptyMarker(items, options.markEmpty === true, new Date(), itemIndex);
}
