import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { factsOf, failure, failureItem, isFailed } from './failure';
import { Parameters } from './parameters';

/** One input item that an operation is to work on. */
export interface Call {
	itemIndex: number;
	/** Whether to say what would be sent instead of sending it; always false where nothing changes. */
	simulate: boolean;
}

/** How an operation takes its input items. */
export type Run =
	/** Once per item. What it throws is the failure of that item alone. */
	| { perItem: (this: IExecuteFunctions, call: Call) => Promise<INodeExecutionData[]> }
	/** Once for all items: the result of each by its index, or why it failed. */
	| {
			allItems: (
				this: IExecuteFunctions,
				calls: Call[],
			) => Promise<Map<number, IDataObject | Error>>;
	  }
	/** A policy: it gets the failures of earlier steps too, has outputs of its own and reports instead of throwing. */
	| { decide: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]> };

/** Everything about one operation: selector, fields, dispatch and documentation are made from it. */
export interface Operation {
	/** The value of the operation parameter; saved in people's workflows. */
	value: string;
	/** In the list of operations, in Title Case. */
	name: string;
	/** In the list of actions, as a sentence. */
	action: string;
	description: string;
	/**
	 * Whether it changes anything anywhere. If so it has Simulate, and refuses (`stale_plan`) when n8n retries
	 * an old execution.
	 */
	changes: boolean;
	/** In the order of the editor; Simulate comes by itself. */
	fields: INodeProperties[];
	/** The names of its outputs; one without a name unless given. */
	outputs?: readonly string[];
	run: Run;
}

/** Something that operations are about, such as the torrents of the client. */
export interface Resource {
	/** The value of the resource parameter. */
	value: string;
	/** In Title Case. */
	name: string;
	/** In the order of the editor: sorted by name. */
	operations: Operation[];
	/** Value of the operation that the editor chooses first. */
	defaultOperation: string;
}

const SIMULATE: INodeProperties = {
	displayName: 'Simulate',
	name: 'simulate',
	type: 'boolean',
	default: false,
	description:
		"Whether to return what would be sent, marked simulated, and send nothing. The shipped workflows set it to {{ $execution.mode === 'test' }}, so that a manual run changes nothing.",
};

/** Simulate stands before the warning about it and the options, otherwise last. */
function withSimulate(fields: INodeProperties[]): INodeProperties[] {
	const before = fields.findIndex(
		({ name, type }) => name === 'simulateWarning' || type === 'collection',
	);
	const at = before === -1 ? fields.length : before;
	return [...fields.slice(0, at), SIMULATE, ...fields.slice(at)];
}

/** Defines an operation; `changes` gives it Simulate. */
export function operation(definition: Operation): Operation {
	const { changes, fields } = definition;
	return { ...definition, fields: changes ? withSimulate(fields) : fields };
}

/** `properties`, shown only where `show` holds as well as their own conditions. */
export function shownWhere(
	show: Record<string, string[]>,
	properties: INodeProperties[],
): INodeProperties[] {
	return properties.map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...show, ...property.displayOptions?.show },
		},
	}));
}

function selector(
	operations: Operation[],
	defaultOperation: string,
	show: Record<string, string[]>,
): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		...(Object.keys(show).length > 0 && { displayOptions: { show } }),
		options: operations.map(({ name, value, action, description }) => ({
			name,
			value,
			action,
			description,
		})),
		default: defaultOperation,
	};
}

/** All fields of a node without resources. */
export function operationProperties(
	operations: Operation[],
	defaultOperation: string,
): INodeProperties[] {
	return [
		selector(operations, defaultOperation, {}),
		...operations.flatMap(({ value, fields }) => shownWhere({ operation: [value] }, fields)),
	];
}

/** All fields of a node with resources. */
export function resourceProperties(
	resources: Resource[],
	defaultResource: string,
): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ name, value }) => ({ name, value })),
			default: defaultResource,
		},
		...resources.map(({ value, operations, defaultOperation }) =>
			selector(operations, defaultOperation, { resource: [value] }),
		),
		...resources.flatMap((resource) =>
			resource.operations.flatMap(({ value, fields }) =>
				shownWhere({ resource: [resource.value], operation: [value] }, fields),
			),
		),
	];
}

/** Every operation of `resources` by `resource:operation`. */
export function operationsOf(resources: Resource[]): Map<string, Operation> {
	return new Map(
		resources.flatMap((resource) =>
			resource.operations.map((own): [string, Operation] => [
				`${resource.value}:${own.value}`,
				own,
			]),
		),
	);
}

/** A parameter that throws gives a name that no operation has, which fails like any other bad choice. */
function chosen(context: IExecuteFunctions, parameter: string): string {
	try {
		return String(context.getNodeParameter(parameter, 0));
	} catch {
		return 'unreadable';
	}
}

/** Refuses a retry: its data is that of an old execution, whose numbers may no longer be true. */
function refuseRetry(context: IExecuteFunctions): void {
	if (context.getMode() !== 'retry') return;
	throw failure(context.getNode(), {
		cause: 'stale_plan',
		sentence:
			'This is a retry of an earlier execution, so its data may be out of date. Nothing was changed.',
		action:
			'Run the workflow again, or wait for its schedule, instead of retrying an old execution.',
	});
}

/** Whether an item only passes through: the failure of an earlier step, or what an earlier step skipped. */
function passesThrough(json: unknown): boolean {
	return isFailed(json) || (json as { skipped?: unknown } | undefined)?.skipped === true;
}

/** The part of an operation that running it needs. */
export type Dispatch = Pick<Operation, 'changes' | 'run'>;

/** One run of one operation over the node's input items. */
class OperationRun {
	/** By index of the input item. */
	private readonly results: INodeExecutionData[][] = [];

	private firstFailure: string | null = null;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly name: string,
		private readonly operation: Dispatch,
	) {}

	async items(run: Exclude<Run, { decide: unknown }>): Promise<INodeExecutionData[]> {
		const calls = this.calls();
		if ('allItems' in run) await this.runAll(run.allItems, calls);
		else for (const call of calls) await this.runOne(run.perItem, call);
		if (this.firstFailure !== null) this.context.addExecutionHints(failureHint(this.firstFailure));
		return this.results.flat();
	}

	/** The items to work on. The others pass through, or fail because they may not be worked on. */
	private calls(): Call[] {
		const { context, operation } = this;
		const calls: Call[] = [];
		for (const [itemIndex, item] of context.getInputData().entries()) {
			if (passesThrough(item.json)) {
				this.results[itemIndex] = [{ ...item, pairedItem: { item: itemIndex } }];
				continue;
			}
			try {
				if (operation.changes) refuseRetry(context);
				const simulate = operation.changes && new Parameters(context, itemIndex).flag(SIMULATE);
				calls.push({ itemIndex, simulate });
			} catch (error) {
				this.fail(itemIndex, error);
			}
		}
		return calls;
	}

	private async runOne(
		perItem: Extract<Run, { perItem: unknown }>['perItem'],
		call: Call,
	): Promise<void> {
		try {
			this.results[call.itemIndex] = await perItem.call(this.context, call);
		} catch (error) {
			this.fail(call.itemIndex, error);
		}
	}

	private async runAll(
		allItems: Extract<Run, { allItems: unknown }>['allItems'],
		calls: Call[],
	): Promise<void> {
		if (calls.length === 0) return;
		let outcomes: Map<number, IDataObject | Error>;
		try {
			outcomes = await allItems.call(this.context, calls);
		} catch (error) {
			outcomes = new Map(calls.map(({ itemIndex }) => [itemIndex, error as Error]));
		}
		for (const [itemIndex, outcome] of outcomes) {
			if (outcome instanceof Error) this.fail(itemIndex, outcome);
			// The short form of { item: itemIndex }: it is stored with every run.
			else this.results[itemIndex] = [{ json: outcome, pairedItem: itemIndex }];
		}
	}

	/**
	 * An error thrown under "continue" would make n8n pass the input on as if the node had succeeded, so the
	 * failure leaves as an item; without "continue" it stops the node.
	 */
	private fail(itemIndex: number, error: unknown): void {
		const { context } = this;
		if (!context.continueOnFail()) {
			const stopping = failure(context.getNode(), factsOf(error));
			stopping.context.itemIndex = itemIndex;
			throw stopping;
		}
		const item = failureItem(context.getNode(), this.name, error, itemIndex);
		const { id } = context.getInputData()[itemIndex]?.json ?? {};
		// Remember Grabs must know which torrent was tried.
		if (typeof id === 'number' || typeof id === 'string') item.json.id = id;
		this.firstFailure ??= String(item.json.error);
		this.results[itemIndex] = [item];
	}
}

/** Under "continue" the editor shows a failed node as green; the hint shows on its output. */
export function failureHint(sentence: string) {
	return { message: `Failed: ${sentence}`, type: 'danger', location: 'outputPane' } as const;
}

const UNKNOWN: Dispatch = {
	changes: false,
	run: {
		perItem: async function () {
			throw failure(this.getNode(), {
				cause: 'bad_parameter',
				sentence: 'The node has no such resource or operation.',
				action: 'Choose the resource and the operation from the lists of the node.',
			});
		},
	},
};

/** Runs the operation of `resources` that the parameters of the node name. */
export async function runResourceOperation(
	context: IExecuteFunctions,
	resources: Resource[],
): Promise<INodeExecutionData[][]> {
	const name = `${chosen(context, 'resource')}:${chosen(context, 'operation')}`;
	return await run(context, name, operationsOf(resources).get(name) ?? UNKNOWN);
}

/** Runs the operation of `operations` that the parameters of the node name, or else `unknown`. */
export async function runPlainOperation(
	context: IExecuteFunctions,
	operations: Operation[],
	unknown: Dispatch = UNKNOWN,
): Promise<INodeExecutionData[][]> {
	const name = chosen(context, 'operation');
	return await run(context, name, operations.find(({ value }) => value === name) ?? unknown);
}

async function run(
	context: IExecuteFunctions,
	name: string,
	own: Dispatch,
): Promise<INodeExecutionData[][]> {
	if ('decide' in own.run) return await own.run.decide.call(context);
	return [await new OperationRun(context, name, own).items(own.run)];
}
