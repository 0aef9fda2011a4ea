import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { operationProperties, runPlainOperation } from '../shared/operation';
import { OPERATIONS } from './operations/operations';
import { POLICY_OUTPUTS, unknownPolicy } from './operations/policy';

/** The names of the outputs by operation, of those that are not policies. */
const OTHER_OUTPUTS = Object.fromEntries(
	OPERATIONS.filter(({ outputs }) => outputs !== POLICY_OUTPUTS).map(({ value, outputs }) => [
		value,
		outputs ?? ['Items'],
	]),
);

/** Runs inside n8n's expression sandbox, where only its arguments exist. */
const outputs = (
	parameters: { operation?: string },
	others: Record<string, readonly string[]>,
	policy: readonly string[],
) =>
	(others[String(parameters.operation)] ?? policy).map((displayName) => ({
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
			'={{ $parameter["job"] || $parameter["operation"].replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) }}',
		description: 'Decide what to grab, delete and buy for a MyAnonamouse account, and report it',
		defaults: { name: 'MAM Policy' },
		inputs: [NodeConnectionTypes.Main],
		outputs: `={{ (${outputs.toString()})($parameter, ${JSON.stringify(OTHER_OUTPUTS)}, ${JSON.stringify(POLICY_OUTPUTS)}) }}`,
		// The rules of the site name AI tools, so the node does not offer itself to agents.
		usableAsTool: undefined,
		properties: operationProperties(OPERATIONS, 'guardAccount'),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runPlainOperation(this, OPERATIONS, unknownPolicy);
	}
}
