import { sharedContent } from '../../../shared/sharedContent';
import type {
	Decided,
	Decision,
	DeleteReason,
	JudgeNumbers,
	PolicyResult,
	Reason,
} from '../../types';
import { DELETE_REASONS } from '../../types';
import { capDeletions } from './deletionCaps';
import { flag, tally } from '../format';
import { judgeTorrent, type JudgeParameters, type Judged } from './judgeTorrent';
import { isClientTorrent, isEmptyMarker } from '../records';
import {
	countReasons,
	hold,
	holdAll,
	NO_DATA,
	noData,
	policyResult,
	noUsableRecords,
	tooShort,
	type Evaluation,
} from '../result';

/** Kept torrents that count as skipped_active. */
const ACTIVE_REASONS: readonly Reason[] = [
	'in_progress',
	'partial_download',
	'stopped',
	'busy',
	'active',
];

/** With at least this many tracker answers, the tracker counts as down when half of them fail. */
const TRACKER_DOWN_ANSWERS = 5;

/** The hashes that more than one record of the list has, whatever its category. */
function repeatedHashes(records: unknown[]): Set<string> {
	const seen = new Set<string>();
	const again = new Set<string>();
	for (const record of records) {
		const { hash } = (record ?? {}) as { hash?: unknown };
		if (typeof hash !== 'string') continue;
		if (seen.has(hash)) again.add(hash);
		seen.add(hash);
	}
	return again;
}

function judgeRecords(
	records: unknown[],
	parameters: JudgeParameters,
	now: Date,
): { judged: Judged[]; others: Decided[] } {
	const shared = sharedContent(records);
	const ambiguous = repeatedHashes(records);
	const judged: Judged[] = [];
	const others: Decided[] = [];
	records.forEach((record, index) => {
		if (isEmptyMarker(record)) return;
		if (!isClientTorrent(record)) {
			others.push({ index, decision: NO_DATA });
			return;
		}
		if (ambiguous.has(record.hash)) {
			const detail =
				'Its hash is in the list more than once, so it is unclear which record is correct.';
			others.push({ index, decision: hold('no_data', detail) });
			return;
		}
		if (record.category !== parameters.category) {
			const detail = `Its category is "${record.category.slice(0, 100)}"; only "${parameters.category}" is judged.`;
			others.push({ index, decision: { ...hold('not_ours', detail), verdict: 'keep' } });
			return;
		}
		const isShared = shared.has(record.content_path);
		judged.push({ index, torrent: record, ...judgeTorrent(record, isShared, parameters, now) });
	});
	return { judged, others };
}

/** Whether trackers fail to a degree that nothing may be deleted, whatever they say or do not say. */
function trackerIsDown(judged: Judged[]): boolean {
	const evidence = judged.filter(({ tracker }) => tracker.given);
	const failing = evidence.filter(({ tracker }) => tracker.error !== null);
	return evidence.length >= TRACKER_DOWN_ANSWERS && failing.length * 2 >= evidence.length;
}

function keepAll(judged: Judged[]): Judged[] {
	const decision: Decision = {
		verdict: 'keep',
		reason: 'tracker_down',
		detail:
			'At least half of the torrents get an error from their tracker: it seems to be down, so nothing is deleted.',
	};
	return judged.map((item) => (item.decision.verdict === 'delete' ? { ...item, decision } : item));
}

/** Which torrents of the category to delete. Everything that is not proven to be deletable is kept. */
export function judgeTorrents(
	records: unknown[],
	parameters: JudgeParameters,
	evaluation: Evaluation,
): PolicyResult<'judgeTorrents'> {
	const listed = records.filter((record) => !isEmptyMarker(record)).length;
	const short = tooShort(listed, parameters.expectedMinTorrents);
	if (short !== null) {
		return holdAll(
			'judgeTorrents',
			records,
			{ reason: 'list_too_short', failure: noData(short) },
			evaluation,
		);
	}
	const { judged, others } = judgeRecords(records, parameters, evaluation.now);
	const final = trackerIsDown(judged) ? keepAll(judged) : capDeletions(judged, parameters);
	const decided: Decided[] = [
		...others,
		...final.map(({ index, decision }) => ({ index, decision })),
	];
	decided.sort((a, b) => a.index - b.index);

	const counts = countReasons(decided);
	const planned = Object.fromEntries(
		DELETE_REASONS.map((reason) => [reason, counts[reason] ?? 0]),
	) as Record<DeleteReason, number>;
	const numbers: JudgeNumbers = {
		judged: judged.length,
		preserved_hnr: counts.hnr_window ?? 0,
		skipped_active: ACTIVE_REASONS.reduce((sum, reason) => sum + (counts[reason] ?? 0), 0),
		protected: counts.protected ?? 0,
	};
	const deletions = Object.values(planned).reduce<number>((sum, count) => sum + count, 0);
	return policyResult(
		{
			policy: 'judgeTorrents',
			decided,
			lines: [
				`Plan: delete=${deletions} preserved_hnr=${numbers.preserved_hnr} skipped_active=${numbers.skipped_active} dry_run=${flag(evaluation.dryRun)}`,
				`per reason: ${tally(planned)}`,
			],
			numbers,
			extras: { planned },
			failure: noUsableRecords(decided.length - (counts.no_data ?? 0), decided.length),
		},
		evaluation,
	);
}
