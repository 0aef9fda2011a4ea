import { HIT_AND_RUN_HOURS, isHostOf, SITE_DOMAIN } from '../../../shared/site';
import type { ClientTorrent } from '../../../shared/records';
import { QUEUED_STATES, STOPPED_STATES } from '../../../shared/torrentStates';
import { tagsOf } from '../records';
import { trackerEvidence, type TrackerEvidence } from '../trackers/trackerEvidence';

/** The site counts a torrent as unsatisfied until it was seeded for this long. */
const SATISFIED_SECONDS = HIT_AND_RUN_HOURS * 3600;

/** The site's count lags a quarter of an hour, and an announce may wait for half an hour. */
const LAG_SECONDS = 3600;

/** After 30 days the site no longer waits for a torrent. */
const COUNTED_SECONDS = 30 * 86_400;

/** States in which nothing is announced, so that the site does not come to count the torrent. */
const SILENT_STATES: readonly string[] = [...STOPPED_STATES, 'error', 'missingFiles'];

/** Whether a torrent is MAM's: of the category, tagged `mam*`, or announced there. */
export function belongsToMam(
	torrent: Pick<ClientTorrent, 'category' | 'tags' | 'tracker'>,
	category: string,
): boolean {
	return (
		torrent.category === category ||
		tagsOf(torrent).some((tag) => tag.startsWith('mam')) ||
		isHostOf(torrent.tracker, SITE_DOMAIN)
	);
}

/** Whether the site still wants a torrent seeded: incomplete, or seeded for less than 72 hours. */
export function isUnsatisfied({ progress, seeding_time: seeded }: ClientTorrent): boolean {
	return progress < 1 || seeded < SATISFIED_SECONDS;
}

/** What MAM's tracker says of a torrent. */
export function siteEvidence({ trackers }: ClientTorrent): TrackerEvidence {
	return trackerEvidence(trackers, [], [SITE_DOMAIN]);
}

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
