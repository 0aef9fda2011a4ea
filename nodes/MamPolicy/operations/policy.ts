import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import {
	factsOf,
	failure,
	failureItem,
	failureRecord,
	receivedFailure,
} from '../../shared/failure';
import { sharing } from '../../shared/json';
import { failureHint, operation, type Dispatch, type Operation } from '../../shared/operation';
import { Parameters } from '../../shared/parameters';
import type { FailureFacts, FailureItem } from '../../shared/types';
import { holdAll, type Evaluation } from '../decisions/result';
import type { Decided, Decision, PolicyName, PolicyResult } from '../types';
import { DRY_RUN } from './fields';
import { mayRemember } from './workflowMemory';

/** The outputs of every policy. */
export const POLICY_OUTPUTS = ['Act', 'Hold', 'Summary'] as const;

/** What a policy gets from the node. */
export interface PolicyInput {
	read: Parameters;
	/** The json of all input items; none of them is a failure. */
	records: unknown[];
	evaluation: Evaluation;
	/** What the workflow remembers. */
	staticData: IDataObject;
	/** Whether the run may change that. */
	mayRemember: boolean;
}

/** A policy as an operation: its decision is pure, and this puts it on the three outputs. */
export interface Policy<P extends PolicyName>
	extends Pick<Operation, 'name' | 'action' | 'description' | 'fields'> {
	value: P;
	/** The fields of an input item that Hold keeps for a person to read, beside the decision: runs are stored, so nothing more. */
	heldFields: readonly string[];
	decide(input: PolicyInput): PolicyResult<P>;
}

/** A failure of an earlier step that reached a policy: it holds everything and is passed on unchanged. */
class EarlierFailure extends Error {
	constructor(readonly item: FailureItem) {
		super(item.error);
	}
}

/** The value of a parameter that holds the items of an earlier step, or one of them. Throws a failure among them. */
export function earlierItems(read: Parameters, field: INodeProperties): unknown {
	const value = read.json(field);
	for (const item of Array.isArray(value) ? value : [value]) refuseFailure(item);
	return value;
}

function refuseFailure(json: unknown): void {
	const received = receivedFailure(json);
	if (received !== null) throw new EarlierFailure(received);
}

/** Why nothing was decided, as far as it can be put on Hold; null for an error that nobody expected. */
function heldFor(error: unknown) {
	if (error instanceof EarlierFailure) {
		const { node } = error.item.details;
		const step = node === '' ? 'An earlier step' : `The step ${node}`;
		const facts: FailureFacts = {
			cause: error.item.details.cause,
			sentence: `${step} failed, so nothing was decided: ${error.item.error}`,
			action: error.item.message,
		};
		return { reason: 'step_failed', failure: facts } as const;
	}
	const facts = factsOf(error);
	if (facts.cause !== 'bad_parameter') return null;
	const detail = `${facts.sentence} ${facts.action}`;
	return { reason: 'bad_parameter', failure: facts, detail } as const;
}

/** One evaluation of a policy over all input items. */
class PolicyRun<P extends PolicyName> {
	private readonly read: Parameters;

	/** Many torrents get the same decision. */
	private readonly shared = sharing<Decision>();

	/** Until Dry Run is read: an evaluation that fails before counts as what the run is. */
	private dryRun: boolean;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly policy: Policy<P>,
	) {
		// Index 0 for all items: an expression over a long list is costly, and a policy decides over all.
		this.read = new Parameters(context, 0);
		this.dryRun = context.getMode() === 'manual';
	}

	/** Never throws: what nobody expected leaves on Summary as a failure item. */
	outputs(): INodeExecutionData[][] {
		const { context, policy } = this;
		try {
			return this.decided();
		} catch (error) {
			const held = heldFor(error);
			if (held === null) return failedOutputs(context, policy.value, error);
			const evaluation = { dryRun: this.dryRun, now: new Date() };
			const result = holdAll(policy.value, this.records(), held, evaluation);
			const received = error instanceof EarlierFailure ? error.item : undefined;
			return this.toItems(result, received);
		}
	}

	private decided(): INodeExecutionData[][] {
		const { context, policy, read } = this;
		const canRunDry = policy.fields.includes(DRY_RUN);
		this.dryRun = canRunDry && read.flag(DRY_RUN);
		const records = this.records();
		records.forEach(refuseFailure);
		const result = policy.decide({
			read,
			records,
			evaluation: { dryRun: this.dryRun, now: new Date() },
			staticData: context.getWorkflowStaticData('global'),
			mayRemember: mayRemember(context),
		});
		return this.toItems(result);
	}

	private records(): unknown[] {
		return this.context.getInputData().map(({ json }) => json);
	}

	private toItems(result: PolicyResult<P>, received?: FailureItem): INodeExecutionData[][] {
		const { context, policy } = this;
		const { act, hold, summary } = result;
		const { failure: own, dryRun } = summary;
		if (dryRun) context.addExecutionHints(DRY_RUN_HINT);
		const record = received ?? (own && failureRecord(context.getNode(), policy.value, own));
		if (own && !received) context.addExecutionHints(failureHint(own.sentence));
		const json = { ...(dryRun && { dryRun }), ...summary, ...(record && { failure: record }) };
		return [
			act.map((item) => this.toItem(item, (input) => input)),
			hold.map((item) => this.toItem(item, (input) => pick(input, policy.heldFields), dryRun)),
			[
				{
					json: json as unknown as IDataObject,
					// All items in fact; naming each would be stored with every run.
					pairedItem: { item: 0 },
				},
			],
		];
	}

	/** The verdict stands first, so that the editor's table shows it without scrolling. */
	private toItem(
		{ index, decision: own, extraFields }: Decided,
		shown: (input: IDataObject) => IDataObject,
		dryRun = false,
	): INodeExecutionData {
		const input = this.context.getInputData()[index].json;
		const decision = this.shared(own);
		const json = {
			...(dryRun && { dryRun }),
			...{ decision },
			...shown(input),
			...extraFields,
			// Again: the record of an earlier policy has a decision of its own.
			decision,
		};
		// The short form of { item: index }: it is stored with every run.
		return { json: json as unknown as IDataObject, pairedItem: index };
	}
}

const DRY_RUN_HINT = {
	message: 'Dry run: nothing was done',
	type: 'info',
	location: 'outputPane',
} as const;

function pick(json: IDataObject, fields: readonly string[]): IDataObject {
	return Object.fromEntries(
		fields.flatMap((field) => (field in json ? [[field, json[field]]] : [])),
	);
}

/** Nothing on Act, and on Summary why. */
function failedOutputs(
	context: IExecuteFunctions,
	name: string,
	error: unknown,
): INodeExecutionData[][] {
	const item = failureItem(context.getNode(), name, error, 0);
	context.addExecutionHints(failureHint(String(item.json.error)));
	return [[], [], [item]];
}

/** An operation that the node does not have: nothing on Act. */
export const unknownPolicy: Dispatch = {
	changes: false,
	run: {
		decide: async function () {
			const error = failure(this.getNode(), {
				cause: 'bad_parameter',
				sentence: 'The node has no such operation, so nothing was decided.',
				action: 'Choose the operation from the list of the node.',
			});
			return failedOutputs(this, 'unknown', error);
		},
	},
};

/** Defines a policy. */
export function policy<P extends PolicyName>(definition: Policy<P>): Operation {
	const { value, name, action, description, fields } = definition;
	return operation({
		value,
		name,
		action,
		description,
		fields,
		changes: false,
		outputs: POLICY_OUTPUTS,
		run: {
			decide: async function () {
				return new PolicyRun(this, definition).outputs();
			},
		},
	});
}
