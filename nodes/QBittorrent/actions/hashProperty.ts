import type { INodeProperties } from 'n8n-workflow';

/** The hash of the torrent that an operation is about. */
export const hashProperty: Omit<INodeProperties, 'displayOptions'> = {
	displayName: 'Torrent Hash',
	name: 'hash',
	type: 'string',
	required: true,
	default: '={{ $json.hash }}',
	description: 'Info hash of one torrent: 40 hex digits (64 for a full v2 hash)',
};
