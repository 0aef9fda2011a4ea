import { shownFor } from '../../../shared/display';
import { hashProperty } from '../hashProperty';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'setCategory', [
	hashProperty,
	{
		displayName: 'Category',
		name: 'category',
		type: 'string',
		default: '',
		description: 'Name of an existing category; empty = no category',
	},
]);

/** Gives the torrents of all items a category. */
export const execute = torrentAction({
	operation: 'setCategory',
	path: () => 'torrents/setCategory',
	read: (context, itemIndex) => ({
		category: String(context.getNodeParameter('category', itemIndex) ?? '').trim(),
	}),
	refusals: ({ category }) => ({
		409: {
			sentence: `qBittorrent has no category "${category}".`,
			action:
				'Create the category first (resource Category, operation Create), or correct its name.',
		},
	}),
});
