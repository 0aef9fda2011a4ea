import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { EditorBrowser, TRIP } from '../../dev/stack/browser.mts';
import { Canvas, type TableRow } from '../../dev/stack/canvas.mts';
import type { Execution } from '../../dev/stack/n8nApi.mts';
import { waitFor } from '../../dev/stack/process.mts';
import { seedTorrentFile, type SeedTorrent } from '../../dev/stack/seedTorrents.mts';
import { GRABBER, JANITOR, KEEPER, SPENDER } from '../../dev/stack/workflowFiles.mts';
import { OneNode } from './oneNode.mts';
import { Home, log, Scenario } from '../../dev/stack/world.mts';

/** Text that breaks what puts it into a page, an expression, a label, a line or a list without care. */
const HOSTILE = {
	html: `<img src=x onerror="${TRIP}"><svg onload="${TRIP}"><script>${TRIP}</script>`,
	link: `[click](javascript:${TRIP}) <a href="javascript:${TRIP}">click</a>`,
	expression: `={{ 7 * 6 }} {{ $env }} {{ ${TRIP} }} \${7 * 6}`,
	quotes: `"'\`\\" ' OR 1=1; -- \\`,
	label: 'x"} 1\nmam_ratio 99\n# TYPE mam_ratio counter',
	lines: 'one\r\ntwo\ttabbed\n\nfour',
	rightToLeft: '\u202Egpj.\u2066exe\u200F\u0627\u0628',
	nul: 'before\u0000after\u0007',
	long: 'very '.repeat(2000),
	half: 'a\uD83Db',
	path: '../../../etc/passwd?x=1&y=2#z%00%2e',
	name: '__proto__',
};

const TEXTS = Object.values(HOSTILE);

/** As they can stand in a list that is separated by commas. */
const TAGS = TEXTS.map((text) => text.replaceAll(',', ''));

/** The category of a torrent that is not ours. */
const FOREIGN = `<img src=x onerror="${TRIP}">{{ 7 * 6 }}`;

let home: Home;
let scenario: Scenario;
let browser: EditorBrowser;
let canvas: Canvas;

/** Torrents that never started, one for each text in its name, tags and tracker message; the first is foreign. */
function seeds(mam: MamStandIn): SeedTorrent[] {
	return TEXTS.map((text, at) => ({
		name: `seed-${at}`,
		displayName: text,
		sizeBytes: 40_000,
		announce: mam.tracker.url,
		category: at === 0 ? FOREIGN : 'mam-farming',
		tags: at === 0 ? [TAGS[at]] : [TAGS[at], `mam-${at}"}`],
		progress: 0,
		addedSecondsAgo: 30 * 3600,
	}));
}

/** What the tracker says of the torrents at these places; every other one it knows. */
const SAYS = new Map([
	[1, `Torrent not registered with this tracker ${HOSTILE.html} ${HOSTILE.expression}`],
	[2, `${HOSTILE.label} ${HOSTILE.quotes}`],
	[3, HOSTILE.long],
]);

before(async () => {
	home = await Home.open();
	scenario = await Scenario.open(home, {
		mam: { account: { baseClass: HOSTILE.label, username: HOSTILE.html } },
		torrents: (mam) => {
			seeds(mam).forEach((seed, at) => {
				const { infoHash } = seedTorrentFile(seed);
				const says = SAYS.get(at);
				if (says === undefined) mam.tracker.alsoRegistered.add(infoHash);
				else mam.tracker.refusals.set(infoHash, says);
			});
			return seeds(mam);
		},
	});
	const { mam, client } = scenario;
	for (const [at, entry] of mam.catalogue.entries.filter(({ seeders }) => seeders <= 50).entries())
		Object.assign(entry, {
			title: TEXTS[at % TEXTS.length],
			categoryName: TEXTS[(at + 1) % TEXTS.length],
		});
	await waitFor('the word of the tracker on every torrent', async () => {
		const torrents = await client.torrents();
		for (const { hash } of torrents) {
			const trackers = await client.trackers(hash);
			if (!trackers.some(({ status, msg }) => status === 2 || msg !== '')) return false;
		}
		return torrents.length === TEXTS.length;
	});
	browser = await EditorBrowser.open(home.n8n.url, { screenshots: 'hostile', log });
	canvas = new Canvas(browser);
});
after(async () => {
	await browser?.close();
	await scenario?.close();
	await home?.close();
});

/** Opens a step of a dry run in the editor, as a user would, and reads its Hold output. */
async function shownHold(file: string, node: string): Promise<TableRow[]> {
	await canvas.open(await scenario.flows.workflowId(file));
	const execution = await canvas.execute('Try It (Dry Run)');
	const run = await home.api.execution(execution);
	assert.deepEqual([run.status, run.error], ['success', '']);
	await canvas.openNode(node);
	const rows = await canvas.table('Hold');
	await browser.screenshot(node);
	await canvas.closeNode();
	assert.equal(await browser.tripped(), false, node);
	return rows;
}

/** What is shown of a text: pages show white space their own way. */
function shown(text: string): string {
	return text
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim()
		.slice(0, 60);
}

function assertShown(rows: TableRow[], column: string): void {
	const cells = rows.map((row) => shown(row[column] ?? ''));
	for (const text of [HOSTILE.html, HOSTILE.expression, HOSTILE.quotes, HOSTILE.link])
		assert.ok(cells.includes(shown(text)), `${text}: ${cells.join(' | ')}`);
}

/** The values of a metric, whatever its labels. */
async function valuesOf(metric: string): Promise<number[]> {
	const series = await scenario.gateway.series();
	return [...series].filter(([key]) => key.split('{')[0] === metric).map(([, value]) => value);
}

function assertOneLine(run: Execution): void {
	for (const line of Object.values(run.customData)) assert.doesNotMatch(line, /[\r\n\0]/);
}

function reasonsBy(run: Execution, node: string): Map<string, string> {
	return new Map(
		[...run.items(node, 0), ...run.items(node, 1)].map((item) => [
			String(item.name),
			(item.decision as { reason: string }).reason,
		]),
	);
}

test('the wire trips where such text is put into a page without care', async () => {
	await browser.visit('/signin');
	await browser.page.evaluate(`document.body.innerHTML = ${JSON.stringify(HOSTILE.html)}`);
	await waitFor('the wire', async () => await browser.tripped());
});

test('titles of the site in the editor: shown as they are, nothing is executed', async () => {
	assertShown(await shownHold(GRABBER, 'Rank Candidates'), 'title');
});

test('names, tags, categories and tracker messages of the client in the editor: nothing is executed', async () => {
	const rows = await shownHold(JANITOR, 'Judge Torrents');
	assert.equal(rows.length, TEXTS.length);
	assertShown(rows, 'name');
});

test('an enforcing grabber reads titles as text, adds the five best under its own tags, and breaks no label', async () => {
	const { mam, client } = scenario;
	const [run] = await scenario.flows.runScheduled(GRABBER);
	assert.deepEqual([run.status, run.error], ['success', '']);
	assertOneLine(run);
	const titles = new Map(mam.catalogue.entries.map(({ id, title }) => [id, title]));
	const items = [...run.items('Rank Candidates', 0), ...run.items('Rank Candidates', 1)];
	assert.ok(items.length > TEXTS.length);
	for (const { id, title } of items) assert.equal(title, titles.get(Number(id)));
	const added = (await client.torrents()).filter(({ name }) => /^mam-\d+\.m4b$/.test(name));
	assert.equal(added.length, 5);
	for (const { name, tags, category } of added) {
		const [id] = /\d+/.exec(name)!;
		assert.deepEqual(tags.split(', ').sort(), ['freeleech', 'mam', `mam-${id}`]);
		assert.equal(category, 'mam-farming');
	}
	const ratios = await valuesOf('mam_ratio');
	assert.equal(ratios.length, 1);
	assert.notEqual(ratios[0], 99);
	assert.deepEqual(await valuesOf('mam_class_code'), [], 'a class without a code');
});

test('a foreign category of any name is a label of its own, and breaks none', async () => {
	const [run] = await scenario.flows.runScheduled(KEEPER);
	assert.deepEqual([run.status, run.error], ['success', '']);
	assertOneLine(run);
	const label = FOREIGN.replaceAll('"', '\\"');
	const count = async (tracker: string) =>
		await scenario.gateway.value('qbt_tracker_torrents_total', { tracker });
	assert.equal(await count(label), 1);
	assert.equal(await count('mam'), (await scenario.client.torrents()).length - 1);
});

test('an enforcing janitor deletes what it may by hash, whatever names, tags and trackers say', async () => {
	const { client } = scenario;
	const [run] = await scenario.flows.runScheduled(JANITOR);
	assert.deepEqual([run.status, run.error], ['success', '']);
	assertOneLine(run);
	const reasons = reasonsBy(run, 'Judge Torrents');
	const expected = TEXTS.map((_, at) => {
		if (at === 0) return 'not_ours';
		if (at === 1) return 'unregistered';
		return SAYS.has(at) ? 'tracker_refused' : 'never_started';
	});
	const listed = [...reasons].filter(([name]) => !/^mam-\d+\.m4b$/.test(name));
	assert.equal(listed.length, TEXTS.length);
	assert.deepEqual(listed.map(([, reason]) => reason).sort(), expected.sort());
	const left = (await client.torrents()).filter(({ name }) => !/^mam-\d+\.m4b$/.test(name));
	assert.equal(left.length, 3);
	const deleted = await scenario.gateway.value('mam_janitor_deleted_per_run', {
		reason: 'never_started',
	});
	assert.equal(deleted, TEXTS.length - 4);
	assert.ok(!(await valuesOf('mam_ratio')).includes(99));
});

test('what the site says in a refusal is quoted as text, in the run and in the editor', async () => {
	const said = `${HOSTILE.expression} ${HOSTILE.html}`;
	scenario.mam.refuse({ refusal: 'garbage', body: said, times: 1 });
	await canvas.open(await scenario.flows.workflowId(SPENDER));
	const run = await home.api.execution(await canvas.execute('Try It (Dry Run)'));
	assert.equal(run.status, 'error');
	assert.match(run.error, /^not_json: .*It said: "=\{\{ 7 \* 6 \}\} \{\{ \$env \}\}/);
	const panel = await canvas.openNode('Mark Run Failed');
	await panel.getByText('{{ 7 * 6 }}').first().waitFor();
	await browser.screenshot('Mark Run Failed');
	assert.equal(await browser.tripped(), false);
});

/** What the client has of a text that it took: without white space around it, and sent as UTF-8. */
function taken(text: string): string {
	return text.trim().toWellFormed();
}

test('tags of any text reach the real client as they are, and no tag is refused by name', async () => {
	const { client, credentials } = scenario;
	const [{ hash }] = await client.torrents();
	await client.post('torrents/removeTags', { hashes: hash, tags: '' });
	const node = new OneNode(home.api, credentials.qBittorrentWebApi);
	const results = await node.run(
		{ resource: 'torrent', operation: 'addTags', hash, tags: '={{ $json.text }}' },
		[...TAGS, ' , '].map((text) => ({ json: { text } })),
	);
	assert.deepEqual(
		results.map(({ result, error }) => result ?? error),
		[...TAGS.map(() => 'done'), 'The parameter "Tags" cannot be used; nothing was done.'],
	);
	const { tags } = (await client.torrents()).find((torrent) => torrent.hash === hash)!;
	assert.deepEqual(tags.split(', ').sort(), TAGS.map(taken).sort());
});

test('categories of any text reach the real client as they are; those that it cannot have are refused by name', async () => {
	const { client, credentials } = scenario;
	const categories = async () => Object.keys((await client.get('torrents/categories')) as object);
	const before = await categories();
	const { quotes: withBackslash, ...allowed } = HOSTILE;
	const accepted = Object.values(allowed);
	const unfit = [withBackslash, 'back\\slash', '/leading', 'trailing/', 'dou//ble'];
	const unusable = 'The parameter "Category" cannot be used; nothing was done.';
	const node = new OneNode(home.api, credentials.qBittorrentWebApi);
	const results = await node.run(
		{ resource: 'category', operation: 'create', category: '={{ $json.text }}', options: {} },
		[...accepted, ...unfit, 'mam-farming', ' '].map((text) => ({ json: { text } })),
	);
	assert.deepEqual(
		results.map(({ name, error }) => name ?? error),
		[
			...accepted.map((text) => text.trim()),
			...unfit.map(() => unusable),
			'qBittorrent did not create the category "mam-farming": it exists already, or its name is not allowed.',
			unusable,
		],
	);
	const added = (await categories()).filter((name) => !before.includes(name));
	assert.deepEqual(added.sort(), accepted.map(taken).sort());
});
