import type { BadParameter } from '../../shared/checks';
import type { Decided, Decision, PolicyResult, Summary, SummaryOperation } from '../types';
import { isEmptyMarker } from './records';
import type { AccountRecord } from '../../shared/records';

/** What every policy is told beside its own parameters. */
export interface Evaluation {
	/** Whether Act must stay empty. */
	dryRun: boolean;
	/** The time of the evaluation. */
	now: Date;
}

/** A decision to leave an item alone. */
export function hold(reason: string, detail: string): Decision {
	return { verdict: 'hold', reason, detail };
}

/** The decision on an item that is no proper record. */
export const NO_DATA: Decision = hold(
	'no_data',
	'This is not a complete record (a failure of an earlier step, or a field is missing), so nothing is decided from it.',
);

/** The decided items by reason. */
export function countReasons(decided: Decided[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { decision } of decided) counts[decision.reason] = (counts[decision.reason] ?? 0) + 1;
	return counts;
}

/** What one policy adds to the common shape. */
export interface Outcome {
	operation: SummaryOperation;
	decided: Decided[];
	lines: [string, ...string[]];
	numbers: Summary['numbers'];
	planned?: Summary['planned'];
	trackers?: Summary['trackers'];
	account?: AccountRecord;
	failure?: Summary['failure'];
}

function isActing({ decision }: Decided): boolean {
	return decision.verdict === 'act' || decision.verdict === 'delete';
}

/** The result of a policy: in a dry run everything stays on Hold, with the verdict that it would have. */
export function policyResult(outcome: Outcome, { dryRun, now }: Evaluation): PolicyResult {
	const { operation, decided, lines, numbers, planned, trackers, account, failure } = outcome;
	const act = dryRun ? [] : decided.filter(isActing);
	return {
		act,
		hold: dryRun ? decided : decided.filter((item) => !isActing(item)),
		summary: {
			summary: operation,
			line: lines[0],
			lines,
			counts: countReasons(decided),
			numbers,
			...(planned === undefined ? {} : { planned }),
			...(trackers === undefined ? {} : { trackers }),
			...(account === undefined ? {} : { account }),
			...(failure === undefined ? {} : { failure }),
			dryRun,
			at: now.toISOString(),
		},
	};
}

/** Why every item is held. */
interface HeldAll {
	reason: string;
	failure: NonNullable<Summary['failure']>;
	account?: AccountRecord;
}

/** Holds every item for one `reason`, which fails the run. */
export function holdAll(
	operation: SummaryOperation,
	records: unknown[],
	{ reason, failure, account }: HeldAll,
	evaluation: Evaluation,
): PolicyResult {
	const { message } = failure;
	const decided = records.flatMap((record, index) =>
		isEmptyMarker(record) ? [] : [{ index, decision: hold(reason, message) }],
	);
	return policyResult(
		{ operation, decided, lines: [message], numbers: {}, account, failure },
		evaluation,
	);
}

/** Holds every item because a parameter cannot be used. */
export function badParameterResult(
	operation: SummaryOperation,
	records: unknown[],
	bad: BadParameter,
	evaluation: Evaluation,
): PolicyResult {
	const message = `The parameter ${bad.field} cannot be used, so nothing is decided. ${bad.fix}`;
	const failure = { cause: 'bad_parameter', message } as const;
	return holdAll(operation, records, { reason: 'bad_parameter', failure }, evaluation);
}

/** Why a list of the client is not trusted: it has fewer torrents than expected, as while the client starts; null when it is. */
export function tooShort(torrents: number, expectedMin: number): string | null {
	if (torrents >= expectedMin) return null;
	return `The client lists ${torrents} torrents, but at least ${expectedMin} are expected, so nothing is decided.`;
}

/** The failure of a run whose policy got `records` but no proper one; undefined when it had something to decide by. */
export function starved(properRecords: number, records: number): Summary['failure'] {
	return properRecords > 0 || records === 0 ? undefined : noData();
}

/** The failure of a run whose policy lacked what it decides by. */
export function noData(message = NO_DATA.detail): NonNullable<Summary['failure']> {
	return { cause: 'no_data', message };
}

/** The `own` decision on the one record that was decided on; every other one is no data. */
export function decidedOn(
	decidedRecord: object | undefined,
	records: unknown[],
	own: Omit<Decided, 'index'>,
): Decided[] {
	const first = records.indexOf(decidedRecord);
	return records.map((_, index) => ({ index, ...(index === first ? own : { decision: NO_DATA }) }));
}
