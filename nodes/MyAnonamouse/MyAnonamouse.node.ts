import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { properties } from './resources/description';
import { router } from './resources/router';

export class MyAnonamouse implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MyAnonamouse',
		name: 'myAnonamouse',
		icon: { light: 'file:myanonamouse.svg', dark: 'file:myanonamouse.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"].replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) + ": " + $parameter["resource"] }}',
		description:
			'Read the account, search and download torrents, and spend bonus points on MyAnonamouse',
		defaults: { name: 'MyAnonamouse' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// The rules of the site name AI tools, so the node does not offer itself to agents.
		usableAsTool: undefined,
		credentials: [{ name: 'myAnonamouseApi', required: true }],
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
