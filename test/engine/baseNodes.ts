import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

/**
 * The n8n-nodes-base nodes that the shipped workflows use, cut down to what they do there. The real ones come
 * only with the whole of n8n; the end-to-end tests run on them.
 */

const main = NodeConnectionTypes.Main;

function property(name: string, type: INodeProperties['type'], value: unknown): INodeProperties {
	return { displayName: name, name, type, default: value as never };
}

function describe(name: string, parts: Partial<INodeTypeDescription>): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: [1, 1.3, 2.3, 3.2, 4.2],
		description: name,
		defaults: { name },
		inputs: [main],
		outputs: [main],
		properties: [],
		...parts,
	};
}

class Trigger implements INodeType {
	description: INodeTypeDescription;

	constructor(name: string) {
		this.description = describe(name, {
			group: ['trigger'],
			inputs: [],
			// Only for tests of single nodes: what the trigger emits.
			properties: [property('items', 'json', '[{}]')],
		});
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = JSON.parse(this.getNodeParameter('items', 0) as string) as IDataObject[];
		return [items.map((json) => ({ json }))];
	}
}

class Merge implements INodeType {
	description = describe('merge', {
		inputs: '={{ Array.from({ length: $parameter.numberInputs }, () => "main") }}',
		requiredInputs: 1,
		properties: [property('mode', 'string', 'append'), property('numberInputs', 'number', 2)],
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const inputs = this.getNodeParameter('numberInputs', 0) as number;
		const all = Array.from({ length: inputs }, (_, input) => this.getInputData(input) ?? []);
		return [all.flat()];
	}
}

class If implements INodeType {
	description = describe('if', {
		outputs: [main, main],
		properties: [property('conditions', 'json', {})],
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const yes: INodeExecutionData[] = [];
		const no: INodeExecutionData[] = [];
		this.getInputData().forEach((item, index) => {
			const at = 'conditions.conditions[0].';
			const left = this.getNodeParameter(`${at}leftValue`, index);
			const right = this.getNodeParameter(`${at}rightValue`, index);
			const { operation } = this.getNodeParameter(`${at}operator`, index) as IDataObject;
			const passes = operation === 'equals' ? left === right : left !== right;
			(passes ? yes : no).push(item);
		});
		return [yes, no];
	}
}

class HttpRequest implements INodeType {
	description = describe('httpRequest', {
		properties: ['url', 'method', 'body'].map((name) => property(name, 'string', '')),
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const results: INodeExecutionData[] = [];
		for (let index = 0; index < this.getInputData().length; index++) {
			const request = this.helpers.httpRequest({
				method: this.getNodeParameter('method', index) as 'PUT',
				url: this.getNodeParameter('url', index) as string,
				body: this.getNodeParameter('body', index) as string,
				headers: { 'content-type': 'text/plain' },
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
			});
			// The real node under "continue" also returns its failure as an item.
			const json = await request.then(
				({ statusCode }) => ({ statusCode }),
				(error: Error) => ({ error: error.message }),
			);
			results.push({ json });
		}
		return [results];
	}
}

class StopAndError implements INodeType {
	description = describe('stopAndError', {
		outputs: [],
		properties: [property('errorMessage', 'string', '')],
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		throw new NodeOperationError(
			this.getNode(),
			this.getNodeParameter('errorMessage', 0) as string,
		);
	}
}

class StickyNote implements INodeType {
	description = describe('stickyNote', { inputs: [], outputs: [] });
}

export const baseNodes: Record<string, INodeType> = {
	'n8n-nodes-base.scheduleTrigger': new Trigger('scheduleTrigger'),
	'n8n-nodes-base.manualTrigger': new Trigger('manualTrigger'),
	'n8n-nodes-base.merge': new Merge(),
	'n8n-nodes-base.if': new If(),
	'n8n-nodes-base.httpRequest': new HttpRequest(),
	'n8n-nodes-base.stopAndError': new StopAndError(),
	'n8n-nodes-base.stickyNote': new StickyNote(),
};
