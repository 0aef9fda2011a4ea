import type { Summary } from '../types';
import { causeOf, ofKind } from './items';
import type { RunFailure, RunItem } from './items';
import { figuresOf, plannedDeletions } from './summaries';

/** Torrents that the delete step left alone because they were no longer what the janitor had judged. */
const LEFT_ALONE = ['changed', 'shared_content', 'gone'];

function deleteIncomplete(planned: number, items: RunItem[]): RunFailure[] {
	const results = ofKind(items, 'delete');
	const refused = results.filter(
		({ deleted, simulated, result }) => !deleted && !simulated && !LEFT_ALONE.includes(result),
	).length;
	const missing = Math.max(0, planned - results.length);
	if (refused + missing === 0) return [];
	return [
		{
			cause: 'delete_incomplete',
			message: `${refused + missing} of ${planned} planned deletions were not carried out.`,
			action:
				'Look at the results of the delete step and at the client; the next run judges what is left anew.',
			until: null,
		},
	];
}

function purchaseFailures(planned: boolean, items: RunItem[]): RunFailure[] {
	const purchases = ofKind(items, 'purchase');
	if (planned && purchases.length === 0) {
		return [
			{
				cause: 'spend_unknown',
				message: 'A purchase was planned, but no result of it arrived.',
				action: 'Compare the bonus points on the site with the account record of this run.',
				until: null,
			},
		];
	}
	return purchases
		.filter(({ purchase, simulated }) => !purchase.bought && !simulated)
		.map(({ purchase }) => ({
			cause: causeOf(purchase.result),
			message: `The planned purchase was not made: ${purchase.result || 'no reason given'}.`,
			action: 'Look at the result of the purchase step; the next run plans anew.',
			until: null,
		}));
}

function grabFailures(planned: number, items: RunItem[]): RunFailure[] {
	const grabs = ofKind(items, 'grab').length;
	const failures = ofKind(items, 'failure').map(({ failure }) => failure);
	const missing = planned - grabs - failures.length;
	if (missing > 0) {
		return [
			{
				cause: 'unknown',
				message: `${planned} torrents were selected, but ${missing} of them came back without a result.`,
				action: 'Look at the download and add steps of this execution.',
				until: null,
			},
		];
	}
	const isBadFile = ({ cause }: RunFailure) => cause === 'bad_torrent' || cause === 'gone';
	// One bad file is that torrent's own; several and no good one are the site's.
	return grabs === 0 && failures.length > 1 && failures.every(isBadFile) ? [failures[0]] : [];
}

function preferenceFailures(planned: number, items: RunItem[]): RunFailure[] {
	const results = ofKind(items, 'preferences');
	const remaining = results.flatMap((result) => result.remaining);
	if (remaining.length === 0 && (planned === 0 || results.length > 0)) return [];
	return [
		{
			cause: 'unknown',
			message:
				remaining.length > 0
					? `The client did not take these preferences: ${remaining.join(', ')}.`
					: `${planned} preferences were to be put right, but no result of it arrived.`,
			action: 'Look at the step that sets preferences, and at the settings of the client.',
			until: null,
		},
	];
}

function reannounceFailures(planned: number, items: RunItem[]): RunFailure[] {
	if (planned === 0 || ofKind(items, 'reannounce').length > 0) return [];
	return [
		{
			cause: 'unknown',
			message: `${planned} torrents were to be announced again, but no result of it arrived.`,
			action: 'Look at the step that announces, in this execution.',
			until: null,
		},
	];
}

/** Failures that no step told of: what policies that do not run dry planned and that has no answer, or a refusal for. */
export function unanswered(summaries: Summary[], items: RunItem[]): RunFailure[] {
	const { buyGiB = 0, buyWeeks = 0 } = figuresOf(summaries, 'planSpend');
	const failed = ofKind(items, 'failure').length > 0;
	const transient = figuresOf(summaries, 'summarizeTrackers').transient_failure ?? 0;
	const drift = Object.values(figuresOf(summaries, 'reconcilePreferences')).filter(Boolean).length;
	return [
		...deleteIncomplete(plannedDeletions(summaries), items),
		...purchaseFailures(!failed && (buyGiB > 0 || buyWeeks > 0), items),
		...preferenceFailures(failed ? 0 : drift, items),
		...reannounceFailures(failed ? 0 : transient, items),
		...grabFailures(figuresOf(summaries, 'rankCandidates').selected ?? 0, items),
	];
}
