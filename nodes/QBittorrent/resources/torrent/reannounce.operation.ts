import { shownFor } from '../../../shared/display';
import { hashProperty } from '../locators';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'reannounce', [hashProperty]);

/** Announces the torrents of all items to their trackers now. */
export const execute = torrentAction({
	operation: 'reannounce',
	path: () => 'torrents/reannounce',
});
