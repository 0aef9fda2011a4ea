import type { Cause } from '../../shared/types';
import type { TrackerFigures } from '../types';
import type { Sample } from './exposition';
import type { RunOutcome } from './runReport';
import { figuresOf, summaryOf } from './summaries';

/** Failures after which the client counts as disconnected: nobody answered, or nobody let us in. */
const NOT_REACHED: readonly Cause[] = ['client_unreachable', 'client_auth', 'client_banned'];

function trackerSamples(tracker: string, figures: TrackerFigures): Sample[] {
	return Object.entries(figures).map(([name, value]) => ({
		metric: `qbt_tracker_${name as keyof TrackerFigures}`,
		value: value as number,
		labels: { tracker },
	}));
}

/** The client as the keeper saw it: connection, speeds, space, and the figures of each tracker. */
export function clientSamples({ summaries, failures }: RunOutcome): Sample[] {
	const isLost = failures.some(({ cause }) => NOT_REACHED.includes(cause));
	const figures = figuresOf(summaries, 'summarizeTrackers');
	const trackers = summaryOf(summaries, 'summarizeTrackers')?.trackers ?? {};
	return [
		{ metric: 'qbt_connected', value: isLost ? 0 : figures.connected },
		{ metric: 'qbt_dht_nodes', value: figures.dht_nodes },
		{ metric: 'qbt_ul_speed_bytes', value: figures.ul_speed_bytes },
		{ metric: 'qbt_dl_speed_bytes', value: figures.dl_speed_bytes },
		{ metric: 'qbt_free_space_bytes', value: figures.free_space_bytes },
		{
			metric: 'qbt_silent_in_hnr_window',
			value: figures.queued_in_hnr_window,
			labels: { state: 'queued' },
		},
		{
			metric: 'qbt_silent_in_hnr_window',
			value: figures.stopped_in_hnr_window,
			labels: { state: 'stopped' },
		},
		...Object.entries(trackers).flatMap(([tracker, own]) => trackerSamples(tracker, own)),
	];
}
