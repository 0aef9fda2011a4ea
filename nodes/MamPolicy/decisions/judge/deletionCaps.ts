import type { Decision } from '../../types';
import { keep } from '../result';
import type { Judged } from './judgeTorrent';
import type { JudgeParameters } from './parameters';

/** How long a torrent that was not deleted waits: chosen in each run, it would take the place of another. */
const TRY_AGAIN_SECONDS = 24 * 3600;

/** `judged` with only the first `limit` of `chosen` left as they are; the rest gets `decision`. */
function capped(judged: Judged[], chosen: Judged[], limit: number, decision: Decision): Judged[] {
	if (chosen.length <= limit) return judged;
	const rest = new Set(chosen.slice(limit));
	return judged.map((item) => (rest.has(item) ? { ...item, decision } : item));
}

/** A torrent whose data is missing counts as completed. */
function isCompletedDeletion({ wasComplete, decision }: Judged): boolean {
	return wasComplete && decision.verdict === 'delete';
}

/** Whether there is a limit per run for deletions like this one. */
export function isCapped(item: Judged): boolean {
	return isCompletedDeletion(item) || item.decision.reason === 'unregistered';
}

/** `item`, kept where a run in the last 24 h wanted to delete it and it is still listed. */
export function holdTried(item: Judged, now: number): Judged {
	const { triedAt } = item;
	if (triedAt === null || !isCapped(item)) return item;
	// A time to come is that of a clock which was set back.
	const isRecent = now >= triedAt && now - triedAt < TRY_AGAIN_SECONDS;
	return isRecent ? { ...item, decision: NOT_DELETED } : item;
}

const NOT_DELETED = keep(
	'not_deleted',
	'A run in the last 24 h tried to delete it, but the client still lists it: the result of that run says why. It is tried again after those 24 h.',
);

function longestSeededFirst(judged: Judged[]): Judged[] {
	return [...judged].sort((a, b) => b.torrent.seeding_time - a.torrent.seeding_time);
}

/** Cuts the unregistered torrents that one run deletes. */
export function capUnregistered(judged: Judged[], parameters: JudgeParameters): Judged[] {
	const { maxUnregisteredPerRun } = parameters;
	return capped(
		judged,
		judged.filter(({ decision }) => decision.reason === 'unregistered'),
		maxUnregisteredPerRun,
		keep(
			'unregistered_capped',
			`A run deletes at most ${maxUnregisteredPerRun} unregistered torrents.`,
		),
	);
}

/** Cuts the completed torrents of any reason that one run deletes, longest seeded first. */
export function capCompleted(judged: Judged[], parameters: JudgeParameters): Judged[] {
	const { maxCompletedPerRun } = parameters;
	if (maxCompletedPerRun === 0) return judged;
	return capped(
		judged,
		longestSeededFirst(judged.filter(isCompletedDeletion)),
		maxCompletedPerRun,
		keep(
			'run_capped',
			`A run deletes at most ${maxCompletedPerRun} completed torrents, longest seeded first.`,
		),
	);
}
