import type { AccountRecord } from '../../shared/records';
import type { Cause } from '../../shared/types';
import { ACT_REASONS, DELETE_REASONS } from '../types';
import type { Summary } from '../types';
import { FLOW_OF_JOB } from './definitions';
import type { FlowName, Job } from './definitions';
import { failureOf, ofKind, readItem } from './items';
import type { PurchaseResult, RunFailure, RunItem } from './items';
import { badFileRuns, missingResults, unfinished } from './missingResults';
import type { FoundFailure } from './missingResults';

/** Counts by reason. A Map, because a result's reason is free text. */
export type Tally = Map<string, number>;

/** What is remembered of earlier runs, and said again in the report. */
interface EarlierRuns {
	/** Whether the previous run's push failed. */
	pushFailed: boolean;
	/** How many messages earlier runs could not send. */
	unsentMessages: number;
	/** Whether a scheduled run knows nothing of earlier ones. */
	remembersNothing: boolean;
}

/** What a run did, and why it failed if it did. */
export interface RunOutcome extends EarlierRuns {
	job: Job;
	flow: FlowName;
	/** Which of several installations this is; empty when there is one. */
	instance: string;
	dryRun: boolean;
	/** When it was reported. */
	at: Date;
	summaries: Summary[];
	/** The account as last seen, after a purchase; null when the run did not read it. */
	account: AccountRecord | null;
	/** Torrents really added to the client. */
	grabbed: number;
	/** Grabs and deletions of single torrents that ended otherwise, by reason; they fail no run. */
	skipped: Tally;
	/** Torrents really deleted, by reason: all six, and any other that came. */
	deleted: Tally;
	/** What became of the files of the deleted torrents: removed, left, trash or unknown. */
	files: Tally;
	/** Purchases really made. */
	purchases: PurchaseResult[];
	/** Preferences of the client really changed. */
	preferencesChanged: number;
	/** Torrents really reannounced. */
	reannounced: number;
	/** Runs in a row, including this one, in which every .torrent file was missing, bad or not taken. */
	badFileRuns: number;
	/** Every failure of the run, the one that explains it first. */
	failures: RunFailure[];
}

/** What the report needs to know besides the items. */
export interface RunFacts extends EarlierRuns {
	job: Job;
	instance: string;
	/** Whether n8n runs in manual mode; decides when no policy says whether it was a dry run. */
	manual: boolean;
	at: Date;
	/** Name of the reporting node, which its own failures carry. */
	node: string;
	/** Runs in a row before this one in which every .torrent file was missing, bad or not taken. */
	badFileRuns: number;
	/** What is wrong with the report's own parameters. */
	reportFailures: FoundFailure[];
}

/** Causes that concern one torrent of many; of anything but a torrent, `gone` is a page that the site no longer has. */
const PER_TORRENT_CAUSES: readonly Cause[] = ['gone', 'vip_only', 'bad_torrent'];

function isPerTorrent({ cause, operation }: RunFailure): boolean {
	return PER_TORRENT_CAUSES.includes(cause) && operation.startsWith('torrent:');
}

function tallyOf(reasons: string[], start: Iterable<[string, number]> = []): Tally {
	const tally: Tally = new Map(start);
	for (const reason of reasons) tally.set(reason, (tally.get(reason) ?? 0) + 1);
	return tally;
}

/** One policy that acts makes the run a real one. The guard has no dry run of its own, so it does not count. */
function isDryRun(summaries: Summary[], manual: boolean): boolean {
	const deciding = summaries.filter(({ summary }) => summary !== 'guardAccount');
	return deciding.length === 0 ? manual : deciding.every(({ dryRun }) => dryRun);
}

function accountAfter(summaries: Summary[], purchases: PurchaseResult[]): AccountRecord | null {
	const [seen] = summaries.flatMap(({ account }) => account ?? []).slice(-1);
	if (seen === undefined) return null;
	return purchases.reduce((before, { figures }) => ({ ...before, ...figures }), seen);
}

function skippedTorrents(done: RunItem[]): Tally {
	return tallyOf([
		...ofKind(done, 'grab')
			.map(({ result }) => result)
			.filter((result) => result !== 'added'),
		...ofKind(done, 'delete')
			.filter(({ deleted }) => !deleted)
			.map(({ result }) => result || 'unknown'),
		...ofKind(done, 'failure')
			.map(({ failure }) => failure)
			.filter(isPerTorrent)
			.map(({ cause }) => cause),
	]);
}

/** Upload credit that the run really bought. */
export function boughtGiB({ purchases }: RunOutcome): number {
	return purchases.reduce((sum, { amountGiB }) => sum + amountGiB, 0);
}

/** What the policies left alone, by reason. */
export function heldReasons(summaries: Summary[]): Tally {
	const isHeld = (reason: string) => !(ACT_REASONS as readonly string[]).includes(reason);
	const held: Tally = new Map();
	for (const [reason, count] of summaries.flatMap(({ counts }) => Object.entries(counts)))
		if (count > 0 && isHeld(reason)) held.set(reason, (held.get(reason) ?? 0) + count);
	return held;
}

/** Sorts the cause that explains the run first: `no_data` usually follows from an earlier failure. */
function byExplanation(failures: RunFailure[]): RunFailure[] {
	const rank = ({ cause }: RunFailure) => ['unknown', 'no_data'].indexOf(cause);
	return [...failures].sort((a, b) => rank(a) - rank(b));
}

function isSame(a: RunFailure, b: RunFailure): boolean {
	return (
		a.cause === b.cause &&
		a.node === b.node &&
		a.operation === b.operation &&
		a.message === b.message
	);
}

/** The failures of steps and policies. A policy passes on the failure that reached it, so that comes once. */
function reportedFailures(items: RunItem[], summaries: Summary[]): RunFailure[] {
	const failures = ofKind(items, 'failure')
		.map(({ failure }) => failure)
		.filter((failure) => !isPerTorrent(failure));
	for (const failure of summaries.map(failureOf))
		if (failure !== null && !failures.some((known) => isSame(known, failure)))
			failures.push(failure);
	return failures;
}

/**
 * What the run's items, in any order, say of the run. Items that are no Summary, result or failure are
 * ignored; simulated results count as nothing done.
 */
export function runReport(jsons: unknown[], facts: RunFacts): RunOutcome {
	const { job, instance, manual, at, node, reportFailures } = facts;
	const { pushFailed, unsentMessages, remembersNothing } = facts;
	const flow = FLOW_OF_JOB[job];
	const items = jsons.map(readItem).filter((item): item is RunItem => item !== null);
	const done = items.filter((item) => !('simulated' in item && item.simulated));
	const summaries = ofKind(items, 'summary').map(({ summary }) => summary);
	const purchases = ofKind(done, 'purchase')
		.map(({ purchase }) => purchase)
		.filter(({ bought }) => bought);

	const badRuns = badFileRuns(facts.badFileRuns, items);
	const found = [
		...missingResults(
			summaries.filter((summary) => !summary.dryRun),
			items,
			badRuns,
		),
		...unfinished(flow, items, summaries),
		...reportFailures,
	].map((failure): RunFailure => ({ node, operation: 'reportMetrics', ...failure }));

	return {
		job,
		flow,
		instance,
		dryRun: isDryRun(summaries, manual),
		at,
		pushFailed,
		unsentMessages,
		remembersNothing,
		summaries,
		account: accountAfter(summaries, purchases),
		grabbed: ofKind(done, 'grab').filter(({ result }) => result === 'added').length,
		skipped: skippedTorrents(done),
		deleted: tallyOf(
			ofKind(done, 'delete')
				.filter(({ deleted }) => deleted)
				.map(({ reason }) => reason),
			DELETE_REASONS.map((reason) => [reason, 0]),
		),
		files: tallyOf(
			ofKind(done, 'delete')
				.filter(({ deleted }) => deleted)
				.map(({ files }) => files),
		),
		purchases,
		preferencesChanged: ofKind(done, 'preferences').reduce((sum, { changed }) => sum + changed, 0),
		reannounced: ofKind(done, 'reannounce').filter((item) => item.done).length,
		badFileRuns: badRuns,
		// What a step reported explains what the report misses, whatever its cause.
		failures: [...byExplanation(reportedFailures(items, summaries)), ...byExplanation(found)],
	};
}
