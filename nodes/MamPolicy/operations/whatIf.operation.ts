import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { factsOf, failure, failureItem, receivedFailure } from '../../shared/failure';
import { isRecord } from '../../shared/json';
import { operation, shownWhere } from '../../shared/operation';
import { Parameters, type ParameterSource } from '../../shared/parameters';
import { GIB } from '../decisions/format';
import { countReasons } from '../decisions/result';
import { reasonList } from '../report/sentences';
import type { Decided, PolicyResult } from '../types';
import { JUDGE_TORRENTS } from './judgeTorrents.operation';
import { PLAN_SPEND } from './planSpend.operation';
import type { Policy } from './policy';
import { RANK_CANDIDATES } from './rankCandidates.operation';

const OPERATION = 'whatIf';

type PolicyChoice = 'judge' | 'rank' | 'spend';

/** The policies that can be asked. Which thresholds they have comes from their own fields. */
const POLICIES = {
	judge: JUDGE_TORRENTS,
	rank: RANK_CANDIDATES,
	spend: PLAN_SPEND,
};

const POLICY = {
	displayName: 'Policy',
	name: 'policy',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Judge Torrents', value: 'judge' },
		{ name: 'Plan Spend', value: 'spend' },
		{ name: 'Rank Candidates', value: 'rank' },
	],
	default: 'rank',
	description: 'Which policy to ask; its input is the input of this node',
} satisfies INodeProperties;

const VALUES = {
	displayName: 'Values',
	name: 'values',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 25, 50, 100, 200',
	description: 'Comma-separated numbers to try; each becomes one item',
} satisfies INodeProperties;

/** All number fields of a policy, those in Options included. */
function thresholds({ fields }: { fields: INodeProperties[] }): INodeProperties[] {
	return fields
		.flatMap((field) =>
			field.type === 'collection' ? ((field.options ?? []) as INodeProperties[]) : [field],
		)
		.filter(({ type }) => type === 'number')
		.sort((a, b) => a.displayName.localeCompare(b.displayName));
}

function parameterField(choice: PolicyChoice): INodeProperties {
	const own = thresholds(POLICIES[choice]);
	return {
		displayName: 'Parameter',
		name: 'parameter',
		type: 'options',
		noDataExpression: true,
		options: own.map(({ displayName, name }) => ({ name: displayName, value: name })),
		default: '',
		description: 'Which threshold to change',
	};
}

/** What a policy is asked, beside its dry run: nothing is changed anyway. */
function fieldsOf(choice: PolicyChoice): INodeProperties[] {
	const own = POLICIES[choice].fields.filter(
		({ name, type }) => type !== 'notice' && name !== 'dryRun' && name !== 'seedClock',
	);
	return shownWhere({ policy: [choice] }, [parameterField(choice), ...own]);
}

/** `context`, in which the parameters named in `values` have those. */
function overridden(context: IExecuteFunctions, values: Record<string, unknown>): ParameterSource {
	const read = (path: string, ...rest: unknown[]): unknown => {
		const name = path.split('.').at(-1)!;
		if (name in values) return values[name];
		return (context.getNodeParameter as (...all: unknown[]) => unknown)(path, ...rest);
	};
	return {
		getNode: () => context.getNode(),
		getNodeParameter: read as IExecuteFunctions['getNodeParameter'],
	};
}

/** Names that are listed for each value. */
const LISTED_NAMES = 20;

/** Reasons of what passes every threshold and only waits for a later run. */
const LATER: readonly string[] = ['beyond_run_limit', 'run_capped'];

/** The figures of one answer. */
interface Answer {
	acting: Map<number, Decided>;
	result: PolicyResult;
}

/** One question: the policy with one value of the parameter. */
class Questions {
	private readonly records: unknown[];

	private readonly now = new Date();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly choice: PolicyChoice,
	) {
		this.records = context.getInputData().map(({ json }) => json);
	}

	/** Throws what makes the policy unable to decide. */
	ask(values: Record<string, unknown>): Answer {
		const { context, choice } = this;
		// Another workflow's memory cannot be read.
		const source = overridden(context, { dryRun: true, seedClock: 'client', ...values });
		const policy = POLICIES[choice] as unknown as Policy<'rankCandidates'>;
		const result = policy.decide({
			read: new Parameters(source, 0),
			records: this.records,
			evaluation: { dryRun: true, now: this.now },
			staticData: {},
			mayRemember: false,
		});
		if (result.summary.failure) throw failure(context.getNode(), result.summary.failure);
		const acting = result.hold.filter(({ decision }) =>
			['act', 'delete'].includes(decision.verdict),
		);
		return { acting: new Map(acting.map((item) => [item.index, item])), result };
	}

	/** Bytes or GiB of what is acted on, in GiB. */
	gib({ acting }: Answer): number {
		const sum = [...acting.values()].reduce((total, { index, extraFields }) => {
			const record = this.records[index];
			const { sizeBytes, size } = isRecord(record) ? record : {};
			const bytes = Number(sizeBytes ?? size ?? 0);
			return total + (this.choice === 'spend' ? Number(extraFields?.amountGiB ?? 0) * GIB : bytes);
		}, 0);
		return Math.round((sum / GIB) * 100) / 100;
	}

	/** The names of what `answer` acts on and `other` does not, as text that fits in a table. */
	beyond(answer: Answer, other: Answer): string {
		const names = [...answer.acting.keys()]
			.filter((index) => !other.acting.has(index))
			.map((index) => {
				const record = this.records[index];
				const { title, name, username } = isRecord(record) ? record : {};
				return String(title ?? name ?? username ?? index);
			});
		const more = names.length - LISTED_NAMES;
		const listed = names.slice(0, LISTED_NAMES).join(', ');
		return more > 0 ? `${listed} and ${more} more` : listed || 'none';
	}
}

function readValues(read: Parameters): number[] {
	const values = [...new Set(read.list(VALUES).map(Number))];
	if (values.length > 0 && values.every(Number.isFinite)) return values;
	read.refuse(VALUES, 'enter numbers, separated by commas, e.g. 25, 50, 100.');
}

function answers(context: IExecuteFunctions): IDataObject[] {
	for (const { json } of context.getInputData()) {
		const received = receivedFailure(json);
		if (received === null) continue;
		const { cause, until } = received.details;
		const facts = { cause, sentence: received.error, action: received.message, until };
		throw failure(context.getNode(), facts);
	}
	const read = new Parameters(context, 0);
	const choice = read.choice<PolicyChoice>(POLICY);
	const name = read.choice<string>(parameterField(choice));
	const values = readValues(read);
	const questions = new Questions(context, choice);
	const today = questions.ask({});
	const field = thresholds(POLICIES[choice]).find((own) => own.name === name)!;
	const isOption = !POLICIES[choice].fields.some((own) => own.name === name);
	const present = (isOption ? read.options : read).value(field);
	return values.map((value) => {
		const answer = questions.ask({ [name]: value });
		const notActing = answer.result.hold.filter(({ index }) => !answer.acting.has(index));
		const isLater = ({ decision }: Decided) => LATER.includes(decision.reason);
		const held = countReasons(notActing.filter((item) => !isLater(item)));
		return {
			value,
			today: value === present,
			act: answer.acting.size,
			later: notActing.filter(isLater).length,
			gib: questions.gib(answer),
			held: reasonList(Object.entries(held)) || 'none',
			joining: questions.beyond(answer, today),
			leaving: questions.beyond(today, answer),
			parameter: field.displayName,
			...(choice === 'judge' && {
				note: "Counted by the client's clock; the janitor deletes a completed torrent only after it has seen it seed for its window.",
			}),
		} as IDataObject;
	});
}

/** One item per value. Changes nothing, so it needs no dry run. */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	try {
		return [answers(this).map((json) => ({ json, pairedItem: { item: 0 } }))];
	} catch (error) {
		if (!this.continueOnFail()) throw failure(this.getNode(), factsOf(error));
		return [[failureItem(this.getNode(), OPERATION, error, 0)]];
	}
}

export const whatIf = operation({
	value: OPERATION,
	name: 'What If',
	action: 'Compare threshold values',
	description: 'Show what other values of one threshold would change, without changing anything',
	changes: false,
	fields: [POLICY, ...fieldsOf('judge'), ...fieldsOf('rank'), ...fieldsOf('spend'), VALUES],
	outputs: ['Items'],
	run: { decide },
});
