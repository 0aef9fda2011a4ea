import { shownFor } from '../../../shared/display';
import { hashProperty, tagsProperty } from '../locators';
import { readTags } from '../tags';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'addTags', [
	hashProperty,
	{ ...tagsProperty, required: true },
]);

/** Adds tags to the torrents of all items; qBittorrent creates those that do not exist. */
export const execute = torrentAction({
	operation: 'addTags',
	path: () => 'torrents/addTags',
	read: readTags,
});
