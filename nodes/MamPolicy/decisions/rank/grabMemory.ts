import { isRecord } from '../../../shared/json';
import type { GrabMemory } from '../../types';

/** A torrent that could not be grabbed is tried again after this long: site and client change. */
export const TRIED_SECONDS = 24 * 3600;
const SECONDS_PER_DAY = 86_400;

/** Outcomes that would be the same if the torrent were tried again at the next run. */
const TRIED_RESULTS = ['duplicate', 'invalid', 'pending'];
const TRIED_CAUSES = ['vip_only', 'gone', 'bad_torrent'];

/** One torrent of the site and what became of its grab. */
export interface GrabOutcome {
	/** MAM id. */
	id: string;
	list: keyof GrabMemory;
}

function textOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The MAM id of an item: its `id`, or the one in its `mam-<id>` tag; null when it has neither. */
function mamIdOf(json: Record<string, unknown>): string | null {
	const id = textOf(json.id);
	if (/^\d{1,15}$/.test(id)) return id;
	return /(?:^|,)\s*mam-(\d{1,15})\s*(?:,|$)/.exec(textOf(json.tags))?.[1] ?? null;
}

function listOf(json: Record<string, unknown>): keyof GrabMemory | null {
	if (json.simulated === true || json.skipped === true) return null;
	if (json.error) {
		const cause = isRecord(json.details) ? json.details.cause : undefined;
		return TRIED_CAUSES.includes(textOf(cause)) ? 'tried' : null;
	}
	if (json.result === 'added') return 'added';
	return TRIED_RESULTS.includes(textOf(json.result)) ? 'tried' : null;
}

/**
 * How the grab ended that `json` (a result of download or add, or such a failure) tells of; null when
 * there is nothing to remember: refusals, time-outs, simulated results, anything without a MAM id.
 */
export function grabOutcome(json: unknown): GrabOutcome | null {
	if (!isRecord(json)) return null;
	const list = listOf(json);
	const id = mamIdOf(json);
	return list === null || id === null ? null : { id, list };
}

function timesOf(value: unknown): Record<string, number> {
	if (!isRecord(value)) return {};
	const times = Object.entries(value).filter(
		(entry): entry is [string, number] => /^\d+$/.test(entry[0]) && Number.isFinite(entry[1]),
	);
	return Object.fromEntries(times);
}

/** The memory in the workflow's static data; what is not a proper entry is left out. */
export function readGrabMemory(stored: unknown): GrabMemory {
	const memory = isRecord(stored) ? stored : {};
	return { added: timesOf(memory.added), tried: timesOf(memory.tried) };
}

/** A time that lies further ahead was noted by a clock that was wrong. */
function youngerThan(
	times: Record<string, number>,
	seconds: number,
	now: number,
): Record<string, number> {
	return Object.fromEntries(
		Object.entries(times).filter(([, at]) => Math.abs(now - at) <= seconds),
	);
}

/**
 * `memory` with `outcomes` noted at `now` (Unix seconds), without what is older than `regrabAfterDays`
 * (added) or 24 hours (tried).
 */
export function rememberOutcomes(
	memory: GrabMemory,
	outcomes: GrabOutcome[],
	now: number,
	regrabAfterDays: number,
): GrabMemory {
	const noted: GrabMemory = { added: { ...memory.added }, tried: { ...memory.tried } };
	for (const { id, list } of outcomes) noted[list][id] = now;
	return {
		added: youngerThan(noted.added, regrabAfterDays * SECONDS_PER_DAY, now),
		tried: youngerThan(noted.tried, TRIED_SECONDS, now),
	};
}
