import { HIT_AND_RUN_HOURS, isHostOf, SITE_DOMAIN } from '../../../shared/site';
import type { ClientTorrent, TrackerRecord } from '../../../shared/records';
import { tagsOf } from '../records';
import { trackerEvidence, type TrackerEvidence } from './trackerEvidence';

/** The site counts a torrent as unsatisfied until it was seeded for this long. */
const SATISFIED_SECONDS = HIT_AND_RUN_HOURS * 3600;

/** `mam`, `mam-7`, `mam_books`: but not a longer word with the same start. */
const SITE_TAG = /^mam(?![\p{L}\p{N}])/u;

/** What tells whose a torrent is. */
type Owned = Pick<ClientTorrent, 'category' | 'tags' | 'tracker'> & {
	trackers?: Array<Pick<TrackerRecord, 'url'>>;
};

/** The list names one tracker, and none before it has worked; `trackers`, where they are given, are all of them. */
function isAnnouncedThere({ tracker, trackers = [] }: Owned): boolean {
	return [tracker, ...trackers.map(({ url }) => url)].some((url) => isHostOf(url, SITE_DOMAIN));
}

/** Whether a torrent is MAM's: of the category, tagged `mam…`, or announced there. */
export function belongsToMam(torrent: Owned, category: string): boolean {
	return (
		torrent.category === category ||
		tagsOf(torrent).some((tag) => SITE_TAG.test(tag)) ||
		isAnnouncedThere(torrent)
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
