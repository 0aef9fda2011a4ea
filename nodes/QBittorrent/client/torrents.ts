import type { IDataObject } from 'n8n-workflow';

import type { FailureFacts } from '../../shared/failure';
import type { TrackerRecord } from '../../shared/records';
import { isHash, readTracker, type RawTorrent } from '../parse/torrent';
import type { Client } from './client';
import { concurrently } from './concurrently';
import { nextTurns, noteTurn, rotated } from './trackerTurns';

/** With more hashes than this the query goes in a form: qBittorrent and proxies refuse long URLs. */
const MAX_HASHES_IN_URL = 100;

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

/** A padding file (BEP 47): listed in some torrents, downloaded by no client. */
const PADDING = /(^|[\\/])\.pad[\\/]/;

/** How many of a torrent's files are deselected; null when the client does not say. */
export function countDeselected(files: IDataObject[] | null): number | null {
	if (!Array.isArray(files) || files.length === 0) return null;
	if (!files.every((file) => typeof file?.priority === 'number')) return null;
	return files.filter(({ name, priority }) => priority === 0 && !PADDING.test(String(name))).length;
}

/**
 * Whether files of the torrent may be deselected: less is wanted than there is. That alone proves nothing:
 * padding files count in the total too.
 */
export function mayBePartial({ size, total_size: total }: RawTorrent): boolean {
	return !(Number(size) >= Number(total));
}

/**
 * Adds `deselected_files` to `torrents`: how many are deselected, or null where the client was not asked: that takes a
 * request per torrent, so at most {@link MAX_FILES_CALLS} are sent, for others the next time.
 */
export async function addDeselected(client: Client, torrents: RawTorrent[]): Promise<void> {
	for (const torrent of torrents) torrent.deselected_files = mayBePartial(torrent) ? null : 0;
	const unclear = torrents.filter(mayBePartial);
	const inTurn = rotated(unclear, Date.now()).slice(0, MAX_FILES_CALLS);
	await concurrently(inTurn, async (torrent) => {
		torrent.deselected_files = countDeselected(await filesOf(client, torrent.hash));
	});
}

/** Asks for the trackers of some torrents one by one, as before 5.1 the list has none. Who was not asked gets no `trackers`. */
async function withAskedTrackers(client: Client, torrents: RawTorrent[]): Promise<RawTorrent[]> {
	const answers = new Map<string, TrackerRecord[] | null>();
	const { reader } = client;
	const now = Date.now();
	await concurrently(nextTurns(torrents, reader, now), async ({ hash }) => {
		answers.set(hash, await trackersOf(client, hash));
		noteTurn(reader, hash, now);
	});
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
