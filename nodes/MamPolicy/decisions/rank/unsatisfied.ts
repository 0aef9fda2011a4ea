import type { ClientTorrent } from '../../../shared/records';
import { QUEUED_STATES, STOPPED_STATES } from '../../../shared/torrentStates';
import { belongsToMam, isUnsatisfied, siteEvidence } from '../trackers/mamTorrents';

/** The site's count lags a quarter of an hour, and an announce may wait for half an hour. */
const LAG_SECONDS = 3600;

/** After 30 days the site no longer waits for a torrent. */
const COUNTED_SECONDS = 30 * 86_400;

/** States in which nothing is announced, so that the site does not come to count the torrent. */
const SILENT_STATES: readonly string[] = [...STOPPED_STATES, 'error', 'missingFiles'];

/** Whether the site does not count a torrent yet, but will. `now` in Unix seconds. */
function isUncounted(torrent: ClientTorrent, now: number): boolean {
	if (SILENT_STATES.includes(torrent.state)) return false;
	const age = now - torrent.added_on;
	const { error, unreachable } = siteEvidence(torrent);
	if (error !== null && !unreachable) return age < COUNTED_SECONDS;
	return isUnsatisfied(torrent) && (age < LAG_SECONDS || QUEUED_STATES.includes(torrent.state));
}

/**
 * MAM's torrents of the client that the site's count of unsatisfied ones misses: just added, waiting in the queue, or
 * refused by the tracker (they are counted as soon as it accepts them). A tracker that was not asked refuses nothing.
 */
export function countUncounted(torrents: ClientTorrent[], category: string, now: number): number {
	return torrents.filter((torrent) => belongsToMam(torrent, category) && isUncounted(torrent, now))
		.length;
}
