import {
	EVENT_NAMES,
	messagesOf,
	readEventMemory,
	testMessage,
} from '../../../../nodes/MamPolicy/report/events';
import type { EventMemory } from '../../../../nodes/MamPolicy/report/events';
import type { Job } from '../../../../nodes/MamPolicy/report/definitions';
import type { AccountRecord } from '../../../../nodes/shared/records';
import { guardAccount } from '../../../../nodes/MamPolicy/decisions/guard/guardAccount';
import { HOLD_REASONS } from '../../../../nodes/MamPolicy/types';
import { ENFORCED, GUARD, MOUSE } from '../decisions/builders';
import { account, AT, bought50, failed, grab, plan50, ranked5, report, summary } from './runs';

const HOUR = 3_600_000;

/** Runs of one flow, one after another, with the memory that n8n would keep between them. */
class Schedule {
	private memory: EventMemory = {};

	private at = AT.getTime();

	constructor(
		private readonly job: Job,
		private readonly wishes = { events: EVENT_NAMES as readonly string[], reminderHours: 24 },
		private readonly instance = '',
	) {}

	/** The messages of the next run, some hours after the one before. */
	run(items: unknown[], hoursLater = 0.5) {
		this.at += hoursLater * HOUR;
		const facts = { at: new Date(this.at), instance: this.instance };
		const outcome = report(this.job, items, facts);
		// Through JSON, as n8n stores it.
		const stored = JSON.parse(JSON.stringify(this.memory)) as unknown;
		const { messages, memory } = messagesOf(
			outcome,
			readEventMemory(stored, outcome.at),
			this.wishes,
		);
		this.memory = memory;
		return messages;
	}

	/** The events of the next run. */
	events(items: unknown[], hoursLater?: number): string[] {
		return this.run(items, hoursLater).map(({ event }) => event);
	}
}

const ranked = summary('rankCandidates', { account });
const guarded = (seen: AccountRecord, ratioFloor = 1.2) =>
	[
		summary('guardAccount', { account: seen, counts: { passed: 1 }, numbers: { ratioFloor } }),
		ranked,
	].map((item) => ({ ...item, account: seen }));
const healthy = guarded(account);
const dead = [failed('dead_cookie')];
const kept = (numbers: Record<string, number>) => [
	summary('reconcilePreferences'),
	summary('summarizeTrackers', { numbers }),
];

describe('a failure', () => {
	it('is sent once, again after a day, and once more when it is over', () => {
		const grabber = new Schedule('freeleech-grabber');
		const sent = Array.from({ length: 52 }, () => grabber.run(dead)).flat();
		expect(sent.map(({ event, title }) => [event, title])).toEqual([
			['failed', 'MAM: the grabber fails (dead_cookie)'],
			['failed', 'MAM: still: the grabber fails (dead_cookie)'],
		]);
		expect(sent[0]).toEqual({
			event: 'failed',
			severity: 'critical',
			title: 'MAM: the grabber fails (dead_cookie)',
			message: 'The run failed at A step: It ended as dead_cookie. Do this next.',
			flow: 'grabber',
			instance: '',
			at: '2026-11-23T12:30:00.500Z',
		});
		expect(grabber.run(healthy)).toMatchObject([
			{ event: 'recovered', severity: 'info', title: 'MAM: the grabber works again' },
		]);
		expect(grabber.run(healthy)).toEqual([]);
	});

	it('with another cause is sent too, but causes that take turns are not', () => {
		const grabber = new Schedule('freeleech-grabber');
		const [a, b] = [[failed('timeout')], [failed('client_unreachable')]];
		expect([a, b, a, b, a].map((items) => grabber.events(items))).toEqual([
			['failed'],
			['failed'],
			[],
			[],
			[],
		]);
		expect(grabber.run(healthy)).toMatchObject([
			{ message: expect.stringContaining('timeout, client_unreachable') },
		]);
	});

	it('says until when it holds', () => {
		const until = '2026-11-24T00:00:00.000Z';
		const limited = { ...failed('rate_limited'), details: { cause: 'rate_limited', until } };
		expect(new Schedule('bp-spender').run([limited])[0].message).toContain(
			`It holds until ${until}.`,
		);
	});

	it('is not repeated without reminders', () => {
		const wishes = { events: EVENT_NAMES, reminderHours: 0 };
		const grabber = new Schedule('freeleech-grabber', wishes);
		expect(Array.from({ length: 200 }, () => grabber.events(dead)).flat()).toEqual(['failed']);
	});

	it('names the instance', () => {
		const [{ title, instance }] = new Schedule('bp-spender', undefined, 'seedbox').run(dead);
		expect([title, instance]).toEqual([
			'MAM (seedbox): the spender fails (dead_cookie)',
			'seedbox',
		]);
	});
});

const judged = (more: object) => [{ ...summary('judgeTorrents'), ...more }];
/** What the janitor holds in any number when all is well, or while the tracker is down. */
const USUAL = ['active', 'hnr_window', 'protected', 'not_ours', 'run_capped', 'tracker_down'];
const planned = (more: object, seen = account) => [
	{ ...summary('planSpend', { account: seen }), ...more },
];
const frozen = (until: string | null) => ({
	...failed('download_freeze'),
	details: { cause: 'download_freeze', node: 'Download', operation: 'torrent:download', until },
});
const byHand = { amountGiB: 1, costPoints: 500, ratioAfter: 1.2, enough: true, missingPoints: 0 };
const soon = new Date(AT.getTime() + 100 * HOUR).toISOString();

test.each<[string, Job, unknown[], unknown[], [began: string, over: string]]>([
	['a Mouse', 'freeleech-grabber', guarded(MOUSE), healthy, ['mouse', 'out_of_mouse']],
	[
		'a ratio below the floor',
		'freeleech-grabber',
		guarded(account, 3),
		healthy,
		['ratio_below_floor', 'ratio_above_floor'],
	],
	[
		'a Hit & Run',
		'freeleech-grabber',
		guarded({ ...account, hitAndRuns: { notSeeding: 1, seeding: 0 } }),
		healthy,
		['hit_and_run', 'hit_and_run_over'],
	],
	[
		'a client that the tracker refuses',
		'freeleech-grabber',
		[{ ...ranked, numbers: { clientRefused: 1 } }],
		[{ ...ranked, numbers: { clientRefused: 0 } }],
		['client_refused', 'client_accepted'],
	],
	[
		'a freeze',
		'freeleech-grabber',
		[frozen(null)],
		[ranked5, grab(1), grab(2), grab(3), grab(4), grab(5)],
		['freeze', 'freeze_over'],
	],
	[
		'upload to buy by hand',
		'bp-spender',
		planned({ byHand }),
		planned({}),
		['by_hand', 'by_hand_over'],
	],
	[
		'points near the cap',
		'bp-spender',
		planned({}, { ...account, bonusPoints: 89_999 }),
		planned({}, { ...account, bonusPoints: 89_998 }),
		['points_near_cap', 'points_below_cap'],
	],
	[
		'VIP that ends',
		'bp-spender',
		planned({}, { ...account, vipUntil: soon }),
		planned({}, { ...account, vipUntil: '2027-02-01T00:00:00.000Z' }),
		['vip_ending', 'vip_ending_over'],
	],
	[
		'torrents that are stuck',
		'farming-janitor',
		judged({ stale: { stopped: 1 } }),
		judged({ stale: {} }),
		['stale', 'stale_over'],
	],
	[
		'a disk that stays full',
		'farming-janitor',
		judged({ counts: { freed_nothing: 3 } }),
		judged({}),
		['disk_full', 'disk_full_over'],
	],
])('%s is sent when it begins, after a day, and when it ends', (_name, job, bad, good, events) => {
	const flow = new Schedule(job);
	const [began, over] = events;
	expect(flow.events(good)).toEqual([]);
	expect(flow.events(bad)).toEqual([began]);
	expect(flow.events(bad)).toEqual([]);
	expect(flow.events(dead.map(() => failed('timeout')))).toEqual(['failed']);
	// A run that a freeze ends fails too.
	expect(flow.events(bad)).toEqual(began === 'freeze' ? [] : ['recovered']);
	expect(flow.run(bad, 23)).toMatchObject([
		{ event: began, title: expect.stringContaining('still: ') },
	]);
	expect(flow.events(good)).toContain(over);
	expect(flow.events(good)).toEqual([]);
	expect(flow.events(bad)).toEqual([began]);
});

describe('what must last', () => {
	const full = { reason: 'disk_space', detail: 'The disk is full.' };
	const guard = (connectable: boolean) =>
		guardAccount([{ ...account, connectable }], { ...GUARD, requireConnectable: true }, ENFORCED)
			.summary;

	it.each<[string, Job, unknown[], unknown[], string[], number]>([
		[
			'torrents that the site does not see seeding',
			'freeleech-grabber',
			guarded({ ...account, inactiveUnsatisfied: 2 }),
			guarded({ ...account, inactiveUnsatisfied: 0 }),
			['unsatisfied_not_seeding', 'unsatisfied_seeding'],
			12,
		],
		[
			'a blocked grabber',
			'freeleech-grabber',
			[{ ...ranked, blocked: full }],
			[ranked5, grab(1), grab(2), grab(3), grab(4), grab(5)],
			['blocked', 'unblocked'],
			24,
		],
		[
			'a client that the site cannot reach, where the guard asks for it',
			'freeleech-grabber',
			[guard(false)],
			[guard(true), ranked5, grab(1), grab(2), grab(3), grab(4), grab(5)],
			['blocked', 'unblocked'],
			24,
		],
		[
			'a tracker that is down',
			'farming-janitor',
			judged({ numbers: { tracker_down: 1 } }),
			judged({ numbers: { tracker_down: 0 } }),
			['tracker_down', 'tracker_up'],
			24,
		],
		[
			'a torrent inside its window that lost its files',
			'client-keeper',
			kept({ missing_files_in_hnr_window: 1 }),
			kept({ missing_files_in_hnr_window: 0 }),
			['not_announcing', 'announcing'],
			2,
		],
		[
			'a torrent whose announces are refused',
			'client-keeper',
			kept({ tracker_refused: 1 }),
			kept({ tracker_refused: 0 }),
			['announces_refused', 'announces_accepted'],
			2,
		],
		[
			'a janitor that holds 500 for one reason',
			'farming-janitor',
			judged({ counts: { partial_download: 500, hnr_window: 40 } }),
			judged({ counts: { partial_download: 400, hnr_window: 900, in_progress: 100 } }),
			['backlog', 'backlog_over'],
			6,
		],
		[
			'a janitor with many downloads that do not end',
			'farming-janitor',
			judged({ counts: { in_progress: 101 } }),
			judged({ counts: { in_progress: 3 } }),
			['backlog', 'backlog_over'],
			6,
		],
	])('%s is sent when it has', (_name, job, bad, good, [began, over], hours) => {
		const flow = new Schedule(job);
		expect(flow.events(bad)).toEqual([]);
		expect(flow.events(bad, hours - 1)).toEqual([]);
		expect(flow.events(good)).toEqual([]);
		expect(flow.events(bad)).toEqual([]);
		expect(flow.events(bad, hours - 0.1)).toEqual([]);
		expect(flow.events(bad, 0.2)).toEqual([began]);
		expect(flow.events(good)).toEqual([over]);
	});

	it('a refused client is sent once, while the catalogue and the answers come and go', () => {
		const grabber = new Schedule('freeleech-grabber');
		const says = (clientRefused?: number) => [{ ...ranked, numbers: { clientRefused } }];
		expect(grabber.events(says(1))).toEqual(['client_refused']);
		expect(grabber.events(says(1))).toEqual([]);
		expect(grabber.events(says())).toEqual([]);
		expect(grabber.events(says(0))).toEqual(['client_accepted']);
	});

	it.each(HOLD_REASONS.filter((reason) => !USUAL.includes(reason)))(
		'500 torrents that are held for %s are a backlog',
		(reason) => {
			const janitor = new Schedule('farming-janitor');
			janitor.run(judged({ counts: { [reason]: 500 } }));
			expect(janitor.run(judged({ counts: { [reason]: 500 } }), 6)).toMatchObject([
				{ event: 'backlog', message: expect.stringMatching(/^500 torrents without progress/) },
			]);
		},
	);

	it.each(USUAL)('500 torrents that are held for %s are none', (reason) => {
		const janitor = new Schedule('farming-janitor');
		for (const hoursLater of [0, 12])
			expect(janitor.events(judged({ counts: { [reason]: 500 } }), hoursLater)).toEqual([]);
	});

	it('a tracker that is down is told by its own message, and no backlog ends because of it', () => {
		const janitor = new Schedule('farming-janitor');
		const backlog = judged({ counts: { stopped: 500 } });
		const down = judged({ counts: { tracker_down: 500 }, numbers: { tracker_down: 1 } });
		for (const hoursLater of [0, 6, 6]) expect(janitor.events(down, hoursLater)).toEqual([]);
		janitor.run(backlog);
		expect(janitor.events(backlog, 6)).toEqual(['backlog']);
		expect(janitor.events(down, 1)).toEqual([]);
	});

	it('a run without candidates neither begins nor ends a blockade', () => {
		const grabber = new Schedule('freeleech-grabber');
		grabber.run([{ ...ranked, blocked: full }]);
		grabber.run([ranked], 12);
		expect(grabber.events([{ ...ranked, blocked: full }], 12)).toEqual(['blocked']);
	});
});

describe('a freeze', () => {
	it('ends at its deadline, although nothing was to be downloaded', () => {
		const grabber = new Schedule('freeleech-grabber');
		const until = new Date(AT.getTime() + 3 * HOUR).toISOString();
		expect(grabber.run([frozen(until)])).toMatchObject([
			{ event: 'freeze', message: expect.stringContaining(until) },
		]);
		expect(grabber.events(healthy, 2)).toEqual([]);
		expect(grabber.events(healthy, 1)).toEqual(['freeze_over']);
	});
});

it('a Mouse is sent no message about its ratio, and none is lost when it leaves', () => {
	const grabber = new Schedule('freeleech-grabber');
	expect(grabber.events(guarded(MOUSE))).toEqual(['mouse']);
	const low = { ...account, ratio: 1.1 };
	expect(grabber.events(guarded(low))).toEqual(['out_of_mouse', 'ratio_below_floor']);
	expect(grabber.events(guarded(MOUSE))).toEqual(['mouse']);
	expect(grabber.events(guarded(low))).toEqual(['out_of_mouse']);
});

it('a purchase is sent each time, with cost and balance', () => {
	const spender = new Schedule('bp-spender');
	for (const hoursLater of [6, 6]) {
		expect(spender.run([plan50, bought50], hoursLater)).toMatchObject([
			{
				event: 'bought',
				message: 'Bought 50 GiB of upload credit for 25,000 points. 551 points are left.',
			},
		]);
	}
});

it('a purchase that only a person can make is sent with the advice of the plan', () => {
	const lines = ['Profile: buy=0', "Or buy 1 GiB in the site's store."];
	expect(new Schedule('bp-spender').run(planned({ byHand, lines }))).toMatchObject([
		{ event: 'by_hand', message: expect.stringContaining(` at a time. ${lines[1]}`) },
	]);
});

it('each event belongs to one flow', () => {
	const seen = { ...MOUSE, hitAndRuns: { notSeeding: 1, seeding: 0 }, bonusPoints: 99_999 };
	expect(new Schedule('bp-spender').events(planned({}, seen))).toEqual(['points_near_cap']);
	expect(new Schedule('freeleech-grabber').events(guarded(seen))).toEqual(['mouse', 'hit_and_run']);
});

it('nothing is sent that nobody asked for', () => {
	const wishes = { events: ['hit_and_run'], reminderHours: 24 };
	const grabber = new Schedule('freeleech-grabber', wishes);
	expect(grabber.events([...dead, ...guarded(MOUSE)])).toEqual([]);
});

describe('the memory', () => {
	const begun = { since: '2026-11-23T10:00:00.000Z', sent: '2026-11-23T10:00:00.000Z' };

	it('survives, but for what is malformed or would lie in the future', () => {
		const future = { since: '2026-11-24T10:00:00.000Z', sent: null };
		const stored = { mouse: begun, freeze: future, stale: 'x', blocked: { since: 3 } };
		expect(readEventMemory(stored, AT)).toEqual({ mouse: begun });
		for (const value of [undefined, null, [], 'x', 7])
			expect(readEventMemory(value, AT)).toEqual({});
	});
});

it('the test message says what the run said', () => {
	expect(testMessage(report('bp-spender', [{ ...plan50, dryRun: true }]))).toMatchObject({
		event: 'test',
		severity: 'info',
		message: expect.stringMatching(
			/^Messages from the spender arrive\. Dry run: nothing was done\./,
		),
	});
});
