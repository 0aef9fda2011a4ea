import { torrentAction } from './batch';

/** Rechecks the data of all items on disk. */
export const recheck = torrentAction({
	value: 'recheck',
	name: 'Recheck',
	action: 'Recheck torrents',
	description: 'Recheck the data of the torrents of all input items',
	path: () => 'torrents/recheck',
});
