/** Enough for every run that can be under way at once. */
const MOST_RUNS = 200;

const runs = new Set<string>();

/** True the first time it is called for an execution, false afterwards: a run buys once at most. */
export function claimPurchase(executionId: string | undefined): boolean {
	if (executionId === undefined) return true;
	if (runs.has(executionId)) return false;
	runs.add(executionId);
	if (runs.size > MOST_RUNS) runs.delete(runs.values().next().value as string);
	return true;
}
