import { receivedFailure } from '../../shared/failure';
import { isRecord } from '../../shared/json';
import type { JsonObject } from '../../shared/json';
import type { AccountRecord } from '../../shared/records';
import { CAUSES } from '../../shared/types';
import type { Cause, FailureItem } from '../../shared/types';
import { isAccount } from '../decisions/records';
import type { Blocked, NumbersOf, PolicyName, Summary, SummaryOf } from '../types';

/** Why a run, or one torrent of it, failed. */
export interface RunFailure {
	cause: Cause;
	/** What happened, as a sentence. */
	message: string;
	/** What the user should do next. */
	action: string;
	/** ISO time until which it holds; null without a known end. */
	until: string | null;
	/** Display name of the node that failed first. */
	node: string;
	/** `resource:operation`, or the operation of a node without resources. */
	operation: string;
}

/** What a finished purchase says of the account; a figure is absent when the site did not echo it. */
export interface PurchaseResult {
	what: 'upload' | 'vip';
	bought: boolean;
	/** Upload credit; 0 in a purchase of VIP. */
	amountGiB: number;
	costPoints: number;
	result: string;
	figures: Partial<
		Pick<AccountRecord, 'bonusPoints' | 'uploadedBytes' | 'downloadedBytes' | 'ratio' | 'vipUntil'>
	>;
}

/** One input item of the report, by what it says. */
export type RunItem =
	| { kind: 'summary'; summary: Summary }
	| { kind: 'failure'; failure: RunFailure }
	| { kind: 'grab'; result: string; simulated: boolean }
	| {
			kind: 'delete';
			deleted: boolean;
			result: string;
			reason: string;
			/** What became of the files: removed, left, trash or unknown. */
			files: string;
			simulated: boolean;
	  }
	| { kind: 'purchase'; purchase: PurchaseResult; simulated: boolean }
	| { kind: 'preferences'; changed: number; remaining: string[]; simulated: boolean }
	| { kind: 'reannounce'; done: boolean };

const POLICIES: Record<PolicyName, true> = {
	guardAccount: true,
	rankCandidates: true,
	judgeTorrents: true,
	planSpend: true,
	reconcilePreferences: true,
	summarizeTrackers: true,
};
const GRAB_RESULTS = ['added', 'duplicate', 'pending', 'invalid', 'no_longer_free'];
const REANNOUNCE_RESULTS = ['done', 'gone'];

function asText(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function asNumber(value: unknown): number {
	return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The fields of `value` that are finite numbers. */
function numberFields(value: unknown): Record<string, number> {
	const entries = Object.entries(isRecord(value) ? value : {});
	return Object.fromEntries(
		entries.filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
	);
}

/** `value` when it is one of the public causes, otherwise `unknown`. */
export function causeOf(value: unknown): Cause {
	return CAUSES.find((cause) => cause === value) ?? 'unknown';
}

function runFailure({ error, message, details }: FailureItem): RunFailure {
	const { cause, until, node, operation } = details;
	return { cause, message: error, action: message, until, node, operation };
}

function readSummary(json: JsonObject): Summary | null {
	const { summary, account, blocked, byHand } = json;
	if (typeof summary !== 'string' || !Object.hasOwn(POLICIES, summary)) return null;
	const lines = Array.isArray(json.lines) ? json.lines : [json.line];
	const trackers = Object.entries(isRecord(json.trackers) ? json.trackers : {});
	const read: Record<keyof SummaryOf<'guardAccount'>, unknown> & JsonObject = {
		summary,
		line: asText(json.line),
		lines: lines.map(asText).filter(Boolean),
		counts: numberFields(json.counts),
		numbers: numberFields(json.numbers),
		planned: numberFields(json.planned),
		stale: numberFields(json.stale),
		trackers: Object.fromEntries(
			trackers.map(([label, figures]) => [label, numberFields(figures)]),
		),
		account: isAccount(account) ? account : undefined,
		failure: receivedFailure(json.failure) ?? undefined,
		blocked: isRecord(blocked)
			? { reason: asText(blocked.reason) || 'unknown', detail: asText(blocked.detail) }
			: undefined,
		byHand: isRecord(byHand)
			? { ...numberFields(byHand), enough: byHand.enough === true }
			: undefined,
		dryRun: json.dryRun === true,
		at: asText(json.at),
	};
	return read as unknown as Summary;
}

function readPurchase(json: JsonObject): PurchaseResult {
	const { bonusPoints, uploadedBytes, downloadedBytes, ratio, vipUntil } = json;
	return {
		what: json.purchase === 'vip' ? 'vip' : 'upload',
		bought: json.bought === true,
		amountGiB: asNumber(json.amountGiB),
		costPoints: asNumber(json.costPoints),
		result: asText(json.result),
		figures: {
			...numberFields({ bonusPoints, uploadedBytes, downloadedBytes, ratio }),
			...(typeof vipUntil === 'string' && { vipUntil }),
		},
	};
}

/** The failure that a Summary carries; null when the policy could decide. */
export function failureOf({ failure }: Summary): RunFailure | null {
	return failure === undefined ? null : runFailure(failure);
}

/**
 * What `json` says of the run; null for items that say nothing, such as torrents on their way or a plan that
 * the other purchase step skipped. A grab that was skipped is an answer like any other.
 */
export function readItem(json: unknown): RunItem | null {
	if (!isRecord(json)) return null;
	// A failure may be merged with its step's input, so it may look like a record or a result as well.
	const failure = receivedFailure(json);
	if (failure !== null) return { kind: 'failure', failure: runFailure(failure) };

	const summary = readSummary(json);
	if (summary !== null) return { kind: 'summary', summary };

	const simulated = json.simulated === true;
	const result = asText(json.result);
	const reason = asText(json.reason) || 'unknown';
	if (json.skipped === true) {
		return 'purchase' in json ? null : { kind: 'grab', result: result || reason, simulated };
	}
	if (typeof json.bought === 'boolean') {
		return { kind: 'purchase', purchase: readPurchase(json), simulated };
	}
	if (typeof json.deleted === 'boolean') {
		const { deleted } = json;
		const files = asText(json.files) || 'unknown';
		return { kind: 'delete', deleted, result, reason, files, simulated };
	}
	if (typeof json.changed === 'boolean' && Array.isArray(json.drift)) {
		const remaining = (Array.isArray(json.remaining) ? json.remaining : []).map(asText);
		const changed = json.changed ? json.drift.length - remaining.length : 0;
		return { kind: 'preferences', changed, remaining, simulated };
	}
	if (REANNOUNCE_RESULTS.includes(result)) return { kind: 'reannounce', done: result === 'done' };
	if (GRAB_RESULTS.includes(result)) return { kind: 'grab', result, simulated };
	return null;
}

/** The items of one kind. */
export function ofKind<K extends RunItem['kind']>(
	items: RunItem[],
	kind: K,
): Array<RunItem & { kind: K }> {
	return items.filter((item): item is RunItem & { kind: K } => item.kind === kind);
}

/** The Summary of `policy`, if it came. */
export function summaryOf<P extends PolicyName>(
	summaries: Summary[],
	policy: P,
): SummaryOf<P> | undefined {
	return summaries.find(({ summary }) => summary === policy) as SummaryOf<P> | undefined;
}

/** The figures of `policy`; none when it failed, because then they prove nothing. */
export function numbersOf<P extends PolicyName>(
	summaries: Summary[],
	policy: P,
): Partial<NumbersOf[P]> {
	const summary = summaryOf(summaries, policy);
	return summary === undefined || summary.failure !== undefined ? {} : summary.numbers;
}

/** The limit that stopped everything; undefined without one. Of a policy that failed it proves nothing. */
export function blockedOf(summaries: Summary[]): Blocked | undefined {
	return summaries.find(({ blocked, failure }) => blocked && !failure)?.blocked;
}

/** Preferences that were not as wanted, by key: 1 for each. */
export function preferenceDrift(summaries: Summary[]): Array<[string, number]> {
	return Object.entries(numbersOf(summaries, 'reconcilePreferences')) as Array<[string, number]>;
}

const SILENT = '_in_hnr_window';

/** Complete torrents inside their Hit & Run window that do not announce, by state. */
export function silentByState(figures: object): Array<[state: string, count: number]> {
	return Object.entries(figures)
		.filter(([name]) => name.endsWith(SILENT))
		.map(([name, count]) => [name.slice(0, -SILENT.length), Number(count)]);
}

/** The deletions that the janitor planned, by reason. */
export function plannedDeletions(summaries: Summary[]): Array<[string, number]> {
	return Object.entries(summaryOf(summaries, 'judgeTorrents')?.planned ?? {});
}

/** The numbers of `counts` added up. */
export function sumOf(counts: Iterable<[string, number]>): number {
	return [...counts].reduce((total, [, count]) => total + count, 0);
}
