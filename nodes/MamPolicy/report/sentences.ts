import { GIB, ratioText } from '../decisions/format';
import type { FlowName } from './definitions';
import {
	numbersOf,
	plannedDeletions,
	preferenceDrift,
	summaryOf,
	sumOf,
	silentByState,
} from './items';
import type { PurchaseResult, RunFailure } from './items';
import { oneLine } from './lines';
import { publicFailure } from './publicText';
import { heldReasons } from './runReport';
import type { RunOutcome } from './runReport';

/** Reasons whose own words would not be clear to a person. */
const WORDS: Record<string, string> = {
	hnr_window: 'inside their 72 hours',
	unregistered: 'removed from the site',
	stalled_old: 'stalled',
	graceful_retire: 'retired',
	zero_demand: 'without demand',
	satisfied_redundant: 'satisfied',
	vip_only: 'for VIP only',
	bad_torrent: 'with an invalid file',
	gone: 'no longer there',
	shares_files: 'with a file that another torrent has',
	disk_space: 'not enough disk space',
	missing_files: 'with missing files',
	missingFiles: 'with missing files',
	partial_selection: 'with deselected files',
	error: 'in error',
	not_deleted: 'still listed after a delete',
};

/** A reason in a person's words. */
export function reasonWords(reason: string): string {
	return WORDS[reason] ?? reason.replace(/_/g, ' ');
}

/** `1,234`; fractions are cut off. */
export function thousands(value: number): string {
	return Math.floor(value).toLocaleString('en-US');
}

/** `1 torrent`, `1,234 torrents`. */
export function counted(count: number, noun: string): string {
	return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The verb of {@link counted}. */
export function isOrAre(count: number): string {
	return count === 1 ? 'is' : 'are';
}

/** `2 never started, 1 satisfied`, the most frequent first. */
export function reasonList(tally: Iterable<[string, number]>): string {
	return [...tally]
		.filter(([, count]) => count > 0)
		.sort(([, a], [, b]) => b - a)
		.map(([reason, count]) => `${thousands(count)} ${reasonWords(reason)}`)
		.join(', ');
}

function withReasons(start: string, tally: Iterable<[string, number]>): string {
	const list = reasonList(tally);
	return list === '' ? `${start}.` : `${start}: ${list}.`;
}

/** What a purchase was and cost. */
export function purchaseSentence({ what, amountGiB, costPoints }: PurchaseResult): string {
	const goods = what === 'vip' ? 'VIP' : `${amountGiB} GiB of upload credit`;
	return `Bought ${goods} for ${thousands(costPoints)} points.`;
}

/** Where and why the run failed, and what to do. */
export function failureSentence(failure: RunFailure): string {
	const { message, action, node } = publicFailure(failure);
	return `${node === '' ? 'The run failed' : `The run failed at ${node}`}: ${message} ${action}`;
}

/** Why the guard lets nothing be grabbed; null when it does. */
function guardSentence({ summaries, account }: RunOutcome): string | null {
	const guard = summaryOf(summaries, 'guardAccount');
	if (guard === undefined || guard.failure !== undefined) return null;
	const [reason] = heldReasons([guard]).keys();
	if (reason === undefined) return null;
	const { ratioFloor = 0 } = guard.numbers;
	const hitAndRuns = account?.hitAndRuns?.notSeeding ?? 0;
	const known: Record<string, string> = {
		mouse_class: 'the account is a Mouse, to which the tracker gives no peers',
		blocked_class: `the class ${account?.className} is blocked`,
		low_ratio: `the ratio of ${ratioText(account?.ratio ?? null)} is below the floor of ${ratioText(ratioFloor)}`,
		hit_and_run: `${counted(hitAndRuns, 'Hit & Run')} ${isOrAre(hitAndRuns)} not being seeded`,
		not_connectable: 'the site cannot reach the client',
	};
	return `Grabbed nothing: ${known[reason] ?? reasonWords(reason)}.`;
}

function grabSentences(outcome: RunOutcome): string[] {
	const { summaries, grabbed, skipped, dryRun } = outcome;
	const guard = guardSentence(outcome);
	if (guard !== null) return [guard];
	const rank = summaryOf(summaries, 'rankCandidates');
	const { candidates = 0, selected = 0 } = numbersOf(summaries, 'rankCandidates');
	const held = rank === undefined ? [] : heldReasons([rank]);
	const found = `of ${counted(candidates, 'candidate')}`;
	if (dryRun && selected > 0) return [`Would grab ${selected} ${found}.`];
	const first =
		grabbed > 0 ? `Grabbed ${grabbed} ${found}.` : withReasons(`Grabbed none ${found}`, held);
	const more = withReasons('Selected, but not grabbed', skipped);
	return [
		first,
		...(skipped.size > 0 ? [more] : []),
		...(rank?.blocked ? [rank.blocked.detail] : []),
	];
}

/** Which deletions freed no space; nothing when all did, or the client did not say. */
function filesSentences({ deleted, files }: RunOutcome): string[] {
	const of = (fate: string) =>
		`${thousands(files.get(fate) ?? 0)} of ${counted(sumOf(deleted), 'deleted torrent')}`;
	return [
		...(files.has('left')
			? [`${of('left')} left their files on the disk: see the log of qBittorrent.`]
			: []),
		...(files.has('trash')
			? [`The files of ${of('trash')} are in the trash, where they still take space.`]
			: []),
	];
}

function janitorSentences(outcome: RunOutcome): string[] {
	const { summaries, deleted, skipped, dryRun } = outcome;
	const judge = summaryOf(summaries, 'judgeTorrents');
	const tally = dryRun ? plannedDeletions(summaries) : [...deleted];
	const verb = dryRun ? 'Would delete' : 'Deleted';
	const count = sumOf(tally);
	const { preserved_hnr: preserved = 0 } = numbersOf(summaries, 'judgeTorrents');
	const stale = Object.entries(judge?.stale ?? {});
	return [
		count === 0 ? `${verb} nothing.` : withReasons(`${verb} ${counted(count, 'torrent')}`, tally),
		...filesSentences(outcome),
		...(skipped.size > 0 ? [withReasons('Left alone at the last moment', skipped)] : []),
		...(preserved > 0 ? [`Kept ${thousands(preserved)} inside their 72 hours.`] : []),
		...(sumOf(stale) > 0
			? [withReasons(`Look at ${counted(sumOf(stale), 'torrent')} stuck for days`, stale)]
			: []),
	];
}

/** The complete torrents that the tracker does not hear of inside their window; null when there are none. */
export function silentSentence(silent: Array<[string, number]>): string | null {
	const count = sumOf(silent);
	if (count === 0) return null;
	const [verb, them] = count === 1 ? ['does', 'it'] : ['do', 'them'];
	return `${counted(count, 'torrent')} inside the 72 hours ${verb} not announce: ${reasonList(silent)}. Start ${them} in qBittorrent; where files are missing, restore them first.`;
}

function keeperSentences({
	summaries,
	preferencesChanged,
	reannounced,
	dryRun,
}: RunOutcome): string[] {
	const { transient_failure: failed = 0, ...figures } = numbersOf(summaries, 'summarizeTrackers');
	const drift = preferenceDrift(summaries).filter(([, isDrifted]) => isDrifted > 0).length;
	const [changed, announced] = dryRun ? [drift, failed] : [preferencesChanged, reannounced];
	const silent = silentSentence(silentByState(figures));
	return [
		`${dryRun ? 'Would change' : 'Changed'} ${counted(changed, 'preference')} of qBittorrent.`,
		`${dryRun ? 'Would reannounce' : 'Reannounced'} ${counted(announced, 'torrent')}.`,
		...(silent === null ? [] : [silent]),
	];
}

function spendSentences({ summaries, purchases, dryRun, account }: RunOutcome): string[] {
	const plan = summaryOf(summaries, 'planSpend');
	// The first line holds the figures, the next the decision.
	const decision = plan?.failure === undefined ? (plan?.lines[1] ?? '') : '';
	const [verb, balance] = [dryRun ? 'Would buy' : 'Bought', account?.bonusPoints];
	const { buyGiB = 0, buyWeeks = 0 } = numbersOf(summaries, 'planSpend');
	if (purchases.length > 0) {
		const left = balance === undefined ? [] : [`${thousands(balance)} points are left.`];
		return [...purchases.map(purchaseSentence), ...left];
	}
	const isPlanned = dryRun && (buyGiB > 0 || buyWeeks > 0);
	const goods = buyGiB > 0 ? `${buyGiB} GiB of upload credit` : 'VIP';
	return [
		isPlanned ? `${verb} ${goods}.` : `${verb} nothing.`,
		...(decision === '' ? [] : [decision]),
	];
}

const OF_FLOW: Record<FlowName, (outcome: RunOutcome) => string[]> = {
	grabber: grabSentences,
	janitor: janitorSentences,
	keeper: keeperSentences,
	spender: spendSentences,
};

function accountSentence({ account }: RunOutcome): string[] {
	if (account === null) return [];
	const { ratio, bonusPoints, unsatisfied } = account;
	const slots = unsatisfied
		? [`${unsatisfied.count} of ${unsatisfied.limit} unsatisfied torrents`]
		: [];
	return [
		`${[`Ratio ${ratioText(ratio)}`, `${thousands(bonusPoints)} points`, ...slots].join(', ')}.`,
	];
}

const PUSH_FAILED_SENTENCE =
	'The metrics of the last run did not reach the Pushgateway: check its address, or clear the address in Settings if you have no Pushgateway.';

const NOTHING_REMEMBERED_SENTENCE =
	'Nothing is known of earlier runs. If a later report says so too, n8n is in queue mode, and the table mam_memory is missing or cannot be read: execute the workflow Daily report once.';

function unsentSentences({ unsentMessages }: RunOutcome): string[] {
	if (unsentMessages === 0) return [];
	const count = counted(unsentMessages, 'message');
	return [
		`${count} could not be sent, and will be sent again: check the address and the topic in Tell Me.`,
	];
}

/**
 * What a person wants to know about the run: figures and reasons only, never a title, a hash or who the
 * account belongs to.
 */
export function sentences(outcome: RunOutcome): string[] {
	const { dryRun, failures, pushFailed, remembersNothing } = outcome;
	return [
		...(dryRun ? ['Dry run: nothing was done.'] : []),
		...failures.slice(0, 1).map(failureSentence),
		...OF_FLOW[outcome.flow](outcome),
		...accountSentence(outcome),
		...(pushFailed ? [PUSH_FAILED_SENTENCE] : []),
		...unsentSentences(outcome),
		...(remembersNothing ? [NOTHING_REMEMBERED_SENTENCE] : []),
	].map(oneLine);
}

/** Bytes in GiB with two decimals, as a number. */
export function asGiB(bytes: number): number {
	return Math.round((bytes / GIB) * 100) / 100;
}
