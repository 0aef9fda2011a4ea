import { siteTime } from './time.mts';
import { makeTorrent, type TorrentFile } from './torrentFile.mts';

const MIB = 1024 ** 2;

/** A torrent of the site, in plain numbers. */
export interface Entry {
	id: number;
	title: string;
	sizeBytes: number;
	seeders: number;
	leechers: number;
	snatched: number;
	free: boolean;
	personalFreeleech: boolean;
	vip: boolean;
	flVip: boolean;
	mySnatched: boolean;
	/** 13 audiobooks, 14 e-books, 15 musicology, 16 radio. */
	mainCategory: number;
	category: number;
	categoryName: string;
	/** `YYYY-MM-DD hh:mm:ss`, UTC. */
	added: string;
	author: string;
	narrator: string;
	series: string;
	fileType: string;
	tags: string;
	/** The site's number of the language; 1 is English. */
	language: number;
	/** Unix seconds until which the torrent is VIP; 0: forever. */
	vipExpire: number;
	/** Hash of the link that works without a cookie from the account's address. */
	dl: string;
}

/** A small generator with a seed: same seed, same catalogue. */
function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

const WORDS = [
	'Tea',
	'Winter',
	'River',
	'Clock',
	'Garden',
	'Stone',
	'Letters',
	'Night',
	'Salt',
	'Harbour',
];

/** How many torrents of the catalogue are freeleech, and how many of these few people seed. */
const FREE_SHARE = 0.93;
const WANTED_EVERY = 90;
/** One in this many has no seeder left. */
const ABANDONED_EVERY = 400;

const FIRST_ID = 900_001;
/** One torrent an hour, from here on. */
const FIRST_ADDED_MS = Date.UTC(2026, 7, 1);

const PEOPLE = ['Ada Reed', 'Bo Lindqvist', 'Cleo Marsh', 'Dev Rao', "Eve O'Hara"];
const FILE_TYPES = ['m4b', 'epub', 'pdf', 'mp3'];

function title(id: number, next: () => number): string {
	const word = () => WORDS[Math.floor(next() * WORDS.length)];
	if (id % 97 === 0) return String(1900 + (id % 100));
	if (id % 13 === 0) return `${word()} & ${word()}'s "${word()}" <${id}>`;
	// Titles repeat: identity is never the title.
	return id % 29 === 0 ? 'Untitled' : `${word()} of ${word()} ${id % 500}`;
}

function entry(id: number, next: () => number): Entry {
	const wanted = id % WANTED_EVERY === 0;
	const free = wanted || next() < FREE_SHARE;
	const mainCategory = 13 + Math.floor(next() * 4);
	const name = title(id, next);
	const sizeBytes = Math.round((wanted ? 60 + next() * 900 : 1 + next() * 3000) * MIB);
	const seeders = wanted ? 1 + Math.floor(next() * 50) : 100 + Math.floor(next() * 600);
	return {
		id,
		title: name,
		sizeBytes,
		seeders: id % ABANDONED_EVERY === 7 ? 0 : seeders,
		leechers: wanted ? 1 + Math.floor(next() * 40) : Math.floor(next() * 30),
		snatched: Math.floor(next() * 5000),
		free,
		personalFreeleech: !free && next() < 0.1,
		vip: !free && next() < 0.5,
		flVip: free || next() < 0.3,
		mySnatched: false,
		mainCategory,
		category: mainCategory * 3,
		categoryName: ['Audiobooks', 'Ebooks', 'Musicology', 'Radio'][mainCategory - 13],
		added: siteTime(FIRST_ADDED_MS + (id - FIRST_ID) * 3_600_000),
		author: PEOPLE[id % PEOPLE.length],
		narrator: mainCategory === 13 ? PEOPLE[(id + 3) % PEOPLE.length] : '',
		series: id % 4 === 0 ? `Chronicles of ${WORDS[id % WORDS.length]}` : '',
		fileType: FILE_TYPES[mainCategory - 13],
		tags: id % 3 === 0 ? 'unabridged' : 'abridged',
		language: id % 10 === 0 ? 2 : 1,
		vipExpire: id % 2 === 0 ? 4_102_444_800 : 0,
		dl: `dl${id.toString(36)}`,
	};
}

/** The torrents of the stand-in: about 1,300 of them free, about 1 % of these with 50 seeders or fewer. */
export class Catalogue {
	readonly entries: Entry[];

	private readonly files = new Map<number, TorrentFile>();

	private idByHash: Map<string, number> | null = null;

	private readonly announce: string;

	constructor(seed: number, size: number, announce: string) {
		this.announce = announce;
		const next = random(seed);
		this.entries = Array.from({ length: size }, (_, at) => entry(FIRST_ID + at, next));
	}

	find(id: number): Entry | undefined {
		return this.entries.find((candidate) => candidate.id === id);
	}

	/** The .torrent file of an entry. */
	file(id: number): TorrentFile {
		const known = this.files.get(id);
		if (known !== undefined) return known;
		const file = this.make(this.find(id)!);
		this.files.set(id, file);
		return file;
	}

	/** The entry whose file has this info hash, whether or not this stand-in has handed it out. */
	byInfoHash(infoHash: string): Entry | undefined {
		// Hashing the complete catalogue takes most of a second, so it waits for the first question.
		this.idByHash ??= new Map(this.entries.map((one) => [this.make(one).infoHash, one.id]));
		const id = this.idByHash.get(infoHash);
		return id === undefined ? undefined : this.find(id);
	}

	/** Takes a torrent off the site: search, download and tracker no longer know it. */
	remove(id: number): void {
		const at = this.entries.findIndex((candidate) => candidate.id === id);
		if (at !== -1) this.entries.splice(at, 1);
	}

	private make({ id, sizeBytes }: Entry): TorrentFile {
		return makeTorrent({
			name: `mam-${id}.m4b`,
			sizeBytes,
			announce: this.announce,
			comment: `https://www.myanonamouse.net/t/${id}`,
		});
	}
}
