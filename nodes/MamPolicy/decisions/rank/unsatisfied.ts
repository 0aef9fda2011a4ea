import type { ClientTorrent } from '../../../shared/records';
import { QUEUED_STATES, STOPPED_STATES } from '../../../shared/torrentStates';
import { belongsToMam, isUnsatisfied, siteEvidence } from '../trackers/mamTorrents';
import type { TrackerEvidence } from '../trackers/trackerEvidence';

/** The site's count lags a quarter of an hour, and an announce may wait for half an hour. */
const LAG_SECONDS = 3600;

/** After 30 days the site no longer waits for a torrent. */
const COUNTED_SECONDS = 30 * 86_400;

/** States in which nothing is announced, so the site never counts the torrent. */
const SILENT_STATES: readonly string[] = [...STOPPED_STATES, 'error', 'missingFiles'];

/**
 * Whether the tracker may never have heard of a torrent: nothing has come, because it named no peers. Where it was not
 * asked, the list names it once it has worked.
 */
function isUnheard(
	{ progress, trackers, tracker }: ClientTorrent,
	{ working, mouse }: TrackerEvidence,
): boolean {
	const hasWorked = trackers === undefined ? tracker !== '' : working || mouse;
	return progress === 0 && !hasWorked;
}

/** Whether the site does not count a torrent yet, but will. `now` in Unix seconds. */
function isUncounted(torrent: ClientTorrent, now: number): boolean {
	if (SILENT_STATES.includes(torrent.state)) return false;
	const age = now - torrent.added_on;
	const evidence = siteEvidence(torrent);
	const isRefused = evidence.error !== null && !evidence.unreachable;
	if (age < COUNTED_SECONDS && (isRefused || isUnheard(torrent, evidence))) return true;
	return isUnsatisfied(torrent) && (age < LAG_SECONDS || QUEUED_STATES.includes(torrent.state));
}

/**
 * MAM's torrents of the client that the site's count of unsatisfied ones misses: just added, waiting in the queue,
 * refused by the tracker, or added while it was away (they are counted as soon as it hears of them).
 */
export function countUncounted(torrents: ClientTorrent[], category: string, now: number): number {
	return torrents.filter((torrent) => belongsToMam(torrent, category) && isUncounted(torrent, now))
		.length;
}
