import type { INodeProperties } from 'n8n-workflow';

import { categoryProperty, tagProperty } from '../resources/locators';
import type { TorrentState } from '../types';

/** The states that a torrent can change to, by their names in the editor. */
const STATES: Array<{ name: string; value: TorrentState }> = [
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

/** What starts the workflow, and for which torrents. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: [
			{ name: 'Torrent Added', value: 'added', description: 'A torrent is new in the client' },
			{ name: 'Torrent Deleted', value: 'deleted', description: 'A torrent is gone' },
			{
				name: 'Torrent Finished',
				value: 'finished',
				description: 'All wanted data was downloaded',
			},
			{
				name: 'Torrent State Changed',
				value: 'stateChanged',
				description: 'A torrent went from one state to another, e.g. from downloading to stalled',
			},
			{
				name: 'Tracker Message Changed',
				value: 'trackerMessageChanged',
				description:
					'A tracker says something else than before, e.g. that a torrent is not registered. Before qBittorrent 5.1, 30 torrents are asked at each poll, and others at the next.',
			},
		],
		default: ['finished'],
		description: 'What starts the workflow; one item per event',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{ ...categoryProperty, description: 'Only torrents of this category; empty = of any' },
			{
				displayName: 'States',
				name: 'states',
				type: 'multiOptions',
				options: STATES,
				default: [],
				description: 'Of changed states, only changes to one of these; none = to any',
			},
			{ ...tagProperty, description: 'Only torrents with this tag; empty = with any' },
		],
	},
];
