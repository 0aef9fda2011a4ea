import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { factsOf, failure, failureItem, requireProperItem } from './failure';

/** An operation that runs once for each input item. */
export type ItemOperation = (
	this: IExecuteFunctions,
	itemIndex: number,
) => Promise<INodeExecutionData[]>;

/** An operation that takes all input items at once. */
export type BatchOperation = (this: IExecuteFunctions) => Promise<INodeExecutionData[]>;

/**
 * `resource:operation` of the node. A parameter that cannot be read gives a name that no operation has: the
 * router then fails it like any other bad parameter, instead of throwing.
 */
export function operationName(context: IExecuteFunctions): string {
	const read = (parameter: string): string => {
		try {
			return String(context.getNodeParameter(parameter, 0));
		} catch {
			return 'unreadable';
		}
	};
	return `${read('resource')}:${read('operation')}`;
}

async function failuresAsItems(
	context: IExecuteFunctions,
	operation: string,
	itemIndex: number,
	run: () => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	let caught: unknown;
	try {
		return await run();
	} catch (error) {
		caught = error;
	}
	// A thrown error under "continue (using error output)" makes n8n pass the input on as if the node
	// had succeeded, so the failure must leave as an item.
	if (context.continueOnFail()) {
		return [failureItem(context.getNode(), operation, caught, itemIndex)];
	}
	const error = failure(context.getNode(), factsOf(caught));
	error.context.itemIndex = itemIndex;
	throw error;
}

/** Runs `execute` for each input item; a failed item becomes a failure item, or stops the node. */
export async function runPerItem(
	context: IExecuteFunctions,
	operation: string,
	execute: ItemOperation,
): Promise<INodeExecutionData[]> {
	const results: INodeExecutionData[] = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		const items = await failuresAsItems(context, operation, itemIndex, async () => {
			requireProperItem(context, itemIndex);
			return await execute.call(context, itemIndex);
		});
		for (const item of items) results.push(item);
	}
	return results;
}

/** Runs `execute` once over all input items; it answers for single items itself. */
export async function runBatch(
	context: IExecuteFunctions,
	operation: string,
	execute: BatchOperation,
): Promise<INodeExecutionData[]> {
	return await failuresAsItems(context, operation, 0, async () => await execute.call(context));
}
