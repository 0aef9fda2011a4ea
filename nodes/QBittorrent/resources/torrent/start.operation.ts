import { torrentAction } from './batch';

/** Starts the torrents of all items; they queue as the client allows. */
export const start = torrentAction({
	value: 'start',
	name: 'Start',
	action: 'Start torrents',
	description: 'Start the torrents of all input items',
	posts: (form, { capabilities }) => [{ path: `torrents/${capabilities.startAction}`, form }],
});
