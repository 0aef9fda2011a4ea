import type { FailureFacts } from '../../shared/failure';
import type { Cause } from '../../shared/types';

/** Enough for every execution that can be under way at once. */
const MAX_EXECUTIONS = 200;

/** What concerns one torrent or one function says nothing about the next call; neither does a parameter. */
const SINGLE_CALL_CAUSES: Cause[] = [
	'gone',
	'vip_only',
	'bad_torrent',
	'bad_parameter',
	'function_not_allowed',
];

/** How long a refusal without a deadline stops an execution, which may wait in its middle. */
const REFUSAL_LASTS_MS = 10 * 60_000;

const spendings = new Map<string, Set<string>>();

const refusals = new Map<string, { facts: FailureFacts; since: number; until: number }>();

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
export function noteRefusal(
	executionId: string | undefined,
	facts: FailureFacts,
	now: number,
): void {
	if (executionId === undefined || SINGLE_CALL_CAUSES.includes(facts.cause)) return;
	const until = facts.until ? Date.parse(facts.until) : now + REFUSAL_LASTS_MS;
	refusals.set(executionId, { facts, since: now, until });
	bound(refusals);
}

/** The refusal after which this execution makes no further call; null when there was none, or when it is over. */
export function refusalOfExecution(
	executionId: string | undefined,
	now: number,
): FailureFacts | null {
	const refusal = executionId === undefined ? undefined : refusals.get(executionId);
	if (refusal === undefined) return null;
	// A clock that was set back ends it too.
	return now >= refusal.since && now < refusal.until ? refusal.facts : null;
}
