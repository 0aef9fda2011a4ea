import type { INodeProperties } from 'n8n-workflow';

import * as getPreferences from './application/getPreferences.operation';
import * as setPreferences from './application/setPreferences.operation';
import * as createCategory from './category/create.operation';
import * as deleteCategory from './category/delete.operation';
import * as editCategory from './category/edit.operation';
import * as getAllCategory from './category/getAll.operation';
import * as createTag from './tag/create.operation';
import * as deleteTag from './tag/delete.operation';
import * as getAllTag from './tag/getAll.operation';
import * as addTorrent from './torrent/add.operation';
import * as addTags from './torrent/addTags.operation';
import * as deleteTorrent from './torrent/delete.operation';
import * as exportTorrent from './torrent/export.operation';
import * as forceStartTorrent from './torrent/forceStart.operation';
import * as getTorrent from './torrent/get.operation';
import * as getAllTorrent from './torrent/getAll.operation';
import * as getFiles from './torrent/getFiles.operation';
import * as getTrackers from './torrent/getTrackers.operation';
import * as reannounceTorrent from './torrent/reannounce.operation';
import * as recheckTorrent from './torrent/recheck.operation';
import * as removeTags from './torrent/removeTags.operation';
import * as setCategory from './torrent/setCategory.operation';
import * as setLocation from './torrent/setLocation.operation';
import * as setShareLimits from './torrent/setShareLimits.operation';
import * as startTorrent from './torrent/start.operation';
import * as stopTorrent from './torrent/stop.operation';

/** The resource, its operations and their fields. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Application', value: 'application' },
			{ name: 'Category', value: 'category' },
			{ name: 'Tag', value: 'tag' },
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
				name: 'Get Preferences',
				value: 'getPreferences',
				action: 'Get the preferences',
				description: 'Get all preferences except passwords and keys',
			},
			{
				name: 'Get Version',
				value: 'getVersion',
				action: 'Get the version',
				description: 'Get the versions of qBittorrent and of its WebAPI',
			},
			{
				name: 'Set Preferences',
				value: 'setPreferences',
				action: 'Set preferences',
				description: 'Send the preferences that differ and say which did',
			},
		],
		default: 'getVersion',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['category'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a category',
				description: 'Create a category with its folder',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a category',
				description: 'Delete a category; its torrents stay',
			},
			{
				name: 'Edit',
				value: 'edit',
				action: 'Edit a category',
				description: 'Change the folder of a category',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many categories',
				description: 'Get the categories, one item each',
			},
		],
		default: 'getAll',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['tag'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create tags',
				description: 'Create tags that torrents can be given',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete tags',
				description: 'Delete tags; torrents lose them',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many tags',
				description: 'Get the tags, one item each',
			},
		],
		default: 'getAll',
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
				name: 'Add Tags',
				value: 'addTags',
				action: 'Add tags to torrents',
				description: 'Add tags to the torrents of all input items',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete torrents',
				description: 'Delete the torrents of all input items in as few requests as possible',
			},
			{
				name: 'Export',
				value: 'export',
				action: 'Export a torrent',
				description: 'Get the .torrent file of a torrent',
			},
			{
				name: 'Force Start',
				value: 'forceStart',
				action: 'Force start torrents',
				description: 'Run the torrents of all input items past the queue limits',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a torrent',
				description: 'Get one torrent by its hash',
			},
			{
				name: 'Get Files',
				value: 'getFiles',
				action: 'Get the files of a torrent',
				description: 'Get the files of a torrent, one item each',
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
			{
				name: 'Reannounce',
				value: 'reannounce',
				action: 'Reannounce torrents',
				description: 'Announce the torrents of all input items to their trackers now',
			},
			{
				name: 'Recheck',
				value: 'recheck',
				action: 'Recheck torrents',
				description: 'Check the data of the torrents of all input items anew',
			},
			{
				name: 'Remove Tags',
				value: 'removeTags',
				action: 'Remove tags from torrents',
				description: 'Remove tags from the torrents of all input items',
			},
			{
				name: 'Set Category',
				value: 'setCategory',
				action: 'Set the category of torrents',
				description: 'Give the torrents of all input items a category',
			},
			{
				name: 'Set Location',
				value: 'setLocation',
				action: 'Set the location of torrents',
				description: 'Move the data of the torrents of all input items',
			},
			{
				name: 'Set Share Limits',
				value: 'setShareLimits',
				action: 'Set the share limits of torrents',
				description: 'Set at which ratio or seeding time the client ends seeding',
			},
			{
				name: 'Start',
				value: 'start',
				action: 'Start torrents',
				description: 'Start the torrents of all input items',
			},
			{
				name: 'Stop',
				value: 'stop',
				action: 'Stop torrents',
				description: 'Stop the torrents of all input items',
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
	...getPreferences.description,
	...setPreferences.description,
	...createCategory.description,
	...deleteCategory.description,
	...editCategory.description,
	...getAllCategory.description,
	...createTag.description,
	...deleteTag.description,
	...getAllTag.description,
	...addTorrent.description,
	...addTags.description,
	...deleteTorrent.description,
	...exportTorrent.description,
	...forceStartTorrent.description,
	...getTorrent.description,
	...getAllTorrent.description,
	...getFiles.description,
	...getTrackers.description,
	...reannounceTorrent.description,
	...recheckTorrent.description,
	...removeTags.description,
	...setCategory.description,
	...setLocation.description,
	...setShareLimits.description,
	...startTorrent.description,
	...stopTorrent.description,
];
