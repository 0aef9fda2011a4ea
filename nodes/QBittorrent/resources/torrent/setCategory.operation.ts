import { shownFor } from '../../../shared/display';
import { categoryProperty, hashProperty, located } from '../locators';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'setCategory', [
	hashProperty,
	{ ...categoryProperty, description: 'An existing category; empty = no category' },
]);

/** Gives the torrents of all items a category. */
export const execute = torrentAction({
	operation: 'setCategory',
	path: () => 'torrents/setCategory',
	read: (context, itemIndex) => ({
		category: located(context, 'category', itemIndex),
	}),
	refusals: ({ category }) => ({
		409: {
			sentence: `qBittorrent has no category "${category}".`,
			action:
				'Create the category first (resource Category, operation Create), or correct its name.',
		},
	}),
});
