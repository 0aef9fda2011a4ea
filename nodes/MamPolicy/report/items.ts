import { receivedFailure } from '../../shared/failure';
import { CAUSES } from '../../shared/types';
import type { Cause } from '../../shared/types';
import type { Summary, PolicyName, TrackerFigures } from '../types';
import type { AccountRecord } from '../../shared/records';

/** Why a run, or one torrent of it, failed. */
export interface RunFailure {
	cause: Cause;
	/** What happened, as a sentence. */
	message: string;
	/** What the user should do next. */
	action: string;
	/** ISO time until which it holds; null without a known end. */
	until: string | null;
}

/** What a finished purchase says of the account; a figure is absent when the site did not echo it. */
export interface Purchase {
	bought: boolean;
	/** Upload credit; 0 in a purchase of VIP. */
	amountGiB: number;
	/** Weeks of VIP as they were asked for, such as `4` or `max`; empty in a purchase of upload. */
	weeks: string;
	result: string;
	figures: Partial<
		Pick<AccountRecord, 'bonusPoints' | 'uploadedBytes' | 'downloadedBytes' | 'ratio'>
	>;
}

/** One input item of the report, told apart. */
export type RunItem =
	| { kind: 'summary'; summary: Summary }
	| { kind: 'failure'; failure: RunFailure }
	| { kind: 'grab'; result: string; simulated: boolean }
	| { kind: 'delete'; deleted: boolean; result: string; reason: string; simulated: boolean }
	| { kind: 'purchase'; purchase: Purchase; simulated: boolean }
	| { kind: 'preferences'; changed: number; remaining: string[]; simulated: boolean }
	| { kind: 'reannounce'; done: boolean };

const SUMMARY_OPERATIONS: readonly PolicyName[] = [
	'guardAccount',
	'rankCandidates',
	'judgeTorrents',
	'planSpend',
	'reconcilePreferences',
	'summarizeTrackers',
];
const GRAB_RESULTS = ['added', 'duplicate', 'pending', 'invalid', 'no_longer_free'];
const REANNOUNCE_RESULTS = ['done', 'gone'];
const ACTION_UNKNOWN = 'Open the execution in n8n and look at the step that the message is about.';

type Json = Record<string, unknown>;

function isRecord(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function isNumber(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value);
}

function numbersOf(value: unknown): Record<string, number> {
	const entries = Object.entries(isRecord(value) ? value : {});
	return Object.fromEntries(
		entries.filter((entry): entry is [string, number] => isNumber(entry[1])),
	);
}

/** `value` when it is one of the public causes, else `unknown`. */
export function causeOf(value: unknown): Cause {
	return CAUSES.find((cause) => cause === value) ?? 'unknown';
}

function readFailure(json: Json): RunFailure {
	// Nodes of other packages put an object, or nothing but a text, under `error`.
	const sentence = isRecord(json.error) ? json.error.message : json.error;
	const details = isRecord(json.details) ? json.details : {};
	return {
		cause: causeOf(details.cause),
		message: textOf(sentence) || 'A step of this run failed without saying why.',
		action: textOf(json.message) || ACTION_UNKNOWN,
		until: textOf(details.until) || null,
	};
}

function readSummary(json: Json): Summary | null {
	const summary = SUMMARY_OPERATIONS.find((operation) => operation === json.summary);
	if (summary === undefined) return null;
	const failure = receivedFailure(json.failure);
	const read = {
		summary,
		line: textOf(json.line),
		lines: (Array.isArray(json.lines) ? json.lines : [json.line]).map(textOf).filter(Boolean),
		counts: numbersOf(json.counts),
		numbers: numbersOf(json.numbers),
		...(isRecord(json.planned) && { planned: numbersOf(json.planned) }),
		...(isRecord(json.trackers) && {
			trackers: Object.fromEntries(
				Object.entries(json.trackers).map(([label, figures]) => [
					label,
					numbersOf(figures) as unknown as TrackerFigures,
				]),
			),
		}),
		...(isRecord(json.account) && { account: json.account as unknown as AccountRecord }),
		...(failure !== null && { failure }),
		dryRun: json.dryRun === true,
		at: textOf(json.at),
	};
	// Which fields belong to which policy was the policy's business; the report takes what is there.
	return read as unknown as Summary;
}

function readPurchase(json: Json): Purchase {
	const { bonusPoints, uploadedBytes, downloadedBytes, ratio } = json;
	return {
		bought: json.bought === true,
		amountGiB: isNumber(json.amountGiB) ? json.amountGiB : 0,
		weeks: isNumber(json.weeks) ? String(json.weeks) : textOf(json.weeks),
		result: textOf(json.result),
		figures: numbersOf({ bonusPoints, uploadedBytes, downloadedBytes, ratio }),
	};
}

/** The failure that a Summary carries. */
export function failureOf(summary: Summary): RunFailure | null {
	if (summary.failure === undefined) return null;
	const { error, message, details } = summary.failure;
	return { cause: details.cause, message: error, action: message, until: details.until };
}

/** What `json` tells of the run; null for items that tell nothing, such as torrents on their way. */
export function readItem(json: unknown): RunItem | null {
	if (!isRecord(json)) return null;
	// A failure was merged with its step's input, so it may look like a record or a result as well.
	if (json.error) return { kind: 'failure', failure: readFailure(json) };

	const summary = readSummary(json);
	if (summary !== null) return { kind: 'summary', summary };

	const simulated = json.simulated === true;
	const result = textOf(json.result);
	const reason = textOf(json.reason) || 'unknown';
	if (typeof json.bought === 'boolean') {
		return { kind: 'purchase', purchase: readPurchase(json), simulated };
	}
	if (typeof json.deleted === 'boolean') {
		const { deleted } = json;
		return { kind: 'delete', deleted, result, reason, simulated };
	}
	if (typeof json.changed === 'boolean' && Array.isArray(json.drift)) {
		const remaining = (Array.isArray(json.remaining) ? json.remaining : []).map(textOf);
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
