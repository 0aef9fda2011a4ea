import type { FlowName } from './flows';
import type { Sample } from './exposition';
import { clientSamples } from './clientSamples';
import { heldReasons } from './held';
import type { RunOutcome } from './runReport';
import { figuresOf, summaryOf } from './summaries';

type Samples = (outcome: RunOutcome) => Sample[];

/** The Unix time of the report in whole seconds. */
export function unixSeconds(at: Date): number {
	return Math.floor(at.getTime() / 1000);
}

function byReason(metric: Sample['metric'], tally: Iterable<[string, number]>): Sample[] {
	return [...tally].map(([reason, value]) => ({ metric, value, labels: { reason } }));
}

function failedSample(metric: Sample['metric'], { failures }: RunOutcome): Sample {
	const [failure] = failures;
	return {
		metric,
		value: failures.length === 0 ? 0 : 1,
		labels: { cause: failure?.cause ?? 'none' },
	};
}

/** By preference: 1 when it had drifted. */
function driftOf({ summaries }: RunOutcome): Array<[string, number]> {
	const figures = figuresOf(summaries, 'reconcilePreferences');
	return Object.entries(figures).map(([preference, drifted]) => [preference, drifted ?? 0]);
}

const ENFORCED: Record<FlowName, Samples> = {
	grabber: ({ summaries, grabbed }) => {
		const { categoryTorrents, categorySizeBytes } = figuresOf(summaries, 'rankCandidates');
		const guard = summaryOf(summaries, 'guardAccount');
		const skipped = guard === undefined ? [] : heldReasons([guard]).keys();
		return [
			{ metric: 'mam_farming_grabbed', value: grabbed },
			{ metric: 'mam_farming_total_seeding', value: categoryTorrents },
			{ metric: 'mam_farming_size_bytes', value: categorySizeBytes },
			{
				metric: 'mam_grabber_ratio_floor',
				value: figuresOf(summaries, 'guardAccount').ratioFloor,
			},
			...byReason(
				'mam_grabber_skipped_reason',
				[...skipped].map((reason) => [reason, 1]),
			),
		];
	},
	janitor: ({ summaries, deleted }) => {
		const { preserved_hnr, skipped_active } = figuresOf(summaries, 'judgeTorrents');
		return [
			...byReason('mam_janitor_deleted_per_run', deleted),
			{ metric: 'mam_janitor_preserved_hnr', value: preserved_hnr },
			{ metric: 'mam_janitor_skipped_active', value: skipped_active },
			{ metric: 'mam_janitor_dry_run', value: 0 },
		];
	},
	keeper: (outcome) => [
		{ metric: 'mam_keeper_preferences_changed', value: outcome.preferencesChanged },
		{ metric: 'mam_keeper_reannounced', value: outcome.reannounced },
		...driftOf(outcome).map(
			([preference, value]): Sample => ({
				metric: 'qbt_preference_drift',
				value,
				labels: { preference },
			}),
		),
		...clientSamples(outcome),
	],
	spender: ({ summaries, boughtGiB }) => {
		const { neededGiB, affordableGiB, reservePoints, nextTierPoints } = figuresOf(
			summaries,
			'planSpend',
		);
		return [
			{ metric: 'mam_bp_spent_gb', value: boughtGiB },
			{ metric: 'mam_bp_needed_gib', value: neededGiB },
			{ metric: 'mam_bp_affordable_gib', value: affordableGiB },
			{ metric: 'mam_bp_reserve', value: reservePoints },
			{ metric: 'mam_bp_next_tier', value: nextTierPoints },
		];
	},
};

const DRY: Record<FlowName, Samples> = {
	grabber: ({ summaries }) => [
		{
			metric: 'mam_grabber_dry_run_candidates',
			value: figuresOf(summaries, 'rankCandidates').selected,
		},
	],
	janitor: ({ summaries }) => [
		...byReason(
			'mam_janitor_dry_run_candidates',
			Object.entries(summaryOf(summaries, 'judgeTorrents')?.planned ?? {}),
		),
		{ metric: 'mam_janitor_dry_run', value: 1 },
	],
	keeper: (outcome) => [
		{
			metric: 'mam_keeper_dry_run_drift',
			value: driftOf(outcome).filter(([, drifted]) => drifted > 0).length,
		},
		{
			metric: 'mam_keeper_dry_run_reannounce',
			value: figuresOf(outcome.summaries, 'summarizeTrackers').transient_failure,
		},
	],
	spender: ({ summaries }) => [
		{ metric: 'mam_spender_dry_run_buy_gib', value: figuresOf(summaries, 'planSpend').buyGiB },
	],
};

/** The group of the enforcing run. */
export function flowSamples(outcome: RunOutcome): Sample[] {
	const { flow, at, summaries, passedOver } = outcome;
	return [
		{ metric: `mam_${flow}_last_run_timestamp`, value: unixSeconds(at) },
		failedSample(`mam_${flow}_run_failed`, outcome),
		...byReason(`mam_${flow}_held`, [...heldReasons(summaries), ...passedOver]),
		...ENFORCED[flow](outcome),
	];
}

/** The group of runs that did not fail: it keeps its time while later runs fail. */
export function successSamples({ flow, at }: RunOutcome): Sample[] {
	return [{ metric: `mam_${flow}_last_success_timestamp`, value: unixSeconds(at) }];
}

/** All that a dry run pushes, under names of its own: it must neither feed nor fire an alert. */
export function dryRunSamples(outcome: RunOutcome): Sample[] {
	const { flow, at } = outcome;
	return [
		{ metric: `mam_${flow}_dry_run_timestamp`, value: unixSeconds(at) },
		failedSample(`mam_${flow}_dry_run_failed`, outcome),
		...DRY[flow](outcome),
	];
}
