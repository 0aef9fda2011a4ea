import type { MamStandIn } from '../sandbox/mam/standIn.mts';
import { seedTorrentFile, type SeedTorrent } from './seedTorrents.mts';

/** A MAM torrent of the client that never started and was added 30 h ago; `change` gives it another past. */
export function seed(
	{ tracker }: MamStandIn,
	name: string,
	change: Partial<SeedTorrent> = {},
): SeedTorrent {
	return {
		name,
		sizeBytes: 160_000,
		announce: tracker.url,
		category: 'mam-farming',
		progress: 0,
		addedSecondsAgo: 30 * 3600,
		...change,
	};
}

/** `seeds`, which the tracker knows from now on. */
export function registered({ tracker }: MamStandIn, ...seeds: SeedTorrent[]): SeedTorrent[] {
	for (const one of seeds) tracker.alsoRegistered.add(seedTorrentFile(one).infoHash);
	return seeds;
}
