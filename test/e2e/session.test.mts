import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { waitFor } from '../../stack/process.mts';
import { GRABBER, SPENDER } from '../../stack/workflowFiles.mts';
import { Home, log, Scenario } from './world.mts';

const ROUNDS = 30;

let home: Home;
let scenario: Scenario;

before(async () => {
	home = await Home.open();
});
afterEach(async () => await scenario?.close());
after(async () => await home.close());

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
	for (let at = 0; at < 3; at++) assert.equal((await press()).status, 'OK');
	assert.equal((await scenario.flows.runScheduled(SPENDER))[0].status, 'success');
	assert.equal((await press()).status, 'OK');
	assert.equal(mam.session.refused, 0);
	assert.ok(
		!JSON.stringify(await home.api.credentialForm(id)).includes(mam.session.current().slice(0, 20)),
	);

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
