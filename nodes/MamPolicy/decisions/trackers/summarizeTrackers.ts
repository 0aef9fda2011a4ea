import type { Decided, Decision, HoldReason, KeeperNumbers, PolicyResult } from '../../types';
import { flag, hours, tally } from '../format';
import { clientTorrents, isClientTorrent, isEmptyMarker, isTransfer } from '../records';
import {
	hold,
	holdAll,
	NO_DATA,
	noData,
	policyResult,
	noUsableRecords,
	type Evaluation,
} from '../result';
import { trackerFigures } from './trackerFigures';
import { belongsToMam, siteEvidence } from './mamTorrents';
import type { ClientTorrent, TransferRecord } from '../../../shared/records';

/** What counts as MAM's, as in danger, and as worth another announce. */
export interface SummarizeParameters {
	category: string;
	hnrHours: number;
	trackerClockMarginHours: number;
	/** Words of a failure that may be over by now. */
	transientMessages: string[];
	maxReannouncesPerRun: number;
}

/** States in which the tracker hears nothing of a complete torrent. */
const SILENT: Record<string, HoldReason> = {
	queuedUP: 'queued_in_hnr_window',
	stoppedUP: 'stopped_in_hnr_window',
	missingFiles: 'missing_files_in_hnr_window',
	error: 'error_in_hnr_window',
};

/** States that may show a progress of 0, whatever had been downloaded. */
const LOST: readonly string[] = ['missingFiles', 'error'];

/** Whether the torrent is complete, or was until its files were lost: only what was complete has seeded. */
function wasComplete({ progress, state, seeding_time: seeded }: ClientTorrent): boolean {
	return progress === 1 || (LOST.includes(state) && seeded > 0);
}

/** States in which a torrent cannot announce, or is not to be disturbed. */
const NOT_ANNOUNCING = /^(queued|stopped|checking|moving|error|missingFiles)/;

function decide(torrent: ClientTorrent, parameters: SummarizeParameters): Decision {
	const { category, hnrHours, trackerClockMarginHours, transientMessages } = parameters;
	const { state, seeding_time: seeded } = torrent;
	if (!belongsToMam(torrent, category)) return hold('not_ours', 'Not a MAM torrent.');
	const windowHours = hnrHours + trackerClockMarginHours;
	if (wasComplete(torrent) && state in SILENT && seeded < windowHours * 3600) {
		return hold(
			SILENT[state],
			`Complete and seeded for ${hours(seeded)} of ${windowHours} h, but ${state}: the tracker does not hear of it, so it becomes a Hit & Run.`,
		);
	}
	if (NOT_ANNOUNCING.test(state)) return hold('not_announcing', `It is ${state}.`);
	const { given, error, mouse } = siteEvidence(torrent);
	if (!given) return hold('no_evidence', 'No tracker has answered, or none was queried.');
	if (error === null)
		return hold(
			'announced',
			mouse ? 'The tracker works, but the account is a Mouse.' : 'The tracker works.',
		);
	const isTransient = transientMessages.some((message) =>
		error.toLowerCase().includes(message.toLowerCase()),
	);
	const words = error.slice(0, 100);
	if (!isTransient) return hold('tracker_refused', `The tracker refuses: "${words}".`);
	return { verdict: 'act', reason: 'transient_failure', detail: `The tracker failed: "${words}".` };
}

/** The reasons whose counts are figures of the Summary. */
const COUNTED = [
	'queued_in_hnr_window',
	'stopped_in_hnr_window',
	'missing_files_in_hnr_window',
	'error_in_hnr_window',
	'transient_failure',
	'tracker_refused',
] as const;

type Counted = (typeof COUNTED)[number];

function transferNumbers(transfer: TransferRecord): Omit<KeeperNumbers, Counted> {
	const { connection_status: status, free_space_on_disk: free } = transfer;
	return {
		connected: Number(status !== 'disconnected'),
		dht_nodes: transfer.dht_nodes,
		ul_speed_bytes: transfer.up_info_speed,
		dl_speed_bytes: transfer.dl_info_speed,
		...(typeof free === 'number' && { free_space_bytes: free }),
	};
}

/**
 * The client's torrents added up, tracker by tracker, and which to announce again because their tracker
 * failed in a way that passes. Warns of complete torrents that do not announce inside their Hit & Run window.
 */
export function summarizeTrackers(
	records: unknown[],
	transfer: unknown,
	parameters: SummarizeParameters,
	evaluation: Evaluation,
): PolicyResult<'summarizeTrackers'> {
	if (!isTransfer(transfer)) {
		const failure = noData('The transfer record of the client is unknown.');
		return holdAll('summarizeTrackers', records, { reason: 'no_data', failure }, evaluation);
	}
	const torrents = clientTorrents(records, 'summarizeTrackers');
	let reannounced = 0;
	const decided = records.flatMap((record, index): Decided[] => {
		if (isEmptyMarker(record)) return [];
		if (!isClientTorrent(record, 'summarizeTrackers')) return [{ index, decision: NO_DATA }];
		const decision = decide(record, parameters);
		if (decision.verdict !== 'act' || ++reannounced <= parameters.maxReannouncesPerRun)
			return [{ index, decision }];
		return [{ index, decision: hold('beyond_run_limit', decision.detail) }];
	});
	const trackers = trackerFigures(torrents, parameters.category);
	const counts = Object.fromEntries(
		COUNTED.map((reason) => [
			reason,
			decided.filter(({ decision }) => decision.reason === reason).length,
		]),
	) as Record<Counted, number>;
	const { torrents_total, seeding, queued, unsatisfied } = trackers.mam;
	return policyResult(
		{
			policy: 'summarizeTrackers',
			decided,
			lines: [
				`Trackers: ${tally({ mam: torrents_total, seeding, queued, unsatisfied })} connection=${transfer.connection_status} dry_run=${flag(evaluation.dryRun)}`,
				`announces: ${tally(counts)}`,
			],
			numbers: { ...transferNumbers(transfer), ...counts },
			extras: { trackers },
			failure: noUsableRecords(torrents.length, decided.length),
		},
		evaluation,
	);
}
