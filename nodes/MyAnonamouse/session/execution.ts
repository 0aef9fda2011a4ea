import type { FailureFacts } from '../../shared/failure';
import type { Cause } from '../../shared/types';

/** Enough for every execution that can be under way at once. */
const MAX_EXECUTIONS = 200;

/** What concerns one torrent says nothing about the next call; neither does a parameter. */
const SINGLE_TORRENT_CAUSES: Cause[] = ['gone', 'vip_only', 'bad_torrent', 'bad_parameter'];

const spendings = new Map<string, Set<string>>();

const refusals = new Map<string, FailureFacts>();

/** Drops the oldest entry of a map that has grown too large. */
function bound(map: Map<string, unknown>): void {
	if (map.size > MAX_EXECUTIONS) map.delete(map.keys().next().value as string);
}

/** True the first time it is called for `spending` in an execution: a run spends on it at most once. */
export function firstTimeInExecution(executionId: string | undefined, spending: string): boolean {
	if (executionId === undefined) return true;
	const known = spendings.get(executionId) ?? new Set();
	if (known.has(spending)) return false;
	spendings.set(executionId, known.add(spending));
	bound(spendings);
	return true;
}

/** Notes that the site refused a call of this execution. */
export function noteRefusal(executionId: string | undefined, facts: FailureFacts): void {
	if (executionId === undefined || SINGLE_TORRENT_CAUSES.includes(facts.cause)) return;
	refusals.set(executionId, facts);
	bound(refusals);
}

/** The refusal after which this execution makes no further call; null when there was none. */
export function refusalOfExecution(executionId: string | undefined): FailureFacts | null {
	return executionId === undefined ? null : (refusals.get(executionId) ?? null);
}
