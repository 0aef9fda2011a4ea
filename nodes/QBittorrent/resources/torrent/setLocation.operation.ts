import type { INodeProperties } from 'n8n-workflow';

import { readFullPath } from '../fields';
import { postTo, torrentAction } from './batch';

const LOCATION: INodeProperties = {
	displayName: 'Location',
	name: 'location',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. /downloads/archive',
	description:
		'Folder to move the data to, as qBittorrent sees it; one in which a torrent has a file of the same name is refused. Automatic management is switched off, because it would move the data back to the folder of the category.',
};

/** Moves the torrents of all items to another folder. */
export const setLocation = torrentAction({
	value: 'setLocation',
	name: 'Set Location',
	action: 'Set location of torrents',
	description: 'Move the data of the torrents of all input items',
	fields: [LOCATION],
	posts: postTo('torrents/setLocation'),
	read: (parameters) => ({ location: readFullPath(parameters, LOCATION) }),
	destination: { field: LOCATION, of: ({ location: folder }, name) => ({ folder, name }) },
	// Moving a torrent ends its automatic management, which would move it by its category.
	sideEffects: ({ auto_tmm: isManaged }) =>
		isManaged === true ? { autoManagement: 'switched_off' } : {},
	refusals: ({ location }) => {
		const refusal = {
			sentence: `qBittorrent cannot write to the folder "${location}".`,
			action: 'Give qBittorrent the right to write there, or choose another folder.',
		};
		return { 403: refusal, 409: refusal };
	},
});
