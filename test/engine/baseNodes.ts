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
		version: [1, 1.1, 1.3, 3.2, 3.4, 4.2],
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

/** Edit Fields, which puts its own fields in the place of the input's. */
class EditFields implements INodeType {
	description = describe('set', {
		properties: [property('assignments', 'json', { assignments: [] })],
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const fieldsFor = (item: number): IDataObject => {
			const { assignments } = this.getNodeParameter('assignments', item) as {
				assignments: Array<{ name: string; value: IDataObject[string] }>;
			};
			return Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
		};
		const items = this.getInputData().map((_, item) => {
			try {
				return { json: fieldsFor(item), pairedItem: { item } };
			} catch (error) {
				// As the real node under "continue".
				return { json: { error: (error as Error).message }, pairedItem: { item } };
			}
		});
		return [items];
	}
}

/** The rows of n8n's tables, by name; `busy` for one whose queries the database refuses. */
export type Tables = Record<string, IDataObject[] | 'busy'>;

/**
 * Gets, inserts and upserts rows of `tables`, as the real node does under "continue": a table that is not there is an
 * item with an error, but when the database refuses, the input is passed on.
 */
export function dataTable(tables: Tables): INodeType {
	const names = ['operation', 'dataTableId', 'filters', 'columns'];

	async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const results = this.getInputData().flatMap(({ json }, item) => {
			const read = (name: string) => this.getNodeParameter(name, item, {}) as IDataObject;
			const rows = tables[String(read('dataTableId').value)];
			if (rows === undefined) return [{ error: 'Data table not found' }];
			if (rows === 'busy') return [json];
			const operation = this.getNodeParameter('operation', item);
			const conditions = (read('filters').conditions ?? []) as IDataObject[];
			const found = rows.filter((row) =>
				conditions.every(({ keyName, keyValue }) => row[String(keyName)] === keyValue),
			);
			if (operation === 'get') return found;
			const row = { ...(read('columns').value as IDataObject) };
			if (operation === 'upsert' && found.length > 0)
				return found.map((one) => Object.assign(one, row));
			rows.push(row);
			return [row];
		});
		return [results.map((json) => ({ json: { ...json }, pairedItem: { item: 0 } }))];
	}

	return {
		description: describe('dataTable', {
			properties: names.map((name) => property(name, 'json', {})),
		}),
		execute,
	};
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
				({ statusCode }) =>
					statusCode < 400 ? { statusCode } : { error: `Request failed: ${statusCode}` },
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
	'n8n-nodes-base.set': new EditFields(),
	'n8n-nodes-base.httpRequest': new HttpRequest(),
	'n8n-nodes-base.stopAndError': new StopAndError(),
	'n8n-nodes-base.stickyNote': new StickyNote(),
};
