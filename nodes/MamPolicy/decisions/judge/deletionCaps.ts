import type { Decision } from '../../types';
import { keep } from '../result';
import type { Judged } from './judgeTorrent';
import type { JudgeParameters } from './parameters';

/** `judged` with only the first `limit` of `chosen` left as they are; the rest gets `decision`. */
function capped(judged: Judged[], chosen: Judged[], limit: number, decision: Decision): Judged[] {
	const rest = new Set(chosen.slice(limit));
	return judged.map((item) => (rest.has(item) ? { ...item, decision } : item));
}

/** A torrent whose data is missing counts as completed. */
function isCompletedDeletion({ wasComplete, decision }: Judged): boolean {
	return wasComplete && decision.verdict === 'delete';
}

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
