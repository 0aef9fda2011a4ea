import { account, candidate, EMPTY_MARKER, torrent, unstarted } from '../decisions/builders';
import { fieldsOf, runPolicy } from './runPolicy';

const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);

test('the defaults are those of the public interface', () => {
	const defaults = Object.fromEntries(
		[
			'guardAccount',
			'rankCandidates',
			'judgeTorrents',
			'planSpend',
			'reconcilePreferences',
			'summarizeTrackers',
		].map((operation) => [
			operation,
			Object.fromEntries(fieldsOf(operation).map((field) => [field.name, field.default])),
		]),
	);
	expect(defaults).toMatchObject({
		guardAccount: {
			blockedClasses: 'Mouse',
			ratioFloor: 1.2,
			maxHitAndRuns: 0,
			requireConnectable: false,
		},
		rankCandidates: {
			category: 'mam-farming',
			maxTorrents: 500,
			minSizeMiB: 50,
			maxSizeMiB: 1024,
			leecherFloor: 1,
			seederCeiling: 50,
			leecherWeight: 3,
			seederWeight: 0.5,
			freeleechBonus: 200,
			grabPerRun: 5,
			dryRun: false,
			unsatisfiedReserve: 5,
			freeSpaceBytes: -1,
			freeSpaceReserveGiB: 10,
			onlyFree: true,
			minProjectedRatio: 0,
			expectedMinTorrents: 0,
			regrabAfterDays: 14,
			maxCategoryGiB: 0,
			maxGrabsPerDay: 0,
			maxGiBPerDay: 0,
			maxActiveDownloads: 0,
			includeWords: '',
			excludeWords: '',
			categories: '',
			languages: '',
			refusedMessages: 'unrecognized host, passkey',
		},
		judgeTorrents: {
			category: 'mam-farming',
			seedClock: 'observed',
			maxSightGapHours: 6,
			trackerHosts: 'myanonamouse.net',
			retireBelowFreeGiB: 0,
			freeSpaceBytes: -1,
			maxRetiredForSpacePerDay: 20,
			staleDays: 7,
			hnrHours: 72,
			neverStartedHours: 24,
			stalledDays: 3,
			gracefulRetireDays: 14,
			zeroDemandDays: 7,
			satisfiedDays: 3,
			satisfiedSeederFloor: 5,
			dryRun: false,
			recoveryHoldDays: 7,
			maxUnregisteredPerRun: 10,
			trackerClockMarginHours: 24,
			stalledMaxProgressPercent: 10,
			retireOnlyAbove: 0,
			maxCompletedPerRun: 20,
			expectedMinTorrents: 0,
		},
		planSpend: {
			targetRatio: 2,
			reservePoints: 500,
			pointsPerGiB: 500,
			tiersGiB: '50,100,200,500',
			dryRun: false,
			spendAboveCap: false,
			pointsCap: 99999,
			capHeadroomPoints: 10_000,
			vip: false,
			floorRatio: 1.2,
		},
		reconcilePreferences: {
			queueingEnabled: true,
			maxActiveDownloads: 20,
			maxActiveUploads: -1,
			maxActiveTorrents: -1,
			dontCountSlowTorrents: true,
			removeRatioLimit: true,
			removeSeedingTimeLimit: true,
			removeInactiveSeedingTimeLimit: true,
			dryRun: false,
		},
		summarizeTrackers: {
			category: 'mam-farming',
			hnrHours: 72,
			dryRun: false,
			maxReannouncesPerRun: 50,
			trackerClockMarginHours: 24,
		},
	});
});

test('guardAccount: blocked classes are a list, whatever its spaces and case', async () => {
	const vole = account({ className: 'Vole' });
	const { hold } = await runPolicy('guardAccount', [vole], { blockedClasses: 'Mouse , vole' });
	expect(hold[0].decision.reason).toBe('blocked_class');
});

test('rankCandidates: account and client may come as JSON text', async () => {
	const { act } = await runPolicy('rankCandidates', [candidate(1), candidate(2)], {
		account: JSON.stringify(account()),
		clientTorrents: JSON.stringify([torrent({ tags: 'mam-1' })]),
	});
	expect(act.map(({ id, score }) => [id, score])).toEqual([[2, 227.5]]);
});

test('rankCandidates: what is grabbed carries category, tags and save path as they were evaluated', async () => {
	const { act } = await runPolicy('rankCandidates', [candidate(7)], {
		account: account(),
		clientTorrents: [EMPTY_MARKER],
		category: 'books',
		tags: ' mam , mine ',
		savePath: '/data/books',
	});
	expect(act[0]).toMatchObject({
		...candidate(7),
		category: 'books',
		tags: 'mam,mine,mam-7',
		savePath: '/data/books',
	});
});

test("rankCandidates remembers through the workflow's static data", async () => {
	const { act, hold } = await runPolicy(
		'rankCandidates',
		[candidate(1), candidate(2), candidate(3)],
		{ account: account(), clientTorrents: [EMPTY_MARKER] },
		{ grabs: { added: { '1': now() - HOUR }, tried: { '2': now() - HOUR } } },
	);
	expect(act.map(({ id }) => id)).toEqual([3]);
	expect(hold.map(({ id, decision }) => [id, decision.reason])).toEqual([
		[1, 'grabbed_recently'],
		[2, 'tried_recently'],
	]);
});

test('judgeTorrents: tags and messages are lists, compared without case', async () => {
	const added_on = now() - 25 * HOUR;
	const { act, hold } = await runPolicy(
		'judgeTorrents',
		[
			unstarted(0, { added_on, tags: 'Mine' }),
			unstarted(0, { added_on, tags: 'keep' }),
			unstarted(0, {
				added_on,
				trackers: [{ url: 'u', status: 4, tier: 0, msg: 'GONE for good' }],
			}),
		],
		{
			protectedTags: 'mine, theirs',
			options: { unregisteredMessages: 'Gone for good' },
		},
	);
	expect(hold.map(({ decision }) => decision.reason)).toEqual(['protected']);
	expect(act.map(({ decision }) => decision.reason)).toEqual(['never_started', 'unregistered']);
});

describe("judgeTorrents and the workflow's static data", () => {
	const seeding = () =>
		torrent({ added_on: now() - 30 * 24 * HOUR, seeding_time: 20 * 24 * HOUR, num_complete: 9 });
	test('what a scheduled run has seen is remembered, and a run by hand changes nothing', async () => {
		const staticData = { other: 1 };
		await runPolicy('judgeTorrents', [seeding()], {}, staticData, [], 'manual');
		await runPolicy('judgeTorrents', [seeding()], {}, staticData, [], 'retry');
		expect(staticData).toEqual({ other: 1 });
		const record = seeding();
		await runPolicy('judgeTorrents', [record], {}, staticData);
		expect(staticData).toMatchObject({ other: 1, seen: { [record.hash]: expect.any(String) } });
	});

	test('what was seen proves the torrent, in a dry run by hand, too', async () => {
		const record = seeding();
		const proven = { seen: { [record.hash]: `${record.added_on.toString(36)},+` } };
		const { hold } = await runPolicy(
			'judgeTorrents',
			[record],
			{ dryRun: true },
			proven,
			[],
			'manual',
		);
		expect(hold[0].decision.reason).toBe('graceful_retire');
		const unproven = await runPolicy('judgeTorrents', [record]);
		expect(unproven.hold[0].decision.reason).toBe('hnr_window');
	});

	test('a list as of an earlier time is not remembered', async () => {
		const staticData = {};
		const options = { evaluateAt: '2026-01-01T00:00:00Z' };
		await runPolicy('judgeTorrents', [seeding()], { options }, staticData);
		expect(staticData).toEqual({});
	});

	test('a dry run has deleted and freed nothing, although it remembers what it has seen', async () => {
		const staticData: { retired?: unknown; seen?: object; tried?: object } = {};
		const full = { options: { retireBelowFreeGiB: 20, freeSpaceBytes: 0 }, seedClock: 'client' };
		await runPolicy('judgeTorrents', [seeding()], { ...full, dryRun: true }, staticData as never);
		expect(staticData.retired).toBeNull();
		expect(staticData.tried).toEqual({});
		expect(Object.keys(staticData.seen ?? {})).toHaveLength(1);
		await runPolicy('judgeTorrents', [seeding()], full, staticData as never);
		expect(staticData.retired).toMatchObject({ count: 1 });
		expect(Object.keys(staticData.tried ?? {})).toHaveLength(1);
	});
});

test('judgeTorrents judges as of Evaluate At', async () => {
	const at = '2026-01-02T00:00:00.000Z';
	const added = (hours: number) => Date.parse(at) / 1000 - hours * HOUR;
	const list = [23, 25].map((hours) => unstarted(0, { added_on: added(hours) }));
	const { act, summary } = await runPolicy('judgeTorrents', list, { options: { evaluateAt: at } });
	expect(act.map(({ hash }) => hash)).toEqual([list[1].hash]);
	expect(summary.at).toBe(at);
});

test('reconcilePreferences: a share limit is switched off, or left alone; its value is reported', async () => {
	const current = {
		queueing_enabled: true,
		max_active_downloads: 20,
		max_active_uploads: -1,
		max_active_torrents: -1,
		dont_count_slow_torrents: true,
		max_ratio_enabled: true,
		max_ratio: 2.5,
		max_seeding_time_enabled: true,
		max_seeding_time: 4320,
	};
	const { act } = await runPolicy('reconcilePreferences', [current], {
		removeSeedingTimeLimit: false,
	});
	expect(act.map(({ preferences }) => preferences)).toEqual([{ max_ratio_enabled: false }]);
	expect(act[0].decision.detail).toBe('Drift: max_ratio_enabled is true (2.5), wanted false.');
});

test('planSpend: the plan that the buying step checks again', async () => {
	const poor = account({ uploadedBytes: 0, ratio: 0, bonusPoints: 60_000 });
	const { act } = await runPolicy('planSpend', [poor], { tiersGiB: '100, 50' });
	expect(act[0]).toMatchObject({
		purchase: 'upload',
		amountGiB: 50,
		costPoints: 25_000,
		reservePoints: 500,
		uid: poor.uid,
	});
	expect(Date.now() - Date.parse(String(act[0].plannedAt))).toBeLessThan(60_000);
});

test('planSpend: one tier may be a number', async () => {
	const poor = account({ uploadedBytes: 0, ratio: 0, bonusPoints: 60_000 });
	const { act } = await runPolicy('planSpend', [poor], { tiersGiB: 75 });
	expect(act[0].amountGiB).toBe(75);
});

describe('planSpend: a purchase that the account has not shown for a day', () => {
	const at = new Date(Date.now() - 25 * HOUR * 1000).toISOString();
	const lastPurchase = { what: 'upload' as const, amount: 50, at, shown: false };
	const poor = account({ uploadedBytes: 0, ratio: 0, bonusPoints: 60_000, lastPurchase });

	test('is told once, by a red run that plans nothing, and forgotten', async () => {
		const staticData = {};
		const told = await runPolicy('planSpend', [poor], {}, staticData);
		expect(told.act).toEqual([]);
		expect(told.hold.map(({ decision }) => decision.reason)).toEqual(['stale_account']);
		expect(told.summary.failure?.details.cause).toBe('spend_unknown');
		expect(told.summary.failure?.error).toContain(`has not shown the purchase of ${at} for a day`);
		const next = await runPolicy('planSpend', [poor], {}, staticData);
		expect(next.summary).not.toHaveProperty('failure');
		expect(next.act.map(({ purchase }) => purchase)).toEqual(['upload']);
	});

	test.each(['manual', 'retry'])(
		'is not told by a %s run, which remembers nothing',
		async (mode) => {
			const staticData = {};
			const plan = { dryRun: true };
			const { summary } = await runPolicy('planSpend', [poor], plan, staticData, [], mode);
			expect(summary).not.toHaveProperty('failure');
			expect(staticData).toEqual({});
		},
	);

	test('is told again when it is another one, and not while it is shown', async () => {
		const staticData = { toldPurchase: '2026-01-01T00:00:00.000Z' };
		const shown = { ...poor, lastPurchase: { ...lastPurchase, shown: true } };
		expect((await runPolicy('planSpend', [shown], {}, staticData)).summary).not.toHaveProperty(
			'failure',
		);
		const { summary } = await runPolicy('planSpend', [poor], {}, staticData);
		expect(summary.failure?.details.cause).toBe('spend_unknown');
	});
});
