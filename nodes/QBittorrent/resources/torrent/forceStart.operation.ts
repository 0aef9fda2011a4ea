import type { INodeProperties } from 'n8n-workflow';

import { postTo, torrentAction } from './batch';

const FORCE: INodeProperties = {
	displayName: 'Force',
	name: 'force',
	type: 'boolean',
	default: true,
	description: 'Whether to run the torrent regardless of the queue limits; off = obey them again',
};

/** Starts the torrents of all items past every queue limit, or ends that. */
export const forceStart = torrentAction({
	value: 'forceStart',
	name: 'Force Start',
	action: 'Force start torrents',
	description: 'Run the torrents of all input items regardless of the queue limits',
	fields: [FORCE],
	posts: postTo('torrents/setForceStart'),
	read: (parameters) => ({ value: String(parameters.flag(FORCE)) }),
});
