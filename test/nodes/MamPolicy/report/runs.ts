import { pushes } from '../../../../nodes/MamPolicy/report/pushes';
import type { GroupName, Job } from '../../../../nodes/MamPolicy/report/definitions';
import { runReport } from '../../../../nodes/MamPolicy/report/runReport';
import type { RunFacts, RunOutcome } from '../../../../nodes/MamPolicy/report/runReport';
import type { PolicyName, Summary, SummaryOf } from '../../../../nodes/MamPolicy/types';
import type { Cause, FailureItem } from '../../../../nodes/shared/types';
import { account as anAccount, NOTHING_PLANNED } from '../decisions/builders';
import { parseExposition } from './parseExposition';

export const AT = new Date('2026-11-23T12:00:00.500Z');
export const AT_SECONDS = 1_795_435_200;

export const account = anAccount({
	uploadedBytes: 2_684_354_560,
	downloadedBytes: 1_073_741_824,
	bonusPoints: 25_551.5,
	fetchedAt: '2026-11-23T11:59:58.000Z',
});

export function summary<P extends PolicyName>(
	policy: P,
	more: Partial<SummaryOf<P>> = {},
): SummaryOf<P> {
	const line = more.line ?? `${policy} decided`;
	const at = AT.toISOString();
	return {
		summary: policy,
		line,
		lines: [line],
		counts: {},
		numbers: {},
		dryRun: false,
		at,
		...more,
	} as unknown as SummaryOf<P>;
}

/** The failure in a Summary. */
export function failure(cause: Cause, error: string): FailureItem {
	return {
		error,
		message: 'Do this next.',
		details: { cause, node: 'A policy', operation: 'a policy', until: null },
	};
}

export const planned466 = { ...NOTHING_PLANNED, never_started: 466 };

/** 501 torrents: 466 never started, 35 in progress. */
export function judged501(dryRun = false): Summary {
	return summary('judgeTorrents', {
		line: 'Judged 501 torrents',
		counts: { never_started: 466, in_progress: 35 },
		numbers: { judged: 501, preserved_hnr: 0, skipped_active: 35, protected: 0, tracker_down: 0 },
		planned: planned466,
		dryRun,
	});
}

export function deletion(index: number, more: object = {}): object {
	return {
		hash: `${index}`.padStart(40, '0'),
		deleted: true,
		result: 'deleted',
		reason: 'never_started',
		...more,
	};
}

export const deletions466 = Array.from({ length: 466 }, (_, index) => deletion(index));

export function grab(id: number, result = 'added', more: object = {}): object {
	return { id, title: `Title ${id}`, infoHash: `${id}`.padStart(40, 'a'), result, ...more };
}

export const ranked5 = summary('rankCandidates', {
	line: 'Ranked 100 candidates',
	account,
	counts: { selected: 5, above_seeder_ceiling: 90, too_large: 5 },
	numbers: { candidates: 100, selected: 5, categoryTorrents: 120, categorySizeBytes: 5e10 },
});
export const grabs5 = [1, 2, 3, 4, 5].map((id) => grab(id));

export const plan50 = summary('planSpend', {
	line: 'Profile: buy=50',
	account,
	counts: { deficit: 1 },
	numbers: {
		deficitGiB: 1.4,
		neededGiB: 3,
		affordableGiB: 50,
		buyGiB: 50,
		buyWeeks: 0,
		reservePoints: 500,
		nextTierPoints: 50_500,
	},
});
export const bought50 = {
	purchase: 'upload',
	amountGiB: 50,
	costPoints: 25_000,
	bought: true,
	result: 'bought',
	bonusPoints: 551.5,
	uploadedBytes: 56_371_445_760,
	downloadedBytes: 1_073_741_824,
	ratio: 52.5,
};

/** A failure as it leaves an error output: merged with the fields of its step's input. */
export function failed(cause: Cause, merged: object = {}): object {
	return {
		...merged,
		error: `It ended as ${cause}.`,
		message: 'Do this next.',
		details: { cause, node: 'A step', operation: 'torrent:get', until: null },
	};
}

export function report(job: Job, items: unknown[], facts: Partial<RunFacts> = {}): RunOutcome {
	return runReport(items, {
		job,
		instance: '',
		manual: false,
		at: AT,
		node: 'Report Run',
		pushFailed: false,
		unsentMessages: 0,
		remembersNothing: false,
		badFileRuns: 0,
		reportFailures: [],
		...facts,
	});
}

/** The pushed groups: name -> `metric{labels}` -> value. */
export function pushed(outcome: RunOutcome): Partial<Record<GroupName, Record<string, number>>> {
	return Object.fromEntries(
		pushes(outcome, 'http://gateway').map(({ group, body }) => {
			const metrics = Object.entries(parseExposition(body));
			const series = metrics.flatMap(([name, metric]) =>
				Object.entries(metric.series).map(([labels, value]) => [name + labels, value]),
			);
			return [group, Object.fromEntries(series)];
		}),
	);
}
