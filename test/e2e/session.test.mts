import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { waitFor } from '../../dev/stack/process.mts';
import { GRABBER, SPENDER } from '../../dev/stack/workflowFiles.mts';
import { Burst, CALLS_PER_EXECUTION, failuresIn } from './burst.mts';
import { Home, log, Scenario } from '../../dev/stack/world.mts';

const ROUNDS = 30;

/** Saves in the editor, one after the other. */
const SAVES = 200;

let home: Home;
let scenario: Scenario;

before(async () => {
	home = await Home.open();
});
afterEach(async () => await scenario?.close());
after(async () => await home?.close());

test(`accident 16: grabber and spender start in the same second ${ROUNDS} times, n8n is restarted in between, no rotation is lost`, async () => {
	scenario = await Scenario.open(home);
	const { mam } = scenario;
	for (let round = 1; round <= ROUNDS; round++) {
		const runs = await scenario.flows.runScheduled(GRABBER, SPENDER);
		assert.deepEqual(
			runs.map(({ status, error }) => [status, error]),
			[
				['success', ''],
				['success', ''],
			],
			`round ${round}`,
		);
		if (round === ROUNDS / 2) {
			await home.n8n.stop();
			await home.n8n.launch();
			await home.api.signIn();
		}
	}
	log(`${mam.session.accepted} values accepted, ${mam.session.refused} refused`);
	assert.equal(mam.session.refused, 0);
	assert.ok(mam.session.accepted >= ROUNDS * 3);
});

test('200 calls of three workflows, eight executions at once, lose no rotation', async () => {
	scenario = await Scenario.open(home);
	const { mam, credentials } = scenario;
	const burst = new Burst(home.n8n.url);
	for (let at = 0; at < 3; at++) await burst.addWorkflow(home.api, credentials.myAnonamouseApi);
	const answers = await burst.run(200 / CALLS_PER_EXECUTION, 8);
	assert.deepEqual(failuresIn(answers), []);
	assert.deepEqual([mam.session.accepted, mam.session.refused], [200, 0]);
});

test(`${SAVES} saves of the credential in the editor during runs lose no rotation`, async () => {
	scenario = await Scenario.open(home);
	const { mam, credentials } = scenario;
	const burst = new Burst(home.n8n.url);
	for (let at = 0; at < 3; at++) await burst.addWorkflow(home.api, credentials.myAnonamouseApi);
	const answers = await burst.runDuring(SAVES, async () => await scenario.saveCredential());
	assert.deepEqual(failuresIn(answers), []);
	const calls = answers.length * CALLS_PER_EXECUTION;
	log(`${SAVES} saves during ${calls} calls`);
	assert.deepEqual([mam.session.accepted, mam.session.refused], [calls, 0]);
	await home.n8n.stop();
	await home.n8n.launch();
	await home.api.signIn();
	const [run] = await scenario.flows.runScheduled(SPENDER);
	assert.deepEqual([run.status, run.error, mam.session.refused], ['success', '', 0]);
});

test('a session that comes from an expression, as with external secrets, rotates, and the expression stays', async () => {
	scenario = await Scenario.open(home);
	const { mam, credentials, flows } = scenario;
	await scenario.pasteSession(`={{ '${mam.session.issue()}' }}`);
	for (let round = 0; round < 2; round++) {
		const [run] = await flows.runScheduled(SPENDER);
		assert.deepEqual([run.status, run.error], ['success', '']);
	}
	assert.equal(mam.session.refused, 0);
	const { sessionToken } = await home.api.credentialForm(credentials.myAnonamouseApi);
	assert.match(String(sessionToken), /^={{ '/);
});

test('n8n is killed between runs: the next run uses the session as it was stored', async () => {
	scenario = await Scenario.open(home);
	for (let round = 0; round < 2; round++) {
		// Published when it is killed, as a user's would be.
		const run = await home.api.execution(await scenario.flows.startScheduled(SPENDER));
		assert.deepEqual([run.status, run.error], ['success', '']);
		await home.restartAfterKill();
	}
	assert.equal(scenario.mam.session.refused, 0);
});

test('n8n is killed in a run, between two calls of the site: the next run works', async () => {
	scenario = await Scenario.open(home);
	const { mam, clientProxy, flows } = scenario;
	let listed = false;
	clientProxy.interfere = ({ path }) => {
		if (!path.endsWith('/torrents/info')) return undefined;
		listed = true;
		return 'silence';
	};
	await flows.startScheduled(GRABBER);
	await waitFor('the account to be read and the list to be asked for', () => listed);
	await home.restartAfterKill();
	clientProxy.interfere = () => undefined;
	const [run] = await flows.runScheduled(GRABBER);
	assert.deepEqual([run.status, run.error], ['success', '']);
	assert.equal(mam.session.refused, 0);
	assert.equal((await scenario.client.torrents()).length, 5);
});

test('n8n is killed while an answer is on its way, the one window: the next run says so, and a newly pasted value works', async () => {
	scenario = await Scenario.open(home);
	const { mam, flows } = scenario;
	mam.refuse({ refusal: 'late', ms: 60_000, times: 1 });
	await flows.startScheduled(SPENDER);
	await waitFor('the call to arrive', () => mam.session.accepted === 1);
	await home.restartAfterKill();
	const [lost] = await flows.runScheduled(SPENDER);
	assert.equal(lost.status, 'error');
	assert.match(lost.error, /dead_cookie.*Preferences > Security/);
	await scenario.pasteSession();
	const [run] = await flows.runScheduled(SPENDER);
	assert.deepEqual([run.status, run.error], ['success', '']);
});

test('accident 17: a newly pasted value wins over the stored session, at once and while it is paused', async () => {
	scenario = await Scenario.open(home);
	const { mam, flows } = scenario;
	await flows.runScheduled(SPENDER);
	const stored = mam.session.current();
	await scenario.pasteSession();
	const pasted = mam.session.current();
	await flows.runScheduled(SPENDER);
	assert.notEqual(mam.session.current(), pasted);
	assert.equal(mam.session.check(stored), 'good', 'the old session was not used');

	mam.refuse({ refusal: 'ip_mismatch', times: 1 });
	const [locked] = await flows.runScheduled(SPENDER);
	assert.match(locked.error, /ip_lock/);
	await scenario.pasteSession();
	const [run] = await flows.runScheduled(SPENDER);
	assert.deepEqual([run.status, run.error], ['success', '']);
});

test('`deleted` and empty values are never stored: the session survives the answer that brings one', async () => {
	scenario = await Scenario.open(home);
	const { mam, flows, credentials } = scenario;
	mam.refuse({ refusal: 'disabled', times: 1 });
	const [refused] = await flows.runScheduled(SPENDER);
	assert.match(refused.error, /dead_cookie/);
	const calls = mam.requests.length;
	const [held] = await flows.runScheduled(GRABBER);
	assert.match(held.error, /dead_cookie/);
	assert.equal(mam.requests.length, calls, 'a paused flow does not call');
	// The value itself was never retired: Test, which asks the site again, finds it good.
	const id = credentials.myAnonamouseApi;
	const test = await home.api.testCredential(id, 'MyAnonamouse account', 'myAnonamouseApi');
	assert.equal(test.status, 'OK', test.message);
	const [run] = await flows.runScheduled(SPENDER);
	assert.deepEqual([run.status, run.error], ['success', '']);
});

test('a run that is stopped during a call loses no rotation', async () => {
	scenario = await Scenario.open(home);
	const { mam } = scenario;
	mam.refuse({ refusal: 'late', ms: 1500, times: 1 });
	const execution = await home.api.runManually(
		await scenario.flows.workflowId(GRABBER),
		'Try It (Dry Run)',
	);
	await waitFor('the call to arrive', () => mam.session.accepted === 1);
	await home.api.stopExecution(execution);
	assert.equal((await home.api.execution(execution)).status, 'canceled');
	await waitFor('the answer to leave', () => mam.requests.length === 1);
	const [run] = await scenario.flows.runScheduled(SPENDER);
	assert.deepEqual([run.status, run.error], ['success', '']);
	assert.equal(mam.session.refused, 0);
	assert.equal(mam.requests.length, 2);
});

test('the credential: Test is green without losing the session, red with a sentence, and shows no secret', async () => {
	scenario = await Scenario.open(home);
	const { mam, credentials } = scenario;
	const id = credentials.myAnonamouseApi;
	const press = async () =>
		await home.api.testCredential(id, 'MyAnonamouse account', 'myAnonamouseApi');
	const asked = () => mam.requestsTo('/jsonLoad.php').length;
	for (let at = 0; at < 3; at++) assert.equal((await press()).status, 'OK');
	// A second Test within 15 minutes of an accepted answer asks nobody.
	assert.equal(asked(), 1);
	assert.ok(mam.requestsTo('/json/jsonIp.php').length <= 1);
	assert.equal((await scenario.flows.runScheduled(SPENDER))[0].status, 'success');
	assert.equal((await press()).status, 'OK');
	assert.equal(mam.session.refused, 0);
	assert.ok(
		!JSON.stringify(await home.api.credentialForm(id)).includes(mam.session.current().slice(0, 20)),
	);

	await scenario.pasteSession();
	mam.refuse({ refusal: 'ip_mismatch', times: 1 });
	const refused = await press();
	assert.equal(refused.status, 'Error');
	assert.match(refused.message, /locked to another IP address.*Preferences > Security/);
	assert.equal((await press()).status, 'OK');
});

test('no session value, cookie or password shows in the executions, the metrics or the log of n8n', async () => {
	scenario = await Scenario.open(home);
	const { mam } = scenario;
	const values = new Set([mam.session.current()]);
	mam.refuse({ refusal: 'garbage', path: '/tor/', times: 1 });
	for (let at = 0; at < 2; at++) {
		const [run] = await scenario.flows.runScheduled(GRABBER);
		values.add(mam.session.current());
		const seen =
			JSON.stringify(run) +
			scenario.gatewayProxy.requests.map(({ body }) => body).join('') +
			home.n8n.logText();
		for (const value of values) assert.ok(!seen.includes(value.slice(0, 20)));
		assert.ok(!seen.includes('sandbox-password'));
	}
});
