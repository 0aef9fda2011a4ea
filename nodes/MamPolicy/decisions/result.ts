import type { AccountRecord } from '../../shared/records';
import type { FailureFacts } from '../../shared/types';
import type {
	Blocked,
	Decided,
	Decision,
	ExtrasOf,
	HoldReason,
	NumbersOf,
	PolicyName,
	PolicyResult,
	ReasonCounts,
} from '../types';
import { isEmptyMarker } from './records';

/** What every policy is given beside its own parameters. */
export interface Evaluation {
	/** Whether Act must stay empty. */
	dryRun: boolean;
	/** The time of the evaluation. */
	now: Date;
}

/** A decision to leave an item alone. */
export function hold(reason: HoldReason, detail: string): Decision {
	return { verdict: 'hold', reason, detail };
}

/** A decision to keep a torrent. */
export function keep(reason: HoldReason, detail: string): Decision {
	return { verdict: 'keep', reason, detail };
}

/** The decision on an item that is not a proper record. */
export const NO_DATA: Decision = hold(
	'no_data',
	'This is not a complete record (a field is missing or has an impossible value), so nothing is decided from it.',
);

/** The decided items by reason. */
export function countReasons(decided: Decided[]): ReasonCounts {
	const counts: ReasonCounts = {};
	for (const { decision } of decided) counts[decision.reason] = (counts[decision.reason] ?? 0) + 1;
	return counts;
}

/** What one policy adds to the common shape. */
export interface Outcome<P extends PolicyName> {
	policy: P;
	decided: Decided[];
	lines: [string, ...string[]];
	numbers: Partial<NumbersOf[P]>;
	extras?: ExtrasOf[P];
	account?: AccountRecord;
	blocked?: Blocked;
	failure?: FailureFacts;
}

function isActing({ decision }: Decided): boolean {
	return decision.verdict === 'act' || decision.verdict === 'delete';
}

/** The result of a policy: in a dry run everything stays on Hold, with the verdict that it would have. */
export function policyResult<P extends PolicyName>(
	outcome: Outcome<P>,
	{ dryRun, now }: Evaluation,
): PolicyResult<P> {
	const { policy, decided, lines, numbers, extras, account, blocked, failure } = outcome;
	const summary = {
		summary: policy,
		line: lines[0],
		lines,
		counts: countReasons(decided),
		numbers,
		...(extras ?? {}),
		...(account === undefined ? {} : { account }),
		...(blocked === undefined ? {} : { blocked }),
		...(failure === undefined ? {} : { failure }),
		dryRun,
		at: now.toISOString(),
	};
	return {
		act: dryRun ? [] : decided.filter(isActing),
		hold: dryRun ? decided : decided.filter((item) => !isActing(item)),
		summary: summary as unknown as PolicyResult<P>['summary'],
	};
}

/** Why every item is held. */
interface HeldAll {
	reason: HoldReason;
	failure: FailureFacts;
	/** What each held item says; the failure's sentence unless given. */
	detail?: string;
	account?: AccountRecord;
}

/** Holds every item for one `reason`, which fails the run. */
export function holdAll<P extends PolicyName>(
	policy: P,
	records: unknown[],
	{ reason, failure, detail = failure.sentence, account }: HeldAll,
	evaluation: Evaluation,
): PolicyResult<P> {
	const decided = records.flatMap((record, index) =>
		isEmptyMarker(record) ? [] : [{ index, decision: hold(reason, detail) }],
	);
	return policyResult(
		{ policy, decided, lines: [failure.sentence], numbers: {}, account, failure },
		evaluation,
	);
}

/** Why a list of the client is not trusted: it has fewer torrents than expected, as while the client starts; null when it is. */
export function tooShort(torrents: number, expectedMin: number): string | null {
	if (torrents >= expectedMin) return null;
	return `The client lists ${torrents} torrents, but at least ${expectedMin} are expected, so nothing is decided.`;
}

/** The failure of a run whose policy got `records` but no proper one; undefined when it had something to decide by. */
export function noUsableRecords(properRecords: number, records: number): FailureFacts | undefined {
	return properRecords > 0 || records === 0 ? undefined : noData();
}

/** The failure of a run whose policy lacked what it decides by. */
export function noData(sentence = NO_DATA.detail): FailureFacts {
	return {
		cause: 'no_data',
		sentence,
		action: 'Look at the Hold output of this step, and at what the step before it returned.',
	};
}

/** The `own` decision on the one record that was decided on; every other one is `no_data`. */
export function decideOne(
	decidedRecord: object | undefined,
	records: unknown[],
	own: Omit<Decided, 'index'>,
): Decided[] {
	const first = records.indexOf(decidedRecord);
	return records.map((_, index) => ({ index, ...(index === first ? own : { decision: NO_DATA }) }));
}
