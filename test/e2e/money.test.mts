import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import type { Execution } from '../../dev/stack/n8nApi.mts';
import { waitFor } from '../../dev/stack/process.mts';
import { SPENDER } from '../../dev/stack/workflowFiles.mts';
import { Home, Scenario } from '../../dev/stack/world.mts';

const GIB = 1024 ** 3;
const BUY = '/json/bonusBuy.php';

/** Wants 4 GiB, can pay for 50: 50 GiB are bought once, and then nothing is wanted any more. */
const NEEDY = { uploadedBytes: 36 * GIB, downloadedBytes: 20 * GIB, bonusPoints: 60_000 };
const ONE_PURCHASE = [{ type: 'upload', amount: 50, points: 25_000 }];

let home: Home;
let scenario: Scenario;

before(async () => {
	home = await Home.open();
});
afterEach(async () => await scenario?.close());
after(async () => await home?.close());

async function open(): Promise<Scenario> {
	scenario = await Scenario.open(home, { mam: { account: NEEDY } });
	return scenario;
}

async function spend(): Promise<Execution> {
	return (await scenario.flows.runScheduled(SPENDER))[0];
}

function assertRed(run: Execution, why: RegExp): void {
	assert.equal(run.status, 'error');
	assert.match(run.error, why);
	assert.equal(run.times('Report Run'), 1);
}

/** The next scheduled run plans nothing, for this reason. */
async function assertHeld(reason: string): Promise<void> {
	const next = await spend();
	assert.equal(next.error, '');
	assert.deepEqual(
		next.items('Plan Spend', 1).map(({ decision }) => (decision as { reason: string }).reason),
		[reason],
	);
}

/** The next scheduled runs do not buy again: the account shows the purchase late, then nothing is missing. */
async function assertSettled(): Promise<void> {
	await assertHeld('stale_account');
	await assertHeld('no_deficit');
	assert.deepEqual(scenario.mam.purchases, ONE_PURCHASE);
}

test('a 5xx after the site booked it: unknown, red, and bought once in all', async () => {
	const { mam } = await open();
	mam.refuse({ refusal: 'server_error_after_booking', path: BUY, times: 1 });
	assertRed(await spend(), /spend_unknown.*not known whether/);
	assert.deepEqual(mam.purchases, ONE_PURCHASE);
	await assertSettled();
});

test('a time-out after the site booked it: unknown, red, and bought once in all', async () => {
	const { mam } = await open();
	mam.refuse({ refusal: 'late', ms: 45_000, path: BUY, times: 1 });
	assertRed(await spend(), /spend_unknown.*not known whether/);
	assert.deepEqual(mam.purchases, ONE_PURCHASE);
	// The answer that was given up carried the next value of the session.
	assertRed(await spend(), /dead_cookie/);
	await scenario.pasteSession();
	await assertSettled();
});

test('a purchase that the site never saw: unknown, and nothing is bought until the account shows it or a day has passed', async () => {
	const { mam } = await open();
	mam.refuse({ refusal: 'reset', path: BUY, times: 1 });
	assertRed(await spend(), /spend_unknown/);
	for (let at = 0; at < 2; at++) await assertHeld('stale_account');
	assert.deepEqual(mam.purchases, []);
	assert.equal(mam.requestsTo(BUY).length, 1);
});

test('n8n is killed while the site books: the next scheduled run finds the purchase and does not buy again, and a retry of the crashed one neither buys nor forgets', async () => {
	const { mam, flows } = await open();
	mam.account.uploadedBytes = 100 * GIB;
	await assertHeld('no_deficit');
	mam.account.uploadedBytes = NEEDY.uploadedBytes;
	mam.refuse({ refusal: 'late', ms: 60_000, path: BUY, times: 1 });
	const crashed = await flows.startScheduled(SPENDER);
	await waitFor('the booking', () => mam.purchases.length === 1);
	await home.restartAfterKill();
	await scenario.pasteSession();
	await assertSettled();

	const id = await flows.workflowId(SPENDER);
	const remembered = home.n8n.memory(id);
	assert.equal(remembered.runs, 3);
	const retried = await home.api.execution(await home.api.retryExecution(crashed));
	assert.equal(retried.mode, 'retry');
	assert.equal(retried.times('Report Run'), 1);
	assert.deepEqual(mam.purchases, ONE_PURCHASE);
	assert.deepEqual(home.n8n.memory(id), remembered);
});

test("neither n8n's Retry On Fail nor its retry of an execution buys", async () => {
	const { mam, flows } = await open();
	flows.change(SPENDER, 'Buy Upload', (node) =>
		Object.assign(node, { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 }),
	);
	const refused = await spend();
	assertRed(refused, /bad_parameter.*Retry On Fail/);
	assert.equal(mam.requestsTo(BUY).length, 0);

	flows.unchange(SPENDER);
	mam.refuse({ refusal: 'ip_mismatch', path: BUY, times: 1 });
	await scenario.pasteSession();
	const failed = await spend();
	assertRed(failed, /ip_lock/);
	const calls = mam.requestsTo(BUY).length;
	await scenario.pasteSession();
	for (const execution of [refused, failed]) {
		const retried = await home.api.execution(await home.api.retryExecution(execution.id));
		assert.equal(retried.mode, 'retry');
		assert.equal(retried.status, 'error');
	}
	assert.equal(mam.requestsTo(BUY).length, calls);
	assert.deepEqual(mam.purchases, []);
});
