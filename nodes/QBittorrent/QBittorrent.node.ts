import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { resourceProperties, runResourceOperation } from '../shared/operation';
import { application } from './resources/application/application.resource';
import { category } from './resources/category/category.resource';
import { searchCategories, searchTags, searchTorrents } from './resources/listSearch';
import { tag } from './resources/tag/tag.resource';
import { torrent } from './resources/torrent/torrent.resource';
import { transfer } from './resources/transfer/transfer.resource';

export const RESOURCES = [application, category, tag, torrent, transfer];

export class QBittorrent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'qBittorrent',
		name: 'qBittorrent',
		icon: { light: 'file:qbittorrent.svg', dark: 'file:qbittorrent.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"].replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) + ": " + $parameter["resource"] }}',
		description: 'Manage the torrents, categories, tags and preferences of a qBittorrent client',
		defaults: { name: 'qBittorrent' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// The user, not the agent, chooses the operation of a tool; a client has no rules about agents.
		usableAsTool: true,
		credentials: [{ name: 'qBittorrentWebApi', required: true }],
		properties: resourceProperties(RESOURCES, torrent.value),
	};

	methods = { listSearch: { searchCategories, searchTags, searchTorrents } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runResourceOperation(this, RESOURCES);
	}
}
