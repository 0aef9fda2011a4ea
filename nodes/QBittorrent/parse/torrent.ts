import type { ClientTorrent, TrackerRecord } from '../../shared/records';
import { sharing } from '../../shared/json';
import { normaliseState } from '../../shared/torrentStates';

/** How much of a record to return. */
export type Fields = 'essential' | 'all';

/** A torrent as `torrents/info` gives it: fields differ between versions. */
export type RawTorrent = Record<string, unknown> & { hash: string };

/** The fields of {@link ClientTorrent}; the name comes first, where the editor's table shows it. */
const ESSENTIAL_FIELDS = [
	'name',
	'hash',
	'state',
	'category',
	'tags',
	'progress',
	'size',
	'amount_left',
	'downloaded',
	'completed',
	'uploaded',
	'added_on',
	'seeding_time',
	'completion_on',
	'num_complete',
	'tracker',
	'content_path',
	'save_path',
	'comment',
	'trackers',
] as const satisfies ReadonlyArray<keyof ClientTorrent>;

/** Host and port of a tracker. The rest of a private tracker's address is the passkey of the account. */
function trackerHost(url: unknown): string {
	if (typeof url !== 'string' || !URL.canParse(url)) return '';
	const { protocol, host } = new URL(url);
	return `${protocol}//${host}/`;
}

/** The real trackers, without DHT, PeX and LSD, and of each its host and what it says. */
export function essentialTrackers(trackers: Array<TrackerRecord | null>): TrackerRecord[] {
	return trackers
		.filter((tracker) => tracker !== null)
		.map(readTracker)
		.filter(({ tier }) => tier >= 0)
		.map(({ url, status, tier, msg }) => ({ url: trackerHost(url), status, tier, msg }));
}

/**
 * The torrent with its state in the words of 5.x. `essential` leaves only what the policies read: no DHT, PeX and LSD among
 * the trackers, and of each tracker its host and what it says.
 */
export function readTorrent(raw: RawTorrent, fields: Fields): RawTorrent {
	const torrent: RawTorrent = { ...raw, state: normaliseState(raw.state) };
	if (fields === 'all') return torrent;
	if ('tracker' in torrent) torrent.tracker = trackerHost(torrent.tracker);
	if (Array.isArray(torrent.trackers)) {
		torrent.trackers = essentialTrackers(torrent.trackers as Array<TrackerRecord | null>);
	}
	const present = ESSENTIAL_FIELDS.filter((field) => field in torrent);
	return Object.fromEntries(
		present.map((field) => [field, (torrent as Record<string, unknown>)[field]]),
	) as RawTorrent;
}

/** As {@link readTorrent}; what the trackers say is shared by the torrents of which they say the same. */
export function readTorrents(raws: RawTorrent[], fields: Fields): RawTorrent[] {
	const shared = sharing<object>();
	return raws.map((raw) => {
		const torrent = readTorrent(raw, fields);
		if (Array.isArray(torrent.trackers)) torrent.trackers = shared(torrent.trackers);
		return torrent;
	});
}

/** A tracker as `torrents/trackers` gives it, with a tier even where an old version leaves it empty. */
export function readTracker(raw: TrackerRecord): TrackerRecord {
	return { ...raw, tier: typeof raw.tier === 'number' ? raw.tier : -1 };
}

/** The id under which the client lists a torrent: 40 digits in lower case, the first ones of a v2 hash. */
export function listedHash(hash: string): string {
	return hash.slice(0, 40).toLowerCase();
}

/** Whether `text` is one torrent's hash (v1, or v2 in full): never `all`, never a joined list. */
export function isHash(text: unknown): text is string {
	return typeof text === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(text);
}
