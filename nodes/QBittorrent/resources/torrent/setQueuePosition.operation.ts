import type { INodeProperties } from 'n8n-workflow';

import { torrentAction } from './batch';

const POSITION: INodeProperties = {
	displayName: 'Position',
	name: 'position',
	type: 'options',
	options: [
		{ name: 'Bottom', value: 'bottom' },
		{ name: 'Down', value: 'down', description: 'One place later' },
		{ name: 'Top', value: 'top' },
		{ name: 'Up', value: 'up', description: 'One place earlier' },
	],
	default: 'top',
	description: 'Where to move the torrents in the download queue',
};

const PATHS: Record<string, string> = {
	bottom: 'torrents/bottomPrio',
	down: 'torrents/decreasePrio',
	top: 'torrents/topPrio',
	up: 'torrents/increasePrio',
};

/** Moves the torrents of all items in the download queue; `complete` for those that have left it. */
export const setQueuePosition = torrentAction({
	value: 'setQueuePosition',
	name: 'Set Queue Position',
	action: 'Set queue position of torrents',
	description: 'Move the torrents of all input items in the download queue',
	fields: [POSITION],
	posts: ({ position }) => [{ path: PATHS[position], form: {} }],
	read: (parameters) => ({ position: parameters.choice(POSITION) }),
	// qBittorrent reports success and does nothing.
	impossible: ({ progress }) => (progress === 1 ? 'complete' : null),
	refusals: () => ({
		409: {
			sentence: 'qBittorrent has no queue: torrent queueing is switched off.',
			action:
				'Switch it on first, e.g. by Application: Set Preferences with { "queueing_enabled": true }.',
		},
	}),
});
