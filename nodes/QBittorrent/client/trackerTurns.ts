import { normaliseState, stateKind } from '../../shared/torrentStates';
import type { RawTorrent } from '../parse/torrent';

const HOUR_MS = 3_600_000;
const DAY = 86_400;

/** One run asks for a sixteenth of the torrents, so that a run every 15 minutes asks for each within 4 hours. */
const SHARE = 16;
const MIN_ASKED = 30;
const MAX_ASKED = 100;

/** For how long a torrent that was asked for lets the others go first. The janitor counts at most 6 hours between two looks. */
const TURN_MS = 4 * HOUR_MS;

/** MAM's 72 hours and the janitor's margin of a day, in seconds of seeding. */
const WINDOW = 4 * DAY;

/** Unix milliseconds by hash, by reader: when a run of this process last asked for the trackers of each torrent. */
const turns = new Map<string, Map<string, number>>();

/**
 * Whether its trackers are worth a call: only a torrent that announces has fresh ones. The `tracker` of the
 * list tells nothing: 4.5.2 keeps the one that worked last even while it refuses every announce.
 */
function announces(torrent: RawTorrent): boolean {
	const state = normaliseState(torrent.state);
	const kind = stateKind(state);
	return (kind === 'downloading' || kind === 'seeding') && !state.startsWith('queued');
}

function isComplete({ progress }: RawTorrent): boolean {
	return Number(progress) >= 1;
}

/** Whether its seeding is still to be proven, by the client's clock. */
function isInWindow(torrent: RawTorrent): boolean {
	return isComplete(torrent) && Number(torrent.seeding_time) < WINDOW;
}

/** Whether the janitor would delete it by its default thresholds, if its tracker allows that. */
function mayGo(torrent: RawTorrent, now: number): boolean {
	const { state, downloaded, uploaded, seeding_time, num_complete, added_on } = torrent;
	const age = now / 1000 - Number(added_on);
	if (!isComplete(torrent)) return age > DAY && (downloaded === 0 || state === 'stalledDL');
	return (
		Number(seeding_time) > 14 * DAY || Number(num_complete) > 5 || (uploaded === 0 && age > 7 * DAY)
	);
}

/** Fractional part of the golden ratio: its multiples spread evenly over [0, 1). */
const GOLDEN = 0.618033988749895;

/** `list` started at another place every minute, so that every part of it comes first at times, on any schedule. */
export function rotated<T>(list: T[], now: number): T[] {
	const start = Math.floor(((Math.floor(now / 60_000) * GOLDEN) % 1) * list.length);
	return [...list.slice(start), ...list.slice(0, start)];
}

/**
 * Those of `torrents` whose trackers `reader` is to ask for in this run. Of those that have not had their turn for
 * hours, first the completed ones inside the Hit & Run window, then those that would be deleted, then the rest; in each
 * group and after them, those asked for longest ago. A turn is over when {@link noteTurn} says so. Without a reader no
 * torrent is due first.
 */
export function nextTurns(
	torrents: RawTorrent[],
	reader: string | null,
	now: number,
): RawTorrent[] {
	const candidates = torrents.filter(announces);
	const count = Math.min(MAX_ASKED, Math.max(MIN_ASKED, Math.ceil(candidates.length / SHARE)));
	const last = (reader === null ? null : turns.get(reader)) ?? new Map<string, number>();
	for (const [hash, at] of last) if (Math.abs(now - at) > 24 * HOUR_MS) last.delete(hash);
	const ranked = rotated(candidates, now).map((torrent) => {
		const at = last.get(torrent.hash) ?? 0;
		const isDue = !(now - at >= 0 && now - at < TURN_MS);
		const rank = !isDue ? 3 : isInWindow(torrent) ? 0 : mayGo(torrent, now) ? 1 : 2;
		return { torrent, rank, at };
	});
	return ranked
		.sort((a, b) => a.rank - b.rank || a.at - b.at)
		.slice(0, count)
		.map(({ torrent }) => torrent);
}

/** Notes that the client has answered `reader` about the torrent `hash`: a failed request does not count. */
export function noteTurn(reader: string | null, hash: string, now: number): void {
	if (reader === null) return;
	const last = turns.get(reader) ?? new Map<string, number>();
	turns.set(reader, last.set(hash, now));
}
