import type { INodeProperties } from 'n8n-workflow';

import { postTo, torrentAction } from './batch';

const ENABLE: INodeProperties = {
	displayName: 'Automatic',
	name: 'autoManagement',
	type: 'boolean',
	default: true,
	description:
		'Whether qBittorrent keeps the data in the folder of the category; switching it on may move the data',
};

/** Switches automatic torrent management on or off. */
export const setAutoManagement = torrentAction({
	value: 'setAutoManagement',
	name: 'Set Automatic Management',
	action: 'Set automatic management of torrents',
	description: 'Switch automatic management of the torrents of all input items on or off',
	fields: [ENABLE],
	posts: postTo('torrents/setAutoManagement'),
	read: (parameters) => ({ enable: String(parameters.flag(ENABLE)) }),
});
