import { isRecord } from '../../../shared/json';
import type { ClientTorrent } from '../../../shared/records';
import { SEEDING_STATES } from '../../../shared/torrentStates';
import { STALE_REASONS, type StaleReason } from '../../types';
import type { TrackerEvidence } from '../trackers/trackerEvidence';
import { windowSeconds, type JudgeParameters } from './parameters';

/** What the janitor remembers of one torrent. Times in Unix seconds, durations in seconds. */
export interface Seen {
	/** added_on; another one is another torrent. */
	added: number;
	/** It was seen seeding for the Hit & Run window and the margin. */
	proven: boolean;
	/** For how long it was seen seeding with a working tracker, in all rows of sights that are over. */
	credit: number;
	/** In the present or last row: the time between its sights, and seeding_time at its first and last one. */
	row: number;
	first: number | null;
	seeding: number;
	/** The last sight of the present row; null when the row is over. */
	last: number | null;
	/** For how long, and when last, it was seen unregistered without a break. */
	goneCredit: number;
	goneLast: number | null;
	/** Why it is kept without getting better by itself, and since when. */
	stale: StaleReason | null;
	staleSince: number;
	/** Whether files were deselected when that was last asked, and the size in bytes at that time; null when never. */
	selection: Selection | null;
}

/** Whether files are deselected. The size is in the short form of {@link sizeMark}: a new size means a new selection. */
interface Selection {
	isPartial: boolean;
	size: string;
}

/** What retiring for space has done. */
export interface Retired {
	/** The last run of the day: when, with how much free space, and the bytes of complete torrents that it deletes. */
	at: number;
	space: number;
	freed: number;
	/** Since when the day is counted, and how many were retired in it. */
	since: number;
	count: number;
}

/** The janitor's memory, in the workflow's static data. */
export interface JudgeMemory {
	/** By hash. */
	seen: Record<string, string>;
	/** By hash: when a run last wanted to delete it. Only what is still listed, and only where runs have a limit. */
	tried: Record<string, number>;
	/** The last run that saw the tracker down, refusing half of the torrents, or none contacted; null without one. */
	lastOutage: number | null;
	retired: Retired | null;
}

export const NO_MEMORY: JudgeMemory = { seen: {}, tried: {}, lastOutage: null, retired: null };

function isNumber(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value);
}

/** The memory in the workflow's static data; what is not proper is left out, which only delays. */
export function readJudgeMemory(staticData: Record<string, unknown>): JudgeMemory {
	const { seen, tried, lastOutage, retired } = staticData;
	const isWhole =
		isRecord(retired) &&
		['at', 'space', 'freed', 'since', 'count'].every((name) => isNumber(retired[name]));
	const times = Object.entries(isRecord(tried) ? tried : {}).filter(([, at]) => isNumber(at));
	return {
		seen: isRecord(seen) ? (seen as Record<string, string>) : {},
		tried: Object.fromEntries(times) as Record<string, number>,
		lastOutage: isNumber(lastOutage) ? lastOutage : null,
		retired: isWhole ? (retired as unknown as Retired) : null,
	};
}

const PROVEN = '+';

/** In base 36 the Unix time has had six digits since 1971. */
const LINE = /^[0-9a-z]{6}(?:,\+)?(?:,[0-9a-z]*)*(?:[.!][0-9a-z]{1,4})?$/;

/** They start what is remembered about the selected files, at the end of a line. */
const WHOLE = '.';
const PARTIAL = '!';

/** Four digits: one in 1.7 million changes of a size goes unnoticed. */
function sizeMark(size: number): string {
	return (size % 36 ** 4).toString(36);
}

/** Base 36 keeps a memory of thousands of torrents small. */
function encodeNumber(value: number | null): string {
	return value === null ? '' : Math.floor(value).toString(36);
}

/** One line per torrent, at most 120 bytes with its hash, and 60 once proven and in order. */
export function encodeSeen(seen: Seen): string {
	const row = seen.proven
		? [PROVEN, '', '', '', '']
		: [seen.credit, seen.row, seen.first, seen.seeding, seen.last].map(encodeNumber);
	const gone =
		seen.goneLast === null ? ['', ''] : [seen.goneCredit, seen.goneLast].map(encodeNumber);
	const stale =
		seen.stale === null
			? ['', '']
			: [String(STALE_REASONS.indexOf(seen.stale)), encodeNumber(seen.staleSince)];
	const times = [encodeNumber(seen.added), ...row, ...gone, ...stale].join(',').replace(/,+$/, '');
	if (seen.selection === null) return times;
	return `${times}${seen.selection.isPartial ? PARTIAL : WHOLE}${seen.selection.size}`;
}

/** What {@link encodeSeen} wrote; undefined for anything else. */
export function decodeSeen(line: unknown): Seen | undefined {
	if (typeof line !== 'string' || !LINE.test(line)) return undefined;
	const mark = Math.max(line.indexOf(WHOLE), line.indexOf(PARTIAL));
	const parts = (mark < 0 ? line : line.slice(0, mark)).split(',');
	const number = (at: number) => (parts[at] ? parseInt(parts[at], 36) : null);
	const proven = parts[1] === PROVEN;
	return {
		added: number(0)!,
		proven,
		credit: proven ? 0 : (number(1) ?? 0),
		row: number(2) ?? 0,
		first: number(3),
		seeding: number(4) ?? 0,
		last: number(5),
		goneCredit: number(6) ?? 0,
		goneLast: number(7),
		stale: STALE_REASONS[Number(parts[8] || NaN)] ?? null,
		staleSince: number(9) ?? 0,
		selection: mark < 0 ? null : { isPartial: line[mark] === PARTIAL, size: line.slice(mark + 1) },
	};
}

function unseen(added: number): Seen {
	return {
		added,
		proven: false,
		credit: 0,
		row: 0,
		first: null,
		seeding: 0,
		last: null,
		goneCredit: 0,
		goneLast: null,
		stale: null,
		staleSince: 0,
		selection: null,
	};
}

/** `seen`, or nothing but that it was complete where the client's clock fell: it says nothing of before. */
function startOver(seen: Seen, seeding: number): Seen {
	if (seen.proven || seeding >= seen.seeding) return seen;
	const { added, first, selection } = seen;
	return { ...unseen(added), first: first === null ? null : seeding, selection };
}

/** What is known about the selected files: from this list, otherwise from an earlier one while the size stays. */
function selectionOf(
	seen: Seen,
	{ deselected_files: deselected = null, size }: ClientTorrent,
): Selection | null {
	const mark = sizeMark(size);
	if (deselected !== null) return { isPartial: deselected > 0, size: mark };
	return seen.selection?.size === mark ? seen.selection : null;
}

/** The time between two runs that saw the same: at most `limit`, and none when the clock was set back. */
function between(last: number | null, now: number, limit: number): number {
	return last === null ? 0 : Math.min(Math.max(0, now - last), limit);
}

/**
 * For how long the janitor saw a torrent seed. A row of sights counts for no more than its seeding time rose in it:
 * the clock of n8n may jump. Within a row it may rise in leaps, because the client lists it as of the last announce.
 */
export function seenSeconds({ credit, row, first, seeding }: Seen): number {
	return credit + Math.min(row, seeding - (first ?? seeding));
}

/**
 * What a `line` of the memory says, with what this run saw. A sight is a complete torrent in a seeding state whose
 * tracker works; another state, a refusal, an unreachable tracker and files that are deselected (of which the tracker
 * hears "paused") or may be, end the row of sights, and a tracker that was not read does neither.
 */
export function observe(
	line: unknown,
	torrent: ClientTorrent,
	tracker: TrackerEvidence,
	parameters: JudgeParameters,
	now: number,
): Seen {
	const { added_on: added, seeding_time: seeding, progress, state } = torrent;
	const before = decodeSeen(line);
	const after = before?.added === added ? startOver(before, seeding) : unseen(added);
	const limit = parameters.maxSightGapHours * 3600;
	after.selection = selectionOf(after, torrent);
	if (tracker.given) {
		const isGone = tracker.unregistered !== null && !tracker.working && !tracker.mouse;
		after.goneCredit = isGone ? after.goneCredit + between(after.goneLast, now, limit) : 0;
		after.goneLast = isGone ? now : null;
	}
	if (after.proven) return after;

	const isWhole = progress >= 1 && after.selection?.isPartial === false;
	const isSeeding = isWhole && SEEDING_STATES.includes(state);
	if (!isSeeding || (tracker.given && !tracker.working)) {
		after.last = null;
		return after;
	}
	if (!tracker.given) return after;
	if (after.last === null) {
		after.credit = seenSeconds(after);
		after.row = 0;
		after.first = seeding;
	} else after.row += between(after.last, now, limit);
	after.seeding = seeding;
	after.last = now;
	after.proven = seenSeconds(after) >= windowSeconds(parameters);
	return after;
}

/** `seen` with why it is kept without getting better by itself, if so. */
export function observeStale(seen: Seen, stale: StaleReason | null, now: number): Seen {
	if (stale === seen.stale) return seen;
	return { ...seen, stale, staleSince: stale === null ? 0 : now };
}
