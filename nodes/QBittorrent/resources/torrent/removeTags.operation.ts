import { shownFor } from '../../../shared/display';
import { hashProperty, tagsProperty } from '../locators';
import { readTags } from '../tags';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'removeTags', [
	hashProperty,
	{ ...tagsProperty, required: true },
]);

/** Removes tags from the torrents of all items. */
export const execute = torrentAction({
	operation: 'removeTags',
	path: () => 'torrents/removeTags',
	read: readTags,
});
