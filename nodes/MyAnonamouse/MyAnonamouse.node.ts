import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { resourceProperties, runResourceOperation } from '../shared/operation';
import { account } from './resources/account/account.resource';
import { bonus } from './resources/bonus/bonus.resource';
import { seedbox } from './resources/seedbox/seedbox.resource';
import { snatch } from './resources/snatch/snatch.resource';
import { torrent } from './resources/torrent/torrent.resource';

export const RESOURCES = [account, bonus, seedbox, snatch, torrent];

export class MyAnonamouse implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MyAnonamouse',
		name: 'myAnonamouse',
		icon: { light: 'file:myanonamouse.svg', dark: 'file:myanonamouse.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"].replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) + ": " + $parameter["resource"] + ($parameter["searchType"] || $parameter["list"] ? " (" + ($parameter["searchType"] || $parameter["list"]) + ")" : "") + ($parameter["simulate"] === true ? " (simulated)" : "") }}',
		description:
			'Get the account, search and download torrents, and spend bonus points on MyAnonamouse',
		defaults: { name: 'MyAnonamouse' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// The rules of the site name AI tools, so the node does not offer itself to agents.
		usableAsTool: undefined,
		credentials: [{ name: 'myAnonamouseApi', required: true }],
		properties: resourceProperties(RESOURCES, account.value),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runResourceOperation(this, RESOURCES);
	}
}
