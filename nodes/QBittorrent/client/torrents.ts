import type { IDataObject } from 'n8n-workflow';

import type { FailureFacts } from '../../shared/failure';
import type { TrackerRecord } from '../../shared/records';
import { normaliseState, stateKind } from '../../shared/torrentStates';
import { isHash, readTracker, type RawTorrent } from '../parse/torrent';
import type { Client } from './client';

/** With more hashes than this the query goes in a form: qBittorrent and proxies refuse long URLs. */
const MAX_HASHES_IN_URL = 100;

/** Maximum number of `torrents/trackers` calls per run, where the version knows no shorter way. */
const MAX_TRACKER_CALLS = 30;

/** Maximum number of `torrents/files` calls per list, to see which torrents have deselected files. */
const MAX_FILES_CALLS = 20;

/** Parameters of `torrents/info`. */
export type TorrentQuery = Record<string, string | number | boolean>;

/** The facts of a hash that the client does not list. */
export function goneFacts(hash: string): FailureFacts {
	return {
		cause: 'gone',
		sentence: `qBittorrent has no torrent ${hash}.`,
		action: 'It was deleted or never added. List the torrents again instead of using an old hash.',
	};
}

/** Those of `hashes` that the client lists, by lower-case hash. */
export async function listByHash(
	client: Client,
	hashes: string[],
): Promise<Map<string, RawTorrent>> {
	if (hashes.length === 0) return new Map();
	return byHash(await listTorrents(client, { hashes: hashes.join('|') }));
}

/** All that the client lists, by lower-case hash. */
export async function listAllByHash(client: Client): Promise<Map<string, RawTorrent>> {
	return byHash(await listTorrents(client, {}));
}

function byHash(torrents: RawTorrent[]): Map<string, RawTorrent> {
	return new Map(torrents.map((torrent) => [torrent.hash.toLowerCase(), torrent]));
}

/** The torrents that `torrents/info` answers; an entry without a hash is not a torrent and is left out. */
export async function listTorrents(client: Client, query: TorrentQuery): Promise<RawTorrent[]> {
	const path = 'torrents/info';
	const isLong = String(query.hashes ?? '').length > MAX_HASHES_IN_URL * 41;
	const fields = Object.entries(query).map(([name, value]): [string, string] => [
		name,
		String(value),
	]);
	const answer = await client.send(
		isLong ? { path, method: 'POST', body: new URLSearchParams(fields) } : { path, query },
	);
	const list = client.parse<unknown>(answer, path);
	if (!Array.isArray(list)) {
		throw client.failure({
			cause: 'unknown',
			sentence: 'qBittorrent answered torrents/info with something other than a list.',
			action: 'Check whether a proxy in front of qBittorrent changes its answers.',
		});
	}
	return list.filter((entry): entry is RawTorrent => isHash((entry as RawTorrent | null)?.hash));
}

/** The files of one torrent, as `torrents/files` gives them; null when the client has no torrent `hash`. */
export async function filesOf(client: Client, hash: string): Promise<IDataObject[] | null> {
	const path = 'torrents/files';
	const answer = await client.send({ path, query: { hash }, accept: [404] });
	if (answer.status === 404) return null;
	return client.parse<IDataObject[]>(answer, path);
}

/** The trackers of one torrent; null when the client has no torrent `hash`. */
export async function trackersOf(client: Client, hash: string): Promise<TrackerRecord[] | null> {
	const path = 'torrents/trackers';
	const answer = await client.send({ path, query: { hash }, accept: [404] });
	if (answer.status === 404) return null;
	return client.parse<TrackerRecord[]>(answer, path).map(readTracker);
}

/**
 * Whether its trackers are worth a call: only a torrent that announces has fresh ones. The `tracker` of the
 * list tells nothing: 4.5.2 keeps the one that worked last even while it refuses every announce.
 */
function announces(torrent: RawTorrent): boolean {
	const state = normaliseState(torrent.state);
	const kind = stateKind(state);
	return (kind === 'downloading' || kind === 'seeding') && !state.startsWith('queued');
}

/** Fractional part of the golden ratio: its multiples spread evenly over [0, 1), so every torrent gets its turn on any schedule. */
const GOLDEN = 0.618033988749895;

/** At most `limit` of them, others with every minute. */
function rotatingSlice<T>(list: T[], limit: number, now: Date): T[] {
	if (list.length <= limit) return list;
	const minute = Math.floor(now.getTime() / 60_000);
	const start = Math.floor(((minute * GOLDEN) % 1) * list.length);
	return [...list.slice(start), ...list.slice(0, start)].slice(0, limit);
}

/** A padding file (BEP 47): part of some torrents, which no client downloads. */
const PADDING = /(^|[\\/])\.pad[\\/]/;

/** How many files of the torrent are deselected; null when the client does not say. */
export async function countDeselected(client: Client, hash: string): Promise<number | null> {
	const files = await filesOf(client, hash);
	if (!Array.isArray(files)) return null;
	if (!files.every((file) => typeof file?.priority === 'number')) return null;
	return files.filter(({ name, priority }) => priority === 0 && !PADDING.test(String(name))).length;
}

/**
 * Whether files of the torrent may be deselected: less is wanted than there is. That alone proves nothing, as
 * padding files count in the total, too.
 */
export function mayBePartial({ size, total_size: total }: RawTorrent): boolean {
	return !(Number(size) >= Number(total));
}

/**
 * Adds `deselected_files` to `torrents`: how many are deselected, and null where it was not asked, because that takes
 * a request per torrent. At most {@link MAX_FILES_CALLS} are asked, others the next time.
 */
export async function addDeselected(client: Client, torrents: RawTorrent[]): Promise<void> {
	for (const torrent of torrents) torrent.deselected_files = mayBePartial(torrent) ? null : 0;
	const unclear = torrents.filter(mayBePartial);
	for (const torrent of rotatingSlice(unclear, MAX_FILES_CALLS, new Date()))
		torrent.deselected_files = await countDeselected(client, torrent.hash);
}

/** Asks for the trackers of some torrents one by one, as before 5.1 the list has none. Who was not asked gets no `trackers`. */
async function withAskedTrackers(client: Client, torrents: RawTorrent[]): Promise<RawTorrent[]> {
	const answers = new Map<string, TrackerRecord[] | null>();
	for (const { hash } of rotatingSlice(torrents.filter(announces), MAX_TRACKER_CALLS, new Date())) {
		answers.set(hash, await trackersOf(client, hash));
	}
	return torrents.map((torrent) => {
		const trackers = answers.get(torrent.hash);
		return trackers ? { ...torrent, trackers } : torrent;
	});
}

/** {@link listTorrents} with what the trackers of each torrent say, where it can be known. */
export async function listWithTrackers(client: Client, query: TorrentQuery): Promise<RawTorrent[]> {
	if (client.capabilities.includeTrackers) {
		return await listTorrents(client, { ...query, includeTrackers: 'true' });
	}
	return await withAskedTrackers(client, await listTorrents(client, query));
}
