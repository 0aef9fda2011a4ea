import { failure } from '../../../shared/failure';
import { simulateProperty } from '../../../shared/acting';
import { shownFor } from '../../../shared/display';
import { hashProperty } from '../locators';
import { torrentAction } from './batch';

export const description = shownFor('torrent', 'setLocation', [
	hashProperty,
	{
		displayName: 'Location',
		name: 'location',
		type: 'string',
		required: true,
		default: '',
		placeholder: '/downloads/archive',
		description: 'Folder on the machine of qBittorrent to which the data moves',
	},
	simulateProperty,
]);

/** Moves the torrents of all items to another folder. */
export const execute = torrentAction({
	operation: 'setLocation',
	path: () => 'torrents/setLocation',
	canSimulate: true,
	read: (context, itemIndex) => {
		const location = String(context.getNodeParameter('location', itemIndex) ?? '').trim();
		if (location !== '') return { location };
		throw failure(context.getNode(), {
			cause: 'bad_parameter',
			sentence: 'There is no folder to move to; nothing was moved.',
			action: 'Give "Location" a folder on the machine of qBittorrent.',
		});
	},
	refusals: ({ location }) => {
		const refusal = {
			sentence: `qBittorrent cannot write to the folder "${location}".`,
			action: 'Give qBittorrent the right to write there, or choose another folder.',
		};
		return { 403: refusal, 409: refusal };
	},
});
