import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { http } from '../../dev/http.mts';
import { monthOfRuns } from '../../dev/demo/recordedMonth.cjs';
import { startMam, type MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { createCredentials } from '../../dev/stack/credentials.mts';
import type { Execution } from '../../dev/stack/n8nApi.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { waitFor } from '../../dev/stack/process.mts';
import { startReceiver, type Received, type Receiver } from '../../dev/stack/receiver.mts';
import { DAILY_REPORT, readWorkflow } from '../../dev/stack/workflowFiles.mts';
import { Home } from '../../dev/stack/world.mts';

type Json = Record<string, unknown>;

interface Node {
	name: string;
	type: string;
	parameters: Json;
	credentials?: Record<string, { id: string; name: string }>;
}

interface Link {
	node: string;
	type: 'main';
	index: number;
}

/** What a person pastes on the canvas. */
interface Recipe {
	nodes: Node[];
	connections: Record<string, { main: Link[][] }>;
}

const TITLE = 'MAM: test message';
const OUTPUTS = { report: 0, notify: 2 };

let home: Home;
let mam: MamStandIn;
let recipes: Recipe[];
let receiver: Receiver;
let mailServer: ReturnType<typeof createServer>;
/** What the receiver got. */
let received: Received[];
const mails: string[] = [];

const address = () => receiver.url;

/** Takes a mail as any server does. */
function takeMail(socket: Socket): void {
	let data: string | null = null;
	let rest = '';
	socket.write('220 here\r\n');
	socket.setEncoding('utf8').on('data', (chunk: string) => {
		const lines = (rest + chunk).split('\r\n');
		rest = lines.pop()!;
		for (const line of lines) {
			if (data !== null && line !== '.') data += `${line.replace(/^\.\./, '.')}\n`;
			else if (data !== null) {
				mails.push(data);
				data = null;
				socket.write('250 taken\r\n');
			} else if (line === 'DATA') {
				data = '';
				socket.write('354 send it\r\n');
			} else socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 fine\r\n');
		}
	});
	socket.on('error', () => {});
}

/** The recipe that has a node of this name. */
function recipe(name: string): Recipe {
	const found = recipes.find(({ nodes }) => nodes.some((node) => node.name === name));
	assert.ok(found, name);
	return structuredClone(found);
}

before(async () => {
	const pages = await Promise.all(
		['recipes.md', 'addresses.md'].map(
			async (page) => await readFile(join(REPOSITORY, 'docs', page), 'utf8'),
		),
	);
	recipes = [...pages.join('').matchAll(/```json\n(.*?)```/gs)].map(
		([, json]) => JSON.parse(json) as Recipe,
	);
	receiver = await startReceiver();
	received = receiver.received;
	mailServer = createServer(takeMail).listen(0, '127.0.0.1');
	await once(mailServer, 'listening');
	mam = await startMam();
	home = await Home.open();
});
after(async () => {
	await home.close();
	await mam.stop();
	await receiver.stop();
	mailServer.close();
});

/** Runs a recipe behind Report Run, in a manual run that sends the test message. */
async function run(
	{ nodes }: Recipe,
	output: number,
	credentials: Record<string, { id: string; name: string }> = {},
): Promise<Execution> {
	received.length = 0;
	const [own] = nodes;
	const workflow = {
		name: own.name,
		settings: { executionOrder: 'v1' },
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [-400, 0],
				parameters: {},
			},
			{
				id: 'report',
				name: 'Report Run',
				type: 'n8n-nodes-myanonamouse.mamPolicy',
				typeVersion: 1,
				position: [-200, 0],
				parameters: {
					operation: 'reportMetrics',
					job: 'client-keeper',
					pushgatewayUrl: '',
					notifyOn: ['test'],
				},
			},
			{ id: 'own', ...own, credentials },
		],
		connections: {
			Start: { main: [[{ node: 'Report Run', type: 'main', index: 0 }]] },
			'Report Run': {
				main: Array.from({ length: output + 1 }, (_, index) =>
					index === output ? [{ node: own.name, type: 'main', index: 0 }] : [],
				),
			},
		},
	};
	const { id } = await home.api.createWorkflow(workflow);
	const execution = await home.api.execution(await home.api.runManually(id, 'Start'));
	assert.equal(execution.status, 'success', execution.error);
	for (const item of execution.items(own.name)) assert.equal(item.error, undefined);
	return execution;
}

/** The one request that arrived, with its body as JSON. */
function arrived(): Received & { json: Json } {
	assert.equal(received.length, 1);
	const [request] = received;
	return { ...request, json: request.body === '' ? {} : (JSON.parse(request.body) as Json) };
}

test('every recipe of the pages is run here', async () => {
	const source = await readFile(import.meta.filename, 'utf8');
	assert.ok(recipes.length >= 10);
	for (const { nodes } of recipes)
		assert.ok(
			nodes.some(({ name }) => source.includes(`recipe('${name}')`)),
			nodes[0].name,
		);
});

test('ntfy', async () => {
	const own = recipe('Tell ntfy');
	own.nodes[0].parameters.url = address();
	const execution = await run(own, OUTPUTS.notify);
	const [{ message }] = execution.items('Report Run', OUTPUTS.notify);
	const { method, json } = arrived();
	assert.equal(method, 'POST');
	assert.deepEqual(json, { topic: 'enter your topic here', title: TITLE, message, priority: 3 });
});

test('Discord', async () => {
	const data = { webhookUri: `${address()}/api/webhooks/1/abc` };
	const id = await home.api.createCredential('Discord', 'discordWebhookApi', data);
	await run(recipe('Tell Discord'), OUTPUTS.notify, { discordWebhookApi: { id, name: 'Discord' } });
	const { path, json } = arrived();
	assert.match(path, /^\/api\/webhooks\/1\/abc/);
	assert.match(
		String(json.content),
		/^\*\*MAM: test message\*\*\nMessages from the keeper arrive\./,
	);
});

test('Telegram', async () => {
	const data = { accessToken: '1:abc', baseUrl: address() };
	const id = await home.api.createCredential('Telegram', 'telegramApi', data);
	await run(recipe('Tell Telegram'), OUTPUTS.notify, { telegramApi: { id, name: 'Telegram' } });
	const { path, json } = arrived();
	assert.equal(path, '/bot1:abc/sendMessage');
	assert.equal(json.chat_id, '123456789');
	assert.equal(json.parse_mode, 'HTML');
	assert.match(String(json.text), /^<b>MAM: test message<\/b>\nMessages from the keeper arrive\./);
	assert.doesNotMatch(String(json.text), /n8n\.io/);
});

/** A credential for the mail server. */
async function smtp() {
	const data = {
		host: '127.0.0.1',
		port: (mailServer.address() as AddressInfo).port,
		secure: false,
		disableStartTls: true,
	};
	const id = await home.api.createCredential('SMTP', 'smtp', data);
	return { smtp: { id, name: 'SMTP' } };
}

test('e-mail', async () => {
	mails.length = 0;
	await run(recipe('Tell by E-Mail'), OUTPUTS.notify, await smtp());
	assert.equal(mails.length, 1);
	assert.match(mails[0], /^Subject: MAM: test message$/m);
	assert.match(mails[0], /^To: you@example\.org$/m);
	assert.match(mails[0], /^Messages from the keeper arrive\./m);
});

test('the daily report by e-mail, as its page', async () => {
	mails.length = 0;
	const own = recipe('Mail Daily Report');
	own.nodes[0].credentials = await smtp();
	const { id: _shipped, nodes, connections, ...report } = await readWorkflow(DAILY_REPORT);
	const [after] = (connections as Recipe['connections'])['Report History'].main;
	after.push({ node: own.nodes[0].name, type: 'main', index: 0 });
	const { id } = await home.api.createWorkflow({
		...report,
		nodes: [...nodes, ...own.nodes],
		connections,
		pinData: { 'Read Rows': monthOfRuns(new Date()).map((json) => ({ json })) },
	});
	const execution = await home.api.execution(await home.api.runManually(id, 'Report Now'));
	assert.equal(execution.status, 'success', execution.error);
	assert.equal(mails.length, 1);
	const [head, ...body] = mails[0].split('\n\n');
	assert.match(head, /^Subject: MAM daily report$/m);
	assert.match(head, /^Content-Type: text\/html; charset=utf-8$/m);
	assert.match(head, /^Content-Transfer-Encoding: quoted-printable$/m);
	const page = body
		.join('\n\n')
		.replace(/=\n/g, '')
		.replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	assert.equal(page.trim(), execution.items('Report History')[0].html);
});

test('Gotify', async () => {
	const data = { appApiToken: 'app', clientApiToken: '', url: address(), ignoreSSLIssues: false };
	const id = await home.api.createCredential('Gotify', 'gotifyApi', data);
	await run(recipe('Tell Gotify'), OUTPUTS.notify, { gotifyApi: { id, name: 'Gotify' } });
	const { path, headers, json } = arrived();
	assert.equal(path, '/message');
	assert.equal(headers['x-gotify-key'], 'app');
	assert.equal(json.title, TITLE);
	assert.equal(json.priority, 2);
});

test('Home Assistant', async () => {
	const own = recipe('Tell Home Assistant');
	own.nodes[0].parameters.url = `${address()}/api/webhook/x`;
	const execution = await run(own, OUTPUTS.notify);
	assert.deepEqual(arrived().json, execution.items('Report Run', OUTPUTS.notify)[0]);
});

test('Apprise', async () => {
	const own = recipe('Tell Apprise');
	own.nodes[0].parameters.url = `${address()}/notify/x`;
	await run(own, OUTPUTS.notify);
	const { title, type } = arrived().json;
	assert.deepEqual({ title, type }, { title: TITLE, type: 'info' });
});

test('a monitor hears of each run, and of a failed one as down', async () => {
	const own = recipe('Tell Monitor');
	own.nodes[0].parameters.url = `${address()}/api/push/x`;
	const execution = await run(own, OUTPUTS.report);
	const [{ cause, message }] = execution.items('Report Run', OUTPUTS.report);
	const { method, path } = arrived();
	assert.equal(method, 'GET');
	const query = new URL(path, address()).searchParams;
	// The policies of the flow are missing here, so the run has failed.
	assert.equal(cause, 'no_data');
	assert.equal(query.get('status'), 'down');
	assert.equal(query.get('msg'), message);
});

/** Publishes a workflow that starts by a call; returns the address to call. */
async function publishHook(path: string, nodes: Json[], connections: Json, settings: Json) {
	const { id } = await home.api.createWorkflow({
		name: path,
		settings: { executionOrder: 'v1', ...settings },
		nodes,
		connections,
	});
	await home.api.publish(id);
	return `${home.n8n.url}/webhook/${path}`;
}

test('a dashboard gets the newest row that has figures of the account', async () => {
	const table = (name: string, parameters: Json) => ({
		...{ id: name, name, parameters },
		type: 'n8n-nodes-base.dataTable',
		typeVersion: 1.1,
		position: [0, 0],
	});
	const row = (name: string, at: string, points: number | null) =>
		table(name, {
			resource: 'row',
			operation: 'insert',
			dataTableId: { __rl: true, mode: 'name', value: 'mam_runs' },
			columns: {
				mappingMode: 'defineBelow',
				value: { at, points },
				matchingColumns: [],
				schema: [
					{ id: 'at', displayName: 'at', type: 'dateTime', display: true },
					{ id: 'points', displayName: 'points', type: 'number', display: true },
				],
			},
		});
	const columns = [
		{ name: 'at', type: 'date' },
		{ name: 'points', type: 'number' },
	];
	const nodes = [
		{ ...table('Start', {}), type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
		table('Make', {
			resource: 'table',
			operation: 'create',
			tableName: 'mam_runs',
			columns: { column: columns },
			options: { createIfNotExists: true },
		}),
		row('Old', '2026-11-01T00:00:00.000Z', 1),
		row('New', '2026-11-02T00:00:00.000Z', 2),
		row('No Figures', '2026-11-03T00:00:00.000Z', null),
	];
	const links = nodes
		.slice(1)
		.map(({ name }, index) => [
			nodes[index].name,
			{ main: [[{ node: name, type: 'main', index: 0 }]] },
		]);
	const { id } = await home.api.createWorkflow({
		name: 'Fill',
		settings: { executionOrder: 'v1' },
		nodes,
		connections: Object.fromEntries(links) as Json,
	});
	const filled = await home.api.execution(await home.api.runManually(id, 'Start'));
	assert.equal(filled.status, 'success', filled.error);
	const status = await home.api.createWorkflow({
		name: 'Status',
		settings: {},
		...recipe('Dashboard Asks'),
	});
	await home.api.publish(status.id);
	const answer = await http.get(`${home.n8n.url}/webhook/mam-status`);
	assert.equal((JSON.parse(String(answer.data)) as Json).points, 2);
});

test('an error workflow sends a message for a run that ended without a report, and for no other', async () => {
	const own = recipe('Tell ntfy of the Error');
	own.nodes.at(-1)!.parameters.url = address();
	const error = await home.api.createWorkflow({ name: 'Errors', settings: {}, ...own });
	await home.api.publish(error.id);
	const hook = async (name: string, path: string) =>
		await publishHook(
			path,
			[
				{
					id: 'hook',
					name: 'Hook',
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2.1,
					position: [0, 0],
					webhookId: path,
					parameters: { path, options: {} },
				},
				{
					id: 'end',
					name,
					type: 'n8n-nodes-base.stopAndError',
					typeVersion: 1,
					position: [200, 0],
					parameters: { errorMessage: 'over' },
				},
			],
			{ Hook: { main: [[{ node: name, type: 'main', index: 0 }]] } },
			{ errorWorkflow: error.id },
		);
	const reported = await hook('Mark Run Failed', 'reported');
	const broken = await hook('Something Else', 'broken');
	received.length = 0;
	await http.get(reported);
	await waitFor('the error workflow', async () =>
		(await home.api.executions(error.id)).some(({ status }) => status === 'success'),
	);
	await http.get(broken);
	await waitFor('the message', () => received.length > 0);
	assert.equal(arrived().json.title, 'n8n: broken ended without a report');
});

test('the address is updated only while the site sees n8n where the client says that it is', async () => {
	const credentials = await createCredentials(home.api, {
		mamUrl: mam.url,
		session: mam.session.issue(),
		clientUrl: address(),
	});
	const updates = async (external: string, simulate: unknown) => {
		const own = recipe('Update IP');
		for (const node of own.nodes) {
			if (node.name === 'Update IP')
				node.parameters.simulate = simulate ?? node.parameters.simulate;
			for (const [type, credential] of Object.entries(node.credentials ?? {}))
				credential.id = credentials[type];
		}
		const { id } = await home.api.createWorkflow({
			name: 'Update IP',
			settings: { executionOrder: 'v1' },
			pinData: { 'Get Transfer': [{ json: { last_external_address_v4: external } }] },
			...own,
		});
		const before = mam.requestsTo('/json/dynamicSeedbox.php').length;
		const execution = await home.api.execution(await home.api.runManually(id, 'Every Hour'));
		assert.equal(execution.status, 'success', execution.error);
		const [{ error }] = execution.items('Update IP');
		return { sent: mam.requestsTo('/json/dynamicSeedbox.php').length - before, error };
	};
	// The stand-in sees everybody there.
	const seen = '127.0.0.1';
	assert.deepEqual(await updates(seen, undefined), { sent: 0, error: undefined });
	assert.deepEqual(await updates(seen, false), { sent: 1, error: undefined });
	for (const other of ['203.0.113.7', '']) {
		const { sent, error } = await updates(other, false);
		assert.equal(sent, 0);
		assert.match(String(error), /Expected IP Address/);
	}
});

test('autobrr gets a yes while the account may grab, and otherwise a no and the reason', async () => {
	const credentials = await createCredentials(home.api, {
		mamUrl: mam.url,
		session: mam.session.issue(),
		clientUrl: address(),
	});
	const own = recipe('autobrr Asks');
	for (const node of own.nodes)
		for (const [type, credential] of Object.entries(node.credentials ?? {}))
			credential.id = credentials[type];
	const { id } = await home.api.createWorkflow({
		name: 'autobrr',
		settings: { executionOrder: 'v1' },
		...own,
	});
	await home.api.publish(id);
	const ask = async () => await http.post(`${home.n8n.url}/webhook/mam-may-grab`, '{}');
	assert.equal((await ask()).status, 200);
	mam.account.uploadedBytes = 0;
	const no = await ask();
	assert.equal(no.status, 403);
	assert.match(String(no.data), /Mouse/);
	mam.refuse({ refusal: 'garbage', body: 'Back soon.', times: 1 });
	const silent = await ask();
	assert.equal(silent.status, 403);
	assert.match(String(silent.data), /failed, so nothing was decided/);
});
