import { tagsOf } from '../records';
import type { ClientTorrent } from '../../../shared/records';

/** The site counts a torrent as unsatisfied until it was seeded for 72 hours. */
const SATISFIED_SECONDS = 72 * 3600;

function announcesToMam(torrent: ClientTorrent): boolean {
	try {
		const { hostname } = new URL(torrent.tracker);
		return hostname === 'myanonamouse.net' || hostname.endsWith('.myanonamouse.net');
	} catch {
		return false;
	}
}

/** Whether a torrent is MAM's: of the category, tagged `mam*`, or announced there. */
export function isMams(torrent: ClientTorrent, category: string): boolean {
	return (
		torrent.category === category ||
		tagsOf(torrent).some((tag) => tag.startsWith('mam')) ||
		announcesToMam(torrent)
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
	return torrents.filter((torrent) => isMams(torrent, category) && isUnsatisfied(torrent)).length;
}
