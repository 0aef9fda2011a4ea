import type { INodeProperties } from 'n8n-workflow';

import { torrentAction } from './batch';

const LOCATION: INodeProperties = {
	displayName: 'Location',
	name: 'location',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. /downloads/archive',
	description: 'Folder on the machine of qBittorrent to which the data moves',
};

/** Moves the torrents of all items to another folder. */
export const setLocation = torrentAction({
	value: 'setLocation',
	name: 'Set Location',
	action: 'Set location of torrents',
	description: 'Move the data of the torrents of all input items',
	fields: [LOCATION],
	path: () => 'torrents/setLocation',
	read: (parameters) => ({ location: parameters.text(LOCATION) }),
	refusals: ({ location }) => {
		const refusal = {
			sentence: `qBittorrent cannot write to the folder "${location}".`,
			action: 'Give qBittorrent the right to write there, or choose another folder.',
		};
		return { 403: refusal, 409: refusal };
	},
});
