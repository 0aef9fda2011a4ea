import type { Summary, PolicyName } from '../types';
import type { FlowName } from './flows';
import type { RunFailure, RunItem } from './items';
import { summaryOf } from './summaries';

/** The policies without whose word a flow is not at its end. */
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
 * The failure of a run that ended before its policies had spoken, as when a step gives nothing on, without
 * any failure or result that would tell: such a run decided nothing, and must not pass for a success.
 */
export function unfinished(flow: FlowName, items: RunItem[], summaries: Summary[]): RunFailure[] {
	const has = (wanted: RunItem['kind'] | null) => items.some(({ kind }) => kind === wanted);
	if (has('failure') || summaries.some(isLastWord)) return [];
	const silent = DECIDED_BY[flow].find(
		(operation) => !summaryOf(summaries, operation) && !has(RESULT_OF[operation]),
	);
	if (silent === undefined) return [];
	return [
		{
			cause: 'no_data',
			message: `The run ended before ${silent} had anything to decide.`,
			action: 'Look in this execution for the first step without output.',
			until: null,
		},
	];
}
