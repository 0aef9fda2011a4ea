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
import { trackerEvidence } from '../trackers/trackerEvidence';
import { capCompleted, capUnregistered, holdTried, isCapped } from './deletionCaps';
import {
	judgeTorrent,
	staleReason,
	wasEverComplete,
	type Judged,
	type Known,
} from './judgeTorrent';
import { encodeSeen, NO_MEMORY, observe, observeStale, type JudgeMemory } from './memory';
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

/** How many records the list has, and the hashes that more than one of them has, whatever its category. */
function surveyed(records: unknown[]): { listed: number; repeated: Set<string> } {
	const seen = new Set<string>();
	const repeated = new Set<string>();
	let listed = 0;
	for (const record of records) {
		if (isEmptyMarker(record)) continue;
		listed += 1;
		const { hash } = (record ?? {}) as { hash?: unknown };
		if (typeof hash !== 'string') continue;
		const { size } = seen;
		if (seen.add(hash).size === size) repeated.add(hash);
	}
	return { listed, repeated };
}

function sizeOf(torrents: ClientTorrent[]): number {
	return torrents.reduce((sum, { size }) => sum + size, 0);
}

function unixSeconds(at: Date): number {
	return Math.floor(at.getTime() / 1000);
}

function readRecords(
	records: unknown[],
	parameters: JudgeParameters,
	{ tried }: JudgeMemory,
	repeated: Set<string>,
) {
	const known: Known[] = [];
	const others: Decided[] = [];
	/** Of any category, and those of them that a run wanted to delete. */
	const torrents: ClientTorrent[] = [];
	const undeleted: ClientTorrent[] = [];
	records.forEach((record, index) => {
		if (isEmptyMarker(record)) return;
		if (!isClientTorrent(record, 'judgeTorrents')) {
			others.push({ index, decision: NO_DATA });
			return;
		}
		torrents.push(record);
		const triedAt = tried[record.hash] ?? null;
		if (triedAt !== null) undeleted.push(record);
		if (repeated.has(record.hash)) {
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
		known.push({ index, torrent: record, tracker, triedAt });
	});
	return { known, others, torrents, undeleted };
}

/** How many torrents have an answer of their trackers, and how many of which kind. */
function countAnswers(known: Known[]) {
	const answers = { given: 0, unreachable: 0, failing: 0, unregistered: 0, mouse: 0 };
	for (const { tracker } of known) {
		if (tracker.given) answers.given += 1;
		if (tracker.unreachable) answers.unreachable += 1;
		if (tracker.error !== null) answers.failing += 1;
		if (tracker.unregistered !== null) answers.unregistered += 1;
		if (tracker.mouse) answers.mouse += 1;
	}
	return answers;
}

type Answers = ReturnType<typeof countAnswers>;

/** Whether too few trackers answer to delete anything, whatever they say. */
function isTrackerDown({ given, unreachable }: Answers): boolean {
	return given >= TRACKER_DOWN_ANSWERS && unreachable * 2 >= given;
}

/**
 * Whether a tracker was contacted since the client started. Before 5.1 (no comment in the list) only some torrents
 * are asked per run, but the list names the tracker that works; and a Mouse is refused everywhere.
 */
function contacted({ mouse }: Answers): (item: Known) => boolean {
	return ({ torrent, tracker }) =>
		mouse > 0 || tracker.given || (torrent.comment === undefined && torrent.tracker !== '');
}

/** Whether this run sees an outage: half or more of the answers are failures, or no started torrent is contacted. */
function isOutage(
	known: Known[],
	{ given, failing }: Answers,
	isContacted: (item: Known) => boolean,
): boolean {
	if (failing > 0 && failing * 2 >= given) return true;
	const isAnnouncing = ({ torrent: { state } }: Known) =>
		!QUEUED_STATES.includes(state) &&
		(SEEDING_STATES.includes(state) || DOWNLOADING_STATES.includes(state));
	return !known.some((item) => isAnnouncing(item) && isContacted(item)) && known.some(isAnnouncing);
}

/**
 * `judged` without the unregistered ones where they are at least half of the answers: the site removes single
 * torrents, so the tracker has lost its list, or is another one.
 */
function doubtUnregistered(judged: Judged[], { given, unregistered }: Answers): Judged[] {
	if (given < TRACKER_DOWN_ANSWERS || unregistered * 2 < given) return judged;
	const decision = keep(
		'tracker_refused',
		`The tracker does not know ${unregistered} of the ${given} torrents that it answered for, so it is not believed.`,
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

/** What is remembered of the judged torrents, and how many have not got better by themselves for too long. */
function noted(judged: Judged[], { staleDays }: JudgeParameters, now: number) {
	const seen: JudgeMemory['seen'] = {};
	const tried: JudgeMemory['tried'] = {};
	const stale: Partial<Record<StaleReason, number>> = {};
	for (const item of judged) {
		const { hash } = item.torrent;
		const noticed = observeStale(item.seen, staleReason(item), now);
		seen[hash] = encodeSeen(noticed);
		if (isCapped(item)) tried[hash] = now;
		if (noticed.stale !== null && now - noticed.staleSince > staleDays * DAY)
			stale[noticed.stale] = (stale[noticed.stale] ?? 0) + 1;
	}
	return { seen, tried, stale };
}

/** The disk now, what was added since the run that last retired for its space, and what that run could not delete. */
function spaceOf(
	torrents: ClientTorrent[],
	undeleted: ClientTorrent[],
	{ freeSpaceBytes: free }: JudgeParameters,
	{ retired, tried }: JudgeMemory,
	now: number,
): Space {
	const { at = Infinity } = retired ?? {};
	return {
		bytes: free === null || free < 0 ? null : spaceAfterDownloads(free, torrents),
		// One added in the same second may have come after that list.
		addedSince: sizeOf(retired ? torrents.filter(({ added_on }) => added_on >= at) : []),
		undeleted: sizeOf(
			undeleted.filter(({ hash, progress }) => progress === 1 && tried[hash] === at),
		),
		memory: retired,
		now,
	};
}

/** Which torrents of the category to delete. Everything that is not proven to be deletable is kept. */
export function judgeTorrents(
	records: unknown[],
	parameters: JudgeParameters,
	evaluation: Evaluation,
	context: JudgeContext = { memory: NO_MEMORY, listedAt: evaluation.now },
): JudgeResult {
	const { memory } = context;
	const { listed, repeated } = surveyed(records);
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
	const { known, others, torrents, undeleted } = readRecords(records, parameters, memory, repeated);
	const now = unixSeconds(context.listedAt);
	const answers = countAnswers(known);
	const isContacted = contacted(answers);
	const isDown = isTrackerDown(answers);
	const isAway = isDown || isOutage(known, answers, isContacted);
	// A time to come is that of a clock which was set back.
	const lastOutage = isAway ? now : memory.lastOutage && Math.min(now, memory.lastOutage);
	// While the tracker is down, that is the reason for everything.
	const outageAge = isDown || lastOutage === null ? Infinity : now - lastOutage;
	const shared = sharedContent(records);
	const judged = known.map((item): Judged => {
		const { index, torrent, tracker, triedAt } = item;
		const seen = observe(memory.seen[torrent.hash], torrent, tracker, parameters, now);
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
		// Not spread: an object that grows makes each later look at 20,000 of them slower.
		return holdTried({ index, torrent, tracker, triedAt, seen, wasComplete, decision }, now);
	});

	const space = spaceOf(torrents, undeleted, parameters, memory, now);
	const pressed = retireUnderPressure(
		capUnregistered(doubtUnregistered(judged, answers), parameters),
		parameters,
		space,
	);
	const final = isDown ? keepAll(judged) : capCompleted(pressed.judged, parameters);
	const { seen, tried, stale } = noted(final, parameters, now);
	// A list with records that cannot be read may lack a torrent that is there.
	const isWhole = !others.some(({ decision }) => decision.reason === 'no_data');
	// A dry run deletes nothing.
	const isReal = !evaluation.dryRun;
	return {
		...summarize(final, others, { stale, isDown }, evaluation),
		memory: {
			seen: isWhole ? seen : { ...memory.seen, ...seen },
			tried: {
				...(isWhole
					? Object.fromEntries(undeleted.map(({ hash }) => [hash, memory.tried[hash]]))
					: memory.tried),
				...(isReal && tried),
			},
			lastOutage,
			retired: isReal && !isDown ? rememberRetired(space, pressed, final) : memory.retired,
		},
	};
}

function summarize(
	judged: Judged[],
	others: Decided[],
	{ stale, isDown }: { stale: Partial<Record<StaleReason, number>>; isDown: boolean },
	evaluation: Evaluation,
): PolicyResult<'judgeTorrents'> {
	const decided: Decided[] = [...others, ...judged];
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
