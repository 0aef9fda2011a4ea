import { isHash, normaliseState, readTracker, type RawTorrent } from '../parse/torrent';
import type { TrackerRecord } from '../types';
import type { Client } from './client';

/** More hashes than this and listing everything is cheaper; a proxy may cut a URL above 8 KiB. */
const MAX_HASHES_IN_URL = 100;

/** At most so many `torrents/trackers` calls a run, where the version knows no shorter way. */
const MAX_TRACKER_CALLS = 30;

/** Parameters of `torrents/info`. */
export type TorrentQuery = Record<string, string | number | boolean>;

/** Those of `hashes` that the client lists, by lower-case hash. */
export async function listByHash(
	client: Client,
	hashes: string[],
): Promise<Map<string, RawTorrent>> {
	if (hashes.length === 0) return new Map();
	const query: TorrentQuery = hashes.length > MAX_HASHES_IN_URL ? {} : { hashes: hashes.join('|') };
	const wanted = new Set(hashes.map((hash) => hash.toLowerCase()));
	const listed = await listTorrents(client, query);
	return new Map(
		listed
			.map((torrent): [string, RawTorrent] => [torrent.hash.toLowerCase(), torrent])
			.filter(([hash]) => wanted.has(hash)),
	);
}

/** The torrents that `torrents/info` answers; an entry without a hash is no torrent and left out. */
export async function listTorrents(client: Client, query: TorrentQuery): Promise<RawTorrent[]> {
	const path = 'torrents/info';
	const answer = await client.send({ path, query });
	const list = client.parse<unknown>(answer, path);
	if (!Array.isArray(list)) {
		throw client.failure({
			cause: 'unknown',
			sentence: 'qBittorrent answered torrents/info with something other than a list.',
			action: 'See whether a proxy in front of qBittorrent changes its answers.',
		});
	}
	return list.filter((entry): entry is RawTorrent => isHash((entry as RawTorrent | null)?.hash));
}

/** The trackers of one torrent; null when the client has no torrent `hash`. */
export async function trackersOf(client: Client, hash: string): Promise<TrackerRecord[] | null> {
	const path = 'torrents/trackers';
	const answer = await client.send({ path, query: { hash }, accept: [404] });
	if (answer.status === 404) return null;
	return client.parse<TrackerRecord[]>(answer, path).map(readTracker);
}

function announces(torrent: RawTorrent): boolean {
	return !/^(stopped|queued)/.test(normaliseState(torrent.state));
}

/**
 * Adds `trackers` to the torrents of a client before 5.1, whose list has none. There `tracker` is empty
 * while no tracker works, so a filled one is itself evidence of a working tracker and costs no call; of the
 * others those that announce are asked, within the limit. Who was not asked gets no `trackers`.
 */
async function withAskedTrackers(client: Client, torrents: RawTorrent[]): Promise<RawTorrent[]> {
	let calls = 0;
	const results: RawTorrent[] = [];
	for (const torrent of torrents) {
		let trackers: TrackerRecord[] | null = null;
		if (typeof torrent.tracker === 'string' && torrent.tracker !== '') {
			trackers = [{ url: torrent.tracker, status: 2, tier: 0, msg: '' }];
		} else if (announces(torrent) && calls < MAX_TRACKER_CALLS) {
			calls += 1;
			trackers = await trackersOf(client, torrent.hash);
		}
		results.push(trackers === null ? torrent : { ...torrent, trackers });
	}
	return results;
}

/** {@link listTorrents} with what the trackers of each torrent say, where it can be known. */
export async function listWithTrackers(client: Client, query: TorrentQuery): Promise<RawTorrent[]> {
	if (client.capabilities.includeTrackers) {
		return await listTorrents(client, { ...query, includeTrackers: 'true' });
	}
	return await withAskedTrackers(client, await listTorrents(client, query));
}
