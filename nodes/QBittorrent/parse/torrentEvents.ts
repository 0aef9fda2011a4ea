import { createHash } from 'node:crypto';

import { splitList } from '../../shared/parameters';
import type { TrackerRecord } from '../../shared/records';
import { normaliseState } from '../../shared/torrentStates';
import { trackerWords } from './torrent';

/** What the trigger reports. */
export type EventName =
	| 'added'
	| 'categoryChanged'
	| 'deleted'
	| 'finished'
	| 'stateChanged'
	| 'tagsChanged'
	| 'trackerMessageChanged';

/** One thing that happened to a torrent between two polls. */
export interface TorrentEvent {
	event: EventName;
	hash: string;
	/** The torrent as it was last seen. */
	torrent: SeenTorrent;
	/** Of a change: what it was before. */
	previousState?: string;
	previousCategory?: string;
	previousTags?: string;
	/** Of a change of a tracker's message: the tracker's host, and its words now and before. */
	tracker?: string;
	message?: string;
	previousMessage?: string;
}

/** What is remembered of a torrent from one poll to the next. */
export interface SeenTorrent {
	name: string;
	category: string;
	/** Comma-separated, as qBittorrent stores them. */
	tags: string;
	/** In the words of qBittorrent 5.x. */
	state: string;
	complete: boolean;
	/** Unix seconds; another time is another torrent of the same hash. Null where the client did not say. */
	addedOn: number | null;
	/** Bytes downloaded in all. */
	downloaded: number;
	/** Total bytes downloaded when it was last complete; a recheck that finds everything in place must not count as finished. */
	downloadedBefore: number;
	/** What each tracker says, by {@link trackerKey}; absent while nobody has asked. */
	messages?: Record<string, string>;
}

/** The torrents of a client by hash. */
export type Snapshot = Record<string, SeenTorrent>;

/** An answer of `sync/maindata`: everything with `full_update`, otherwise what changed since the last answer. */
export interface MainData {
	rid?: number;
	full_update?: boolean;
	torrents?: Record<string, Record<string, unknown> | null>;
	torrents_removed?: string[];
}

const NEW_TORRENT: SeenTorrent = {
	name: '',
	category: '',
	tags: '',
	state: 'unknown',
	complete: false,
	addedOn: null,
	downloaded: 0,
	downloadedBefore: 0,
};

/** What a torrent has not done when it is new. */
const NOTHING_YET = { complete: false, downloaded: 0, downloadedBefore: 0, messages: {} };

function merged(before: SeenTorrent, changes: Record<string, unknown>): SeenTorrent {
	const text = (field: 'name' | 'category' | 'tags') => {
		const value = changes[field];
		return typeof value === 'string' ? value : before[field];
	};
	const { progress } = changes;
	const complete = typeof progress === 'number' ? progress >= 1 : before.complete;
	const downloaded =
		typeof changes.downloaded === 'number' ? changes.downloaded : before.downloaded;
	return {
		...before,
		name: text('name'),
		category: text('category'),
		tags: text('tags'),
		state: changes.state === undefined ? before.state : normaliseState(changes.state),
		complete,
		addedOn: typeof changes.added_on === 'number' ? changes.added_on : before.addedOn,
		downloaded,
		downloadedBefore: before.complete && !complete ? before.downloaded : before.downloadedBefore,
	};
}

/** Whether a torrent was deleted and added again between two times of adding. */
function isAnother(before: unknown, after: unknown): boolean {
	return typeof before === 'number' && typeof after === 'number' && before !== after;
}

/** The torrents after `answer`, when those of `before` were known. */
export function applyMainData(before: Snapshot, answer: MainData): Snapshot {
	const after: Snapshot = answer.full_update === true ? {} : { ...before };
	const { torrents_removed: removed } = answer;
	for (const hash of Array.isArray(removed) ? removed : [])
		if (typeof hash === 'string') delete after[hash];
	for (const [hash, changes] of Object.entries(answer.torrents ?? {})) {
		const known = answer.full_update === true ? before[hash] : after[hash];
		const next = merged(known ?? NEW_TORRENT, changes ?? {});
		const isSame = !isAnother(known?.addedOn, next.addedOn);
		after[hash] = isSame ? next : { ...next, downloadedBefore: 0, messages: undefined };
	}
	return after;
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : url.split(/[/?]/)[0];
}

/** A tracker by its host and a short hash of its address, whose path is a secret; two may share a host. */
function trackerKey(url: string): string {
	return `${hostOf(url)} ${createHash('sha256').update(url).digest('hex').slice(0, 8)}`;
}

/** Whether the tracker has answered its last announce; while one is under way, its message is empty. */
function hasAnswered({
	tier,
	status,
	...tracker
}: TrackerRecord & { updating?: boolean }): boolean {
	return tier >= 0 && status !== 1 && status !== 3 && tracker.updating !== true;
}

/** The torrents with what their trackers say; unknown ones among `trackers` are ignored. */
export function withTrackers(snapshot: Snapshot, trackers: Map<string, TrackerRecord[]>): Snapshot {
	const after = { ...snapshot };
	for (const [hash, records] of trackers) {
		const torrent = after[hash];
		if (torrent === undefined) continue;
		const said = records
			.filter(hasAnswered)
			.map((record) => [trackerKey(record.url), trackerWords(record)]);
		after[hash] = { ...torrent, messages: { ...torrent.messages, ...Object.fromEntries(said) } };
	}
	return after;
}

function trackerEvents(hash: string, before: SeenTorrent, torrent: SeenTorrent): TorrentEvent[] {
	// The first answer is where watching starts, not a change.
	if (before.messages === undefined) return [];
	return Object.entries(torrent.messages ?? {})
		.map(([key, message]) => ({
			tracker: key.split(' ')[0],
			message,
			previousMessage: before.messages?.[key] ?? '',
		}))
		.filter(({ message, previousMessage }) => message !== previousMessage)
		.map((change) => ({ event: 'trackerMessageChanged', hash, torrent, ...change }));
}

/** Whether a download has ended: qBittorrent shows the progress a moment before it counts the bytes. */
function hasFinished({ complete, downloaded, downloadedBefore }: SeenTorrent): boolean {
	return complete && downloaded > downloadedBefore;
}

function eventsOf(
	hash: string,
	before: SeenTorrent | undefined,
	torrent: SeenTorrent,
): TorrentEvent[] {
	const events: TorrentEvent[] = [];
	const isNew = before === undefined || isAnother(before.addedOn, torrent.addedOn);
	const known = isNew ? { ...torrent, ...NOTHING_YET } : before;
	if (isNew && before !== undefined) events.push({ event: 'deleted', hash, torrent: before });
	if (isNew) events.push({ event: 'added', hash, torrent });
	if (hasFinished(torrent) && !hasFinished(known)) {
		events.push({ event: 'finished', hash, torrent });
	}
	if (torrent.state !== known.state) {
		events.push({ event: 'stateChanged', hash, torrent, previousState: known.state });
	}
	if (torrent.category !== known.category) {
		events.push({ event: 'categoryChanged', hash, torrent, previousCategory: known.category });
	}
	if (tagsOf(torrent) !== tagsOf(known)) {
		events.push({ event: 'tagsChanged', hash, torrent, previousTags: known.tags });
	}
	return [...events, ...trackerEvents(hash, known, torrent)];
}

/** The tags in an order of their own: the client gives them in any. */
function tagsOf({ tags }: SeenTorrent): string {
	return splitList(tags).sort().join();
}

/** With at least this many torrents, losing them all at once is the loss of the list, not of the torrents. */
const MIN_TORRENTS_OF_A_LIST = 5;

/** Whether `after` is not what `before` became, but the list of another client or of an emptied profile. */
export function isAnotherList(before: Snapshot, after: Snapshot): boolean {
	const hashes = Object.keys(before);
	return hashes.length >= MIN_TORRENTS_OF_A_LIST && !hashes.some((hash) => hash in after);
}

/** What happened between two snapshots, deletions first. */
export function eventsBetween(before: Snapshot, after: Snapshot): TorrentEvent[] {
	const deleted = Object.entries(before)
		.filter(([hash]) => after[hash] === undefined)
		.map(([hash, torrent]): TorrentEvent => ({ event: 'deleted', hash, torrent }));
	const others = Object.entries(after).flatMap(([hash, torrent]) =>
		eventsOf(hash, before[hash], torrent),
	);
	return [...deleted, ...others];
}
