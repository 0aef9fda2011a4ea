import { shownFor } from '../../../shared/display';
import { hashProperty } from '../locators';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'recheck', [hashProperty]);

/** Checks the data of all items on disk anew. */
export const execute = torrentAction({
	operation: 'recheck',
	path: () => 'torrents/recheck',
});
