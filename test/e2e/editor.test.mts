import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { monthOfRuns } from '../../dev/demo/recordedMonth.cjs';
import { startMam, type MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { EditorBrowser } from '../../dev/stack/browser.mts';
import { Canvas } from '../../dev/stack/canvas.mts';
import { CredentialDialog } from '../../dev/stack/credentialDialog.mts';
import { createDecoys } from '../../dev/stack/credentials.mts';
import { ExecutionPage } from '../../dev/stack/executionPage.mts';
import { Flows } from '../../dev/stack/flows.mts';
import { freePort, waitFor } from '../../dev/stack/process.mts';
import {
	PASSWORD,
	startQbittorrent,
	USERNAME,
	type Qbittorrent,
} from '../../dev/stack/qbittorrent.mts';
import { startRecordingProxy, type RecordingProxy } from '../../dev/stack/recordingProxy.mts';
import {
	DAILY_REPORT,
	GRABBER,
	JANITOR,
	KEEPER,
	SPENDER,
	WHAT_IF,
} from '../../dev/stack/workflowFiles.mts';
import { registered, seed } from '../../dev/stack/seeds.mts';
import { Home, log } from '../../dev/stack/world.mts';

let home: Home;
let mam: MamStandIn;
let client: Qbittorrent;
let clientProxy: RecordingProxy;
let browser: EditorBrowser;
let canvas: Canvas;

before(async () => {
	home = await Home.open();
	await createDecoys(home.api);
	mam = await startMam();
	client = await startQbittorrent({
		folder: await home.newFolder('client'),
		// What the janitor deletes.
		torrents: registered(mam, seed(mam, 'Never started')),
	});
	clientProxy = await startRecordingProxy(client.url);
	browser = await EditorBrowser.open(home.n8n.url, {
		screenshots: 'editor',
		registered: true,
		log,
	});
	canvas = new Canvas(browser);
});
afterEach(async (context) => await browser.screenshot((context as { name: string }).name));
after(async () => {
	await browser?.close();
	await clientProxy?.stop();
	await client?.stop();
	await mam?.stop();
	await home?.close();
});

test('the node panel finds the nodes by the words that people type', async () => {
	await canvas.openNew();
	const wanted = {
		mam: ['MyAnonamouse', 'MAM Policy'],
		myanonamouse: ['MyAnonamouse', 'MAM Policy'],
		qbittorrent: ['qBittorrent'],
		torrent: ['qBittorrent', 'MyAnonamouse', 'MAM Policy'],
		ratio: ['MyAnonamouse', 'MAM Policy'],
	};
	for (const [words, names] of Object.entries(wanted)) {
		// What shows without scrolling; n8n puts its own popular nodes before others.
		const first = (await canvas.search(words)).slice(0, 6);
		for (const name of names) assert.ok(first.includes(name), `${words}: ${first.join(', ')}`);
	}
});

/** What a refusal of the site reads like in the dialog. */
const MAM_REFUSALS = {
	dead_cookie: /no longer accepts the session.*create a new session/,
	ip_mismatch: /locked to another IP address.*add n8n's public IP address/,
	asn_mismatch: /locked to another network.*add n8n's network/,
	session_type: /may not use this function.*allow the session this function/,
	login_page: /something that is not JSON.*"Login".*create a new session/,
	garbage: /something that is not JSON.*create a new session/,
	empty: /sent an empty answer.*check that the site is up/,
	redirect: /to another page.*create a new session/,
	reset: /could not be reached.*Check n8n's network/,
	rate_limited: /fewer requests \(HTTP 429\).*Wait\./,
} as const;

test('the MyAnonamouse credential: made, edited, tested and used by a run without losing or showing the session', async () => {
	const values = new Set([mam.session.issue()]);
	const [pasted] = values;
	const sessionIs = (state: string) => {
		values.add(mam.session.current());
		assert.equal(mam.session.refused, 0, state);
	};
	const made = await CredentialDialog.create(browser, 'MyAnonamouse API');
	await made.fill({ sessionToken: pasted, baseUrl: mam.url, requestIntervalSeconds: '0' });
	assert.deepEqual(await made.save(), { ok: true, text: '' });
	sessionIs('made');
	assert.deepEqual(await made.retry(), { ok: true, text: '' });
	sessionIs('tested');
	await made.fill({ requestIntervalSeconds: '1' });
	assert.deepEqual(await made.save(), { ok: true, text: '' });
	sessionIs('edited');
	await made.close();

	const { dialog, outcome } = await CredentialDialog.open(browser, 'MyAnonamouse account');
	assert.deepEqual(outcome, { ok: true, text: '' });
	sessionIs('opened');
	for (const value of values) assert.notEqual(await dialog.value('sessionToken'), value);

	const credentials = { myAnonamouseApi: await home.api.credentialId('MyAnonamouse account') };
	const flows = new Flows(home.api, { credentials, pushgatewayUrl: '' });
	const [run] = await flows.runScheduled(SPENDER);
	assert.deepEqual([run.status, run.error], ['success', '']);
	sessionIs('used by a run');
	assert.deepEqual(await dialog.retry(), { ok: true, text: '' });
	sessionIs('tested after the run');

	for (const [refusal, text] of Object.entries(MAM_REFUSALS)) {
		// A session that the site has just accepted is not sent again by a test.
		await dialog.fill({ sessionToken: mam.session.issue() });
		mam.refuse({ refusal: refusal as keyof typeof MAM_REFUSALS, times: 1 });
		const refused = await dialog.save();
		assert.equal(refused.ok, false, refusal);
		assert.match(refused.text, text);
		mam.clearRefusals();
	}
	await dialog.fill({ sessionToken: mam.session.issue() });
	assert.deepEqual(await dialog.save(), { ok: true, text: '' });
	await dialog.close();
});

test('the qBittorrent credential: made and tested, and what a wrong one gets to read', async () => {
	const made = await CredentialDialog.create(browser, 'qBittorrent API');
	const right = { url: clientProxy.url, username: USERNAME, password: PASSWORD };
	await made.fill({ ...right, password: 'not-the-password' });
	const wrong = await made.save();
	assert.match(wrong.text, /refused the password of user "admin".*Correct username and password/);
	assert.ok(!wrong.text.includes('not-the-password'));

	await made.fill({ ...right, url: `http://127.0.0.1:${await freePort()}` });
	assert.match((await made.save()).text, /nothing listens there.*Check the URL/);
	await made.fill({ ...right, url: mam.url });
	assert.match((await made.save()).text, /No qBittorrent answered.*Check the URL/);
	await made.fill(right);
	assert.deepEqual(await made.save(), { ok: true, text: '' });
	await made.close();
});

/** By workflow: the node that decides, and how the first row of the dry run begins. */
const FIRST_RUNS = {
	[GRABBER]: {
		policy: 'Rank Candidates',
		decision: /^verdict:act\nreason:selected\ndetail:Score [\d.]+: \d+ leechers, \d+ seeders/,
	},
	[JANITOR]: {
		policy: 'Judge Torrents',
		decision: /^verdict:delete\nreason:never_started\ndetail:Nothing was downloaded in \d+\.\d h/,
	},
	[SPENDER]: {
		policy: 'Plan Spend',
		decision: /^verdict:hold\nreason:no_deficit\ndetail:/,
	},
	[KEEPER]: {
		policy: 'Reconcile Preferences',
		decision: /^verdict:act\nreason:drift\ndetail:/,
	},
} as const;

for (const [file, { policy, decision }] of Object.entries(FIRST_RUNS)) {
	test(`${file}: imported, set up and executed by hand, it shows verdict and reason and changes nothing`, async () => {
		const before = { torrents: await client.torrents(), points: mam.account.bonusPoints };
		const workflowId = await canvas.import(file);
		await canvas.openNode('Settings');
		await canvas.fillAssignment('pushgatewayUrl', '');
		await canvas.closeNode();
		const names = (await canvas.outputLabels(policy)).map((label) => label.split('\n')[0]);
		assert.deepEqual(names, ['Act', 'Hold', 'Summary']);

		const run = await home.api.execution(await canvas.execute('Try It (Dry Run)'));
		assert.deepEqual([run.status, run.error], ['success', '']);
		await canvas.openNode(policy);
		const [first] = await canvas.table('Hold');
		assert.match(first.decision, decision);
		assert.equal(first.dryRun, 'true');
		assert.ok(await canvas.isInWindow('reason'));
		await browser.screenshot(`verdicts-of-${file}`);
		await canvas.closeNode();
		const { torrents, points } = before;
		assert.deepEqual(
			(await client.torrents()).map(({ hash }) => hash),
			torrents.map(({ hash }) => hash),
		);
		assert.equal(mam.account.bonusPoints, points);

		if (file === JANITOR) await publishAndSeeTheLine(workflowId);
	});
}

test('what-if.json: imported and executed, it shows a row for each value and changes nothing', async () => {
	const before = (await client.torrents()).map(({ hash }) => hash);
	await canvas.import(WHAT_IF);
	const run = await home.api.execution(await canvas.execute('Ask'));
	assert.deepEqual([run.status, run.error], ['success', '']);

	await canvas.openNode('What If for Candidates');
	const candidates = await canvas.table();
	assert.deepEqual(
		candidates.map(({ parameter, value, today }) => [parameter, value, today]),
		['25', '50', '100', '200'].map((value) => ['Seeder Ceiling', value, String(value === '50')]),
	);
	const passing = run
		.items('What If for Candidates')
		.map(({ act, later }) => Number(act) + Number(later));
	assert.ok(
		passing.every((count, at) => at === 0 || count > passing[at - 1]),
		passing.join(),
	);
	assert.match(candidates[0].held, /\d+ above seeder ceiling/);
	assert.ok(await canvas.isInWindow('held'));
	await browser.screenshot('what-if-candidates');
	await canvas.closeNode();

	await canvas.openNode('What If for Torrents');
	const torrents = await canvas.table();
	assert.equal(torrents.length, 4);
	await browser.screenshot('what-if-torrents');
	await canvas.closeNode();
	assert.deepEqual(
		(await client.torrents()).map(({ hash }) => hash),
		before,
	);
	assert.deepEqual(mam.requestsTo('/tor/download.php'), []);
});

/** The part of the DOM that is read; TypeScript does not know it here. */
interface Styles {
	getComputedStyle(element: unknown): { backgroundImage: string };
}

test('daily-report.json: imported and executed, its page is what the HTML view shows', async () => {
	await canvas.import(DAILY_REPORT);
	await home.api.execution(await canvas.execute('Report Now'));
	const table = await home.api.dataTable('mam_runs');
	await table!.insert(monthOfRuns(new Date()));
	const run = await home.api.execution(await canvas.execute('Report Now'));
	assert.deepEqual([run.status, run.error], ['success', '']);
	await canvas.openNode('Show Report');
	const page = canvas.html();
	await page.getByRole('heading', { name: 'MAM daily report' }).waitFor();
	await page.getByRole('heading', { name: 'Bonus points' }).waitFor();
	assert.equal(await page.locator('.chart').count(), 6);
	for (const chart of await page.locator('.chart').all()) {
		const image = await chart.evaluate((element: unknown) => {
			const { getComputedStyle } = globalThis as unknown as Styles;
			return getComputedStyle(element).backgroundImage;
		});
		assert.match(image, /^url\("data:image\/svg/);
		assert.ok((await chart.boundingBox())!.height > 100);
	}
	await browser.screenshot('daily-report');
	await canvas.closeNode();
});

/** Publishes the open janitor with a schedule that is due each quarter of a minute, and reads the history of its first run. */
async function publishAndSeeTheLine(workflowId: string): Promise<void> {
	const manual = await home.api.executionIds(workflowId);
	await canvas.openNode('Every 15 Minutes');
	await canvas.fill('expression', '*/15 * * * * *');
	await canvas.closeNode();
	await canvas.publish();
	const scheduled = await waitFor('a run by the schedule', async () =>
		(await home.api.executionIds(workflowId)).find((id) => !manual.includes(id)),
	);
	const run = await home.api.execution(scheduled);
	await home.api.unpublish(workflowId);
	assert.deepEqual([run.status, run.mode], ['success', 'trigger']);
	assert.deepEqual(await client.torrents(), []);

	const page = new ExecutionPage(browser);
	await page.open(workflowId, scheduled);
	assert.match(
		await page.notes(),
		/Done: deleted=1 preserved_hnr=0 skipped_active=0 dry_run=False/,
	);
}
