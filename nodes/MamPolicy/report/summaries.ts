import type { Summary, SummaryOperation } from '../types';

/** The Summary of `operation`, if it came. */
export function summaryOf(summaries: Summary[], operation: SummaryOperation): Summary | undefined {
	return summaries.find((summary) => summary.summary === operation);
}

/** The figures of `operation`; none when it failed, because then they prove nothing. */
export function figuresOf(summaries: Summary[], operation: SummaryOperation): Summary['numbers'] {
	const summary = summaryOf(summaries, operation);
	return summary === undefined || summary.failure !== undefined ? {} : summary.numbers;
}

/** The deletions that the janitor planned, in all. */
export function plannedDeletions(summaries: Summary[]): number {
	const planned = summaryOf(summaries, 'judgeTorrents')?.planned ?? {};
	return Object.values(planned).reduce((sum, number) => sum + number, 0);
}
