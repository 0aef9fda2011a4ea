import type { PolicyName, Summary } from '../types';
import type { FlowName } from './definitions';
import {
	causeOf,
	numbersOf,
	ofKind,
	plannedDeletions,
	preferenceDrift,
	summaryOf,
	sumOf,
} from './items';
import type { RunFailure, RunItem } from './items';

/** A failure that the report itself finds. */
export type FoundFailure = Omit<RunFailure, 'node' | 'operation'>;

/** Torrents that the delete step left alone because they were no longer what the janitor had judged. */
const LEFT_ALONE = ['changed', 'partial_selection', 'shared_content', 'gone'];

function found(cause: RunFailure['cause'], message: string, action: string): FoundFailure[] {
	return [{ cause, message, action, until: null }];
}

function missingDeletions(planned: number, items: RunItem[]): FoundFailure[] {
	const results = ofKind(items, 'delete');
	const refused = results.filter(
		({ deleted, simulated, result }) => !deleted && !simulated && !LEFT_ALONE.includes(result),
	).length;
	const missing = Math.max(0, planned - results.length);
	if (refused + missing === 0) return [];
	return found(
		'delete_incomplete',
		`${refused + missing} of ${planned} planned deletions were not carried out.`,
		'Look at the results of the delete step and at the client. The next run judges the remaining torrents again.',
	);
}

function missingPurchase(isPlanned: boolean, items: RunItem[]): FoundFailure[] {
	const purchases = ofKind(items, 'purchase');
	if (isPlanned && purchases.length === 0) {
		return found(
			'spend_unknown',
			'A purchase was planned, but no result arrived.',
			'Compare the bonus points on the site with the account record of this run.',
		);
	}
	return purchases
		.filter(({ purchase, simulated }) => !purchase.bought && !simulated)
		.flatMap(({ purchase }) =>
			found(
				causeOf(purchase.result),
				`The planned purchase was not made: ${purchase.result || 'no reason given'}.`,
				'Look at the result of the purchase step. The next run makes a new plan.',
			),
		);
}

/** After this many runs in a row that could add nothing, the site's download page or the client is the cause. */
const MAX_BAD_FILE_RUNS = 3;

/**
 * Runs in a row, including this one, in which every requested file was missing, bad, or not taken by the client. A run
 * that requested none does not count.
 */
export function badFileRuns(before: number, items: RunItem[]): number {
	const results = ofKind(items, 'grab').map(({ result }) => result);
	const requested = results.filter((result) => result !== 'no_longer_free');
	if (requested.some((result) => result !== 'invalid')) return 0;
	const failures = ofKind(items, 'failure').map(({ failure }) => failure);
	const isBad = requested.length + failures.length > 0 && failures.every(isBadFile);
	return isBad ? before + 1 : before;
}

function isBadFile({ cause, operation }: RunFailure): boolean {
	return (cause === 'bad_torrent' || cause === 'gone') && operation.startsWith('torrent:');
}

function missingGrabs(planned: number, items: RunItem[], badRuns: number): FoundFailure[] {
	const grabs = ofKind(items, 'grab');
	const failures = ofKind(items, 'failure').map(({ failure }) => failure);
	const missing = planned - grabs.length - failures.length;
	if (missing > 0) {
		return found(
			'unknown',
			`${planned} torrents were selected, but ${missing} of them came back without a result.`,
			'Look at the download and add steps of this execution.',
		);
	}
	if (!failures.every(isBadFile)) return [];
	// One bad file is that torrent's own; several and no good one are the site's.
	if (grabs.length === 0 && failures.length > 1) return [failures[0]];
	if (badRuns < MAX_BAD_FILE_RUNS) return [];
	if (grabs.some(({ result }) => result === 'invalid')) {
		return found(
			'unknown',
			`qBittorrent accepted none of the selected torrents in ${badRuns} runs in a row.`,
			'Look at the results of the add step, and at the log of qBittorrent.',
		);
	}
	if (failures.length === 0) return [];
	return found(
		failures[0].cause,
		`No .torrent file could be downloaded in ${badRuns} runs in a row. ${failures[0].message}`,
		'Download one of the selected torrents on the site, in a browser. If that works, look for a newer version of this package.',
	);
}

function missingPreferences(planned: number, items: RunItem[]): FoundFailure[] {
	const results = ofKind(items, 'preferences');
	const remaining = results.flatMap((result) => result.remaining);
	if (remaining.length === 0 && (planned === 0 || results.length > 0)) return [];
	return found(
		'unknown',
		remaining.length > 0
			? `The client did not accept these preferences: ${remaining.join(', ')}.`
			: `${planned} preferences should have been changed, but no result arrived.`,
		'Look at the step that sets preferences, and at the settings of the client.',
	);
}

function missingAnnounces(planned: number, items: RunItem[]): FoundFailure[] {
	if (planned === 0 || ofKind(items, 'reannounce').length > 0) return [];
	return found(
		'unknown',
		`${planned} torrents should have been reannounced, but no result arrived.`,
		'Look at the reannounce step of this execution.',
	);
}

/**
 * Failures that no step reported: what policies planned outside a dry run and what has no result, or a
 * refusal as its result. `badRuns` counts the runs in a row that ended with nothing but bad files.
 */
export function missingResults(
	summaries: Summary[],
	items: RunItem[],
	badRuns: number,
): FoundFailure[] {
	const { buyGiB = 0, buyWeeks = 0 } = numbersOf(summaries, 'planSpend');
	const hasFailed = ofKind(items, 'failure').length > 0;
	const { transient_failure: transient = 0 } = numbersOf(summaries, 'summarizeTrackers');
	const { selected = 0 } = numbersOf(summaries, 'rankCandidates');
	const drifted = preferenceDrift(summaries).filter(([, isDrifted]) => isDrifted > 0).length;
	return [
		...missingDeletions(sumOf(plannedDeletions(summaries)), items),
		...missingPurchase(!hasFailed && (buyGiB > 0 || buyWeeks > 0), items),
		...missingPreferences(hasFailed ? 0 : drifted, items),
		...missingAnnounces(hasFailed ? 0 : transient, items),
		...missingGrabs(selected, items, badRuns),
	];
}

/** A flow has finished only when these policies have reported. */
const DECIDED_BY: Record<FlowName, readonly PolicyName[]> = {
	grabber: ['rankCandidates'],
	janitor: ['judgeTorrents'],
	keeper: ['reconcilePreferences', 'summarizeTrackers'],
	spender: ['planSpend'],
};

/** By policy: the results that only come after it, so that they speak for it. */
const RESULT_OF: Record<PolicyName, RunItem['kind'] | null> = {
	guardAccount: null,
	rankCandidates: 'grab',
	judgeTorrents: 'delete',
	planSpend: 'purchase',
	reconcilePreferences: 'preferences',
	summarizeTrackers: 'reannounce',
};

/** Whether the run may end with this Summary: the guard holds, so nobody looks for torrents. */
function isLastWord({ summary, counts, failure }: Summary): boolean {
	return summary === 'guardAccount' && (failure !== undefined || counts.passed !== 1);
}

/**
 * The failure of a run that ended before its policies had spoken, as when a step returns no items. Such a run
 * decided nothing and must not count as a success.
 */
export function unfinished(flow: FlowName, items: RunItem[], summaries: Summary[]): FoundFailure[] {
	const has = (wanted: RunItem['kind'] | null) => items.some(({ kind }) => kind === wanted);
	if (has('failure') || summaries.some(isLastWord)) return [];
	const silent = DECIDED_BY[flow].find(
		(policy) => !summaryOf(summaries, policy) && !has(RESULT_OF[policy]),
	);
	if (silent === undefined) return [];
	return found(
		'no_data',
		`The run ended before ${silent} had anything to decide.`,
		'Look in this execution for the first step without output.',
	);
}
