import { torrentAction } from './batch';

/** Stops the torrents of all items; a stopped torrent does not announce. */
export const stop = torrentAction({
	value: 'stop',
	name: 'Stop',
	action: 'Stop torrents',
	description: 'Stop the torrents of all input items',
	path: (client) => `torrents/${client.capabilities.stopAction}`,
});
