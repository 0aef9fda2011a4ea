import { CATEGORY } from '../fields';
import { postTo, torrentAction } from './batch';

const NAME = { ...CATEGORY, description: 'An existing category; empty = no category' };

/** Gives the torrents of all items a category. */
export const setCategory = torrentAction({
	value: 'setCategory',
	name: 'Set Category',
	action: 'Set torrent category',
	description: 'Set the category of the torrents of all input items',
	fields: [NAME],
	posts: postTo('torrents/setCategory'),
	read: (parameters) => ({ category: parameters.locator(NAME) }),
	refusals: ({ category }) => ({
		409: {
			sentence: `qBittorrent has no category "${category}".`,
			action:
				'Create the category first (resource Category, operation Create), or correct its name.',
		},
	}),
});
