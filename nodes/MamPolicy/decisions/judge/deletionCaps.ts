import type { Decision, Reason } from '../../types';
import { keep } from '../result';
import type { Judged, JudgeParameters } from './judgeTorrent';

/** The rules that let go of torrents which have done their duty. */
const RETIRE_REASONS: readonly Reason[] = ['graceful_retire', 'zero_demand', 'satisfied_redundant'];

function isRetired({ decision }: Judged): boolean {
	return RETIRE_REASONS.includes(decision.reason);
}

/** `judged` with only the first `limit` of `chosen` left as they are; the rest gets `decision`. */
function capped(judged: Judged[], chosen: Judged[], limit: number, decision: Decision): Judged[] {
	const rest = new Set(chosen.slice(Math.max(0, limit)));
	return judged.map((item) => (rest.has(item) ? { ...item, decision } : item));
}

function isCompletedDeletion({ torrent, decision }: Judged): boolean {
	return torrent.progress >= 1 && decision.verdict === 'delete';
}

function longestSeededFirst(judged: Judged[]): Judged[] {
	return [...judged].sort((a, b) => b.torrent.seeding_time - a.torrent.seeding_time);
}

/**
 * Cuts what one run deletes: unregistered torrents, and completed ones of any reason, longest seeded first;
 * and retires only what exceeds `retireOnlyAbove` torrents of the category, because seeding earns points.
 */
export function capDeletions(judged: Judged[], parameters: JudgeParameters): Judged[] {
	const { maxUnregisteredPerRun, maxCompletedPerRun, retireOnlyAbove } = parameters;
	let result = capped(
		judged,
		judged.filter(({ decision }) => decision.reason === 'unregistered'),
		maxUnregisteredPerRun,
		keep(
			'unregistered_capped',
			`A run deletes at most ${maxUnregisteredPerRun} unregistered torrents.`,
		),
	);
	const staying = result.filter((item) => item.decision.verdict === 'keep' || isRetired(item));
	result = capped(
		result,
		longestSeededFirst(result.filter(isRetired)),
		staying.length - retireOnlyAbove,
		keep(
			'active',
			`Retired only above ${retireOnlyAbove} torrents of the category, longest seeded first; ${staying.length} remain after the other deletions.`,
		),
	);
	if (maxCompletedPerRun > 0) {
		const detail = `A run deletes at most ${maxCompletedPerRun} completed torrents, longest seeded first.`;
		result = capped(
			result,
			longestSeededFirst(result.filter(isCompletedDeletion)),
			maxCompletedPerRun,
			keep('run_capped', detail),
		);
	}
	return result;
}
