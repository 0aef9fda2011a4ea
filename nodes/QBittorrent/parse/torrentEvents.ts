import type { TrackerRecord } from '../../shared/records';
import { normaliseState } from '../../shared/torrentStates';

/** What the trigger reports. */
export type EventName = 'added' | 'deleted' | 'finished' | 'stateChanged' | 'trackerMessageChanged';

/** One thing that happened to a torrent between two polls. */
export interface TorrentEvent {
	event: EventName;
	hash: string;
	/** The torrent as it was last seen. */
	torrent: SeenTorrent;
	/** Of a change of state: the state before. */
	previousState?: string;
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
	/** Bytes downloaded in all. */
	downloaded: number;
	/** Total bytes downloaded when it was last complete; a recheck that finds everything in place must not count as finished. */
	downloadedBefore: number;
	/** What each tracker says, by host; absent while nobody has asked. The path of an announce URL is a secret. */
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
	downloaded: 0,
	downloadedBefore: 0,
};

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
		downloaded,
		downloadedBefore: before.complete && !complete ? before.downloaded : before.downloadedBefore,
	};
}

/** The torrents after `answer`, when those of `before` were known. */
export function applyMainData(before: Snapshot, answer: MainData): Snapshot {
	const after: Snapshot = answer.full_update === true ? {} : { ...before };
	const { torrents_removed: removed } = answer;
	for (const hash of Array.isArray(removed) ? removed : []) delete after[hash];
	for (const [hash, changes] of Object.entries(answer.torrents ?? {})) {
		after[hash] = merged(before[hash] ?? NEW_TORRENT, changes ?? {});
	}
	return after;
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : url.split(/[/?]/)[0];
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
		const said = records.filter(hasAnswered).map(({ url, msg }) => [hostOf(url), msg]);
		after[hash] = { ...torrent, messages: { ...torrent.messages, ...Object.fromEntries(said) } };
	}
	return after;
}

function trackerEvents(hash: string, before: SeenTorrent, torrent: SeenTorrent): TorrentEvent[] {
	// The first answer is where watching starts, not a change.
	if (before.messages === undefined) return [];
	return Object.entries(torrent.messages ?? {})
		.map(([tracker, message]) => ({
			tracker,
			message,
			previousMessage: before.messages?.[tracker] ?? '',
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
	const known = before ?? { ...NEW_TORRENT, state: torrent.state, messages: {} };
	if (before === undefined) events.push({ event: 'added', hash, torrent });
	if (hasFinished(torrent) && !hasFinished(known)) {
		events.push({ event: 'finished', hash, torrent });
	}
	if (torrent.state !== known.state) {
		events.push({ event: 'stateChanged', hash, torrent, previousState: known.state });
	}
	return [...events, ...trackerEvents(hash, known, torrent)];
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
