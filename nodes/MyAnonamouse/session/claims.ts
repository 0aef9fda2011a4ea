/** Enough for every run that can be under way at once. */
const MOST_RUNS = 200;

const claims = new Map<string, Set<string>>();

/** True the first time it is called for `spending` in an execution, false afterwards: a run spends on it once at most. */
export function claimOnce(executionId: string | undefined, spending: string): boolean {
	if (executionId === undefined) return true;
	const claimed = claims.get(executionId) ?? new Set();
	if (claimed.has(spending)) return false;
	claims.set(executionId, claimed.add(spending));
	if (claims.size > MOST_RUNS) claims.delete(claims.keys().next().value as string);
	return true;
}
