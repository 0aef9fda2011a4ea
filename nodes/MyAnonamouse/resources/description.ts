import type { INodeProperties } from 'n8n-workflow';

import * as accountGet from './account/get.operation';
import * as buyUpload from './bonus/buyUpload.operation';
import * as buyVip from './bonus/buyVip.operation';
import * as updateIp from './seedbox/updateIp.operation';
import * as snatchGetAll from './snatch/getAll.operation';
import * as torrentDownload from './torrent/download.operation';
import * as torrentGet from './torrent/get.operation';
import * as torrentSearch from './torrent/search.operation';

function operations(
	resource: string,
	defaultOperation: string,
	options: INodeProperties['options'],
): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options,
		default: defaultOperation,
	};
}

/** All fields of the node. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Account', value: 'account' },
			{ name: 'Bonus', value: 'bonus' },
			{ name: 'Seedbox', value: 'seedbox' },
			{ name: 'Snatch', value: 'snatch' },
			{ name: 'Torrent', value: 'torrent' },
		],
		default: 'account',
	},
	operations('account', 'get', [
		{
			name: 'Get',
			value: 'get',
			action: 'Get the account',
			description: 'Read class, ratio, bonus points and what is unsatisfied',
		},
	]),
	operations('bonus', 'buyUpload', [
		{
			name: 'Buy Upload',
			value: 'buyUpload',
			action: 'Buy upload credit',
			description: 'Buy upload credit with bonus points, once a run',
		},
		{
			name: 'Buy VIP',
			value: 'buyVip',
			action: 'Buy VIP time',
			description: 'Buy VIP time with bonus points, once a run',
		},
	]),
	operations('seedbox', 'updateIp', [
		{
			name: 'Update IP',
			value: 'updateIp',
			action: 'Update the seedbox IP address',
			description: 'Register the address that n8n leaves by for the announces of the client',
		},
	]),
	operations('snatch', 'getAll', [
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many snatched torrents',
			description: 'Read the seed times of your snatched torrents as the tracker counts them',
		},
	]),
	operations('torrent', 'search', [
		{
			name: 'Download',
			value: 'download',
			action: 'Download a torrent file',
			description: 'Fetch the .torrent file as binary data',
		},
		{
			name: 'Get',
			value: 'get',
			action: 'Get a torrent',
			description: 'Read one torrent of the site',
		},
		{
			name: 'Search',
			value: 'search',
			action: 'Search torrents',
			description: 'Search the site, which filters and sorts',
		},
	]),
	...accountGet.description,
	...buyUpload.description,
	...buyVip.description,
	...updateIp.description,
	...snatchGetAll.description,
	...torrentDownload.description,
	...torrentGet.description,
	...torrentSearch.description,
];
