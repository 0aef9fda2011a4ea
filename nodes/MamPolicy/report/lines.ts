import type { FlowName } from './definitions';
import { numbersOf, plannedDeletions, sumOf } from './items';
import type { RunFailure } from './items';
import { publicFailure } from './publicText';
import { boughtGiB } from './runReport';
import type { RunOutcome } from './runReport';

/** Far above any honest line; what a site or a tracker says may be a page long. */
const LINE_LIMIT = 1000;

const HASH = /\b(?:[\da-f]{64}|[\da-f]{40})\b/gi;

/** `text` as one line of a log or a message, without the hash of a torrent. */
export function oneLine(text: string): string {
	return text
		.replace(HASH, 'a torrent')
		.replace(/[\p{C}\s]+/gu, ' ')
		.trim()
		.slice(0, LINE_LIMIT);
}

/** `a=1 b=2`; what is not known is left out. */
function pairs(figures: Iterable<[string, number | undefined]>): string {
	return [...figures]
		.filter(([, figure]) => figure !== undefined)
		.map(([name, figure]) => `${name}=${figure}`)
		.join(' ');
}

function tallyLine(title: string, tally: Iterable<[string, number]>): string[] {
	const figures = pairs(tally);
	return figures === '' ? [] : [`${title}: ${figures}`];
}

function done(outcome: RunOutcome, ...figures: string[]): string {
	const dryRun = outcome.dryRun ? 'True' : 'False';
	return ['Done:', ...figures, `dry_run=${dryRun}`].filter(Boolean).join(' ');
}

const FINAL: Record<FlowName, (outcome: RunOutcome) => string[]> = {
	grabber: (outcome) => {
		const { selected } = numbersOf(outcome.summaries, 'rankCandidates');
		const figures = pairs([
			['grabbed', outcome.grabbed],
			['candidates', outcome.dryRun ? selected : undefined],
		]);
		return [done(outcome, figures), ...tallyLine('not grabbed', outcome.skipped)];
	},
	janitor: (outcome) => {
		const { summaries, dryRun, deleted } = outcome;
		const { preserved_hnr, skipped_active } = numbersOf(summaries, 'judgeTorrents');
		const planned = plannedDeletions(summaries);
		const figures = pairs([
			['deleted', sumOf(deleted)],
			['candidates', dryRun ? sumOf(planned) : undefined],
			['preserved_hnr', preserved_hnr],
			['skipped_active', skipped_active],
		]);
		return [
			done(outcome, figures),
			...(dryRun ? tallyLine('candidates per reason', planned) : tallyLine('per reason', deleted)),
			...tallyLine('not deleted', outcome.skipped),
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
		const { buyGiB, buyWeeks } = numbersOf(outcome.summaries, 'planSpend');
		const { account, dryRun, purchases } = outcome;
		return [
			done(
				outcome,
				`spent=${boughtGiB(outcome)} GiB`,
				purchases.some(({ what }) => what === 'vip') ? 'vip=max' : '',
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

/** One line per cause: its first sentence, and the step that failed. */
function failureLines(failures: RunFailure[]): string[] {
	const causes = [...new Set(failures.map(({ cause }) => cause))];
	return causes.map((cause) => {
		const same = failures.filter((failure) => failure.cause === cause);
		const [{ node, operation, message }] = same;
		const times = same.length === 1 ? '' : ` (${same.length} times)`;
		const step = node === '' ? '' : ` node="${node}" operation=${operation}`;
		return `Failed: cause=${cause}${times}${step} ${message}`;
	});
}

/**
 * The log lines of the run: what the policies decided, what really happened, why it failed. A policy that failed
 * only contributes its failure.
 */
export function lines(outcome: RunOutcome): string[] {
	return [
		...outcome.summaries.flatMap(({ lines: decided, failure }) => (failure ? [] : decided)),
		...FINAL[outcome.flow](outcome),
		...failureLines(outcome.failures.map(publicFailure)),
	].map(oneLine);
}

/** The run in one line, for n8n's execution view. */
export function headline(outcome: RunOutcome): string {
	const [final] = FINAL[outcome.flow](outcome);
	const decided = outcome.summaries.map(({ line }) => line);
	return [...failureLines(outcome.failures), ...decided, final]
		.filter(Boolean)
		.map(oneLine)
		.join(' | ');
}
