import type { ClientTorrent } from '../../QBittorrent/types';
import { tagsOf } from './records';

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

function isMams(torrent: ClientTorrent, category: string): boolean {
	return (
		torrent.category === category ||
		tagsOf(torrent).some((tag) => tag.startsWith('mam')) ||
		announcesToMam(torrent)
	);
}

/**
 * The client's own count of unsatisfied torrents: of the category, tagged `mam*` or announced to MAM, and
 * incomplete or seeded for less than 72 hours. The site's count lags and misses refused announces.
 */
export function countUnsatisfied(torrents: ClientTorrent[], category: string): number {
	return torrents.filter(
		(torrent) =>
			isMams(torrent, category) &&
			(torrent.progress < 1 || torrent.seeding_time < SATISFIED_SECONDS),
	).length;
}
