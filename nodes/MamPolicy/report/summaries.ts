import type { NumbersOf, PolicyName, ReasonCounts, Summary, SummaryOf } from '../types';

/** The Summary of `policy`, if it came. */
export function summaryOf<P extends PolicyName>(
	summaries: Summary[],
	policy: P,
): SummaryOf<P> | undefined {
	return summaries.find((summary) => summary.summary === policy) as SummaryOf<P> | undefined;
}

/** The figures of `policy`; none when it failed, because then they prove nothing. */
export function figuresOf<P extends PolicyName>(
	summaries: Summary[],
	policy: P,
): Partial<NumbersOf[P]> {
	const summary = summaryOf(summaries, policy);
	return summary === undefined || summary.failure !== undefined ? {} : summary.numbers;
}

/** The deletions that the janitor planned, in all. */
export function plannedDeletions(summaries: Summary[]): number {
	const planned: ReasonCounts = summaryOf(summaries, 'judgeTorrents')?.planned ?? {};
	return Object.values(planned).reduce((sum, number) => sum + number, 0);
}
