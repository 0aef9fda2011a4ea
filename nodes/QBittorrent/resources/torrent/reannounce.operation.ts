import { torrentAction } from './batch';

/** Announces the torrents of all items to their trackers now. */
export const reannounce = torrentAction({
	value: 'reannounce',
	name: 'Reannounce',
	action: 'Reannounce torrents',
	description: 'Announce the torrents of all input items to their trackers now',
	path: () => 'torrents/reannounce',
});
