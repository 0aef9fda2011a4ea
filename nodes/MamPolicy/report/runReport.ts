import type { Cause } from '../../shared/types';
import { DELETE_REASONS } from '../types';
import type { Summary } from '../types';
import { FLOW_OF_JOB } from './flows';
import type { FlowName, Job } from './flows';
import { failureOf, ofKind, readItem } from './items';
import type { Purchase, RunFailure, RunItem } from './items';
import { unanswered } from './unanswered';
import { unfinished } from './unfinished';
import type { AccountRecord } from '../../shared/records';

/** Counts by reason. A Map, because reasons are free text. */
export type Tally = Map<string, number>;

/** What a run did, and why it failed if it did. */
export interface RunOutcome {
	job: Job;
	flow: FlowName;
	dryRun: boolean;
	/** When it was reported. */
	at: Date;
	summaries: Summary[];
	/** The account as last seen, after a purchase; null when the run did not read it. */
	account: AccountRecord | null;
	/** Torrents really added to the client. */
	grabbed: number;
	/** Grabs and deletions of single torrents that ended otherwise, by reason; they fail no run. */
	passedOver: Tally;
	/** Torrents really deleted, by reason: all six, and any other that came. */
	deleted: Tally;
	/** Upload credit really bought. */
	boughtGiB: number;
	/** Weeks of VIP really bought, such as `4` or `max`; empty when none. */
	boughtWeeks: string;
	/** Preferences of the client really put right. */
	preferencesChanged: number;
	/** Torrents really announced again. */
	reannounced: number;
	/** Every failure of the run, the one that explains it first. */
	failures: RunFailure[];
}

/** What the report needs to know besides the items. */
export interface RunFacts {
	job: Job;
	/** Whether n8n runs in manual mode; decides when no policy says whether it was a dry run. */
	manual: boolean;
	at: Date;
	/** What is wrong with the report's own parameters. */
	reportFailures: RunFailure[];
}

/** Causes that concern one torrent of many. */
const PER_TORRENT_CAUSES: readonly Cause[] = ['gone', 'vip_only', 'bad_torrent'];

function isPerTorrent(cause: Cause): boolean {
	return PER_TORRENT_CAUSES.includes(cause);
}

function count(tally: Tally, reason: string): void {
	tally.set(reason, (tally.get(reason) ?? 0) + 1);
}

/** One policy that acts makes the run a real one. The guard cannot run dry, so its word does not count. */
function isDryRun(summaries: Summary[], manual: boolean): boolean {
	const words = summaries.filter(({ summary }) => summary !== 'guardAccount');
	return words.length === 0 ? manual : words.every(({ dryRun }) => dryRun);
}

function accountAfter(summaries: Summary[], purchases: Purchase[]): AccountRecord | null {
	const account = summaries.reduce<AccountRecord | null>(
		(seen, summary) => summary.account ?? seen,
		null,
	);
	if (account === null) return null;
	return purchases.reduce((before, { figures }) => ({ ...before, ...figures }), account);
}

function passedOver(done: RunItem[]): Tally {
	const reasons = [
		...ofKind(done, 'grab')
			.map(({ result }) => result)
			.filter((result) => result !== 'added'),
		...ofKind(done, 'delete')
			.filter(({ deleted }) => !deleted)
			.map(({ result }) => result || 'unknown'),
		...ofKind(done, 'failure')
			.map(({ failure }) => failure.cause)
			.filter(isPerTorrent),
	];
	const tally: Tally = new Map();
	for (const reason of reasons) count(tally, reason);
	return tally;
}

/** How much a cause explains: a policy's `no_data` is the echo of a step that failed before it. */
function echo(cause: Cause): number {
	return ['unknown', 'no_data'].indexOf(cause);
}

/**
 * What the run's items, in any order, say of the run. Items that are no Summary, result or failure are
 * ignored; simulated results count as nothing done.
 */
export function runReport(jsons: unknown[], facts: RunFacts): RunOutcome {
	const { job, manual, at, reportFailures } = facts;
	const items = jsons.map(readItem).filter((item): item is RunItem => item !== null);
	const done = items.filter((item) => !('simulated' in item && item.simulated));
	const summaries = ofKind(items, 'summary').map(({ summary }) => summary);
	const purchases = ofKind(done, 'purchase')
		.map(({ purchase }) => purchase)
		.filter(({ bought }) => bought);
	const stepFailures = ofKind(items, 'failure').map(({ failure }) => failure);
	const deletes = ofKind(done, 'delete');

	const deleted: Tally = new Map(DELETE_REASONS.map((reason) => [reason, 0]));
	for (const { reason } of deletes.filter((item) => item.deleted)) count(deleted, reason);

	const failures = [
		...stepFailures.filter(({ cause }) => !isPerTorrent(cause)),
		...summaries.map(failureOf).filter((failure): failure is RunFailure => failure !== null),
		...unanswered(
			summaries.filter((summary) => !summary.dryRun),
			items,
		),
		...unfinished(FLOW_OF_JOB[job], items, summaries),
		...reportFailures,
	].sort((a, b) => echo(a.cause) - echo(b.cause));

	return {
		job,
		flow: FLOW_OF_JOB[job],
		dryRun: isDryRun(summaries, manual),
		at,
		summaries,
		account: accountAfter(summaries, purchases),
		grabbed: ofKind(done, 'grab').filter(({ result }) => result === 'added').length,
		passedOver: passedOver(done),
		deleted,
		boughtGiB: purchases.reduce((sum, { amountGiB }) => sum + amountGiB, 0),
		preferencesChanged: ofKind(done, 'preferences').reduce((sum, { changed }) => sum + changed, 0),
		reannounced: ofKind(done, 'reannounce').filter((item) => item.done).length,
		boughtWeeks: purchases.map(({ weeks }) => weeks).join(''),
		failures,
	};
}
