import type { Cause } from '../../shared/types';
import type { TrackerFigures } from '../types';
import type { FlowName } from './definitions';
import type { Sample } from './exposition';
import {
	blockedOf,
	numbersOf,
	plannedDeletions,
	preferenceDrift,
	silentByState,
	summaryOf,
} from './items';
import { boughtGiB, heldReasons } from './runReport';
import type { RunOutcome } from './runReport';

type Samples = (outcome: RunOutcome) => Sample[];

/** Failures after which the client counts as disconnected: nobody answered, or nobody let us in. */
const NOT_REACHED: readonly Cause[] = ['client_unreachable', 'client_auth', 'client_banned'];

/** The Unix time of the report in whole seconds. */
function unixSeconds(at: Date): number {
	return Math.floor(at.getTime() / 1000);
}

function labelled(
	metric: Sample['metric'],
	label: string,
	tally: Iterable<[string, number | undefined]>,
): Sample[] {
	return [...tally].map(([name, value]) => ({ metric, value, labels: { [label]: name } }));
}

function failedSample(metric: Sample['metric'], { failures: [failure] }: RunOutcome): Sample {
	return {
		metric,
		value: failure === undefined ? 0 : 1,
		labels: { cause: failure?.cause ?? 'none' },
	};
}

function trackerSamples(tracker: string, figures: TrackerFigures): Sample[] {
	return Object.entries(figures).map(([name, value]) => ({
		metric: `qbt_tracker_${name as keyof TrackerFigures}`,
		value: value as number,
		labels: { tracker },
	}));
}

/** The client as the keeper saw it: connection, speeds, space, and the figures of each tracker. */
function clientSamples({ summaries, failures }: RunOutcome): Sample[] {
	const isLost = failures.some(({ cause }) => NOT_REACHED.includes(cause));
	const figures = numbersOf(summaries, 'summarizeTrackers');
	const { trackers = {} } = summaryOf(summaries, 'summarizeTrackers') ?? {};
	return [
		{ metric: 'qbt_connected', value: isLost ? 0 : figures.connected },
		{ metric: 'qbt_dht_nodes', value: figures.dht_nodes },
		{ metric: 'qbt_ul_speed_bytes', value: figures.ul_speed_bytes },
		{ metric: 'qbt_dl_speed_bytes', value: figures.dl_speed_bytes },
		{ metric: 'qbt_free_space_bytes', value: figures.free_space_bytes },
		{ metric: 'qbt_tracker_refused', value: figures.tracker_refused },
		...labelled('qbt_silent_in_hnr_window', 'state', silentByState(figures)),
		...Object.entries(trackers).flatMap(([tracker, own]) => trackerSamples(tracker, own)),
	];
}

const ENFORCED: Record<FlowName, Samples> = {
	grabber: ({ summaries, grabbed }) => {
		const { categoryTorrents, categorySizeBytes } = numbersOf(summaries, 'rankCandidates');
		const guard = summaryOf(summaries, 'guardAccount');
		const blocked = blockedOf(summaries)?.reason;
		const skipped = guard === undefined ? [] : [...heldReasons([guard]).keys()];
		return [
			{ metric: 'mam_farming_grabbed', value: grabbed },
			{ metric: 'mam_farming_total_seeding', value: categoryTorrents },
			{ metric: 'mam_farming_size_bytes', value: categorySizeBytes },
			{
				metric: 'mam_grabber_ratio_floor',
				value: numbersOf(summaries, 'guardAccount').ratioFloor,
			},
			...labelled(
				'mam_grabber_skipped_reason',
				'reason',
				skipped.map((reason) => [reason, 1]),
			),
			...labelled('mam_grabber_blocked', 'reason', blocked === undefined ? [] : [[blocked, 1]]),
		];
	},
	janitor: ({ summaries, deleted }) => {
		const judge = summaryOf(summaries, 'judgeTorrents');
		const { preserved_hnr, skipped_active, tracker_down } = numbersOf(summaries, 'judgeTorrents');
		return [
			...labelled('mam_janitor_deleted_per_run', 'reason', deleted),
			{ metric: 'mam_janitor_preserved_hnr', value: preserved_hnr },
			{ metric: 'mam_janitor_skipped_active', value: skipped_active },
			{ metric: 'mam_janitor_tracker_down', value: tracker_down },
			...labelled('mam_janitor_stale', 'reason', Object.entries(judge?.stale ?? {})),
			{ metric: 'mam_janitor_dry_run', value: 0 },
		];
	},
	keeper: (outcome) => [
		{ metric: 'mam_keeper_preferences_changed', value: outcome.preferencesChanged },
		{ metric: 'mam_keeper_reannounced', value: outcome.reannounced },
		...labelled('qbt_preference_drift', 'preference', preferenceDrift(outcome.summaries)),
		...clientSamples(outcome),
	],
	spender: (outcome) => {
		const { neededGiB, affordableGiB, reservePoints, nextTierPoints } = numbersOf(
			outcome.summaries,
			'planSpend',
		);
		return [
			{ metric: 'mam_bp_spent_gb', value: boughtGiB(outcome) },
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
			value: numbersOf(summaries, 'rankCandidates').selected,
		},
	],
	janitor: ({ summaries }) => [
		...labelled('mam_janitor_dry_run_candidates', 'reason', plannedDeletions(summaries)),
		{ metric: 'mam_janitor_dry_run', value: 1 },
	],
	keeper: ({ summaries }) => [
		{
			metric: 'mam_keeper_dry_run_drift',
			value: preferenceDrift(summaries).filter(([, isDrifted]) => isDrifted > 0).length,
		},
		{
			metric: 'mam_keeper_dry_run_reannounce',
			value: numbersOf(summaries, 'summarizeTrackers').transient_failure,
		},
	],
	spender: ({ summaries }) => [
		{ metric: 'mam_spender_dry_run_buy_gib', value: numbersOf(summaries, 'planSpend').buyGiB },
	],
};

/** The group of the enforcing run. */
export function flowSamples(outcome: RunOutcome): Sample[] {
	const { flow, at, summaries, skipped } = outcome;
	return [
		{ metric: `mam_${flow}_last_run_timestamp`, value: unixSeconds(at) },
		failedSample(`mam_${flow}_run_failed`, outcome),
		...labelled(`mam_${flow}_held`, 'reason', [...heldReasons(summaries), ...skipped]),
		...ENFORCED[flow](outcome),
	];
}

/** The group of runs that did not fail: it keeps its time while later runs fail. */
export function successSamples({ flow, at }: RunOutcome): Sample[] {
	return [{ metric: `mam_${flow}_last_success_timestamp`, value: unixSeconds(at) }];
}

/** Everything that a dry run pushes, under names of its own: it must neither feed nor fire an alert. */
export function dryRunSamples(outcome: RunOutcome): Sample[] {
	const { flow, at } = outcome;
	return [
		{ metric: `mam_${flow}_dry_run_timestamp`, value: unixSeconds(at) },
		failedSample(`mam_${flow}_dry_run_failed`, outcome),
		...DRY[flow](outcome),
	];
}
