import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';

import { monthOfRuns, row } from '../../dev/demo/recordedMonth.cjs';
import { http } from '../../dev/http.mts';
import { freePort, waitFor } from '../../dev/stack/process.mts';
import {
	changeSetting,
	DAILY_REPORT,
	GRABBER,
	JANITOR,
	KEEPER,
	SPENDER,
	type WorkflowNode,
} from '../../dev/stack/workflowFiles.mts';
import { Home, Scenario } from '../../dev/stack/world.mts';
import { registered, seed } from '../../dev/stack/seeds.mts';

const TABLE = 'mam_runs';
const MEMORY_TABLE = 'mam_memory';
const DAY = 24 * 3_600_000;

let receiver: Server;
let received: Array<{ title: string; message: string }> = [];

before(async () => {
	receiver = createServer((request, response) => {
		void json(request).then((message) => {
			received.push(message as (typeof received)[number]);
			response.end('{}');
		});
	}).listen(0, '127.0.0.1');
	await once(receiver, 'listening');
});
after(() => receiver.close());

/** Enables Tell Me of the daily report. */
function tellMe({ flows }: Scenario): void {
	const { port } = receiver.address() as AddressInfo;
	flows.change(DAILY_REPORT, 'Tell Me', (node: WorkflowNode & { disabled?: boolean }) => {
		node.disabled = false;
		node.parameters.url = `http://127.0.0.1:${port}`;
	});
}

describe('the record and the daily report', { concurrency: 1 }, () => {
	let home: Home;
	let scenario: Scenario;

	before(async () => {
		home = await Home.open();
		scenario = await Scenario.open(home, {
			mam: { catalogueSize: 200 },
			torrents: (mam) => registered(mam, seed(mam, 'book', { progress: 1, seedingSeconds: 7200 })),
		});
		tellMe(scenario);
	});
	after(async () => {
		await scenario?.close();
		await home?.close();
	});

	test('without the table a flow is green, and its row is lost', async () => {
		const [run] = await scenario.flows.runScheduled(KEEPER);
		assert.deepEqual([run.status, run.error], ['success', '']);
		assert.ok(run.items('Keep Record')[0].error);
		assert.match(String(run.items('Recall Memory')[0].note), /mam_memory cannot be read/);
		assert.equal(await home.api.dataTable(TABLE), null);
	});

	test('run once by hand it makes the tables, says that nothing is recorded, and keeps the owner out of the report', async () => {
		for (let times = 0; times < 2; times++) {
			const run = await scenario.flows.runManually(DAILY_REPORT);
			assert.deepEqual([run.status, run.error], ['success', '']);
			assert.equal(run.items('Make Table')[0].name, TABLE);
			assert.equal(run.items('Make Memory Table')[0].name, MEMORY_TABLE);
			const [report] = run.items('Report History');
			assert.match(String(report.message), /^No run is recorded for the last 31 days\./);
			assert.deepEqual(run.items('Show Report'), [{ html: report.html }]);
			assert.doesNotMatch(JSON.stringify(run.items('Report History')), /@/);
			assert.deepEqual(run.items('Delete Old Rows'), []);
		}
		assert.deepEqual(await (await home.api.dataTable(TABLE))?.rows(), []);
	});

	test('each scheduled run is one row, without a title or a name, and the report counts them', async () => {
		const files = [GRABBER, JANITOR, KEEPER, SPENDER];
		await scenario.flows.runScheduled(...files);
		const dryRun = await scenario.flows.runManually(JANITOR);
		assert.equal(dryRun.items('Keep Record')[0].outcome, 'dry_run');
		const rows = await (await home.api.dataTable(TABLE))!.rows();
		assert.deepEqual(rows.map(({ flow, outcome }) => `${flow}: ${outcome === 'dry_run'}`).sort(), [
			'grabber: false',
			'janitor: false',
			'janitor: true',
			'keeper: false',
			'spender: false',
		]);
		const { username, uid, bonusPoints } = scenario.mam.account;
		for (const one of rows) {
			const text = JSON.stringify(one);
			assert.ok(text.length < 500, text);
			for (const secret of [username, String(uid), 'book']) assert.ok(!text.includes(secret), text);
		}
		// n8n keeps the memory of the workflows, and the rows notice.
		const memories = await (await home.api.dataTable(MEMORY_TABLE))!.rows();
		assert.equal(memories.length, files.length);
		await scenario.flows.runScheduled(KEEPER);
		const again = await (await home.api.dataTable(MEMORY_TABLE))!.rows();
		assert.equal(again.length, files.length);
		const keeper = await scenario.flows.workflowId(KEEPER);
		const { memory } = again.find(({ workflow }) => workflow === keeper)!;
		assert.match(String(memory), /^\{"runs":3,"kept":1,/);
		const spender = rows.find(({ flow }) => flow === 'spender')!;
		assert.equal(spender.points, bonusPoints);

		const run = await scenario.flows.runManually(DAILY_REPORT);
		const [{ message }] = run.items('Report History');
		assert.match(
			String(message),
			/^Last 24 hours: \d torrents? grabbed; none deleted; none of 5 runs failed\./,
		);
	});

	/** Runs the keeper, which is green whatever the Pushgateway does; how often its report names a failed push. */
	async function namesFailedPush(): Promise<number> {
		const [run] = await scenario.flows.runScheduled(KEEPER);
		assert.deepEqual([run.status, run.error], ['success', '']);
		const [{ message }] = run.items('Report Run');
		return String(message).split('clear the address in Settings').length - 1;
	}

	test('a Pushgateway that refuses connections: the run is green, and the next report names it once, until a push arrives', async () => {
		const { flows } = scenario;
		const nobody = `http://127.0.0.1:${await freePort()}`;
		flows.change(KEEPER, 'Settings', (node) => changeSetting(node, 'pushgatewayUrl', nobody));
		assert.deepEqual([await namesFailedPush(), await namesFailedPush()], [0, 1]);
		flows.unchange(KEEPER);
		assert.deepEqual([await namesFailedPush(), await namesFailedPush()], [1, 0]);
	});

	test('a Pushgateway that rejects a push: the run is green, and the next report names it once, until a push is accepted', async () => {
		const { gateway } = scenario;
		const group = (name: string) => `${gateway.url}/metrics/job/${name}`;
		const job = 'mam-client-keeper';
		// One name has one type, in whatever group.
		await http.delete(group(job));
		const other = '# TYPE mam_keeper_last_run_timestamp counter\nmam_keeper_last_run_timestamp 1\n';
		assert.equal((await http.put(group('other'), other)).status, 200);
		const pushed = async () => await gateway.value('mam_keeper_last_run_timestamp', { job });
		assert.deepEqual([await namesFailedPush(), await namesFailedPush()], [0, 1]);
		assert.equal(await pushed(), undefined);
		await http.delete(group('other'));
		assert.deepEqual([await namesFailedPush(), await namesFailedPush()], [1, 0]);
		assert.ok(await pushed());
	});

	test('every morning a month of rows becomes one message; what is older than 400 days goes; n8n stores nothing of it', async () => {
		const table = (await home.api.dataTable(TABLE))!;
		const now = new Date();
		await table.insert([
			row('janitor', now.getTime() - 401 * DAY),
			row('janitor', now.getTime() - 399 * DAY),
			...monthOfRuns(now),
		]);
		const oldRows = async () =>
			(await table.rows()).filter(({ at }) => Date.parse(String(at)) < now.getTime() - 390 * DAY);
		assert.equal((await oldRows()).length, 2);

		const id = await scenario.flows.workflowId(DAILY_REPORT);
		const stored = await home.api.executionIds(id);
		received = [];
		await scenario.flows.publishOften(DAILY_REPORT, 10);
		await waitFor('the message of the daily report', async () => received[0]);
		await waitFor('the end of the old row', async () => (await oldRows()).length === 1);
		await home.api.unpublish(id);
		await waitFor('the end of its last run', async () =>
			(await home.api.executionIds(id)).every((one) => stored.includes(one)),
		);

		const [{ title, message }] = received;
		assert.equal(title, 'MAM daily report');
		assert.match(
			message,
			/^Last 24 hours: \d+ torrents grabbed; deleted: .*; none of \d+ runs failed\.$/m,
		);
		assert.match(message, /^Last 7 days: /m);
		assert.match(message, /^Now: ratio [\d.]+, [\d,]+ points, \d+ seeding\.$/m);
		assert.match(
			message,
			/^No rows of grabber, janitor, keeper from .+ to .+: nothing ran, or the rows were lost\.$/m,
		);
	});
});

test('with the data tables of n8n switched off no flow fails, and the report says why there is none', async () => {
	const home = await Home.open({ N8N_DISABLED_MODULES: 'data-table' });
	const scenario = await Scenario.open(home);
	try {
		tellMe(scenario);
		const [run] = await scenario.flows.runScheduled(KEEPER);
		assert.deepEqual([run.status, run.error], ['success', '']);
		assert.equal(run.times('Report Run'), 1);
		received = [];
		const report = await scenario.flows.runManually(DAILY_REPORT);
		assert.deepEqual([report.status, report.error], ['success', '']);
		assert.match(received[0].message, /^The record of the runs could not be read: /);
	} finally {
		await scenario.close();
		await home.close();
	}
});
