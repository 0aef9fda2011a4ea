import { readTags, TAGS } from '../fields';
import { postTo, torrentAction } from './batch';

const NAMES = { ...TAGS, required: true };

/** Removes tags from the torrents of all items. */
export const removeTags = torrentAction({
	value: 'removeTags',
	name: 'Remove Tags',
	action: 'Remove tags from torrents',
	description: 'Remove tags from the torrents of all input items',
	fields: [NAMES],
	posts: postTo('torrents/removeTags'),
	read: (parameters) => ({ tags: readTags(parameters, NAMES).join(',') }),
});
