import { GIB, HOUR, type Account, type Book, leechersOf, Random, seedersOf } from './site.mts';

/** A torrent as the policies read it, in qBittorrent's own names. */
export interface ClientRecord {
	hash: string;
	name: string;
	state: string;
	category: string;
	tags: string;
	progress: number;
	size: number;
	total_size: number;
	amount_left: number;
	downloaded: number;
	completed: number;
	completion_on: number;
	uploaded: number;
	added_on: number;
	seeding_time: number;
	num_complete: number;
	num_incomplete: number;
	deselected_files: number;
	tracker: string;
	content_path: string;
	save_path: string;
	trackers: Array<{ url: string; status: number; tier: number; msg: string }>;
}

/** Why the tracker gives no peers; null while it does. */
export type Silence = 'unreachable' | 'address_unknown' | 'mouse' | null;

/** Whether the tracker counts seed time all the same: that a Mouse is refused peers alone is a guess. */
export function isHeard(silence: Silence): boolean {
	return silence === null || silence === 'mouse';
}

const TRACKER = 'https://t.myanonamouse.net/tracker.php/x/announce';

const trackers = (status: number, msg: string) => [{ url: TRACKER, status, tier: 0, msg }];

/** What the client lists of its tracker: status 2 works, 4 does not, 1 was not contacted yet. */
const SAID = {
	working: trackers(2, ''),
	waiting: trackers(1, ''),
	unreachable: trackers(4, 'timed out'),
	address_unknown: trackers(4, 'Unrecognized host/PassKey. (203.0.113.7) See the FAQ'),
	mouse: trackers(4, 'User currently mouse rank, you need to get your ratio up!'),
};

/** A torrent of the client, with what only the model knows. */
export interface Torrent {
	record: ClientRecord;
	/** Undefined for the household's own, which are satisfied and nobody's business. */
	book?: Book;
	/** Until when it gets no data; Infinity: forever. */
	stuckUntil: number;
	/** The progress at which it gets stuck. */
	stuckAt: number;
	isPaid: boolean;
	/** Seconds until the tracker counts after a start of the client. */
	unheard: number;
}

/** How many torrents the client's queue lets download and seed at a time. */
export interface Queue {
	downloads: number;
	seeds: number;
}

/** Seed time that the tracker misses, and how long it does not know a client that has just started. */
const MISSED = 0.005;
const UNHEARD = HOUR / 2;
/** Of an equal share of each swarm's upload. */
const OWN_SHARE = 0.1;
/** A leecher is done after about this long. */
const LEECHING = 6 * HOUR;
const DOWNLOADING = HOUR;

/** qBittorrent on a disk of its own. */
export class Client {
	readonly torrents: Torrent[] = [];
	queue: Queue = { downloads: Infinity, seeds: Infinity };
	isOn = true;

	private readonly random: Random;
	private readonly diskBytes: number;

	constructor(seed: number, diskGiB: number) {
		this.random = new Random(seed);
		this.diskBytes = diskGiB * GIB;
	}

	get freeBytes(): number {
		return this.torrents.reduce((free, { record }) => free - record.completed, this.diskBytes);
	}

	records(): ClientRecord[] {
		return this.torrents.map(({ record }) => record);
	}

	add(book: Book, now: number, fields: { category: string; tags: string }, isPaid = false): void {
		const seeders = seedersOf(book, now);
		const getsStuck = this.random.next() < 0.02 / seeders;
		const forEver = this.random.next() < 0.3;
		const wait = this.random.between(24, 240) * HOUR;
		const at = this.random.next() < 0.5 ? 0 : this.random.between(0.01, 0.9);
		this.torrents.push({
			book,
			isPaid,
			stuckUntil: getsStuck ? (forEver ? Infinity : now + wait) : 0,
			stuckAt: at,
			unheard: 0,
			record: recordOf(book.id, book.sizeBytes, now, fields),
		});
	}

	/** A torrent with a past; `progress` 1 has seeded for `seedingSeconds`. */
	give(id: number, sizeBytes: number, past: Partial<ClientRecord>, book?: Book): void {
		const record = { ...recordOf(id, sizeBytes, past.added_on ?? 0, past), ...past };
		record.completed = Math.round(sizeBytes * record.progress);
		record.downloaded = record.completed;
		record.amount_left = sizeBytes - record.completed;
		this.torrents.push({ book, isPaid: false, stuckUntil: 0, stuckAt: 0, unheard: 0, record });
	}

	/** Removes a torrent with its files. */
	remove(hash: string): Torrent {
		const at = this.torrents.findIndex(({ record }) => record.hash === hash);
		return this.torrents.splice(at, 1)[0];
	}

	/** Lets `seconds` pass. */
	advance(now: number, seconds: number, account: Account, silence: Silence): void {
		if (!this.isOn) {
			for (const torrent of this.torrents) torrent.unheard = UNHEARD;
			return;
		}
		const active = { downloads: 0, seeds: 0 };
		let free = this.freeBytes;
		for (const torrent of this.torrents) {
			const { record, book } = torrent;
			const kind = record.progress < 1 ? 'downloads' : 'seeds';
			const isQueued = active[kind] >= this.queue[kind];
			active[kind] += 1;
			record.num_complete = book === undefined ? 100 : seedersOf(book, now);
			if (isQueued) {
				record.state = record.progress < 1 ? 'queuedDL' : 'queuedUP';
				continue;
			}
			record.trackers = SAID[silence ?? 'working'];
			if (record.progress < 1) free -= this.load(torrent, now, seconds, silence, free);
			else this.seed(torrent, now, seconds, account, silence);
			if (isHeard(silence) && book !== undefined) this.announce(torrent, seconds, account);
		}
	}

	/** Downloads for `seconds`; returns the bytes that came. */
	private load(
		torrent: Torrent,
		now: number,
		seconds: number,
		silence: Silence,
		freeBytes: number,
	): number {
		const { record } = torrent;
		const limit = now < torrent.stuckUntil ? torrent.stuckAt : 1;
		const gain =
			silence === null ? Math.min(seconds / DOWNLOADING, Math.max(0, limit - record.progress)) : 0;
		const bytes = Math.min(Math.ceil(gain * record.size), record.amount_left);
		if (bytes === 0 || bytes > freeBytes) {
			record.state = 'stalledDL';
			return 0;
		}
		record.state = 'downloading';
		record.downloaded += bytes;
		record.completed += bytes;
		record.amount_left -= bytes;
		record.progress = record.amount_left === 0 ? 1 : record.completed / record.size;
		if (record.progress === 1) record.completion_on = now;
		return bytes;
	}

	private seed(
		{ record, book }: Torrent,
		now: number,
		seconds: number,
		account: Account,
		silence: Silence,
	): void {
		record.seeding_time += seconds;
		record.state = 'stalledUP';
		if (silence !== null) return;
		const wanted = book === undefined ? 0.3 : leechersOf(book, now);
		const done = (wanted * seconds) / LEECHING;
		const bytes = Math.round((OWN_SHARE * done * record.size) / (record.num_complete + 1));
		record.uploaded += bytes;
		account.uploadedBytes += bytes;
	}

	/** What the tracker hears. */
	private announce(torrent: Torrent, seconds: number, account: Account): void {
		const { record, book, isPaid } = torrent;
		const snatch = account.snatches.get(book!.id);
		if (snatch === undefined) return;
		snatch.heard = true;
		if (isPaid && record.progress === 1) {
			account.downloadedBytes += record.size;
			torrent.isPaid = false;
		}
		const heardFor = Math.max(0, seconds - torrent.unheard);
		torrent.unheard = Math.max(0, torrent.unheard - seconds);
		if (record.progress === 1) snatch.seedSeconds += heardFor * (1 - MISSED);
	}
}

function recordOf(
	id: number,
	size: number,
	now: number,
	{ category = '', tags = '' }: { category?: string; tags?: string },
): ClientRecord {
	return {
		hash: id.toString(16).padStart(40, '0'),
		name: `Book ${id}`,
		state: 'stalledDL',
		category,
		tags,
		progress: 0,
		size,
		total_size: size,
		amount_left: size,
		downloaded: 0,
		completed: 0,
		completion_on: 0,
		uploaded: 0,
		added_on: now,
		seeding_time: 0,
		num_complete: 1,
		num_incomplete: 0,
		deselected_files: 0,
		tracker: TRACKER,
		content_path: `/downloads/${id}`,
		save_path: '/downloads',
		trackers: SAID.waiting,
	};
}
