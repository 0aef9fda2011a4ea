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
function operationName(context: IExecuteFunctions): string {
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
async function runPerItem(
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
async function runBatch(
	context: IExecuteFunctions,
	operation: string,
	execute: BatchOperation,
): Promise<INodeExecutionData[]> {
	return await failuresAsItems(context, operation, 0, async () => await execute.call(context));
}

/** How an operation takes its input items. */
export type Operation = { perItem: ItemOperation } | { atOnce: BatchOperation };

/** Runs the one of `operations`, by `resource:operation`, that the node's parameters name. */
export async function runOperation(
	context: IExecuteFunctions,
	operations: Record<string, Operation>,
): Promise<INodeExecutionData[][]> {
	const name = operationName(context);
	const operation = operations[name] ?? { perItem: async () => unknownOperation(context, name) };
	return 'atOnce' in operation
		? [await runBatch(context, name, operation.atOnce)]
		: [await runPerItem(context, name, operation.perItem)];
}

/** Thrown outside of the runner, this would let the input items pass as if they had succeeded. */
function unknownOperation(context: IExecuteFunctions, name: string): never {
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: `The node has no operation "${name}".`,
		action: 'Choose resource and operation from the lists of the node.',
	});
}
