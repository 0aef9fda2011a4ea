import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';

import { searchCategories, searchTags } from './resources/listSearch';
import { properties } from './trigger/description';
import { poll } from './trigger/poll';

export class QBittorrentTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'qBittorrent Trigger',
		name: 'qBittorrentTrigger',
		icon: { light: 'file:qbittorrent.svg', dark: 'file:qbittorrent.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when something happens to a torrent of a qBittorrent client',
		defaults: { name: 'qBittorrent Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'qBittorrentWebApi', required: true }],
		properties,
	};

	methods = { listSearch: { searchCategories, searchTags } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll.call(this);
	}
}
