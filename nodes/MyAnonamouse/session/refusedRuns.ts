import type { Cause } from '../../shared/types';
import type { FailureFacts } from '../../shared/failure';

/** What concerns one torrent says nothing about the next call; neither does a parameter. */
const SINGLE_TORRENT_CAUSES: Cause[] = ['gone', 'vip_only', 'bad_torrent', 'bad_parameter'];

/** Enough for every run that can be under way at once. */
const MOST_RUNS = 200;

const refusals = new Map<string, FailureFacts>();

/** Notes that the site refused a call of this execution. */
export function noteRefusal(executionId: string | undefined, facts: FailureFacts): void {
	if (executionId === undefined || SINGLE_TORRENT_CAUSES.includes(facts.cause)) return;
	refusals.set(executionId, facts);
	if (refusals.size > MOST_RUNS) refusals.delete(refusals.keys().next().value as string);
}

/** The refusal after which this execution makes no further call; null when there was none. */
export function refusalInRun(executionId: string | undefined): FailureFacts | null {
	return executionId === undefined ? null : (refusals.get(executionId) ?? null);
}
