import type { INodeProperties } from 'n8n-workflow';

import * as addTorrent from './torrent/add.operation';
import * as deleteTorrents from './torrent/delete.operation';
import * as getTorrent from './torrent/get.operation';
import * as getTorrents from './torrent/getAll.operation';
import * as getTrackers from './torrent/getTrackers.operation';

/** The resource, its operations and their fields. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Application', value: 'application' },
			{ name: 'Torrent', value: 'torrent' },
			{ name: 'Transfer', value: 'transfer' },
		],
		default: 'torrent',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['application'] } },
		options: [
			{
				name: 'Get Version',
				value: 'getVersion',
				action: 'Get the version',
				description: 'Get the versions of qBittorrent and of its WebAPI',
			},
		],
		default: 'getVersion',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['torrent'] } },
		options: [
			{
				name: 'Add',
				value: 'add',
				action: 'Add a torrent',
				description: 'Add a torrent from a file, an address or a magnet link',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete torrents',
				description: 'Delete the torrents of all input items in as few requests as possible',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a torrent',
				description: 'Get one torrent by its hash',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many torrents',
				description: 'Get the torrents of the client, one item each',
			},
			{
				name: 'Get Trackers',
				value: 'getTrackers',
				action: 'Get the trackers of a torrent',
				description: 'Get what the trackers of a torrent say, one item each',
			},
		],
		default: 'getAll',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['transfer'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get the transfer state',
				description: 'Get speeds, connection status and free space',
			},
		],
		default: 'get',
	},
	...addTorrent.description,
	...deleteTorrents.description,
	...getTorrent.description,
	...getTorrents.description,
	...getTrackers.description,
];
