import { sharedContent } from '../../../shared/sharedContent';
import type { ClientTorrent } from '../../../shared/records';
import { QUEUED_STATES, SEEDING_STATES, DOWNLOADING_STATES } from '../../../shared/torrentStates';
import type {
	Decided,
	DeleteReason,
	JudgeNumbers,
	PolicyResult,
	Reason,
	StaleReason,
} from '../../types';
import { DELETE_REASONS } from '../../types';
import { flag, tally } from '../format';
import { isClientTorrent, isEmptyMarker, spaceAfterDownloads } from '../records';
import {
	countReasons,
	hold,
	holdAll,
	keep,
	NO_DATA,
	noData,
	noUsableRecords,
	policyResult,
	tooShort,
	type Evaluation,
} from '../result';
import { trackerEvidence, type TrackerEvidence } from '../trackers/trackerEvidence';
import { capCompleted, capUnregistered } from './deletionCaps';
import { judgeTorrent, staleReason, wasEverComplete, type Judged } from './judgeTorrent';
import {
	decodeSeen,
	encodeSeen,
	NO_MEMORY,
	observe,
	observeStale,
	type JudgeMemory,
	type Seen,
} from './memory';
import type { JudgeParameters } from './parameters';
import { rememberRetired, retireUnderPressure, type Space } from './retirePressure';

/** Kept torrents that count as skipped_active. */
const ACTIVE_REASONS: readonly Reason[] = [
	'in_progress',
	'partial_download',
	'stopped',
	'busy',
	'active',
];

/** With at least this many answers, a tracker that fails, or does not know, half of the torrents is not believed. */
const TRACKER_DOWN_ANSWERS = 5;

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What the janitor goes by beside the list. */
export interface JudgeContext {
	memory: JudgeMemory;
	/** When the list was read; the evaluation may be as of an earlier time. */
	listedAt: Date;
}

/** The judgement, and the memory for the next run. */
export interface JudgeResult extends PolicyResult<'judgeTorrents'> {
	memory: JudgeMemory;
}

/** A torrent of the category with what is known of it before any is judged. */
interface Observed {
	index: number;
	torrent: ClientTorrent;
	tracker: TrackerEvidence;
	seen: Seen;
}

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

function sizeOf(torrents: ClientTorrent[]): number {
	return torrents.reduce((sum, { size }) => sum + size, 0);
}

function unixSeconds(at: Date): number {
	return Math.floor(at.getTime() / 1000);
}

function observeRecords(
	records: unknown[],
	parameters: JudgeParameters,
	{ memory, listedAt }: JudgeContext,
): { observed: Observed[]; others: Decided[]; torrents: ClientTorrent[] } {
	const ambiguous = repeatedHashes(records);
	const now = unixSeconds(listedAt);
	const observed: Observed[] = [];
	const others: Decided[] = [];
	const torrents: ClientTorrent[] = [];
	records.forEach((record, index) => {
		if (isEmptyMarker(record)) return;
		if (!isClientTorrent(record, 'judgeTorrents')) {
			others.push({ index, decision: NO_DATA });
			return;
		}
		torrents.push(record);
		if (ambiguous.has(record.hash)) {
			const detail =
				'Its hash is in the list more than once, so it is unclear which record is correct.';
			others.push({ index, decision: hold('no_data', detail) });
			return;
		}
		if (record.category !== parameters.category) {
			const detail = `Its category is "${record.category.slice(0, 100)}"; only "${parameters.category}" is judged.`;
			others.push({ index, decision: keep('not_ours', detail) });
			return;
		}
		const { unregisteredMessages, trackerHosts } = parameters;
		const tracker = trackerEvidence(record.trackers, unregisteredMessages, trackerHosts);
		const seen = observe(decodeSeen(memory.seen[record.hash]), record, tracker, parameters, now);
		observed.push({ index, torrent: record, tracker, seen });
	});
	return { observed, others, torrents };
}

/** Whether too few trackers answer to delete anything, whatever they say. */
function isTrackerDown(observed: Observed[]): boolean {
	const answers = observed.filter(({ tracker }) => tracker.given);
	const failing = answers.filter(({ tracker }) => tracker.unreachable);
	return answers.length >= TRACKER_DOWN_ANSWERS && failing.length * 2 >= answers.length;
}

/**
 * Whether a tracker was contacted since the client started. Before 5.1 (no comment in the list) only some torrents
 * are asked per run, but the list names the tracker that works; and a Mouse is refused everywhere.
 */
function contacted(observed: Observed[]): (item: Observed) => boolean {
	const isMouse = observed.some(({ tracker }) => tracker.mouse);
	return ({ torrent, tracker }) =>
		isMouse || tracker.given || (torrent.comment === undefined && torrent.tracker !== '');
}

/** Whether this run sees an outage: half or more of the answers are failures, or no started torrent is contacted. */
function isOutage(observed: Observed[], isContacted: (item: Observed) => boolean): boolean {
	const answers = observed.filter(({ tracker }) => tracker.given);
	const failing = answers.filter(({ tracker }) => tracker.error !== null);
	if (failing.length > 0 && failing.length * 2 >= answers.length) return true;
	const announcing = observed.filter(
		({ torrent: { state } }) =>
			!QUEUED_STATES.includes(state) &&
			(SEEDING_STATES.includes(state) || DOWNLOADING_STATES.includes(state)),
	);
	return announcing.length > 0 && !announcing.some(isContacted);
}

/**
 * `judged` without the unregistered ones where they are at least half of the answers: the site removes single
 * torrents, so the tracker has lost its list, or is another one.
 */
function doubtUnregistered(judged: Judged[]): Judged[] {
	const answers = judged.filter(({ tracker }) => tracker.given);
	const unknown = answers.filter(({ tracker }) => tracker.unregistered !== null);
	if (answers.length < TRACKER_DOWN_ANSWERS || unknown.length * 2 < answers.length) return judged;
	const decision = keep(
		'tracker_refused',
		`The tracker does not know ${unknown.length} of the ${answers.length} torrents that it answered for, so it is not believed.`,
	);
	return judged.map((item) =>
		item.decision.reason === 'unregistered' ? { ...item, decision } : item,
	);
}

function keepAll(judged: Judged[]): Judged[] {
	const decision = keep(
		'tracker_down',
		'At least half of the torrents get no answer from their tracker: it seems to be down, so nothing is deleted.',
	);
	return judged.map((item) => (item.decision.verdict === 'delete' ? { ...item, decision } : item));
}

/** The judged torrents with their memory, and how many have not got better by themselves for too long. */
function noteStale(
	judged: Judged[],
	seenOf: Map<ClientTorrent, Seen>,
	{ staleDays }: JudgeParameters,
	now: number,
) {
	const seen: Record<string, string> = {};
	const stale: Partial<Record<StaleReason, number>> = {};
	for (const item of judged) {
		const noted = observeStale(seenOf.get(item.torrent)!, staleReason(item), now);
		seen[item.torrent.hash] = encodeSeen(noted);
		if (noted.stale !== null && now - noted.staleSince > staleDays * DAY)
			stale[noted.stale] = (stale[noted.stale] ?? 0) + 1;
	}
	return { seen, stale };
}

/** Which torrents of the category to delete. Everything that is not proven to be deletable is kept. */
export function judgeTorrents(
	records: unknown[],
	parameters: JudgeParameters,
	evaluation: Evaluation,
	context: JudgeContext = { memory: NO_MEMORY, listedAt: evaluation.now },
): JudgeResult {
	const { memory } = context;
	const listed = records.filter((record) => !isEmptyMarker(record)).length;
	const short = tooShort(listed, parameters.expectedMinTorrents);
	if (short !== null) {
		const failure = noData(short);
		const held = holdAll(
			'judgeTorrents',
			records,
			{ reason: 'list_too_short', failure },
			evaluation,
		);
		return { ...held, memory };
	}
	const { observed, others, torrents } = observeRecords(records, parameters, context);
	const now = unixSeconds(context.listedAt);
	const isContacted = contacted(observed);
	const isDown = isTrackerDown(observed);
	const isAway = isDown || isOutage(observed, isContacted);
	// A time to come is that of a clock which was set back.
	const lastOutage = isAway ? now : memory.lastOutage && Math.min(now, memory.lastOutage);
	// While the tracker is down, that is the reason for everything.
	const outageAge = isDown || lastOutage === null ? Infinity : now - lastOutage;
	const shared = sharedContent(records);
	const judged = observed.map((item): Judged => {
		const { index, torrent, tracker, seen } = item;
		const wasComplete = wasEverComplete(torrent, seen);
		const decision = judgeTorrent({
			torrent,
			tracker,
			seen,
			wasComplete,
			parameters,
			age: unixSeconds(evaluation.now) - torrent.added_on,
			listedAge: now - torrent.added_on,
			isShared: torrent.shares_content === true || shared.has(torrent.content_path ?? ''),
			isContacted: isContacted(item),
			hoursAfterOutage: outageAge < parameters.neverStartedHours * HOUR ? outageAge / HOUR : null,
		});
		return { index, torrent, tracker, wasComplete, decision };
	});

	const { freeSpaceBytes: free } = parameters;
	const { at: retiredAt = Infinity, hashes: retired = [] } = memory.retired ?? {};
	const space: Space = {
		bytes: free === null || free < 0 ? null : spaceAfterDownloads(free, torrents),
		// One added in the same second may have come after that list.
		addedSince: sizeOf(torrents.filter(({ added_on }) => added_on >= retiredAt)),
		undeleted: sizeOf(torrents.filter(({ hash }) => retired.includes(hash))),
		memory: memory.retired,
		now,
	};
	const pressed = retireUnderPressure(
		capUnregistered(doubtUnregistered(judged), parameters),
		parameters,
		space,
	);
	const final = isDown ? keepAll(judged) : capCompleted(pressed.judged, parameters);
	const seenOf = new Map(observed.map(({ torrent, seen }) => [torrent, seen]));
	const { seen, stale } = noteStale(final, seenOf, parameters, now);
	return {
		...summarize(final, others, { stale, isDown }, evaluation),
		memory: {
			// A list with records that cannot be read may lack a torrent that is there.
			seen: others.some(({ decision }) => decision.reason === 'no_data')
				? { ...memory.seen, ...seen }
				: seen,
			lastOutage,
			retired: isDown ? memory.retired : rememberRetired(space, pressed, final),
		},
	};
}

function summarize(
	judged: Judged[],
	others: Decided[],
	{ stale, isDown }: { stale: Partial<Record<StaleReason, number>>; isDown: boolean },
	evaluation: Evaluation,
): PolicyResult<'judgeTorrents'> {
	const decided: Decided[] = [
		...others,
		...judged.map(({ index, decision }) => ({ index, decision })),
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
		tracker_down: isDown ? 1 : 0,
	};
	const deletions = Object.values(planned).reduce<number>((sum, count) => sum + count, 0);
	const staleLine = tally(stale as Record<string, number>);
	return policyResult(
		{
			policy: 'judgeTorrents',
			decided,
			lines: [
				`Plan: delete=${deletions} preserved_hnr=${numbers.preserved_hnr} skipped_active=${numbers.skipped_active} dry_run=${flag(evaluation.dryRun)}`,
				`per reason: ${tally(planned)}`,
				...(staleLine === '' ? [] : [`stale: ${staleLine}`]),
			],
			numbers,
			extras: { planned, ...(staleLine !== '' && { stale }) },
			failure: noUsableRecords(decided.length - (counts.no_data ?? 0), decided.length),
		},
		evaluation,
	);
}
