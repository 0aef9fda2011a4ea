import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { properties } from './operations/description';
import { router } from './operations/router';

const DECIDING = ['Act', 'Hold', 'Summary'];

/** Names of the outputs by operation; the deciding ones have three. */
const OUTPUT_NAMES: Record<string, string[]> = {
	rememberGrabs: ['Items'],
	reportMetrics: ['Report', 'Push', 'Notify', 'Failed'],
};

/** Runs inside n8n's expression sandbox, where only its arguments exist. */
const outputs = (
	parameters: { operation?: string },
	named: Record<string, string[]>,
	deciding: string[],
) =>
	(named[String(parameters.operation)] ?? deciding).map((displayName) => ({
		type: 'main',
		displayName,
	}));

export class MamPolicy implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MAM Policy',
		name: 'mamPolicy',
		icon: { light: 'file:mamPolicy.svg', dark: 'file:mamPolicy.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"].replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) }}',
		description: 'Decide what to grab, delete and buy for a MyAnonamouse account, and report it',
		defaults: { name: 'MAM Policy' },
		inputs: [NodeConnectionTypes.Main],
		outputs: `={{ (${outputs.toString()})($parameter, ${JSON.stringify(OUTPUT_NAMES)}, ${JSON.stringify(DECIDING)}) }}`,
		// The rules of the site name AI tools, so the node does not offer itself to agents.
		usableAsTool: undefined,
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
