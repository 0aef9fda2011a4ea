import { GRABBER, JANITOR, KEEPER, readWorkflow, SPENDER } from '../stack/workflowFiles.mts';
import { Client, isHeard, type Silence } from './client.mts';
import { Messages, Policies, thresholdsOf, type Result, type Thresholds } from './decisions.mts';
import type { Scenario } from './scenarios.mts';
import {
	Account,
	catalogue,
	DAY,
	GIB,
	HOUR,
	isSatisfied,
	leechersOf,
	pointsPerHour,
	seedersOf,
	START,
	type Book,
} from './site.mts';

/** The step of the model. Grabber and keeper ship with two runs an hour; in a life they run every hour. */
const TICK = HOUR;

/**
 * How often the janitor runs in a life. It ships with four runs an hour, which would take most of the time. Two sights
 * may be this far apart; what it deletes goes some hours later.
 */
const JANITOR_SECONDS = 6 * HOUR;

/** How the shipped workflows are set. */
export interface Shipped {
	/** By policy. */
	thresholds: Record<string, Thresholds>;
	/** Seconds between two runs, by file. */
	every: Record<string, number>;
	/** Whether the owner gets messages. */
	tells: boolean;
}

/** Seconds between two runs of a cron expression with some minutes of each hour, or with every n-th hour. */
function secondsBetween(cron: string): number {
	const [, minutes, hours] = cron.split(' ');
	const step = /^\*\/(\d+)$/.exec(hours)?.[1];
	return step === undefined ? HOUR / minutes.split(',').length : Number(step) * HOUR;
}

/** Reads thresholds and schedules from workflows/. */
export async function readShipped(): Promise<Shipped> {
	const [grabber, janitor, spender, keeper] = await Promise.all(
		[GRABBER, JANITOR, SPENDER, KEEPER].map(readWorkflow),
	);
	const every = (workflow: typeof grabber) => {
		const { parameters } = workflow.nodes.find(({ type }) => type.endsWith('.scheduleTrigger'))!;
		const { interval } = parameters.rule as { interval: Array<{ expression: string }> };
		return secondsBetween(interval[0].expression);
	};
	return {
		thresholds: {
			guardAccount: thresholdsOf(grabber, 'guardAccount'),
			rankCandidates: thresholdsOf(grabber, 'rankCandidates'),
			judgeTorrents: thresholdsOf(janitor, 'judgeTorrents'),
			planSpend: thresholdsOf(spender, 'planSpend'),
		},
		every: {
			[GRABBER]: every(grabber),
			[JANITOR]: Math.max(every(janitor), JANITOR_SECONDS),
			[SPENDER]: every(spender),
			[KEEPER]: every(keeper),
		},
		tells: true,
	};
}

/** How the account stands at the end of a day. */
export interface Day {
	ratio: number | null;
	points: number;
	uploadedGiB: number;
	torrents: number;
	unsatisfied: number;
	className: string;
	grabbed: number;
	/** Why the grabber added nothing; '' when it did, or when nothing was to be had. */
	heldBy: string;
	/** Whether the owner knows of it by a message. */
	told: boolean;
}

/** What came of a life. */
export interface Life {
	days: Day[];
	/** Deleted by the janitor while the site still wanted it seeded. */
	hitAndRunsByFlows: number;
	/** All others, most of them torrents that never completed. */
	otherHitAndRuns: number;
	freezes: number;
	grabbed: number;
	/** By the torrents that the grabber added. */
	farmPoints: number;
	pointsLost: number;
	/** Of these, before any message said that the balance is near the cap. */
	pointsLostUntold: number;
	boughtGiB: number;
	/** Deleted by the janitor, by reason. */
	deleted: Record<string, number>;
}

/** Days on which something worth grabbing was held, and no message said so. */
export function untoldDays({ days }: Life): Day[] {
	return days.filter(({ heldBy, told }) => heldBy !== '' && heldBy !== 'client_off' && !told);
}

/** One account with its client, household and flows. */
class World {
	readonly account = new Account();
	readonly client: Client;
	private readonly scenario: Scenario;
	private readonly shipped: Shipped;
	private readonly books: Book[];
	private readonly policies: Policies;
	private readonly life: Life;
	private now = START;
	private readonly messages = {
		grabber: new Messages('grabber'),
		spender: new Messages('spender'),
	};
	private today = { grabbed: 0, heldBy: new Map<string, number>() };

	constructor(scenario: Scenario, shipped: Shipped, books: Book[], seed: number) {
		this.scenario = scenario;
		this.shipped = shipped;
		this.books = books;
		this.client = new Client(seed + 1000, scenario.diskGiB);
		this.policies = new Policies(shipped.thresholds);
		this.life = {
			days: [],
			hitAndRunsByFlows: 0,
			otherHitAndRuns: 0,
			freezes: 0,
			grabbed: 0,
			farmPoints: 0,
			pointsLost: 0,
			pointsLostUntold: 0,
			boughtGiB: 0,
			deleted: {},
		};
		scenario.begin(this.account, this.client);
	}

	live(days: number): Life {
		for (let tick = 1; tick <= (days * DAY) / TICK; tick++) {
			this.now = START + tick * TICK;
			this.pass();
			this.runFlows();
			if ((this.now - START) % DAY === 0) this.endDay();
		}
		const { freezes, pointsLost, boughtGiB } = this.account;
		return { ...this.life, freezes, pointsLost, boughtGiB };
	}

	/** Client and site live on. */
	private pass(): void {
		const { account, client, scenario, now } = this;
		const day = (now - START) / DAY;
		account.shownUnsatisfied = account.unsatisfied(now);
		client.isOn = scenario.clientIsOn(day);
		client.advance(now, TICK, account, this.silence(day));
		for (const { day: at, gib } of scenario.paid) {
			if (at <= day && day < at + TICK / DAY) this.payFor(gib);
		}
		this.earn(day);
		this.life.otherHitAndRuns += account.flagHitAndRuns(now).filter(({ kept }) => kept).length;
	}

	/** The household downloads something that is not free. */
	private payFor(gib: number): void {
		const { account, client, now } = this;
		const book: Book = {
			id: 700_000 + Math.round((now - START) / TICK),
			sizeBytes: gib * GIB,
			arrives: now - 30 * DAY,
			scarceFor: DAY,
			firstSeeders: 40,
			finalSeeders: 260,
			firstLeechers: 2,
		};
		if (!account.download(book, now)) return;
		client.add(book, now, { category: 'books', tags: '' }, true);
	}

	private silence(day: number): Silence {
		return this.scenario.silence(day) ?? (this.account.isMouse ? 'mouse' : null);
	}

	/** Only satisfied torrents earn, while the tracker hears of them. */
	private earn(day: number): void {
		const { account, client } = this;
		if (!client.isOn || !isHeard(this.silence(day))) return;
		let all = 0;
		for (const { record, book } of client.torrents) {
			if (record.state !== 'stalledUP') continue;
			const snatch = book && account.snatches.get(book.id);
			if (snatch && !isSatisfied(snatch)) continue;
			const points = (pointsPerHour(record.size, record.num_complete) * TICK) / HOUR;
			all += points;
			if (snatch) this.life.farmPoints += points;
		}
		const before = account.pointsLost;
		account.earn(all);
		if (!this.isTold('spender', 'points_near_cap'))
			this.life.pointsLostUntold += account.pointsLost - before;
	}

	/** Whether the owner has been told of an event that holds. */
	private isTold(flow: 'grabber' | 'spender', event: string): boolean {
		return this.shipped.tells && this.messages[flow].isSent(event);
	}

	private ownerHears(flow: 'grabber' | 'spender', event: string): boolean {
		return this.scenario.ownerIsThere((this.now - START) / DAY) && this.isTold(flow, event);
	}

	private runFlows(): void {
		const { every } = this.shipped;
		const isDue = (file: string) => (this.now - START) % every[file] === 0;
		if (isDue(JANITOR)) this.clean();
		if (isDue(GRABBER)) this.grab();
		if (isDue(SPENDER)) this.spend();
		if (isDue(KEEPER) && this.scenario.hasKeeper && this.client.isOn) {
			this.client.queue = { downloads: 20, seeds: Infinity };
		}
	}

	private clean(): void {
		const { client, account, now } = this;
		if (!client.isOn) return;
		const records = client.records();
		const { act } = this.policies.judge(records, client.freeBytes, now);
		for (const { index, decision } of act) {
			const { record, book } = client.remove(records[index].hash);
			this.life.deleted[decision.reason] = (this.life.deleted[decision.reason] ?? 0) + 1;
			const snatch = book && account.snatches.get(book.id);
			if (!snatch) continue;
			snatch.kept = false;
			if (isSatisfied(snatch) || !snatch.heard) continue;
			if (record.downloaded === 0) snatch.forgottenAt = now + 14 * DAY;
			else this.life.hitAndRunsByFlows += 1;
		}
	}

	private grab(): void {
		const { account, client, policies, now } = this;
		const { grabber } = this.messages;
		const held = (reason: string): void => {
			this.today.heldBy.set(reason, (this.today.heldBy.get(reason) ?? 0) + 1);
		};
		const page = this.accountPage();
		const guard = policies.guard(page, now);
		if (guard.act.length === 0) {
			grabber.report([guard], page, 0, now);
			return held(reasonOf(guard));
		}
		if (!client.isOn) return held('client_off');
		const candidates = this.books.filter(
			({ arrives, scarceFor }) => arrives <= now && now < arrives + scarceFor,
		);
		const records = candidates.map((book) => this.record(book));
		const wanted = records.filter(({ alreadySnatched, leechers }) => !alreadySnatched && leechers);
		// It changes nothing, and ranking takes a good part of the time.
		if (wanted.length === 0) return;
		const rank = policies.rank(records, page, client.records(), client.freeBytes, now);
		if (rank.act.length === 0) held(mainReason(rank));
		let grabbed = 0;
		for (const { index } of rank.act) {
			const book = candidates[index];
			if (!account.download(book, now)) break;
			client.add(book, now, { category: policies.category, tags: `mam,mam-${book.id}` });
			policies.remember(book, now);
			this.today.grabbed += 1;
			this.life.grabbed += 1;
			grabbed += 1;
		}
		grabber.report([guard, rank], page, grabbed, now);
	}

	private record(book: Book) {
		return {
			id: book.id,
			title: `Book ${book.id}`,
			sizeBytes: book.sizeBytes,
			seeders: seedersOf(book, this.now),
			leechers: Math.round(leechersOf(book, this.now)),
			snatches: 0,
			category: 'Audiobooks - General Fiction',
			addedAt: new Date(book.arrives * 1000).toISOString(),
			isFree: true,
			freeleech: true,
			personalFreeleech: false,
			vip: false,
			vipExpiresAt: null,
			alreadySnatched: this.account.snatches.has(book.id),
		};
	}

	private spend(): void {
		const { account, now } = this;
		const page = this.accountPage();
		const plan = this.policies.spend(page, now);
		this.messages.spender.report([plan], page, 0, now);
		for (const { extraFields } of plan.act) {
			const { purchase, amountGiB } = extraFields as { purchase: string; amountGiB: number };
			if (purchase === 'vip') account.buyVip(now);
			else account.buyUpload(amountGiB);
		}
		// The owner reads the message and buys what it says.
		const { byHand } = plan.summary;
		if (this.ownerHears('spender', 'by_hand') && byHand && byHand.amountGiB > 0) {
			account.buyUpload(byHand.amountGiB);
		}
	}

	/** The account as the site shows it. */
	private accountPage() {
		const { account, now } = this;
		const { ratio, vipUntil } = account;
		return {
			uid: 1,
			username: 'life',
			className: account.className(now),
			classCode: null,
			ratio: ratio === null ? null : Math.floor(ratio * 100) / 100,
			uploadedBytes: account.uploadedBytes,
			downloadedBytes: account.downloadedBytes,
			bonusPoints: account.points,
			wedges: 0,
			vipUntil: vipUntil > now ? new Date(vipUntil * 1000).toISOString() : null,
			connectable: true,
			unsatisfied: { count: account.shownUnsatisfied, limit: account.unsatisfiedLimit(now) },
			inactiveUnsatisfied: 0,
			hitAndRuns: { notSeeding: account.hitAndRuns(), seeding: 0 },
			lastPurchase: null,
			seeding: this.client.torrents.length,
			leeching: 0,
			fetchedAt: new Date(now * 1000).toISOString(),
		};
	}

	private endDay(): void {
		const { account, client, now, today } = this;
		const [reason = ''] = [...today.heldBy].sort(([, a], [, b]) => b - a).map(([most]) => most);
		const heldBy = today.grabbed > 0 ? '' : reason;
		this.life.days.push({
			ratio: account.ratio,
			points: account.points,
			uploadedGiB: account.uploadedBytes / GIB,
			torrents: client.torrents.length,
			unsatisfied: account.unsatisfied(now),
			className: account.className(now),
			grabbed: today.grabbed,
			heldBy,
			told: heldBy !== '' && this.shipped.tells && this.messages.grabber.isKnown(eventOf(heldBy)),
		});
		this.today = { grabbed: 0, heldBy: new Map() };
		// The site's store sells missing seed time.
		if (this.ownerHears('grabber', 'hit_and_run')) account.fixHitAndRun();
	}
}

/** The event that tells why the grabber holds. */
function eventOf(reason: string): string {
	const events: Record<string, string> = {
		mouse_class: 'mouse',
		low_ratio: 'ratio_below_floor',
		hit_and_run: 'hit_and_run',
		client_refused: 'client_refused',
	};
	return events[reason] ?? 'blocked';
}

function reasonOf({ summary }: Result): string {
	return Object.keys(summary.counts)[0] ?? 'no_data';
}

/** Candidates that are not worth it are always there; what holds a good one is asked for. */
const NOT_WORTH_IT = [
	'too_small',
	'too_large',
	'below_leecher_floor',
	'no_seeders',
	'above_seeder_ceiling',
	'not_free',
	'already_snatched',
	'already_in_client',
	'grabbed_recently',
	'tried_recently',
];

function mainReason({ summary }: Result): string {
	const [first] = Object.entries(summary.counts)
		.filter(([reason]) => !NOT_WORTH_IT.includes(reason))
		.sort(([, a], [, b]) => b - a);
	return first?.[0] ?? '';
}

/** Lives a scenario for some days. */
export function live(scenario: Scenario, seed: number, days: number, shipped: Shipped): Life {
	const books = catalogue(seed, days, scenario.newBooksPerDay);
	return new World(scenario, shipped, books, seed).live(days);
}
