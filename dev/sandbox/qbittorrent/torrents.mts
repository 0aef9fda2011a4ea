import type { Traits } from './versions.mts';

/** A torrent as `torrents/info` of 5.1 lists it. Bytes, seconds, unix seconds. */
export interface StandInTorrent {
	hash: string;
	name: string;
	/** In the words of 5.x. */
	state: string;
	category: string;
	/** Separated by `, `. */
	tags: string;
	/** 0 to 1. */
	progress: number;
	size: number;
	amount_left: number;
	downloaded: number;
	completed: number;
	uploaded: number;
	ratio: number;
	added_on: number;
	completion_on: number;
	seeding_time: number;
	num_seeds: number;
	num_leechs: number;
	/** -1 while the tracker has not said. */
	num_complete: number;
	num_incomplete: number;
	tracker: string;
	content_path: string;
	save_path: string;
	comment: string;
	/** -1 while a magnet link has no metadata. */
	total_size?: number;
	auto_tmm?: boolean;
}

/** A torrent and what its listing does not tell. */
export interface StoredTorrent {
	listed: StandInTorrent;
	/** What the tracker refuses with; '' while it works. */
	trackerMessage: string;
	/** The .torrent file; null while there is none, as of a magnet link. */
	file: Buffer | null;
	/** Its files, where they are more or other than one of its name; names are relative to the save path. */
	files: StandInFile[] | null;
	/** What its trackers say, DHT and such included, where `tracker` and `trackerMessage` are not enough. */
	trackers: object[] | null;
}

/** A category. A download path of null is the client's own. */
export interface StandInCategory {
	savePath: string;
	downloadPath?: string | false;
}

/** A file of a torrent. Bytes. */
export interface StandInFile {
	name: string;
	size: number;
	/** 0 = not wanted. */
	priority?: number;
}

const NEW_TORRENT: Omit<StandInTorrent, 'hash' | 'name'> = {
	state: 'stalledDL',
	category: '',
	tags: '',
	progress: 0,
	size: 0,
	amount_left: 0,
	downloaded: 0,
	completed: 0,
	uploaded: 0,
	ratio: 0,
	added_on: 0,
	completion_on: -1,
	seeding_time: 0,
	num_seeds: 0,
	num_leechs: 0,
	num_complete: 0,
	num_incomplete: 0,
	tracker: '',
	content_path: '',
	save_path: '',
	comment: '',
};

/** The parts of a torrent with a past; what is not named is as for one just added. */
export type GivenTorrent = Partial<StandInTorrent> &
	Pick<StandInTorrent, 'hash' | 'name'> &
	Partial<Omit<StoredTorrent, 'listed'>>;

/** An entry of `log/main`. Type 1 is normal, 4 a warning. */
export interface LogEntry {
	id: number;
	type: number;
	message: string;
	timestamp: number;
}

type Rule = (torrent: StandInTorrent) => boolean;

/** The torrents of the client with their categories and tags, and how a version lists them. */
export class Torrents {
	readonly all = new Map<string, StoredTorrent>();

	readonly categories = new Map<string, StandInCategory>();

	readonly tags = new Set<string>();

	/** Hashes that survive a delete. */
	readonly undeletable = new Set<string>();

	/** Hashes whose files survive a delete, as in a folder that is not writable. */
	readonly unremovable = new Set<string>();

	readonly log: LogEntry[] = [];

	private readonly traits: Traits;

	constructor(traits: Traits) {
		this.traits = traits;
	}

	give({
		trackerMessage = '',
		file = null,
		files = null,
		trackers = null,
		...torrent
	}: GivenTorrent): void {
		const listed = { ...NEW_TORRENT, ...torrent };
		this.all.set(torrent.hash, { listed, trackerMessage, file, files, trackers });
		const { category } = listed;
		if (category !== '' && !this.categories.has(category))
			this.categories.set(category, { savePath: '' });
		for (const tag of tagsOf(listed.tags)) this.tags.add(tag);
	}

	/** Those of `hashes` (joined by `|`, or `all`) that the client has. */
	named(hashes: string): StandInTorrent[] {
		const stored =
			hashes === 'all'
				? [...this.all.values()]
				: hashes.split('|').flatMap((hash) => this.all.get(hash.toLowerCase()) ?? []);
		return stored.map(({ listed }) => listed);
	}

	/** Deletes those of `hashes` (joined by `|`, or `all`), and logs what becomes of their files. */
	delete(hashes: string, withFiles: boolean): void {
		const { removed, contentRemoved, contentLeft } = this.traits.removalMessages;
		for (const { hash, name } of this.named(hashes)) {
			if (this.undeletable.has(hash)) continue;
			this.all.delete(hash);
			if (removed !== '' || !withFiles)
				this.note(1, `${removed || 'Removed torrent.'} Torrent: "${name}"`);
			if (!withFiles) continue;
			if (this.unremovable.has(hash))
				this.note(4, `${contentLeft} Torrent: "${name}". Error: "Permission denied"`);
			else this.note(1, `${contentRemoved} Torrent: "${name}"`);
		}
	}

	private note(type: number, message: string): void {
		const timestamp = Math.floor(Date.now() / 1000);
		this.log.push({ id: this.log.length, type, message, timestamp });
	}

	/** The hashes of the torrents that are still to be downloaded, in the order of the queue. */
	queue(): string[] {
		return this.named('all')
			.filter(({ progress }) => progress < 1)
			.map(({ hash }) => hash);
	}

	/** Gives the queue another order. */
	reorder(queue: string[]): void {
		const waiting = queue.map((hash) => [hash, this.all.get(hash)!] as const);
		for (const hash of queue) this.all.delete(hash);
		for (const [hash, stored] of waiting) this.all.set(hash, stored);
	}

	/** `torrents/info`. */
	list(query: Record<string, string>): object[] {
		const { hashes, category, tag, sort, reverse, limit, offset, includeTrackers } = query;
		const rules: Rule[] = [this.filterRule(query.filter)];
		if (category !== undefined) rules.push((torrent) => torrent.category === category);
		if (tag !== undefined) {
			rules.push(({ tags }) => (tag === '' ? tags === '' : tagsOf(tags).includes(tag)));
		}
		const listed = this.named(hashes ?? 'all').filter((one) => rules.every((rule) => rule(one)));
		const sorted = sort === undefined ? listed : sortedBy(listed, sort);
		if (reverse === 'true') sorted.reverse();
		const start = Number(offset ?? 0);
		const most = Number(limit ?? 0);
		return sorted
			.slice(start, most > 0 ? start + most : undefined)
			.map((torrent) => this.shown(torrent, includeTrackers === 'true'));
	}

	/** `torrents/trackers`, with the pseudo trackers that every torrent has; null for an unknown hash. */
	trackers(hash: string): object[] | null {
		const stored = this.all.get(hash);
		if (stored === undefined) return null;
		const { listed, trackerMessage } = stored;
		if (stored.trackers !== null) return stored.trackers;
		const pseudo = ['DHT', 'PeX', 'LSD'].map((name) => ({
			url: `** [${name}] **`,
			status: 0,
			tier: -1,
			msg: 'This torrent is private',
			num_downloaded: 0,
			num_seeds: 0,
			num_leeches: 0,
			num_peers: 0,
		}));
		if (listed.tracker === '') return pseudo;
		const real = {
			url: listed.tracker,
			status: trackerMessage === '' ? 2 : this.traits.refusedStatus,
			tier: 0,
			msg: trackerMessage,
			num_downloaded: 0,
			num_seeds: listed.num_complete,
			num_leeches: listed.num_incomplete,
			num_peers: listed.num_leechs,
		};
		return [...pseudo, real];
	}

	private shown(torrent: StandInTorrent, withTrackers: boolean): object {
		const { words, newFields, otherFields, listedTrackerFields } = this.traits;
		const state = torrent.state.replace(/^stopped/, words.stopped);
		const others = {
			...otherFields,
			infohash_v1: torrent.hash,
			magnet_uri: `magnet:?xt=urn:btih:${torrent.hash}&dn=${encodeURIComponent(torrent.name)}`,
			total_size: torrent.size,
		};
		if (newFields) {
			const shown = { ...others, ...torrent, state };
			if (!withTrackers) return shown;
			const trackers = this.trackers(torrent.hash) ?? [];
			return { ...shown, trackers: trackers.map((one) => ({ ...listedTrackerFields, ...one })) };
		}
		const { comment: _comment, ...old } = torrent;
		const isWorking = this.all.get(torrent.hash)?.trackerMessage === '';
		return { ...others, ...old, state, tracker: isWorking ? torrent.tracker : '' };
	}

	/** An unknown name, e.g. that of another version, lists everything. */
	private filterRule(name = 'all'): Rule {
		const isStopped: Rule = ({ state }) => state.startsWith('stopped');
		const rules: Record<string, Rule> = {
			downloading: ({ progress }) => progress < 1,
			seeding: (torrent) => torrent.progress === 1 && !isStopped(torrent),
			completed: ({ progress }) => progress === 1,
			[this.traits.words.stopped]: isStopped,
			[this.traits.words.running]: (torrent) => !isStopped(torrent),
			active: ({ state }) => ['downloading', 'uploading'].includes(state),
			inactive: ({ state }) => !['downloading', 'uploading'].includes(state),
			stalled: ({ state }) => state.startsWith('stalled'),
			stalled_uploading: ({ state }) => state === 'stalledUP',
			stalled_downloading: ({ state }) => state === 'stalledDL',
			errored: ({ state }) => ['error', 'missingFiles'].includes(state),
			checking: ({ state }) => state.startsWith('checking'),
			moving: ({ state }) => state === 'moving',
		};
		return rules[name] ?? (() => true);
	}
}

/** The tags of a listing. */
export function tagsOf(tags: string): string[] {
	return tags
		.split(',')
		.map((tag) => tag.trim())
		.filter((tag) => tag !== '');
}

function sortedBy(torrents: StandInTorrent[], field: string): StandInTorrent[] {
	const key = (torrent: StandInTorrent) => torrent[field as keyof StandInTorrent] ?? '';
	return [...torrents].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
