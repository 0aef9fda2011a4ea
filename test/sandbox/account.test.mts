import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { GIB } from '../../dev/sandbox/mam/account.mts';
import { startMam, type MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { cookieOf, Visitor } from './visitor.mts';

let mam: MamStandIn;
let visitor: Visitor;

beforeEach(async () => {
	mam = await startMam({ catalogueSize: 20, snatchLagMinutes: 0 });
	visitor = new Visitor(mam);
});
afterEach(async () => await mam.stop());

const msgOf = ({ data }: { data: string }) => (JSON.parse(data) as { msg: string }).msg;
const buy = async (query: string) => await visitor.json(`/json/bonusBuy.php/?${query}&_=1`);

describe('the account page', () => {
	test('without counters', async () => {
		Object.assign(mam.account, { uploadedBytes: 10 * GIB, downloadedBytes: GIB });
		assert.deepEqual(await visitor.json('/jsonLoad.php'), {
			classname: 'User',
			downloaded: '1.00 GiB',
			downloaded_bytes: GIB,
			ratio: 10,
			seedbonus: 30_000,
			uid: 123456,
			uploaded: '10.00 GiB',
			uploaded_bytes: 10 * GIB,
			username: 'sandbox',
			vip_until: null,
			wedges: 1,
		});
	});

	test('the counters come nested, then at the top with "red", in turns', async () => {
		const nested = await visitor.json('/jsonLoad.php?snatch_summary');
		const legacy = await visitor.json('/jsonLoad.php?snatch_summary');
		assert.deepEqual((nested.snatch_summary as Record<string, unknown>).unsat, {
			count: 3,
			limit: 50,
			name: 'unsat',
			size: null,
		});
		assert.ok(!('snatch_summary' in legacy));
		assert.deepEqual(legacy.unsat, { count: 3, limit: 50, name: 'unsat', size: null, red: false });
		assert.equal(legacy.connectable, 'yes');
	});

	test('the ratio is a number, a text with commas, or "Inf."', async () => {
		Object.assign(mam.account, { uploadedBytes: 5000 * GIB, downloadedBytes: GIB });
		assert.equal((await visitor.json('/jsonLoad.php')).ratio, 5000);
		assert.equal((await visitor.json('/jsonLoad.php')).ratio, '5,000');
		mam.account.downloadedBytes = 0;
		assert.equal((await visitor.json('/jsonLoad.php')).ratio, 'Inf.');
	});

	test('a ratio below 1 makes a Mouse; who downloaded nothing is none', async () => {
		Object.assign(mam.account, { uploadedBytes: 0, downloadedBytes: GIB });
		assert.equal((await visitor.json('/jsonLoad.php')).classname, 'Mouse');
		mam.account.downloadedBytes = 0;
		assert.equal((await visitor.json('/jsonLoad.php')).classname, 'User');
	});
});

describe('upload for points', () => {
	test('raises ratio and class and lowers the points; the next account page is stale', async () => {
		Object.assign(mam.account, { uploadedBytes: 0, downloadedBytes: GIB, bonusPoints: 25_551 });
		const answer = await buy('spendtype=upload&amount=50');
		assert.deepEqual(answer, {
			success: true,
			type: 'upload',
			amount: 50,
			seedbonus: 551,
			uploaded: 50 * GIB,
			downloaded: GIB,
			uploadFancy: '50.00 GiB',
			downloadFancy: '1.000 GiB',
			ratio: 50,
		});
		const [stale, fresh] = [
			await visitor.json('/jsonLoad.php'),
			await visitor.json('/jsonLoad.php'),
		];
		assert.deepEqual([stale.seedbonus, stale.classname], [25_551, 'User']);
		assert.equal(fresh.seedbonus, 551);
		assert.deepEqual(mam.purchases, [{ type: 'upload', amount: 50, points: 25_000 }]);
	});

	test('is refused below 50 GiB and beyond the balance, and books nothing', async () => {
		mam.account.bonusPoints = 24_999;
		assert.deepEqual(await buy('spendtype=upload&amount=49'), {
			success: false,
			error:
				'Automated spenders are limited to buying at least 50 GB of upload at a time, due to log spam',
		});
		assert.deepEqual(await buy('spendtype=upload&amount=50'), {
			success: false,
			error: 'Not enough bonus, s1',
		});
		assert.deepEqual([mam.account.bonusPoints, mam.purchases.length], [24_999, 0]);
	});
});

describe('VIP and wedges for points', () => {
	test('VIP is sold to Power Users, as much as fits into 90 days', async () => {
		mam.account.baseClass = 'Power User';
		assert.equal((await buy('spendtype=VIP&duration=4')).error, 'Invalid duration specified');
		const answer = await buy('spendtype=VIP&duration=max');
		assert.deepEqual([answer.success, answer.amount, answer.seedbonus], [true, 12.8, 14_000]);
		const days = (Date.parse(`${mam.account.vipUntil}Z`) - Date.now()) / 86_400_000;
		assert.ok(days > 89.5 && days <= 90, String(days));
		const error = 'Min VIP is 1 week purchased for Automated methods';
		assert.deepEqual(await buy('spendtype=VIP&duration=max'), { success: false, error });
		mam.account.baseClass = 'User';
		assert.equal((await buy('spendtype=VIP&duration=max')).success, false);
	});

	test('a wedge costs 50,000 points', async () => {
		mam.account.bonusPoints = 50_000;
		assert.equal((await buy('spendtype=wedges')).success, false);
		assert.equal((await buy('spendtype=wedges&source=points')).success, true);
		assert.deepEqual([mam.account.wedges, mam.account.bonusPoints], [2, 0]);
		assert.equal((await buy('spendtype=personalFL')).success, false);
	});
});

describe('the address of the client', () => {
	test('is registered once an hour', async () => {
		const register = async () => await visitor.ask('/json/dynamicSeedbox.php');
		const message = async () => msgOf(await register());
		assert.equal(await message(), 'No change');
		mam.seedbox.callerIp = '203.0.113.7';
		assert.equal((await visitor.json('/json/jsonIp.php')).ip, '203.0.113.7');
		assert.equal(await message(), 'Completed');
		mam.seedbox.callerIp = '203.0.113.8';
		const again = await register();
		assert.equal(again.status, 429);
		assert.equal(msgOf(again), 'Last change too recent');
		assert.equal(mam.seedbox.registeredIp, '203.0.113.7');
	});

	test('refusals are said in its own JSON; jsonIp needs no session', async () => {
		visitor.session = mam.session.issue('ip_lock');
		const locked = await visitor.ask('/json/dynamicSeedbox.php');
		assert.deepEqual([locked.status, msgOf(locked)], [403, 'Invalid session - IP mismatch']);
		visitor.session = 'stale';
		assert.equal((await visitor.json('/json/dynamicSeedbox.php')).msg, 'Invalid session - Other');
		visitor.session = '';
		assert.equal((await visitor.json('/json/dynamicSeedbox.php')).msg, 'No Session Cookie');
		assert.equal(cookieOf(await visitor.ask('/json/jsonIp.php')), '');
	});
});
