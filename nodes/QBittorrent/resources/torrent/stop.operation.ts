import { shownFor } from '../../../shared/display';
import { hashProperty } from '../locators';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'stop', [hashProperty]);

/** Stops the torrents of all items; a stopped torrent does not announce. */
export const execute = torrentAction({
	operation: 'stop',
	path: (client) => `torrents/${client.capabilities.stopAction}`,
});
