import { startQbittorrentStandIn } from '../sandbox/qbittorrent/standIn.mts';
import { isInstalled } from '../stack/debian.mts';
import { PASSWORD, startQbittorrent, USERNAME } from '../stack/qbittorrent.mts';
import { seedTorrentFile, type SeedTorrent } from '../stack/seedTorrents.mts';

/** The torrent client of the demo. */
export interface DemoClient {
	/** What it is, for the reader. */
	kind: string;
	url: string;
	/** Names of the torrents that it has. */
	names(): Promise<string[]>;
	stop(): Promise<void>;
}

/** Starts the stand-in with torrents. */
export async function startStandIn(torrents: SeedTorrent[]): Promise<DemoClient> {
	const standIn = await startQbittorrentStandIn({ username: USERNAME, password: PASSWORD });
	const now = Math.floor(Date.now() / 1000);
	for (const seed of torrents) {
		const { infoHash: hash } = seedTorrentFile(seed);
		const bytes = Math.round(seed.sizeBytes * seed.progress);
		standIn.give({
			hash,
			name: seed.name,
			state: seed.progress === 1 ? 'stalledUP' : 'stalledDL',
			category: seed.category,
			tags: (seed.tags ?? []).join(', '),
			progress: seed.progress,
			size: seed.sizeBytes,
			amount_left: seed.sizeBytes - bytes,
			downloaded: bytes,
			completed: bytes,
			uploaded: seed.uploadedBytes ?? 0,
			added_on: now - seed.addedSecondsAgo,
			seeding_time: seed.seedingSeconds ?? 0,
			num_complete: 6,
			tracker: seed.announce,
			content_path: `/downloads/${seed.name}`,
		});
	}
	return {
		kind: 'a simulated qBittorrent',
		url: standIn.url,
		names: async () => standIn.torrents().map(({ name }) => name),
		stop: async () => await standIn.stop(),
	};
}

/** Starts the real qBittorrent where it is installed, otherwise the stand-in. */
export async function startClient(folder: string, torrents: SeedTorrent[]): Promise<DemoClient> {
	if (!isInstalled('qbittorrent-nox')) {
		const standIn = await startStandIn(torrents);
		return { ...standIn, kind: `${standIn.kind} (qbittorrent-nox is not installed)` };
	}
	const client = await startQbittorrent({ folder, torrents });
	return {
		kind: `the real qBittorrent ${String(await client.get('app/version'))}`,
		url: client.url,
		names: async () => (await client.torrents()).map(({ name }) => name),
		stop: async () => await client.stop(),
	};
}
