import type { INodeProperties } from 'n8n-workflow';

/** The field that names one torrent of the site. */
export const torrentIdProperty: INodeProperties = {
	displayName: 'Torrent ID',
	name: 'id',
	type: 'number',
	default: 0,
	required: true,
	description: 'Number of the torrent on the site, as in its address /t/123456',
};
