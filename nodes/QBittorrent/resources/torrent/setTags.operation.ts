import { readTags, TAGS } from '../fields';
import { postTo, torrentAction } from './batch';

const NAMES = { ...TAGS, required: true };

/** Replaces the tags of the torrents of all items; qBittorrent creates those that do not exist. */
export const setTags = torrentAction({
	value: 'setTags',
	name: 'Set Tags',
	action: 'Set tags of torrents',
	description: 'Replace the tags of the torrents of all input items (from qBittorrent 5.1 on)',
	fields: [NAMES],
	posts: postTo('torrents/setTags'),
	read: (parameters) => ({ tags: readTags(parameters, NAMES).join(',') }),
	missing: (capabilities) =>
		capabilities.setTags
			? null
			: {
					sentence: 'This version of qBittorrent cannot replace tags; no tag was changed.',
					action: 'Update qBittorrent to 5.1 or newer, or use Add Tags and Remove Tags.',
				},
});
