/** Seconds in an hour and a day, bytes in a GiB. */
export const HOUR = 3600;
export const DAY = 24 * HOUR;
export const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** When every life begins: any moment would do, so it is a fixed one. Unix seconds. */
export const START = Date.UTC(2026, 0, 1) / 1000;

/** A generator with a seed: same seed, same numbers. */
export class Random {
	private state: number;

	constructor(seed: number) {
		this.state = seed >>> 0;
	}

	/** From 0 to below 1 (mulberry32). */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	between(low: number, high: number): number {
		return low + (high - low) * this.next();
	}

	/** Exponentially distributed. */
	exponential(mean: number): number {
		return -mean * Math.log(1 - this.next());
	}
}

/** A free torrent of the site for as long as it is of use: few seeders and somebody who wants it. */
export interface Book {
	id: number;
	sizeBytes: number;
	/** Unix seconds. */
	arrives: number;
	/** Seconds until its seeders pass {@link FEW_SEEDERS}. */
	scarceFor: number;
	firstSeeders: number;
	finalSeeders: number;
	firstLeechers: number;
}

const FEW_SEEDERS = 50;
/** From few seeders to as many as it will have. */
const SPREADING = 5 * DAY;

/**
 * The books of a life. The stock of a site with 1,300 free torrents, 1 % of them with 50 seeders or fewer, and
 * 15 new ones a day are measured (account-life): so one is scarce for about a day.
 */
export function catalogue(seed: number, days: number, newPerDay: number): Book[] {
	const random = new Random(seed);
	const books: Book[] = [];
	const end = START + days * DAY;
	for (let at = START - 2 * DAY; at < end; at += random.exponential(DAY / newPerDay)) {
		books.push({
			id: 900_001 + books.length,
			// 50 MiB to 1 GiB, most of them of some hundred MiB.
			sizeBytes: Math.round(50 * MIB * Math.exp(random.next() * Math.log(20))),
			arrives: Math.round(at),
			scarceFor: random.exponential(DAY),
			firstSeeders: Math.ceil(random.between(1, 30)),
			// 5, 50 and 95 % of the free torrents have 98, 263 and 660 seeders.
			finalSeeders: Math.round(263 * Math.exp(random.between(-1, 1))),
			firstLeechers: 1 + Math.floor(random.exponential(4)),
		});
	}
	return books;
}

/** Seeders of a book, without the account's own client. */
export function seedersOf(book: Book, now: number): number {
	const { arrives, scarceFor, firstSeeders, finalSeeders } = book;
	const age = now - arrives;
	const [from, to, share] =
		age < scarceFor
			? [firstSeeders, FEW_SEEDERS, age / scarceFor]
			: [FEW_SEEDERS, finalSeeders, Math.min(1, (age - scarceFor) / SPREADING)];
	return Math.round(from + (to - from) * share);
}

/** Leechers of a book: many at first, somebody now and then forever. */
export function leechersOf({ firstLeechers, arrives }: Book, now: number): number {
	return 0.3 + firstLeechers * Math.exp((arrives - now) / (2 * DAY));
}

/** Price of a seed time fix in the site's store, in points. */
const POINTS_PER_FIX = 1000;

/** What the site knows of one download. */
export interface Snatch {
	book: Book;
	startedAt: number;
	/** As the tracker counts. */
	seedSeconds: number;
	/** Whether the tracker has heard of it: a refused announce counts as nothing. */
	heard: boolean;
	/** When it is forgotten: deleted without data it counts as unsatisfied for 14 days. */
	forgottenAt: number;
	isHitAndRun: boolean;
	/** Whether it is in the client. */
	kept: boolean;
}

const WINDOW = 72 * HOUR;
/** From the start of a torrent; the site's two sources disagree, and this is the earlier. */
const DEADLINE = 30 * DAY;
const POINTS_CAP = 99_999;
const VIP_BANKED = 90 * DAY;
const POINTS_PER_GIB = 500;
const POINTS_PER_VIP_WEEK = 1250;

export function isSatisfied({ seedSeconds }: Snatch): boolean {
	return seedSeconds >= WINDOW;
}

/** Points that a satisfied torrent earns in an hour: the site's curve of 2013, fitted. */
export function pointsPerHour(sizeBytes: number, seeders: number): number {
	const points =
		0.25 + (1.55 * Math.sqrt(sizeBytes / 800e6)) / (1 + 0.13 * Math.log(Math.max(1, seeders)));
	return Math.min(4.5, points);
}

/** The account, and the rules of the site. */
export class Account {
	uploadedBytes = 0;
	downloadedBytes = 0;
	points = 0;
	joinedAt = START;
	vipUntil = 0;
	readonly snatches = new Map<number, Snatch>();
	frozenUntil = 0;
	/** Those that may still be unsatisfied. */
	private open: Snatch[] = [];

	/** Over the life. */
	freezes = 0;
	pointsLost = 0;
	boughtGiB = 0;

	/** What the site's pages say, which lags. */
	shownUnsatisfied = 0;

	get ratio(): number | null {
		return this.downloadedBytes === 0 ? null : this.uploadedBytes / this.downloadedBytes;
	}

	get isMouse(): boolean {
		return this.ratio !== null && this.ratio < 1;
	}

	className(now: number): string {
		if (this.isMouse) return 'Mouse';
		if (this.vipUntil > now) return 'VIP';
		const isOld = now - this.joinedAt >= 28 * DAY;
		const isPower = isOld && this.uploadedBytes >= 25 * GIB && (this.ratio ?? 2) >= 2;
		return isPower ? 'Power User' : 'User';
	}

	unsatisfiedLimit(now: number): number {
		if (now - this.joinedAt < 28 * DAY) return 20;
		return { 'Power User': 100, VIP: 150 }[this.className(now)] ?? 50;
	}

	unsatisfied(now: number): number {
		return this.open.filter(
			(snatch) =>
				snatch.heard && !snatch.isHitAndRun && !isSatisfied(snatch) && now < snatch.forgottenAt,
		).length;
	}

	/** Flagged Hit & Runs that nobody seeds. */
	hitAndRuns(): number {
		return [...this.snatches.values()].filter(({ isHitAndRun }) => isHitAndRun).length;
	}

	/** Serves the .torrent file of a book, or refuses; one download past the limit freezes all for a day. */
	download(book: Book, now: number): boolean {
		if (now < this.frozenUntil) return false;
		if (this.unsatisfied(now) >= this.unsatisfiedLimit(now)) {
			this.freezes += 1;
			this.frozenUntil = now + 25 * HOUR;
			return false;
		}
		this.start(book, now);
		return true;
	}

	/** Notes a download. */
	start(book: Book, startedAt: number): Snatch {
		const snatch = {
			book,
			startedAt,
			seedSeconds: 0,
			heard: false,
			forgottenAt: Infinity,
			isHitAndRun: false,
			kept: true,
		};
		this.snatches.set(book.id, snatch);
		this.open.push(snatch);
		return snatch;
	}

	earn(points: number): void {
		this.pointsLost += Math.max(0, this.points + points - POINTS_CAP);
		this.points = Math.min(POINTS_CAP, this.points + points);
	}

	buyUpload(amountGiB: number): void {
		this.points -= amountGiB * POINTS_PER_GIB;
		this.uploadedBytes += amountGiB * GIB;
		this.boughtGiB += amountGiB;
	}

	/** Buys the seed time that a Hit & Run lacks, if the points are there. */
	fixHitAndRun(): void {
		const snatch = [...this.snatches.values()].find(({ isHitAndRun }) => isHitAndRun);
		if (snatch === undefined || this.points < POINTS_PER_FIX) return;
		this.points -= POINTS_PER_FIX;
		snatch.isHitAndRun = false;
		snatch.seedSeconds = WINDOW;
	}

	/** As much VIP as the site banks. */
	buyVip(now: number): void {
		const from = Math.max(now, this.vipUntil);
		const weeks = Math.ceil((now + VIP_BANKED - from) / (7 * DAY));
		this.points -= weeks * POINTS_PER_VIP_WEEK;
		this.vipUntil = Math.min(now + VIP_BANKED, from + weeks * 7 * DAY);
	}

	/** Flags what was not seeded for 72 hours within 30 days; returns those that are new. */
	flagHitAndRuns(now: number): Snatch[] {
		this.open = this.open.filter(
			(snatch) => !snatch.isHitAndRun && !isSatisfied(snatch) && now < snatch.forgottenAt,
		);
		const flagged = this.open.filter(({ heard, startedAt }) => heard && now - startedAt > DEADLINE);
		for (const snatch of flagged) snatch.isHitAndRun = true;
		return flagged;
	}
}
