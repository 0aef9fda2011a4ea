import type { IDataObject, INode } from 'n8n-workflow';
import {
	readTokenState,
	writeTokenState,
	type PurchaseNote,
} from '../../../../nodes/MyAnonamouse/session/tokenState';
import { ACCOUNT, StrictSite, type SiteAnswer } from '../../../helpers/mamSite';
import { mamCredentials, newSession, storeElsewhere } from '../../../helpers/mamCredentials';
import { runNode } from '../../../helpers/oneNode';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: async () => {} }));

const GIB = 1024 ** 3;
const BUY = '/json/bonusBuy.php/';

interface Shop {
	site: StrictSite;
	stored: ReturnType<typeof mamCredentials>;
	account: { uploaded_bytes: number; seedbonus: number };
	/** The queries of all purchases that reached the site. */
	purchases: IDataObject[];
}

function openShop(answer: (shop: Shop) => SiteAnswer = book): Shop {
	const first = newSession();
	const shop: Shop = {
		site: new StrictSite(first),
		stored: mamCredentials(first),
		account: { uploaded_bytes: ACCOUNT.uploaded_bytes, seedbonus: ACCOUNT.seedbonus },
		purchases: [],
	};
	shop.site.on('/jsonLoad.php', () => ({ body: { ...ACCOUNT, ...shop.account } }));
	shop.site.on(BUY, ({ query }) => {
		shop.purchases.push(Object.fromEntries(query));
		return answer(shop);
	});
	return shop;
}

function book(shop: Shop): SiteAnswer {
	shop.account.uploaded_bytes += 50 * GIB;
	shop.account.seedbonus -= 25000;
	const { uploaded_bytes, seedbonus } = shop.account;
	return {
		body: {
			success: true,
			type: 'upload',
			amount: 50,
			seedbonus,
			uploaded: uploaded_bytes,
			downloaded: 10 * GIB,
		},
	};
}

async function buy(
	shop: Shop,
	change: {
		parameters?: IDataObject;
		input?: IDataObject[];
		settings?: Partial<INode>;
		mode?: 'retry' | 'trigger';
	} = {},
) {
	const run = await runNode({
		type: 'myAnonamouse',
		parameters: {
			resource: 'bonus',
			operation: 'buyUpload',
			amountGiB: 50,
			costPoints: 25000,
			reservePoints: 500,
			plannedAt: new Date().toISOString(),
			simulate: false,
			...(change.parameters as object),
		},
		input: change.input,
		settings: { onError: 'continueErrorOutput', ...change.settings },
		start: { credentials: shop.stored, mode: change.mode ?? 'trigger' },
	});
	return { bought: run.items('Node', 0)[0], refused: run.items('Node', 1)[0] };
}

test('buys once and returns the account after it', async () => {
	const shop = openShop();
	const { bought } = await buy(shop);
	expect(bought).toEqual({
		purchase: 'upload',
		amountGiB: 50,
		costPoints: 25000,
		bought: true,
		result: 'bought',
		bonusPoints: 5000,
		uploadedBytes: 70 * GIB,
		downloadedBytes: 10 * GIB,
		ratio: 7,
	});
	expect(shop.purchases).toEqual([expect.objectContaining({ spendtype: 'upload', amount: '50' })]);
	expect(readTokenState(shop.stored.myAnonamouseApi).purchase).toMatchObject({
		what: 'upload',
		outcome: 'bought',
	});
});

test.each([
	['more than one plan', { input: [{}, {}] }, 'bad_parameter'],
	[
		'Retry On Fail',
		{ settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } },
		'bad_parameter',
	],
	[
		'an old plan',
		{ parameters: { plannedAt: new Date(Date.now() - 11 * 60_000).toISOString() } },
		'stale_plan',
	],
	['a plan without a time', { parameters: { plannedAt: '' } }, 'bad_parameter'],
	['an amount that is not sold', { parameters: { amountGiB: 49 } }, 'bad_parameter'],
	['no number', { parameters: { costPoints: '={{ $json.nothing }}' } }, 'bad_parameter'],
	['a balance below plan plus reserve', { parameters: { reservePoints: 5001 } }, 'stale_plan'],
	['the retry of an old execution', { mode: 'retry' as const }, 'stale_plan'],
])('%s is refused before anything is spent', async (_what, change, cause) => {
	const shop = openShop();
	const { bought, refused } = await buy(shop, change);
	expect(bought).toBeUndefined();
	expect(refused.details).toMatchObject({ cause });
	expect(shop.purchases).toEqual([]);
});

const VIP = { operation: 'buyVip', reservePoints: 0 };

test.each<[string, IDataObject, string]>([
	[
		'50 points for 200 GiB',
		{ amountGiB: 200, costPoints: 50 },
		'price of 200 GiB is 100000 points',
	],
	[
		'24999 points for 50 GiB',
		{ amountGiB: 50, costPoints: 24999 },
		'price of 50 GiB is 25000 points',
	],
	['1249 points for VIP', { ...VIP, costPoints: 1249 }, 'price of 1 week of VIP is 1250 points'],
])(
	'%s: a cost below the price of the site is refused with it',
	async (_what, parameters, price) => {
		const shop = openShop();
		for (const simulate of [true, false]) {
			const { refused } = await buy(shop, { parameters: { ...parameters, simulate } });
			expect(refused).toMatchObject({
				error: expect.stringContaining('"Cost (Points)"'),
				message: expect.stringContaining(price),
				details: { cause: 'bad_parameter' },
			});
		}
		expect(shop.site.accepted).toEqual([]);
	},
);

test.each<[IDataObject]>([[{ ...VIP, costPoints: 16_072 }], [{ costPoints: 26_000 }]])(
	'a cost of the price or above buys: %p',
	async (parameters) => {
		const shop = openShop();
		expect((await buy(shop, { parameters })).bought).toMatchObject({ bought: true });
		expect(shop.purchases).toHaveLength(1);
	},
);

test.each([
	['the failure of an earlier step', { error: 'earlier failure', message: 'Fix it.' }],
	['what an earlier step skipped', { id: 1, skipped: true, reason: 'x' }],
])('%s passes on unchanged and buys nothing', async (_what, item) => {
	const shop = openShop();
	const { bought, refused } = await buy(shop, { input: [item] });
	expect(bought ?? refused).toEqual(item);
	expect(shop.site.accepted).toEqual([]);
});

test.each([
	['buyUpload', 'vip'],
	['buyVip', 'upload'],
])('%s skips a plan of the other kind (%s) before it reads its fields', async (operation, kind) => {
	const shop = openShop();
	const plan = { purchase: kind, costPoints: 25_000 };
	const parameters = { operation, costPoints: '={{ $json.nothing }}', plannedAt: '' };
	const { bought } = await buy(shop, { parameters, input: [plan] });
	expect(bought).toEqual({ ...plan, skipped: true, reason: 'other_purchase' });
	expect(shop.site.accepted).toEqual([]);
});

test('its plan is bought beside one of the other kind', async () => {
	const shop = openShop();
	await buy(shop, { input: [{ purchase: 'vip' }, { purchase: 'upload' }] });
	expect(shop.purchases).toHaveLength(1);
});

test('a simulated purchase sends nothing', async () => {
	const shop = openShop();
	const { bought } = await buy(shop, { parameters: { simulate: true } });
	expect(bought).toMatchObject({ simulated: true, bought: false, amountGiB: 50 });
	expect(shop.site.accepted).toEqual([]);
});

test('a plain no is reported as such, and the next run may buy', async () => {
	let answer: SiteAnswer = { body: { success: false, error: 'Not enough bonus, s1' } };
	const shop = openShop(() => answer);
	expect((await buy(shop)).refused.error).toContain('Not enough bonus, s1');
	answer = { body: { success: true, seedbonus: 5000, uploaded: 70 * GIB, downloaded: 10 * GIB } };
	expect((await buy(shop)).bought).toMatchObject({ bought: true });
});

test('a no that quotes the session is reported without it', async () => {
	const shop = openShop(({ site: { current } }) => ({
		body: { success: false, error: `Refused for ${current} and ${decodeURIComponent(current)}` },
	}));
	const { refused } = await buy(shop);
	expect(refused.error).toContain('"Refused for (hidden) and (hidden)"');
});

test('what could not be noted was not bought, and does not block buying', async () => {
	const shop = openShop();
	let isBusy = false;
	let stored = '';
	Object.defineProperty(shop.stored.myAnonamouseApi, 'tokenState', {
		enumerable: true,
		get: () => stored,
		set: (value: string) => {
			if (isBusy) throw new Error('SQLITE_BUSY');
			stored = value;
		},
	});
	shop.site.on('/jsonLoad.php', () => {
		isBusy = shop.site.accepted.length === 1;
		return { body: { ...ACCOUNT, ...shop.account } };
	});
	expect((await buy(shop)).refused.error).toContain('so nothing was bought');
	expect(shop.purchases).toEqual([]);
	isBusy = false;
	expect((await buy(shop)).bought).toMatchObject({ bought: true });
});

describe('an answer that leaves open whether points were spent', () => {
	test.each([
		['a server failure', { status: 502, body: 'bad gateway' }],
		['nothing', { body: '' }],
		['a page', { body: '<html>oops</html>' }],
		['JSON without success', { body: { ok: 1 } }],
	])(
		'%s: one request, reported as unknown, and the next run does not buy either',
		async (_what, answer) => {
			const shop = openShop(() => answer);
			const { refused } = await buy(shop);
			expect(refused.details).toMatchObject({ cause: 'spend_unknown', until: expect.any(String) });
			expect((await buy(shop)).refused.details).toMatchObject({ cause: 'spend_unknown' });
			expect(shop.purchases).toHaveLength(1);
		},
	);

	test.each([
		['a refusal in unknown words', { status: 403, body: 'No.' }],
		['a redirect', { status: 302, body: '' }],
	])('%s proves nothing either, also after a newly pasted session', async (_what, answer) => {
		const shop = openShop(() => answer);
		expect((await buy(shop)).refused.details).toMatchObject({ cause: 'spend_unknown' });
		shop.stored.myAnonamouseApi.sessionToken = shop.site.current;
		expect((await buy(shop)).refused.details).toMatchObject({ cause: 'spend_unknown' });
		expect(shop.purchases).toHaveLength(1);
	});

	test('when the account shows the purchase, buying resumes', async () => {
		let clear = false;
		const shop = openShop((open) => {
			const booked = book(open);
			return clear ? booked : { status: 504, body: 'time-out' };
		});
		expect((await buy(shop)).refused.details).toMatchObject({ cause: 'spend_unknown' });
		clear = true;
		shop.account.seedbonus = 29_999;
		expect((await buy(shop)).bought).toMatchObject({ bought: true });
		expect(shop.purchases).toHaveLength(2);
	});

	test('a newly pasted session does not forget it', async () => {
		const shop = openShop(() => ({ status: 502, body: '' }));
		await buy(shop);
		shop.stored.myAnonamouseApi.sessionToken = shop.site.current;
		expect((await buy(shop)).refused.details).toMatchObject({ cause: 'spend_unknown' });
		expect(shop.purchases).toHaveLength(1);
	});
});

test('an unclear purchase during which a new session was saved over its note is not repeated', async () => {
	const shop = openShop(({ site, stored }) => {
		const pasted = newSession();
		Object.assign(stored.myAnonamouseApi, { sessionToken: pasted, tokenState: '' });
		queueMicrotask(() => (site.current = pasted));
		return { status: 502, body: '' };
	});
	expect((await buy(shop)).refused.details).toMatchObject({ cause: 'spend_unknown' });
	expect((await buy(shop)).refused.details).toMatchObject({ cause: 'spend_unknown' });
	expect(shop.purchases).toHaveLength(1);
});

test('a session that is pasted after the account was read buys nothing: it may be of another account', async () => {
	const shop = openShop();
	const pasted = newSession();
	const answer = () => ({ body: { ...ACCOUNT, ...shop.account } });
	shop.site.on('/jsonLoad.php', () => {
		shop.stored.myAnonamouseApi.sessionToken = pasted;
		queueMicrotask(() => (shop.site.current = pasted));
		shop.site.on('/jsonLoad.php', answer);
		return answer();
	});
	expect((await buy(shop)).refused.details).toMatchObject({ cause: 'stale_plan' });
	expect(shop.purchases).toEqual([]);
	expect((await buy(shop)).bought).toMatchObject({ bought: true });
});

test('what fails before the purchase is sent was not bought, and does not block buying', async () => {
	const shop = openShop();
	const { myAnonamouseApi } = shop.stored;
	const { sessionToken } = myAnonamouseApi;
	let failures = 0;
	Object.defineProperty(myAnonamouseApi, 'sessionToken', {
		enumerable: true,
		get: () => {
			if (myAnonamouseApi.tokenState.includes('"open"') && ++failures > 1 && failures < 12)
				throw new Error('SQLITE_BUSY');
			return sessionToken;
		},
	});
	const { refused } = await buy(shop);
	expect(refused).toMatchObject({
		error: expect.stringContaining('could not read'),
		details: { cause: 'unknown' },
	});
	expect(shop.purchases).toEqual([]);
	expect((await buy(shop)).bought).toMatchObject({ bought: true });
});

describe('an earlier purchase whose outcome is open', () => {
	const LATER = '2099-02-01T00:00:00.000Z';
	const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

	async function buyAfter(note: Partial<PurchaseNote>, account: IDataObject) {
		const shop = openShop();
		const { myAnonamouseApi } = shop.stored;
		const earlier: PurchaseNote = {
			what: 'vip',
			amount: 0,
			at: hoursAgo(1.1),
			outcome: 'open',
			bonusPoints: ACCOUNT.seedbonus,
			uploadedBytes: 0,
			vipUntil: null,
		};
		myAnonamouseApi.tokenState = writeTokenState({
			...readTokenState(myAnonamouseApi),
			purchase: { ...earlier, ...note },
		});
		shop.site.on('/jsonLoad.php', () => ({ body: { ...ACCOUNT, ...account } }));
		const { bought, refused } = await buy(shop);
		expect(shop.purchases).toHaveLength(bought === undefined ? 0 : 1);
		return bought === undefined ? (refused.details as IDataObject).cause : 'bought';
	}

	test.each<[string, Partial<PurchaseNote>, IDataObject, string]>([
		['VIP that never came', {}, {}, 'spend_unknown'],
		['VIP that came', {}, { vip_until: '2099-02-01 00:00:00' }, 'bought'],
		['VIP as before', { vipUntil: LATER }, { vip_until: '2099-02-01 00:00:00' }, 'spend_unknown'],
		['VIP that was extended', { vipUntil: LATER }, { vip_until: '2099-03-01 00:00:00' }, 'bought'],
		['VIP of a day ago', { at: hoursAgo(24.1) }, {}, 'bought'],
		['VIP of nearly a day ago', { at: hoursAgo(23.9) }, {}, 'spend_unknown'],
		['VIP of a clock that was a day ahead', { at: hoursAgo(-24.1) }, {}, 'bought'],
		['VIP of a clock that was nearly a day ahead', { at: hoursAgo(-23.9) }, {}, 'spend_unknown'],
		['upload that came', { what: 'upload', amount: 20 }, { uploaded_bytes: 20 * GIB }, 'bought'],
		[
			'upload that came in part only',
			{ what: 'upload', amount: 20 },
			{ uploaded_bytes: 20 * GIB - 1 },
			'spend_unknown',
		],
	])(
		'%s: the account decides what the next run does',
		async (_name, spending, account, outcome) => {
			expect(await buyAfter(spending, account)).toBe(outcome);
		},
	);
});

test('figures that the site does not echo are computed from the account before', async () => {
	const shop = openShop(() => ({ body: { success: true } }));
	expect((await buy(shop)).bought).toMatchObject({
		bonusPoints: ACCOUNT.seedbonus - 25_000,
		uploadedBytes: ACCOUNT.uploaded_bytes + 50 * GIB,
		downloadedBytes: ACCOUNT.downloaded_bytes,
	});
});

test('a purchase whose session another process took is not sent again', async () => {
	const shop = openShop();
	const { site, stored } = shop;
	site.on('/jsonLoad.php', () => {
		queueMicrotask(() => (site.current = 'taken'));
		return { body: ACCOUNT };
	});
	site.onRefused = () => {
		storeElsewhere(stored, { session: 'taken' });
	};
	const { refused } = await buy(shop);
	expect(refused).toMatchObject({
		error: expect.stringContaining('Another n8n process used the session'),
		details: { cause: 'stale_plan' },
	});
	expect(site.refused).toEqual([BUY]);
	expect(shop.purchases).toEqual([]);
});

test('a 401 to the purchase is not sent a second time', async () => {
	const shop = openShop(() => ({
		status: 401,
		body: 'ip 203.0.113.9 does not match account, and no auth cookie provided',
	}));
	expect((await buy(shop)).refused.details).toMatchObject({ cause: 'dead_cookie' });
	expect(shop.purchases).toHaveLength(1);
});

test('two runs plan from one account: the second plan is older than the purchase, and buys nothing', async () => {
	const shop = openShop();
	const plannedAt = new Date(Date.now() - 1000).toISOString();
	expect((await buy(shop, { parameters: { plannedAt } })).bought).toMatchObject({ bought: true });
	shop.account.seedbonus = 29_999;
	const { refused } = await buy(shop, { parameters: { plannedAt } });
	expect(refused).toMatchObject({
		error: expect.stringContaining('older than the last purchase'),
		details: { cause: 'stale_plan' },
	});
	expect(shop.purchases).toHaveLength(1);
});

test.each([
	['the points', { seedbonus: ACCOUNT.seedbonus }],
	['the upload credit', { uploaded_bytes: ACCOUNT.uploaded_bytes }],
])(
	'while the account does not show %s of the last purchase, nothing is bought',
	async (_what, old) => {
		const shop = openShop();
		await buy(shop);
		Object.assign(shop.account, { seedbonus: 29_999 }, old);
		const { refused } = await buy(shop);
		expect(refused.details).toMatchObject({ cause: 'stale_account', until: expect.any(String) });
		expect(shop.purchases).toHaveLength(1);
	},
);

test('the account says which purchase was the last, and whether it shows it', async () => {
	const shop = openShop();
	const lastPurchase = async () => {
		const run = await runNode({
			type: 'myAnonamouse',
			parameters: { resource: 'account', operation: 'get' },
			start: { credentials: shop.stored },
		});
		return run.items('Node')[0].lastPurchase;
	};
	expect(await lastPurchase()).toBeNull();
	await buy(shop);
	const noted = { what: 'upload', amount: 50, at: expect.stringMatching(/^20.*Z$/) };
	expect(await lastPurchase()).toEqual({ ...noted, shown: true });
	shop.account.uploaded_bytes -= 1;
	expect(await lastPurchase()).toEqual({ ...noted, shown: false });
});

describe('VIP', () => {
	const days = (count: number) =>
		new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');

	async function buyVip(vipDays: number, parameters: IDataObject, seedbonus = 30_000) {
		const shop = openShop(() => ({ body: { success: true, seedbonus: 1 } }));
		shop.site.on('/jsonLoad.php', () => ({
			body: { ...ACCOUNT, seedbonus, vip_until: days(vipDays) },
		}));
		const { bought, refused } = await buy(shop, { parameters: { ...VIP, ...parameters } });
		return { bought, cause: (refused?.details as IDataObject)?.cause, purchases: shop.purchases };
	}

	test('"max" is sent, and costs what fits until 90 days', async () => {
		const { bought, purchases } = await buyVip(76, { costPoints: 2500 });
		expect(bought).toMatchObject({ purchase: 'vip', bought: true, costPoints: 2501 });
		expect(purchases).toEqual([expect.objectContaining({ spendtype: 'VIP', duration: 'max' })]);
	});

	test.each([
		['more VIP fits than the plan pays for', 5, { costPoints: 1250 }, 30_000],
		['its cost would go below the reserve', 76, { costPoints: 2500, reservePoints: 5000 }, 7500],
		['less than a week fits', 84, { costPoints: 1250 }, 30_000],
	])('nothing is bought where %s', async (_why, vipDays, parameters, seedbonus) => {
		const { cause, purchases } = await buyVip(vipDays, parameters, seedbonus);
		expect(cause).toBe('stale_plan');
		expect(purchases).toEqual([]);
	});
});

test('a page that the site does not have sold nothing, and does not block buying', async () => {
	let answer: SiteAnswer = { status: 404, body: 'Not found' };
	const shop = openShop((open) => (answer.status === 404 ? answer : book(open)));
	expect((await buy(shop)).refused).toMatchObject({
		error: expect.stringContaining('does not have /json/bonusBuy.php/ (HTTP 404)'),
		details: { cause: 'gone' },
	});
	answer = { body: '' };
	expect((await buy(shop)).bought).toMatchObject({ bought: true });
});
