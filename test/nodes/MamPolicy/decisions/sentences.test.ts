import {
	guardAccount,
	type GuardParameters,
} from '../../../../nodes/MamPolicy/decisions/guard/guardAccount';
import type { JudgeParameters } from '../../../../nodes/MamPolicy/decisions/judge/parameters';
import { judgeTorrents } from '../../../../nodes/MamPolicy/decisions/judge/judgeTorrents';
import type { SpendParameters } from '../../../../nodes/MamPolicy/decisions/spend/parameters';
import { planSpend } from '../../../../nodes/MamPolicy/decisions/spend/planSpend';
import type {
	RankContext,
	RankParameters,
} from '../../../../nodes/MamPolicy/decisions/rank/parameters';
import { rankCandidates } from '../../../../nodes/MamPolicy/decisions/rank/rankCandidates';
import { reconcilePreferences } from '../../../../nodes/MamPolicy/decisions/preferences/reconcilePreferences';
import { isAccount } from '../../../../nodes/MamPolicy/decisions/records';
import { summarizeTrackers } from '../../../../nodes/MamPolicy/decisions/trackers/summarizeTrackers';
import type { PolicyResult } from '../../../../nodes/MamPolicy/types';
import {
	account,
	candidate,
	context,
	DAY,
	ENFORCED,
	GIB,
	GUARD,
	HOUR,
	incomplete,
	JUDGE,
	MIB,
	MOUSE,
	MOUSE_REFUSAL,
	NOW,
	NOW_SECONDS,
	old,
	RANK,
	SPEND,
	SUMMARIZE,
	TIMED_OUT,
	torrent,
	tracker,
	TRANSFER,
	UNREGISTERED,
	unstarted,
} from './builders';
import type {
	AccountRecord,
	MamTorrentRecord,
	ClientTorrent,
} from '../../../../nodes/shared/records';

/** What the user reads of the item `at` of the input. */
function sentence({ act, hold }: PolicyResult, at = 0): string | undefined {
	return [...act, ...hold].find(({ index }) => index === at)?.decision.detail;
}

const LONG = 'x'.repeat(101);

describe('the janitor says why, with the numbers that decided', () => {
	const unregistered = (msg: string) => tracker({ status: 4, msg });

	test.each<[string, ClientTorrent, Partial<JudgeParameters>?]>([
		[
			`Its category is "${'x'.repeat(100)}"; only "mam-farming" is judged.`,
			old({ category: LONG }),
		],
		['It has the tag "keep".', old({ tags: 'a, Keep' })],
		[
			'Its state is checkingUP, in which its progress is not meaningful.',
			old({ state: 'checkingUP' }),
		],
		[
			'The tracker says "Torrent not registered with this tracker".',
			unstarted(2, { trackers: [UNREGISTERED] }),
		],
		[
			`The tracker says "unregistered torrent ${'x'.repeat(79)}".`,
			unstarted(2, { trackers: [unregistered(`unregistered torrent ${LONG}`)] }),
		],
		[
			`The tracker refuses this torrent ("${'x'.repeat(100)}"), so nothing is proven about it.`,
			old({ trackers: [unregistered(LONG)] }),
		],
		[
			'The tracker gives a Mouse no peers, so this says nothing about the torrent (otherwise: stalled_old).',
			incomplete(80, 0.05, { trackers: [MOUSE_REFUSAL] }),
		],
		[
			'The tracker gives a Mouse no peers, so this says nothing about the torrent (otherwise: graceful_retire).',
			old({ trackers: [MOUSE_REFUSAL] }),
		],
		[
			'No tracker was seen working, so its seed time is not proven (otherwise: graceful_retire).',
			old({ trackers: [] }),
		],
		['Nothing was downloaded in 30.0 h; the limit is 24 h.', unstarted(30)],
		['Stalled at 5.0 % after 4.0 d; the limits are 3 d and 10 %.', incomplete(96, 0.05)],
		[
			'Stopped at 25.0 %; it was stopped on purpose, so it is left alone.',
			incomplete(96, 0.25, { state: 'stoppedDL' }),
		],
		['Stalled for a long time, but 50.0 % is downloaded.', incomplete(96, 0.5)],
		['Downloading: 50.0 % after 2.0 h.', incomplete(2, 0.5, { state: 'downloading' })],
		[
			'Seeded for 12.0 h; kept until 72 h and a margin of 24 h.',
			torrent({ seeding_time: 12 * HOUR }),
		],
		[
			"Seeded for 100.0 h (71.5 h by the tracker's count); kept until 72 h by that count.",
			Object.assign(torrent({ seeding_time: 100 * HOUR }), { seedTimeSeconds: 71.5 * HOUR }),
		],
		['Seeded for 15.0 d; the limit is 14 d.', old()],
		[
			'Nothing was uploaded in 20.0 d; the limit is 7 d.',
			old({ seeding_time: 5 * DAY, uploaded: 0 }),
		],
		[
			'Seeded for 5.0 d (limit 3 d) and 6 seeders have it (floor 5).',
			torrent({ seeding_time: 5 * DAY, num_complete: 6 }),
		],
		['Seeded for 5.0 d, 10.0 MiB uploaded.', torrent({ seeding_time: 5 * DAY })],
		[
			'Retired only above 1 torrents of the category (1 remain after the other deletions), those that earn least first.',
			old(),
			{ retireOnlyAbove: 1 },
		],
		[
			'A run deletes at most 0 unregistered torrents.',
			unstarted(2, { trackers: [UNREGISTERED] }),
			{ maxUnregisteredPerRun: 0 },
		],
	])('%s', (expected, record, change = {}) => {
		const result = judgeTorrents([record], { ...JUDGE, ...change }, ENFORCED);
		expect(sentence(result)).toBe(expected);
		expect(result.hold.filter(({ decision }) => decision.verdict !== 'keep')).toEqual([]);
		expect(result.act.filter(({ decision }) => decision.verdict !== 'delete')).toEqual([]);
	});

	test('of a hash that is listed twice: no_data', () => {
		const result = judgeTorrents(
			[1, 2].map(() => old({ hash: 'a'.repeat(40) })),
			JUDGE,
			ENFORCED,
		);
		expect(sentence(result)).toBe(
			'Its hash is in the list more than once, so it is unclear which record is correct.',
		);
		expect(result.summary.counts).toEqual({ no_data: 2 });
	});

	test('of a tracker that is down', () => {
		const records = [...Array.from({ length: 5 }, () => old({ trackers: [TIMED_OUT] })), old()];
		const { hold } = judgeTorrents(records, JUDGE, ENFORCED);
		expect(hold.find(({ index }) => index === 5)?.decision).toEqual({
			verdict: 'keep',
			reason: 'tracker_down',
			detail:
				'At least half of the torrents get no answer from their tracker: it seems to be down, so nothing is deleted.',
		});
	});

	test('of content that another torrent has too, and of the most completed ones a run deletes', () => {
		const shared = [old({ content_path: '/same' }), old({ content_path: '/same' })];
		expect(sentence(judgeTorrents(shared, JUDGE, ENFORCED))).toBe(
			'Another torrent of the client has the same content path, or one is inside the other: deleting this one would delete its files too.',
		);
		const result = judgeTorrents([old(), old()], { ...JUDGE, maxCompletedPerRun: 1 }, ENFORCED);
		expect(sentence(result, 1)).toBe(
			'A run deletes at most 1 completed torrents, longest seeded first.',
		);
	});
});

describe('the ranking says why, with the numbers that decided', () => {
	const inClient = torrent({ tags: 'mam-1' });

	test.each<[string, Partial<MamTorrentRecord>, Partial<RankParameters>?, Partial<RankContext>?]>([
		['49.0 MiB: below the minimum size of 50.0 MiB.', { sizeBytes: 49 * MIB }],
		['1025.0 MiB: above the maximum size of 1024.0 MiB.', { sizeBytes: 1025 * MIB }],
		['0 leechers, 5 seeders: below the floor of 1 leechers.', { leechers: 0 }],
		['10 leechers, 0 seeders: nobody has it.', { seeders: 0 }],
		['10 leechers, 51 seeders: above the ceiling of 50.', { seeders: 51 }],
		['It is not free for this account, and only free torrents are grabbed.', { isFree: false }],
		['The account has snatched it before.', { alreadySnatched: true }],
		['Already in the client.', {}, {}, { clientTorrents: [inClient] }],
		[
			'Grabbed 2.5 days ago; eligible again after 14.0 days.',
			{},
			{},
			{ memory: { added: { '1': NOW_SECONDS - 2.5 * DAY }, tried: {} } },
		],
		[
			'Tried 1.5 hours ago without success; tried again after 24 hours.',
			{},
			{},
			{ memory: { added: {}, tried: { '1': NOW_SECONDS - 1.5 * HOUR } } },
		],
		['Grab per Run is 0, so nothing is grabbed.', {}, { grabPerRun: 0 }],
		[
			'Torrents of the category: 1, selected: 0; the maximum is 1.',
			{},
			{ maxTorrents: 1 },
			{ clientTorrents: [torrent()] },
		],
		[
			'Active downloads of the category: 1, selected: 0; the maximum is 1.',
			{},
			{ maxActiveDownloads: 1 },
			{ clientTorrents: [incomplete(80, 0.5)] },
		],
		[
			'Grabbed in the last 24 h: 1, selected: 0; the maximum is 1 per day.',
			{},
			{ maxGrabsPerDay: 1 },
			{ clientTorrents: [unstarted(2)] },
		],
		[
			'0.10 GiB: the category has 0.98 GiB of at most 1 GiB.',
			{},
			{ maxCategoryGiB: 1 },
			{ clientTorrents: [torrent({ size: 1000 * MIB })] },
		],
		[
			'0.10 GiB: 0.98 GiB of at most 1 GiB were grabbed in the last 24 h.',
			{},
			{ maxGiBPerDay: 1 },
			{ clientTorrents: [unstarted(2, { size: 1000 * MIB })] },
		],
		['The title contains none of: epic, dragon.', {}, { includeWords: ['epic', 'dragon'] }],
		['The title contains "book".', {}, { excludeWords: ['dragon', 'book'] }],
		[
			`Its category is "${'x'.repeat(100)}", not one of: a, b.`,
			{ category: LONG },
			{ categories: ['a', 'b'] },
		],
		[
			`Its language is ${'x'.repeat(20)}, not one of: eng, ger.`,
			{ language: LONG },
			{ languages: ['eng', 'ger'] },
		],
		['Its language is unknown, not one of: eng.', { language: null }, { languages: ['eng'] }],
		[
			"44 unsatisfied torrents by the site's count, 1 that it does not count yet, limit 50, reserve 5, 0 selected: no room.",
			{},
			{},
			{
				account: account({ unsatisfied: { count: 44, limit: 50 } }),
				clientTorrents: [unstarted(0.5)],
			},
		],
		['The free space is unknown.', {}, { freeSpaceBytes: null }],
		[
			'0.10 GiB: only 0.05 GiB is free after the reserve and pending downloads.',
			{},
			{ freeSpaceBytes: 10.05 * GIB },
		],
		[
			'0.10 GiB: only 0.00 GiB is free after the reserve and pending downloads.',
			{},
			{ freeSpaceBytes: GIB },
		],
		[
			'The ratio would fall to 1.66, below 2.0.',
			{ isFree: false, sizeBytes: 5 * GIB },
			{ onlyFree: false, minProjectedRatio: 2, maxSizeMiB: 10_000 },
		],
	])('%s', (expected, change, parameters = {}, known = {}) => {
		const result = rankCandidates(
			[candidate(1, change)],
			context(known),
			{ ...RANK, ...parameters },
			ENFORCED,
		);
		expect(sentence(result)).toBe(expected);
	});

	test('of one that is beyond the limit per run', () => {
		const parameters = { ...RANK, grabPerRun: 1 };
		const result = rankCandidates([candidate(1), candidate(2)], context(), parameters, ENFORCED);
		expect(sentence(result, 1)).toBe(
			'1 better candidates were selected; that is the limit per run.',
		);
	});

	test('of a torrent that is in the results twice', () => {
		const result = rankCandidates([candidate(1), candidate(1)], context(), RANK, ENFORCED);
		expect(sentence(result, 1)).toBe('Duplicate of an earlier result.');
	});

	test.each<[string, Partial<RankContext>, Partial<RankParameters>?]>([
		['The account is unknown.', { account: {} }],
		['The torrent list of the client is incomplete.', { clientTorrents: [{}] }],
		[
			'The client lists 1 torrents, but at least 2 are expected, so nothing is decided.',
			{ clientTorrents: [torrent()] },
			{ expectedMinTorrents: 2 },
		],
		[
			'The site does not say how many torrents are unsatisfied.',
			{ account: account({ unsatisfied: null }) },
		],
	])('of the whole run: %s', (expected, known, parameters = {}) => {
		const result = rankCandidates(
			[candidate(1)],
			context(known),
			{ ...RANK, ...parameters },
			ENFORCED,
		);
		expect(sentence(result)).toBe(expected);
		expect(result.summary.lines).toEqual([expected]);
		expect(result.summary.failure?.sentence).toBe(expected);
		const asKnown = 'account' in known ? known.account : context().account;
		expect(result.summary.account).toEqual(isAccount(asKnown) ? asKnown : undefined);
	});

	test('of a run that does not know the free space', () => {
		const parameters = { ...RANK, freeSpaceBytes: null };
		const { summary } = rankCandidates([candidate(1)], context(), parameters, ENFORCED);
		expect(summary.failure?.sentence).toBe('The free space of the client is unknown.');
	});
});

describe('the guard says why, with the numbers that decided', () => {
	test.each<[string, Partial<AccountRecord>, Partial<GuardParameters>?]>([
		[
			'The class is Mouse, which grabs nothing: the tracker gives a Mouse no peers, so a new torrent could not help the ratio.',
			MOUSE,
		],
		[
			'The class is User, which grabs nothing.',
			{ className: 'User' },
			{ blockedClasses: ['User'] },
		],
		['The account has downloaded, but the site does not say its ratio.', { ratio: null }],
		['The site does not say how many Hit & Runs are not seeding.', { hitAndRuns: null }],
		[
			'3 Hit & Runs are not seeding, more than the 2 allowed: download each again with the tag recovery and seed it, or buy its seed time fix on the site by hand.',
			{ hitAndRuns: { notSeeding: 3, seeding: 0 } },
			{ maxHitAndRuns: 2 },
		],
		[
			"The site cannot reach the client, or does not say that it can: forward the client's port, or switch Require Connectable off.",
			{ connectable: null },
			{ requireConnectable: true },
		],
	])('%s', (expected, change, parameters = {}) => {
		expect(sentence(guardAccount([account(change)], { ...GUARD, ...parameters }, ENFORCED))).toBe(
			expected,
		);
	});
});

describe('the spender says why, with the numbers that decided', () => {
	const inDays = (days: number) => new Date(NOW.getTime() + days * DAY * 1000).toISOString();

	test.each<[string, Partial<AccountRecord>, Partial<SpendParameters>?]>([
		[
			'1.00 GiB more upload is needed for a ratio of 2.0: buy 50 GiB for 25000 points.',
			{ uploadedBytes: 19 * GIB, downloadedBytes: 10 * GIB, bonusPoints: 30_000 },
		],
		[
			'500 more points are needed: the balance is 25000, the smallest tier of 50 GiB costs 25000 plus the reserve of 500.',
			{ uploadedBytes: 19 * GIB, downloadedBytes: 10 * GIB, bonusPoints: 25_000 },
		],
		['The ratio is 2.5; the target of 2.0 is met.', {}],
		['The ratio is none; the target of 2.0 is met.', { ratio: null, downloadedBytes: 0 }],
		[
			'The site sells VIP to VIP and Power User only, not to Elite.',
			{ className: 'Elite' },
			{ vip: true },
		],
		[
			'20.0 days of VIP are left: extend it as far as possible, for 12500 points.',
			{ vipUntil: inDays(20) },
			{ vip: true },
		],
		[
			"1 more points are needed to extend VIP, of which 20.0 days are left: it costs 12500, and the reserve is 500. Or buy 8 weeks in the site's store for 10000 points.",
			{ vipUntil: inDays(20), bonusPoints: 12_999.5 },
			{ vip: true },
		],
		[
			'The balance of 98000 points is within 2000 of the cap of 99999, above which points are lost: buy 100 GiB for 50000 points.',
			{ bonusPoints: 98_000.7 },
			{ spendAboveCap: true },
		],
	])('%s', (expected, change, parameters = {}) => {
		expect(sentence(planSpend([account(change)], { ...SPEND, ...parameters }, ENFORCED))).toBe(
			expected,
		);
	});
});

test('every Summary names its policy', () => {
	const records = [account()];
	const preferences = {
		queueing_enabled: true,
		max_active_downloads: 5,
		max_active_uploads: 5,
		max_active_torrents: 5,
	};
	expect([
		guardAccount([], GUARD, ENFORCED).summary.summary,
		rankCandidates([], context(), RANK, ENFORCED).summary.summary,
		rankCandidates([], context({ account: null }), RANK, ENFORCED).summary.summary,
		judgeTorrents([], JUDGE, ENFORCED).summary.summary,
		judgeTorrents([], { ...JUDGE, expectedMinTorrents: 1 }, ENFORCED).summary.summary,
		planSpend([], SPEND, ENFORCED).summary.summary,
		planSpend(records, SPEND, ENFORCED).summary.summary,
		summarizeTrackers([], TRANSFER, SUMMARIZE, ENFORCED).summary.summary,
		summarizeTrackers([], null, SUMMARIZE, ENFORCED).summary.summary,
		reconcilePreferences([preferences], {}, ENFORCED).summary.summary,
		reconcilePreferences([], {}, ENFORCED).summary.summary,
	]).toEqual([
		'guardAccount',
		'rankCandidates',
		'rankCandidates',
		'judgeTorrents',
		'judgeTorrents',
		'planSpend',
		'planSpend',
		'summarizeTrackers',
		'summarizeTrackers',
		'reconcilePreferences',
		'reconcilePreferences',
	]);
});
