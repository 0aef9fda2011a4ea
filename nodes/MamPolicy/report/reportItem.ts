import type { AccountRecord } from '../../shared/records';
import { summaryOf, sumOf } from './items';
import type { RunFailure } from './items';
import { lines } from './lines';
import { heldReasons } from './runReport';
import type { RunOutcome } from './runReport';
import { asGiB, sentences } from './sentences';

/** The outcome of a run, in one word. */
export const OUTCOMES = ['acted', 'nothing_to_do', 'dry_run', 'failed'] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

/** How many things the run really did. */
function actedOn({
	grabbed,
	deleted,
	purchases,
	preferencesChanged,
	reannounced,
}: RunOutcome): number {
	return grabbed + sumOf(deleted) + purchases.length + preferencesChanged + reannounced;
}

/**
 * The outcome of the run: a failure counts before anything that was done. A dry run is one even when it failed, so
 * that what a person tries by hand stays out of the history; its cause says that it failed.
 */
export function outcomeName(outcome: RunOutcome): OutcomeName {
	if (outcome.dryRun) return 'dry_run';
	if (outcome.failures.length > 0) return 'failed';
	return actedOn(outcome) > 0 ? 'acted' : 'nothing_to_do';
}

/** The figures of the account that are nobody's secret. */
function accountFigures(account: AccountRecord) {
	const { className, ratio, uploadedBytes, downloadedBytes, bonusPoints, wedges } = account;
	const { vipUntil, connectable, unsatisfied, hitAndRuns, seeding, leeching } = account;
	return {
		...{ className, ratio, uploadedBytes, downloadedBytes, bonusPoints, wedges },
		...{ vipUntil, connectable, unsatisfied, hitAndRuns, seeding, leeching },
	};
}

/** Torrents that seed: as the site counts them, or MAM's as the client does. */
function seedingTorrents({ account, summaries }: RunOutcome): number | null {
	const client = summaryOf(summaries, 'summarizeTrackers')?.trackers?.mam?.seeding;
	return account?.seeding ?? client ?? null;
}

/**
 * The Report item. The fields up to `deleted` are flat and small, for a row of a table; none is missing, and
 * what is not known is null. Nothing in it says whose account it is, or names a torrent.
 */
export function reportItem(outcome: RunOutcome) {
	const { flow, instance, at, failures, deleted, purchases, skipped, summaries, account } = outcome;
	const held = new Map([...heldReasons(summaries), ...skipped]);
	const deletions = [...deleted].filter(([, count]) => count > 0);
	const said = sentences(outcome);
	return {
		// First, so that the editor's table shows them without scrolling.
		outcome: outcomeName(outcome),
		message: said.join(' '),
		flow,
		instance,
		at: at.toISOString(),
		cause: failures[0]?.cause ?? null,
		acted: actedOn(outcome),
		held: sumOf(held),
		points: account?.bonusPoints ?? null,
		/** Bonus points. */
		spent: purchases.reduce((sum, { costPoints }) => sum + costPoints, 0),
		seeding: seedingTorrents(outcome),
		ratio: account?.ratio ?? null,
		uploadedGiB: account === null ? null : asGiB(account.uploadedBytes),
		downloadedGiB: account === null ? null : asGiB(account.downloadedBytes),
		deleted: deletions.map(([reason, count]) => `${reason}=${count}`).join(', '),
		counts: Object.fromEntries([...held, ...deletions]),
		account: account === null ? null : accountFigures(account),
		sentences: said,
		lines: lines(outcome),
	};
}

/** The item that Stop And Error quotes. It has no field `error`: n8n reads that as a failure of this node. */
export function failedItem(failure: RunFailure, at: Date, log: string[]) {
	const { cause, message, action, until, node, operation } = failure;
	return {
		failed: true,
		...{ cause, message, action, until, node, operation },
		at: at.toISOString(),
		lines: log,
	};
}
