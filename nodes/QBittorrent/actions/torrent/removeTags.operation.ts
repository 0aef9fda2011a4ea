import { readTags, tagsProperty } from '../tags';
import { shownFor } from '../../../shared/display';
import { hashProperty } from '../hashProperty';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'removeTags', [hashProperty, tagsProperty]);

/** Removes tags from the torrents of all items. */
export const execute = torrentAction({
	operation: 'removeTags',
	path: () => 'torrents/removeTags',
	read: readTags,
});
