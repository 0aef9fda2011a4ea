import { shownFor } from '../../../shared/display';
import { hashProperty } from '../locators';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'forceStart', [
	hashProperty,
	{
		displayName: 'Force',
		name: 'force',
		type: 'boolean',
		default: true,
		description: 'Whether to run the torrent past every queue limit; off = under the limits again',
	},
]);

/** Starts the torrents of all items past every queue limit, or ends that. */
export const execute = torrentAction({
	operation: 'forceStart',
	path: () => 'torrents/setForceStart',
	read: (context, itemIndex) => ({
		value: String(context.getNodeParameter('force', itemIndex) === true),
	}),
});
