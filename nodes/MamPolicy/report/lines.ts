import type { FlowName } from './flows';
import type { RunOutcome, Tally } from './runReport';
import { figuresOf, plannedDeletions, summaryOf } from './summaries';

/** Far above any honest line; what a site or a tracker says may be a page long. */
const LINE_LIMIT = 1000;

/** `text` as one line of a log. */
function oneLine(text: string): string {
	return text
		.replace(/[\p{C}\s]+/gu, ' ')
		.trim()
		.slice(0, LINE_LIMIT);
}

/** `a=1 b=2`; what is not known is left out. */
function pairs(figures: Array<[string, number | undefined]>): string {
	return figures
		.filter(([, figure]) => figure !== undefined)
		.map(([name, figure]) => `${name}=${figure}`)
		.join(' ');
}

function sum(tally: Tally): number {
	return [...tally.values()].reduce((total, figure) => total + figure, 0);
}

function tallyLine(title: string, tally: Iterable<[string, number]>): string[] {
	const figures = pairs([...tally]);
	return figures === '' ? [] : [`${title}: ${figures}`];
}

function done(outcome: RunOutcome, ...figures: string[]): string {
	const dryRun = outcome.dryRun ? 'True' : 'False';
	return ['Done:', ...figures, `dry_run=${dryRun}`].filter(Boolean).join(' ');
}

const FINAL: Record<FlowName, (outcome: RunOutcome) => string[]> = {
	grabber: (outcome) => {
		const { selected } = figuresOf(outcome.summaries, 'rankCandidates');
		const figures = pairs([
			['grabbed', outcome.grabbed],
			['candidates', outcome.dryRun ? selected : undefined],
		]);
		return [done(outcome, figures), ...tallyLine('not grabbed', outcome.passedOver)];
	},
	janitor: (outcome) => {
		const { summaries, dryRun } = outcome;
		const { preserved_hnr, skipped_active } = figuresOf(summaries, 'judgeTorrents');
		const planned = Object.entries(summaryOf(summaries, 'judgeTorrents')?.planned ?? {});
		const figures = pairs([
			['deleted', sum(outcome.deleted)],
			['candidates', dryRun ? plannedDeletions(summaries) : undefined],
			['preserved_hnr', preserved_hnr],
			['skipped_active', skipped_active],
		]);
		return [
			done(outcome, figures),
			...(dryRun
				? tallyLine('candidates per reason', planned)
				: tallyLine('per reason', outcome.deleted)),
			...tallyLine('not deleted', outcome.passedOver),
		];
	},
	keeper: (outcome) => [
		done(
			outcome,
			pairs([
				['changed', outcome.preferencesChanged],
				['reannounced', outcome.reannounced],
			]),
		),
	],
	spender: (outcome) => {
		const { buyGiB, buyWeeks } = figuresOf(outcome.summaries, 'planSpend');
		const { boughtWeeks, account, dryRun } = outcome;
		return [
			done(
				outcome,
				`spent=${outcome.boughtGiB} GiB`,
				boughtWeeks !== '' ? `vip=${boughtWeeks} weeks` : '',
				dryRun
					? pairs([
							['would_buy_gib', buyGiB],
							['would_buy_weeks', buyWeeks],
						])
					: '',
				pairs([['BP', account?.bonusPoints]]),
			),
		];
	},
};

/** One line a cause, with its first sentence. */
function failureLines({ failures }: RunOutcome): string[] {
	const causes = [...new Set(failures.map(({ cause }) => cause))];
	return causes.map((cause) => {
		const same = failures.filter((failure) => failure.cause === cause);
		const times = same.length === 1 ? '' : ` (${same.length} times)`;
		return `Failed: cause=${cause}${times} ${same[0].message}`;
	});
}

/** The log lines of the run: what the policies decided, what really happened, why it failed. */
export function lines(outcome: RunOutcome): string[] {
	return [
		...outcome.summaries.flatMap((summary) => summary.lines),
		...FINAL[outcome.flow](outcome),
		...failureLines(outcome),
	].map(oneLine);
}

/** The run in one line, for n8n's list of executions. */
export function headline(outcome: RunOutcome): string {
	const [final] = FINAL[outcome.flow](outcome);
	const decided = outcome.summaries.map(({ line }) => line);
	return [...failureLines(outcome), ...decided, final].filter(Boolean).map(oneLine).join(' | ');
}
