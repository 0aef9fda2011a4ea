import { torrentAction } from './batch';

/** Stops the torrents of all items; a stopped torrent does not announce. */
export const stop = torrentAction({
	value: 'stop',
	name: 'Stop',
	action: 'Stop torrents',
	description: 'Stop the torrents of all input items',
	posts: (form, { capabilities }) => [{ path: `torrents/${capabilities.stopAction}`, form }],
});
