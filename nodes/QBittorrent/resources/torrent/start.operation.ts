import { shownFor } from '../../../shared/display';
import { hashProperty } from '../locators';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'start', [hashProperty]);

/** Starts the torrents of all items; they queue as the client allows. */
export const execute = torrentAction({
	operation: 'start',
	path: (client) => `torrents/${client.capabilities.startAction}`,
});
