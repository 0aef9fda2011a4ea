import { HIT_AND_RUN_HOURS, isHostOf, SITE_DOMAIN } from '../../../shared/site';
import { tagsOf } from '../records';
import type { ClientTorrent } from '../../../shared/records';

/** The site counts a torrent as unsatisfied until it was seeded for this long. */
const SATISFIED_SECONDS = HIT_AND_RUN_HOURS * 3600;

/** Whether a torrent is MAM's: of the category, tagged `mam*`, or announced there. */
export function belongsToMam(torrent: ClientTorrent, category: string): boolean {
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

/**
 * The client's own count of unsatisfied torrents: of the category, tagged `mam*` or announced to MAM, and
 * incomplete or seeded for less than 72 hours. The site's count lags and misses refused announces.
 */
export function countUnsatisfied(torrents: ClientTorrent[], category: string): number {
	return torrents.filter((torrent) => belongsToMam(torrent, category) && isUnsatisfied(torrent))
		.length;
}
