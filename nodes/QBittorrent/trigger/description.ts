import type { INodeProperties } from 'n8n-workflow';

import type { TorrentState } from '../../shared/torrentStates';
import { CATEGORY, TAG } from '../resources/fields';

/** The states that a torrent can change to, by their names in the editor. */
const STATE_OPTIONS: Array<{ name: string; value: TorrentState }> = [
	{ name: 'Allocating', value: 'allocating' },
	{ name: 'Checking Download', value: 'checkingDL' },
	{ name: 'Checking Resume Data', value: 'checkingResumeData' },
	{ name: 'Checking Upload', value: 'checkingUP' },
	{ name: 'Downloading', value: 'downloading' },
	{ name: 'Error', value: 'error' },
	{ name: 'Fetching Metadata', value: 'metaDL' },
	{ name: 'Fetching Metadata (Forced)', value: 'forcedMetaDL' },
	{ name: 'Forced Download', value: 'forcedDL' },
	{ name: 'Forced Upload', value: 'forcedUP' },
	{ name: 'Missing Files', value: 'missingFiles' },
	{ name: 'Moving', value: 'moving' },
	{ name: 'Queued Download', value: 'queuedDL' },
	{ name: 'Queued Upload', value: 'queuedUP' },
	{ name: 'Stalled Download', value: 'stalledDL' },
	{ name: 'Stalled Upload', value: 'stalledUP' },
	{ name: 'Stopped Download', value: 'stoppedDL' },
	{ name: 'Stopped Upload', value: 'stoppedUP' },
	{ name: 'Unknown', value: 'unknown' },
	{ name: 'Uploading', value: 'uploading' },
];

/** What starts the workflow. */
export const EVENTS: INodeProperties = {
	displayName: 'Trigger On',
	name: 'events',
	type: 'multiOptions',
	required: true,
	options: [
		{ name: 'Torrent Added', value: 'added', description: 'A torrent was added to the client' },
		{
			name: 'Torrent Category Changed',
			value: 'categoryChanged',
			description: 'The category of a torrent was changed or removed',
		},
		{
			name: 'Torrent Deleted',
			value: 'deleted',
			description: 'A torrent was removed from the client',
		},
		{
			name: 'Torrent Finished',
			value: 'finished',
			description: 'All wanted data was downloaded',
		},
		{
			name: 'Torrent State Changed',
			value: 'stateChanged',
			description: 'The state of a torrent changed, e.g. from downloading to stalled',
		},
		{
			name: 'Torrent Tags Changed',
			value: 'tagsChanged',
			description: 'A torrent was given a tag, or lost one',
		},
		{
			name: 'Tracker Message Changed',
			value: 'trackerMessageChanged',
			description:
				'A tracker message differs from the previous one, e.g. says that a torrent is not registered. Before qBittorrent 5.1, a sixteenth of the torrents, at least 30 and at most 100, is queried at each poll, and others at the next.',
		},
	],
	default: ['finished'],
	description: 'What starts the workflow; one item per event',
};

export const CATEGORY_FILTER: INodeProperties = {
	...CATEGORY,
	description: 'Only torrents of this category; empty = any category or none',
};

export const STATES: INodeProperties = {
	displayName: 'States',
	name: 'states',
	type: 'multiOptions',
	options: STATE_OPTIONS,
	default: [],
	description: 'Only changes to one of these states; empty = any state',
};

/** What starts the workflow, and for which torrents. */
export const properties: INodeProperties[] = [
	EVENTS,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [CATEGORY_FILTER, STATES, TAG],
	},
];
