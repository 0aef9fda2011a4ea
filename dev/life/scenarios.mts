import type { Client, Silence } from './client.mts';
import { DAY, GIB, HOUR, START, type Account, type Book } from './site.mts';

const MIB = 1024 ** 2;
const CATEGORY = 'mam-farming';

/** What happens in a life; days count from 0. */
export interface Scenario {
	name: string;
	/** The state in which the flows find account and client. */
	begin(account: Account, client: Client): void;
	diskGiB: number;
	newBooksPerDay: number;
	/** Downloads that a person pays for. */
	paid: Array<{ day: number; gib: number }>;
	clientIsOn(day: number): boolean;
	/** Why the tracker does not count. */
	silence(day: number): Silence;
	/** Whether the owner reads messages and buys by hand what they say. */
	ownerIsThere(day: number): boolean;
	hasKeeper: boolean;
	/** Whether it leaves out a shipped flow, to show what that flow is for. */
	isForComparison: boolean;
}

const DEFAULTS: Omit<Scenario, 'name' | 'begin'> = {
	diskGiB: 2000,
	newBooksPerDay: 15,
	paid: [],
	clientIsOn: () => true,
	silence: () => null,
	ownerIsThere: () => true,
	hasKeeper: true,
	isForComparison: false,
};

/** An old account; figures in GiB. */
function account(own: Account, uploaded: number, downloaded: number, points: number): void {
	own.joinedAt = START - 400 * DAY;
	own.uploadedBytes = uploaded * GIB;
	own.downloadedBytes = downloaded * GIB;
	own.points = points;
}

/** Torrents of the household that have seeded for years. */
function household(client: Client, torrents: number): void {
	for (let at = 0; at < torrents; at++) {
		client.give(1000 + at, 500 * MIB, {
			category: 'household',
			progress: 1,
			added_on: START - 300 * DAY,
			seeding_time: 299 * DAY,
		});
	}
}

/** The account of the earlier system in April: 466 torrents that never started, 35 in progress. */
function incident(own: Account, client: Client): void {
	const downloaded = 715.55 * MIB;
	account(own, 0, downloaded / GIB, 24_551);
	for (let at = 0; at < 501; at++) {
		const book: Book = {
			id: 800_000 + at,
			sizeBytes: 300 * MIB,
			arrives: START - 30 * DAY,
			scarceFor: HOUR,
			firstSeeders: 40,
			finalSeeders: 260,
			firstLeechers: 1,
		};
		const hasStarted = at < 35;
		const progress = hasStarted ? downloaded / 35 / book.sizeBytes : 0;
		const past = { category: CATEGORY, tags: `mam,mam-${book.id}`, progress };
		client.give(book.id, book.sizeBytes, { ...past, added_on: START - 3 * DAY }, book);
		own.start(book, START - 3 * DAY).heard = hasStarted;
	}
}

const healthy = (own: Account) => account(own, 40, 20, 5000);
const between = (from: number, to: number) => (day: number) => day >= from && day < to;
const weekly = (gib: number) =>
	Array.from({ length: 40 }, (_, week) => ({ day: 7 * week + 3, gib }));

/** The defaults of qBittorrent's queue. */
function queued(own: Account, client: Client): void {
	healthy(own);
	client.queue = { downloads: 3, seeds: 3 };
}

const trackerIsAway = between(12, 15);
const addressIsUnknown = between(12, 16);
const ownerIsAway = between(12, 33);

function scenario(name: string, begin: Scenario['begin'], more: Partial<Scenario> = {}): Scenario {
	return { ...DEFAULTS, name, begin, ...more };
}

const newMember = () => {};

/** The scenarios of account-life. */
export const SCENARIOS: Scenario[] = [
	scenario('healthy, ratio 2', healthy),
	scenario('incident, household seeds', (own, client) => {
		incident(own, client);
		household(client, 20);
	}),
	scenario('incident, nothing seeds', incident),
	scenario('new member', newMember),
	scenario('new member, 0.7 GiB paid', newMember, { paid: [{ day: 2, gib: 0.7 }] }),
	scenario('new member, 1.5 GiB paid', newMember, { paid: [{ day: 1, gib: 1.5 }] }),
	scenario('ratio 1.1, 8000 points', (own) => account(own, 22, 20, 8000)),
	scenario('disk of 50 GiB', healthy, { diskGiB: 50 }),
	scenario('client off at night', healthy, { clientIsOn: (day) => day % 1 >= 1 / 3 }),
	scenario("qBittorrent's queue", queued),
	scenario("qBittorrent's queue, no keeper", queued, { hasKeeper: false, isForComparison: true }),
	scenario('tracker away for 3 days', healthy, {
		silence: (day) => (trackerIsAway(day) ? 'unreachable' : null),
	}),
	scenario('address unknown for 4 days', healthy, {
		silence: (day) => (addressIsUnknown(day) ? 'address_unknown' : null),
	}),
	scenario('few candidates', healthy, { newBooksPerDay: 1 }),
	scenario('paid grabs by hand', healthy, { paid: weekly(2) }),
	scenario('owner away for 3 weeks', healthy, {
		silence: (day) => (ownerIsAway(day) ? 'address_unknown' : null),
		ownerIsThere: (day) => !ownerIsAway(day),
	}),
];
