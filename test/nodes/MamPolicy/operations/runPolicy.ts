import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyCollection,
} from 'n8n-workflow';

import { MamPolicy } from '../../../../nodes/MamPolicy/MamPolicy.node';
import type { Decision, Summary } from '../../../../nodes/MamPolicy/types';

const { properties } = new MamPolicy().description;

/** An expression that n8n cannot evaluate. */
export class Broken {
	constructor(readonly message: string) {}
}

/** The three outputs of a deciding operation. */
export interface Outputs {
	act: Array<IDataObject & { decision: Decision }>;
	hold: Array<IDataObject & { decision: Decision }>;
	summary: Summary;
	/** The items with what they are paired with. */
	items: INodeExecutionData[][];
}

function defaultsOf(operation: string): IDataObject {
	const shown = properties.filter(({ displayOptions }) =>
		displayOptions?.show?.operation?.includes(operation),
	);
	return Object.fromEntries(shown.map((field) => [field.name, field.default])) as IDataObject;
}

/** The fields that the editor shows for `operation`, those in Options included. */
export function fieldsOf(operation: string): INodeProperties[] {
	return properties
		.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(operation))
		.flatMap((field) => [
			field,
			...((field.options ?? []) as Array<INodeProperties | INodePropertyCollection>).filter(
				(option): option is INodeProperties => 'type' in option,
			),
		]);
}

/**
 * Runs one operation as n8n does on `records`: `changes` to the defaults of its fields, those in Options
 * under `options`. A {@link Broken} value is an expression that throws when it is read.
 */
export async function runPolicy(
	operation: string,
	records: unknown[],
	changes: Record<string, unknown> = {},
	staticData: IDataObject = {},
	hints: unknown[] = [],
	mode = 'trigger',
): Promise<Outputs> {
	const items = await runOutputs(operation, records, changes, staticData, hints, mode);
	const [act, hold, summary] = items.map((output) => output.map(({ json }) => json));
	expect(summary).toHaveLength(1);
	return { act, hold, summary: summary[0] as unknown as Summary, items } as Outputs;
}

/** Like {@link runPolicy}, with the items as they leave. */
export async function runOutputs(
	operation: string,
	records: unknown[],
	changes: Record<string, unknown> = {},
	staticData: IDataObject = {},
	hints: unknown[] = [],
	mode = 'trigger',
): Promise<INodeExecutionData[][]> {
	const parameters: Record<string, unknown> = { ...defaultsOf(operation), operation, ...changes };
	const options = (parameters.options ?? {}) as Record<string, unknown>;
	const context = {
		getInputData: () => records.map((json) => ({ json })),
		getNode: () => ({ name: 'MAM Policy', type: 'mamPolicy' }),
		getMode: () => mode,
		continueOnFail: () => false,
		addExecutionHints: (...added: unknown[]) => hints.push(...added),
		getWorkflowStaticData: () => staticData,
		getNodeParameter: (path: string, _item: number, fallback?: unknown) => {
			const [, option] = path.split('options.');
			const [values, name] = option === undefined ? [parameters, path] : [options, option];
			const value = name in values ? values[name] : fallback;
			if (value instanceof Broken) throw new Error(value.message);
			return value;
		},
	} as unknown as IExecuteFunctions;
	return await new MamPolicy().execute.call(context);
}
