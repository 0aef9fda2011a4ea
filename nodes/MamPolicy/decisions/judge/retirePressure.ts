import { GIB, gib } from '../format';
import { keep } from '../result';
import type { Decision, Reason } from '../../types';
import type { Judged } from './judgeTorrent';
import type { Retired } from './memory';
import type { JudgeParameters } from './parameters';

/** The rules that let go of torrents which have done their duty. */
const RETIRE_REASONS: readonly Reason[] = ['graceful_retire', 'zero_demand', 'satisfied_redundant'];

const DAY = 24 * 3600;

/** What part of the freed bytes must have appeared, so that deleting is known to free space. */
const APPEARED = 0.5;

function isRetired({ decision }: Judged): boolean {
	return RETIRE_REASONS.includes(decision.reason);
}

/** The disk, for retiring by space. */
export interface Space {
	/** Free bytes once all started torrents are complete; null: unknown, which makes no pressure. */
	bytes: number | null;
	/** Bytes of torrents that were added since the last run that retired for space. */
	addedSince: number;
	/** Bytes of what that run wanted to delete and the client still lists: it did not delete them. */
	undeleted: number;
	memory: Retired | null;
	/** Unix seconds. */
	now: number;
}

/** `judged` with only those retired that pressure asks for. */
export interface Pressed {
	judged: Judged[];
	/** Those that are retired for their space. */
	forSpace: Set<Judged['torrent']>;
	/** Whether the space of the run before is still missing. */
	isStuck: boolean;
}

/** A torrent with more seeders earns fewer points, and a small one is the least loss. */
function byPointsAscending(a: Judged, b: Judged): number {
	return b.torrent.num_complete - a.torrent.num_complete || a.torrent.size - b.torrent.size;
}

function bySpaceFreed(a: Judged, b: Judged): number {
	return b.torrent.num_complete - a.torrent.num_complete || b.torrent.size - a.torrent.size;
}

function sizeOf(judged: Judged[]): number {
	return judged.reduce((sum, { torrent }) => sum + torrent.size, 0);
}

/** The bytes of what the last run retired and the client deleted. */
function deletedBytes({ memory, undeleted }: Space): number {
	return memory === null ? 0 : memory.freed - undeleted;
}

/** Whether the bytes that the last run freed are still missing: trash, hard links, or another program. */
function hasFreedNothing(space: Space): boolean {
	const { bytes, addedSince, memory } = space;
	const freed = deletedBytes(space);
	if (memory === null || freed <= 0 || bytes === null) return false;
	return bytes + addedSince < memory.space + freed * APPEARED;
}

/** The candidates that lift the space over the limit, with the fewest points lost; no more than the day allows. */
function chosenForSpace(candidates: Judged[], missing: number, allowed: number): Judged[] {
	const chosen: Judged[] = [];
	for (const item of [...candidates].sort(bySpaceFreed)) {
		if (chosen.length >= allowed || sizeOf(chosen) >= missing) break;
		chosen.push(item);
	}
	return chosen;
}

/**
 * Seeding earns points, so with a limit of number or space set, torrents are retired only above that number or below
 * that space; with neither, always.
 */
export function retireUnderPressure(
	judged: Judged[],
	parameters: JudgeParameters,
	space: Space,
): Pressed {
	const { retireOnlyAbove, retireBelowFreeGiB, maxRetiredForSpacePerDay } = parameters;
	if (retireOnlyAbove === 0 && retireBelowFreeGiB === 0)
		return { judged, forSpace: new Set(), isStuck: false };

	const retired = judged.filter(isRetired);
	const staying = judged.filter((item) => item.decision.verdict === 'keep' || isRetired(item));
	const excess = retireOnlyAbove === 0 ? 0 : Math.max(0, staying.length - retireOnlyAbove);
	const chosen = new Set([...retired].sort(byPointsAscending).slice(0, excess));

	const missing =
		retireBelowFreeGiB === 0 || space.bytes === null
			? 0
			: retireBelowFreeGiB * GIB - space.bytes - sizeOf([...chosen]);
	const isStuck = missing > 0 && hasFreedNothing(space);
	const forSpace = isStuck
		? []
		: chosenForSpace(
				retired.filter((item) => !chosen.has(item)),
				missing,
				maxRetiredForSpacePerDay - dayOf(space).count,
			);
	forSpace.forEach((item) => chosen.add(item));

	const rest = isStuck ? freedNothing(space) : kept(staying.length, space.bytes, parameters);
	return {
		judged: judged.map((item) =>
			isRetired(item) && !chosen.has(item) ? { ...item, decision: rest } : item,
		),
		forSpace: new Set(forSpace.map(({ torrent }) => torrent)),
		isStuck,
	};
}

/** The day that is counted, and how many were retired for their space in it. */
function dayOf({ memory, now }: Space): Pick<Retired, 'since' | 'count'> {
	const isSameDay = memory !== null && now >= memory.since && now - memory.since < DAY;
	return isSameDay ? memory : { since: now, count: 0 };
}

/** What the next run must know of a day on which torrents are deleted for their space: what should have been freed. */
export function rememberRetired(
	space: Space,
	{ isStuck, forSpace }: Pressed,
	final: Judged[],
): Retired | null {
	if (isStuck || space.bytes === null) return space.memory;
	const { since, count: before } = dayOf(space);
	const deleted = final.filter(({ decision }) => decision.verdict === 'delete');
	const count = before + deleted.filter(({ torrent }) => forSpace.has(torrent)).length;
	if (count === 0) return null;
	return {
		at: space.now,
		space: space.bytes,
		freed: sizeOf(deleted.filter(({ torrent }) => torrent.progress === 1)),
		since,
		count,
	};
}

function freedNothing(space: Space): Decision {
	return keep(
		'freed_nothing',
		`The last run should have freed ${gib(deletedBytes(space))}, but the free space has not risen: empty the trash of the client, and look for hard links or another program that fills the disk. Once enough space is free, deleting resumes.`,
	);
}

function kept(
	staying: number,
	bytes: number | null,
	{ retireOnlyAbove, retireBelowFreeGiB }: JudgeParameters,
): Decision {
	const number =
		retireOnlyAbove === 0
			? []
			: [
					`only above ${retireOnlyAbove} torrents of the category (${staying} remain after the other deletions)`,
				];
	const space =
		retireBelowFreeGiB === 0
			? []
			: [
					`only below ${retireBelowFreeGiB} GiB of free space (${bytes === null ? 'unknown' : gib(Math.max(0, bytes))} now)`,
				];
	return keep(
		'active',
		`Retired ${[...number, ...space].join(', or ')}, those that earn least first.`,
	);
}
