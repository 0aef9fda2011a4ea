import { readTags, TAGS } from '../fields';
import { postTo, torrentAction } from './batch';

const NAMES = { ...TAGS, required: true };

/** Adds tags to the torrents of all items; qBittorrent creates those that do not exist. */
export const addTags = torrentAction({
	value: 'addTags',
	name: 'Add Tags',
	action: 'Add tags to torrents',
	description: 'Add tags to the torrents of all input items',
	fields: [NAMES],
	posts: postTo('torrents/addTags'),
	read: (parameters) => ({ tags: readTags(parameters, NAMES).join(',') }),
});
