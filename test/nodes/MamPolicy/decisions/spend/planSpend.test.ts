import {
	planSpend,
	tellUnproven,
	unprovenPurchase,
} from '../../../../../nodes/MamPolicy/decisions/spend/planSpend';
import type { SpendParameters } from '../../../../../nodes/MamPolicy/decisions/spend/parameters';
import {
	account,
	DAY,
	DRY,
	EMPTY_MARKER,
	ENFORCED,
	FAILURE,
	GIB,
	MOUSE,
	NOW,
	reasons,
	SPEND,
} from '../builders';
import type { AccountRecord } from '../../../../../nodes/shared/records';

function plan(record: unknown, change: Partial<SpendParameters> = {}) {
	return planSpend([record], { ...SPEND, ...change }, ENFORCED);
}

/** What is bought: `50` GiB, `vip`, or the reason to hold. */
function bought(record: unknown, change: Partial<SpendParameters> = {}) {
	const { act, hold } = plan(record, change);
	if (act.length === 0) return hold[0].decision.reason;
	const { purchase, amountGiB } = act[0].extraFields ?? {};
	return purchase === 'vip' ? 'vip' : amountGiB;
}

/** An account that lacks `gib` for a ratio of 2. */
function lacking(gib: number, points: number, change: Partial<AccountRecord> = {}): AccountRecord {
	const downloadedBytes = 1000 * GIB;
	const uploadedBytes = 2 * downloadedBytes - gib * GIB;
	const ratio = uploadedBytes / downloadedBytes;
	return account({ downloadedBytes, uploadedBytes, ratio, bonusPoints: points, ...change });
}

test('accident 2: for a Mouse with 24,551 points it says how many more are needed', () => {
	const { act, hold, summary } = plan(MOUSE);
	expect(act).toEqual([]);
	expect(hold[0].decision).toEqual({
		verdict: 'hold',
		reason: 'cannot_afford',
		detail:
			"949 more points are needed: the balance is 24551, the smallest tier of 50 GiB costs 25000 plus the reserve of 500. Or buy 1 GiB in the site's store for 500 points: the ratio is then 1.43.",
	});
	expect(summary.lines).toEqual([
		'Profile: ratio=0.0 class=Mouse DL=0.70 GiB UL=0.00 GiB BP=24551 | deficit=1.40 GiB needed=3 affordable=48 buy=0',
		hold[0].decision.detail,
	]);
	expect(summary.line).toBe(summary.lines[0]);
	expect(summary.numbers).toMatchObject({
		neededGiB: 3,
		affordableGiB: 48,
		buyGiB: 0,
		buyWeeks: 0,
		bonusPoints: 24_551,
		missingPoints: 949,
		reservePoints: 500,
		nextTierPoints: 25_500,
	});
	expect(summary.numbers.deficitGiB).toBeCloseTo(1.4, 1);
	expect(summary.failure).toBeUndefined();
	expect(summary.account).toEqual(MOUSE);
});

test('accident 2: a thousand points later it buys 50 GiB', () => {
	const { act, hold, summary } = plan({ ...MOUSE, bonusPoints: 25_551 });
	expect(hold).toEqual([]);
	expect(act[0].extraFields).toEqual({
		purchase: 'upload',
		amountGiB: 50,
		costPoints: 25_000,
		reservePoints: 500,
		plannedAt: NOW.toISOString(),
	});
	expect(act[0].decision).toMatchObject({ verdict: 'act', reason: 'deficit' });
	expect(summary.line).toMatch(/deficit=1\.40 GiB needed=3 affordable=50 buy=50$/);
	expect(summary.numbers).toMatchObject({ buyGiB: 50, missingPoints: 0 });
});

describe('a deficit', () => {
	test.each([
		['a point short of the smallest tier', 1, 25_499, 'cannot_afford'],
		['the smallest tier', 1, 25_500, 50],
		['49 GiB and one to be above the target', 49, 1e6, 50],
		['a little more than 49 GiB', 49.01, 1e6, 100],
		['99 GiB', 99, 1e6, 100],
		['a little more than 99 GiB', 99.01, 1e6, 200],
		['199.5 GiB', 199.5, 1e6, 500],
		['more than the largest tier', 900, 1e6, 500],
		['150 GiB, and points for 199', 150, 199 * 500 + 500, 100],
		['150 GiB, and points for 200', 150, 200 * 500 + 500, 200],
		['150 GiB, and points for 50', 150, 50 * 500 + 500, 50],
		['a byte', 1 / GIB, 25_500, 50],
		['nothing', 0, 1e6, 'no_deficit'],
		['less than nothing', -5, 1e6, 'no_deficit'],
		['more than there is, and no points at all', 1, 0, 'cannot_afford'],
	])('of %s: %p GiB with %p points: %p', (_name, gib, points, purchase) => {
		expect(bought(lacking(gib, points))).toBe(purchase);
	});

	test.each<[string, Partial<SpendParameters>, unknown]>([
		['another target', { targetRatio: 1.5 }, 'no_deficit'],
		['a higher target', { targetRatio: 2.05 }, 100],
		['a higher reserve', { reservePoints: 30_000 }, 50],
		['a reserve that takes all', { reservePoints: 60_000 }, 'cannot_afford'],
		['a higher price', { pointsPerGiB: 5000 }, 'cannot_afford'],
		['other tiers', { tiersGiB: [60, 70] }, 60],
		['tiers that cost too much', { tiersGiB: [200] }, 'cannot_afford'],
	])('of 45 GiB with %s', (_name, change, purchase) => {
		expect(bought(lacking(45, 60_000), change)).toBe(purchase);
	});

	test.each<[number, number | undefined, Partial<SpendParameters>?]>([
		[25_499, 25_500],
		[25_500, 50_500],
		[25_500, 50_500, { pointsCap: 50_500 }],
		[25_500, undefined, { pointsCap: 50_499 }],
		[99_999, undefined],
		[250_500, undefined],
	])('a balance of %i has its next tier at %p %p', (points, nextTier, change = {}) => {
		const { numbers } = plan(lacking(0, points), change).summary;
		expect(numbers.nextTierPoints).toBe(nextTier);
		expect('nextTierPoints' in numbers).toBe(nextTier !== undefined);
	});

	test('half points are neither spent nor counted', () => {
		const { hold, summary } = plan(lacking(1, 25_499.9));
		expect(hold[0].decision.detail).toContain('1 more points are needed: the balance is 25499,');
		expect(summary.line).toContain('BP=25499 ');
		expect(summary.numbers.missingPoints).toBe(1);
	});

	test('an account that downloaded nothing lacks nothing', () => {
		const fresh = account({ ratio: null, downloadedBytes: 0, uploadedBytes: 0 });
		const { hold, summary } = plan(fresh);
		expect(hold[0].decision.reason).toBe('no_deficit');
		expect(summary.line).toContain('ratio=none');
		expect(summary.line).toContain('deficit=0.00 GiB needed=0 affordable=50 buy=0');
	});

	test('comes before everything else that points can buy', () => {
		const both = { spendAboveCap: true, vip: true };
		expect(bought(lacking(1, 99_999), both)).toBe(50);
		expect(bought(lacking(1, 20_000), both)).toBe('cannot_afford');
	});
});

describe('points near the cap', () => {
	const spendAboveCap = true;

	test.each([
		['is not asked for', 99_999, { spendAboveCap: false }, 'no_deficit'],
		['begins below it', 97_998, { spendAboveCap }, 'no_deficit'],
		['begins at the headroom', 97_999, { spendAboveCap }, 100],
		['buys the largest tier', 300_000, { spendAboveCap }, 500],
		['leaves the reserve', 99_999, { spendAboveCap, reservePoints: 60_000 }, 50],
		['buys what leaves the reserve exactly', 99_999, { spendAboveCap, reservePoints: 49_999 }, 100],
		['leaves a reserve of a point more', 99_999, { spendAboveCap, reservePoints: 50_000 }, 50],
		['has nothing it can buy', 99_999, { spendAboveCap, reservePoints: 99_000 }, 'no_deficit'],
		['has another cap', 60_000, { spendAboveCap, pointsCap: 62_000 }, 100],
		['has more headroom', 90_000, { spendAboveCap, capHeadroomPoints: 9999 }, 100],
	])('%s', (_name, bonusPoints, change, purchase) => {
		expect(bought(account({ bonusPoints }), change)).toBe(purchase);
	});

	test('says so', () => {
		const { act } = plan(account({ bonusPoints: 99_000.9 }), { spendAboveCap });
		expect(act[0].decision.reason).toBe('cap_loss');
		expect(act[0].decision.detail).toContain('balance of 99000 points is within 2000 of the cap');
	});
});

describe('VIP', () => {
	const vip = { vip: true };

	function inDays(days: number): string {
		return new Date(NOW.getTime() + days * DAY * 1000).toISOString();
	}

	test.each<[string, Partial<AccountRecord>, Partial<SpendParameters>, unknown]>([
		['not asked for', { vipUntil: null }, {}, 'no_deficit'],
		['a Power User without it', { vipUntil: null }, vip, 'vip'],
		['a VIP with 83 days', { className: 'VIP', vipUntil: inDays(83) }, vip, 'vip'],
		['a VIP with more', { className: 'VIP', vipUntil: inDays(83.01) }, vip, 'no_deficit'],
		['a Power User whose VIP ended', { vipUntil: inDays(-3) }, vip, 'vip'],
		['another class', { className: 'Elite VIP', vipUntil: inDays(1) }, vip, 'class_not_eligible'],
		['a User', { className: 'User' }, vip, 'class_not_eligible'],
		['a VIP without an end', { className: 'VIP', vipUntil: null }, vip, 'no_deficit'],
		['an end that is not a time', { vipUntil: 'soon' }, vip, 'no_deficit'],
		['an end that is missing', { vipUntil: undefined }, vip, 'no_deficit'],
		['90 days and the reserve', { bonusPoints: 16_072 + 500 }, vip, 'vip'],
		['a point less', { bonusPoints: 16_072 + 499 }, vip, 'cannot_afford'],
		['a week and the reserve', { bonusPoints: 1750, vipUntil: inDays(83) }, vip, 'vip'],
		['a point less than that', { bonusPoints: 1749, vipUntil: inDays(83) }, vip, 'cannot_afford'],
	])('%s', (_name, change, parameters, purchase) => {
		expect(bought(account(change), parameters)).toBe(purchase);
	});

	test('is extended as far as possible, for what fits until 90 days', () => {
		const { act, summary } = plan(account({ vipUntil: inDays(76) }), vip);
		expect(act[0].extraFields).toEqual({
			purchase: 'vip',
			costPoints: 2 * 1250,
			reservePoints: 500,
			plannedAt: NOW.toISOString(),
		});
		expect(act[0].decision.reason).toBe('vip');
		expect(summary.numbers).toMatchObject({ buyWeeks: 2, buyGiB: 0 });
	});

	test('comes before points near the cap, and does not stand in their way', () => {
		const both = { ...vip, spendAboveCap: true };
		expect(bought(account({ bonusPoints: 99_999 }), both)).toBe('vip');
		expect(bought(account({ bonusPoints: 99_999, className: 'User' }), both)).toBe(100);
	});
});

test.each<[string, unknown]>([
	['a failure of the step before', FAILURE],
	['an account merged with a failure', { ...MOUSE, ...FAILURE, bonusPoints: 1e6 }],
	['a proven empty list, which is not an account', EMPTY_MARKER],
	['an account without points', account({ bonusPoints: undefined })],
	['an account whose last purchase is none', account({ lastPurchase: 'yes' as never })],
	['an account with more points than can be counted', account({ bonusPoints: 1e300 })],
	['an account whose download is a text', { ...account(), downloadedBytes: '1 GiB' }],
	['nothing', undefined],
])('%s buys nothing, and the run fails', (_name, record) => {
	const result = plan(record, { spendAboveCap: true, vip: true });
	expect(result.act).toEqual([]);
	expect(reasons(result)).toEqual(['no_data']);
	expect(result.summary.failure?.cause).toBe('no_data');
	expect(result.summary.line).toBe('Profile: no account');
	expect(result.summary.account).toBeUndefined();
});

test('of several accounts only the first is bought for', () => {
	const poor = { ...MOUSE, bonusPoints: 25_551 };
	const result = planSpend([FAILURE, poor, poor, { ...poor }], SPEND, ENFORCED);
	expect(result.act.map(({ index }) => index)).toEqual([1]);
	expect(reasons(result)).toEqual(['no_data', 'deficit', 'no_data', 'no_data']);
	expect(result.summary.failure).toBeUndefined();
});

describe('a deficit that the API cannot cure', () => {
	const poor = (uploadedGiB: number, downloadedGiB: number, bonusPoints: number) =>
		plan(
			account({
				uploadedBytes: uploadedGiB * GIB,
				downloadedBytes: downloadedGiB * GIB,
				ratio: uploadedGiB / downloadedGiB,
				bonusPoints,
			}),
		).summary.byHand;

	test.each<[string, [number, number, number], object]>([
		[
			'the smallest amount of the store that reaches the floor',
			[0, 1, 24_551],
			{ amountGiB: 2.5, costPoints: 1250, ratioAfter: 2.5, enough: true, missingPoints: 0 },
		],
		[
			'exactly the floor',
			[1.4, 2, 24_551],
			{ amountGiB: 1, costPoints: 500, ratioAfter: 1.2, enough: true, missingPoints: 0 },
		],
		[
			'the largest that can be paid, when none reaches it',
			[90, 100, 24_551],
			{ amountGiB: 20, costPoints: 10_000, ratioAfter: 1.1, enough: false, missingPoints: 0 },
		],
		[
			'the largest that leaves the reserve exactly',
			[90, 100, 10_500],
			{ amountGiB: 20, costPoints: 10_000, ratioAfter: 1.1, enough: false, missingPoints: 0 },
		],
		[
			'the largest that leaves the reserve',
			[90, 100, 10_499],
			{ amountGiB: 5, costPoints: 2500, ratioAfter: 0.95, enough: false, missingPoints: 0 },
		],
		[
			'only what is missing, when none can be paid',
			[1, 2, 999.5],
			{ amountGiB: 0, costPoints: 0, ratioAfter: 0.5, enough: false, missingPoints: 1 },
		],
		[
			'a negative balance is a balance',
			[1, 2, -200],
			{ amountGiB: 0, costPoints: 0, ratioAfter: 0.5, enough: false, missingPoints: 1200 },
		],
	])('%s', (_what, figures, expected) => {
		expect(poor(...figures)).toEqual(expected);
	});

	test('is said on Hold as well', () => {
		const detail = (uploadedGiB: number, points: number) =>
			plan(
				account({
					uploadedBytes: uploadedGiB * GIB,
					downloadedBytes: 100 * GIB,
					bonusPoints: points,
				}),
			).hold[0].decision.detail;
		expect(detail(90, 24_551)).toContain(
			"Or buy 20 GiB in the site's store for 10000 points: the ratio is then 1.1, still below the floor of 1.2.",
		);
		expect(detail(90, 900)).toContain("100 more points buy 1 GiB in the site's store.");
	});

	test.each<[string, Partial<AccountRecord>, Partial<SpendParameters>]>([
		['at the floor', { uploadedBytes: 12 * GIB, downloadedBytes: 10 * GIB, bonusPoints: 0 }, {}],
		['while a tier can be paid', { uploadedBytes: 0, bonusPoints: 60_000 }, {}],
		['without any download', { downloadedBytes: 0, ratio: null, bonusPoints: 0 }, {}],
		[
			'below a floor of its own only',
			{ uploadedBytes: 10 * GIB, downloadedBytes: 10 * GIB, bonusPoints: 0 },
			{ floorRatio: 1 },
		],
	])('nothing is advised %s', (_what, change, parameters) => {
		expect(plan(account(change), parameters).summary).not.toHaveProperty('byHand');
	});
});

describe('while the account does not show the last purchase', () => {
	const after = (hours: number, shown = false) =>
		account({
			uploadedBytes: 0,
			ratio: 0,
			bonusPoints: 60_000,
			lastPurchase: {
				what: 'upload',
				amount: 50,
				at: new Date(NOW.getTime() - hours * 3_600_000).toISOString(),
				shown,
			},
		});

	test.each<[string, AccountRecord, string]>([
		['just bought', after(0), 'stale_account'],
		['not shown for almost a day', after(23.99), 'stale_account'],
		['not shown for a day, it is forgotten', after(24), 'deficit'],
		['shown', after(1, true), 'deficit'],
		['of a clock that was ahead', after(-2), 'stale_account'],
		['of a clock that was far ahead', after(-25), 'deficit'],
		['none', account({ uploadedBytes: 0, bonusPoints: 60_000, lastPurchase: null }), 'deficit'],
	])('%s: %s', (_what, record, reason) => {
		expect(reasons(plan(record))).toEqual([reason]);
	});

	test.each<[string, unknown[], boolean]>([
		['not shown for almost a day', [after(23.99)], false],
		['not shown for a day', [FAILURE, after(24)], true],
		['shown', [after(48, true)], false],
		['of a clock that was far ahead', [after(-25)], false],
		['none', [account({ lastPurchase: null })], false],
		['of an account that is not known', [], false],
	])('%s: to be told: %p', (_what, records, isUnproven) => {
		const at = isUnproven ? after(24).lastPurchase!.at : null;
		expect(unprovenPurchase(records, NOW)).toBe(at);
	});

	test('the run that tells of it plans nothing, and says what to compare', () => {
		const { at } = after(24).lastPurchase!;
		const told = tellUnproven(at, [after(24)], ENFORCED);
		expect(reasons(told)).toEqual(['stale_account']);
		expect(told.summary.summary).toBe('planSpend');
		expect(told.act).toEqual([]);
		expect(told.summary.account).toEqual(after(24));
		expect(told.summary.failure).toEqual({
			cause: 'spend_unknown',
			sentence: `The account has not shown the purchase of ${at} for a day, so it is not known whether it went through. Nothing was planned.`,
			action:
				'Compare the bonus points and the upload credit on the site. The next run plans with the account as it is.',
		});
	});

	test('says until when', () => {
		expect(plan(after(1)).hold[0].decision.detail).toBe(
			'The account does not show the purchase of 2026-11-23T11:00:00.000Z yet, so its figures are old; nothing is planned until it does, or until 2026-11-24T11:00:00.000Z.',
		);
	});
});

test.each<[number, string]>([
	[16_000, " Or buy 12 weeks in the site's store for 15000 points."],
	[14_000, " Or buy 8 weeks in the site's store for 10000 points."],
	[5500, " Or buy 4 weeks in the site's store for 5000 points."],
	[5499, ''],
])(
	'VIP that %i points do not extend as far as possible: what a person can buy is said in time',
	(bonusPoints, advice) => {
		const vipUntil = new Date(NOW.getTime() + DAY * 1000).toISOString();
		const { detail } = plan(account({ bonusPoints, vipUntil }), { vip: true }).hold[0].decision;
		expect(detail.split('the reserve is 500.')[1]).toBe(advice);
	},
);

test('a dry run shows on Hold what it would buy', () => {
	const { act, hold, summary } = planSpend([{ ...MOUSE, bonusPoints: 25_551 }], SPEND, DRY);
	expect(act).toEqual([]);
	expect(hold[0].decision).toMatchObject({ verdict: 'act', reason: 'deficit' });
	expect(hold[0].extraFields).toMatchObject({ purchase: 'upload', amountGiB: 50 });
	expect(summary).toMatchObject({ dryRun: true, counts: { deficit: 1 } });
	expect(summary.line).toContain('buy=50');
});
