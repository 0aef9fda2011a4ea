import type { ClientTorrent, TrackerRecord } from '../../shared/records';
import { sharing } from '../../shared/json';
import { sharedContent } from '../../shared/sharedContent';
import { normaliseState } from '../../shared/torrentStates';

/** How much of a record to return. */
export type Fields = 'essential' | 'all';

/** A torrent as `torrents/info` gives it: fields differ between versions. */
export type RawTorrent = Record<string, unknown> & { hash: string };

/** The fields of {@link ClientTorrent} that belong to one torrent alone; the name comes first, where the editor's table shows it. */
export const ESSENTIAL_FIELDS = [
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
	'deselected_files',
] as const satisfies ReadonlyArray<keyof ClientTorrent>;

/** ISO times beside the client's own, which are Unix seconds: by name, the field that each is read from. */
export const ISO_TIMES: Record<string, string> = {
	addedAt: 'added_on',
	completedAt: 'completion_on',
};

/** The last second that a date can have. */
const LAST_SECOND = 8.64e12;

/** The ISO time of `seconds`; null for what never happened, which is 0 or -1 depending on the version. */
function isoTime(seconds: unknown): string | null {
	if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= LAST_SECOND)) return null;
	return new Date(seconds * 1000).toISOString();
}

/** Takes extra requests, so it is only there when it is wanted. */
export const DESELECTED_FILES = 'deselected_files' satisfies keyof ClientTorrent;

/** Says in a word what the paths are needed for: whether another listed torrent has content at the same place. */
export const SHARES_CONTENT = 'shares_content' satisfies keyof ClientTorrent;

/** Host and port of a tracker. The rest of a private tracker's address is the passkey of the account. */
export function trackerHost(url: unknown): string {
	if (typeof url !== 'string' || !URL.canParse(url)) return '';
	const { protocol, host } = new URL(url);
	return `${protocol}//${host}/`;
}

/** A part of an address that is as long as this is a passkey, not a word. */
const MIN_PASSKEY_LENGTH = 16;

/** What a tracker says, without the passkey: it may quote what it refuses. */
export function trackerWords({ url, msg }: Pick<TrackerRecord, 'url' | 'msg'>): string {
	if (typeof msg !== 'string' || !URL.canParse(url)) return msg;
	const { pathname, search } = new URL(url);
	return `${pathname}${search}`
		.split(/[/?&=]/)
		.filter(({ length }) => length >= MIN_PASSKEY_LENGTH)
		.reduce((words, part) => words.replaceAll(part, '(hidden)'), msg);
}

/** The real trackers, without DHT, PeX and LSD, and of each its host and what it says. */
export function essentialTrackers(trackers: Array<TrackerRecord | null>): TrackerRecord[] {
	return trackers
		.filter((tracker) => tracker !== null)
		.map(readTracker)
		.filter(({ tier }) => tier >= 0)
		.map((tracker) => {
			const { url, status, tier } = tracker;
			return { url: trackerHost(url), status, tier, msg: trackerWords(tracker) };
		});
}

/** One field of the torrent: its state in the words of 5.x, its trackers without the passkey. */
function readField(raw: RawTorrent, name: string): unknown {
	const value = raw[ISO_TIMES[name] ?? name];
	if (name in ISO_TIMES) return isoTime(value);
	if (name === 'state') return normaliseState(value);
	if (name === 'tracker') return trackerHost(value);
	if (name === 'trackers' && Array.isArray(value))
		return essentialTrackers(value as Array<TrackerRecord | null>);
	return value;
}

/** `fields` of the torrent: all of them, what the policies read, or those that are named. */
export function readTorrent(raw: RawTorrent, fields: Fields | readonly string[]): RawTorrent {
	if (fields === 'all') return { ...raw, state: normaliseState(raw.state) };
	const wanted = fields === 'essential' ? [...ESSENTIAL_FIELDS, ...Object.keys(ISO_TIMES)] : fields;
	return Object.fromEntries(
		wanted
			.filter((name) => name === 'state' || (ISO_TIMES[name] ?? name) in raw)
			.map((name) => [name, readField(raw, name)]),
	) as RawTorrent;
}

/** As {@link readTorrent}; what the trackers say is shared by the torrents of which they say the same. */
export function readTorrents(raws: RawTorrent[], fields: Fields | readonly string[]): RawTorrent[] {
	const shared = sharing<object>();
	const paths: Set<unknown> = sharedContent(fields.includes(SHARES_CONTENT) ? raws : []);
	return raws.map((raw) => {
		const torrent = readTorrent(raw, fields);
		if (Array.isArray(torrent.trackers)) torrent.trackers = shared(torrent.trackers);
		if (fields.includes(SHARES_CONTENT)) torrent[SHARES_CONTENT] = paths.has(raw.content_path);
		return torrent;
	});
}

/** Whether a magnet link's files are not known yet. */
export function lacksMetadata({ state, total_size, has_metadata }: RawTorrent): boolean {
	return /metaDL$/i.test(String(state)) || total_size === -1 || has_metadata === false;
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
