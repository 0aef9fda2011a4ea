import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';

import type { MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { waitFor } from '../../dev/stack/process.mts';
import { JANITOR } from '../../dev/stack/workflowFiles.mts';
import { registered, seed } from '../../dev/stack/seeds.mts';
import { Home, Scenario } from '../../dev/stack/world.mts';

/** A tracker's status in the client. */
const WORKING = 2;
const NOT_WORKING = 4;

const DAY = 86_400;

let home: Home;
let scenario: Scenario;

before(async () => {
	home = await Home.open();
});
afterEach(async () => await scenario?.close());
after(async () => await home?.close());

/** Torrents of the category that never started, by name; the janitor deletes them. */
function neverStarted(...names: string[]) {
	return (mam: MamStandIn) => registered(mam, ...names.map((name) => seed(mam, name)));
}

test('what changed between the verdict and the delete stays: tagged, moved, stopped, gone', async () => {
	const names = ['removed', 'moved', 'stopped', 'tagged', 'untouched'];
	scenario = await Scenario.open(home, { torrents: neverStarted(...names) });
	const { client, clientProxy } = scenario;
	const hashOf = new Map((await client.torrents()).map(({ name, hash }) => [name, hash]));
	const change = async (path: string, name: string, form: Record<string, string> = {}) =>
		await client.post(`torrents/${path}`, { hashes: hashOf.get(name)!, ...form });
	let lists = 0;
	clientProxy.interfere = async ({ path }) => {
		// The second list is the look just before the delete.
		if (!path.endsWith('/torrents/info') || ++lists !== 2) return undefined;
		await change('addTags', 'tagged', { tags: 'keep' });
		await client.post('torrents/createCategory', { category: 'books' });
		await change('setCategory', 'moved', { category: 'books' });
		await change('pause', 'stopped');
		await change('delete', 'removed', { deleteFiles: 'true' });
		await waitFor('the stop and the removal', async () => {
			const torrents = await client.torrents();
			return torrents.length === 4 && torrents.some(({ state }) => state === 'pausedDL');
		});
		return undefined;
	};
	const [run] = await scenario.flows.runScheduled(JANITOR);
	assert.deepEqual([run.status, run.error], ['success', '']);
	const results = Object.fromEntries(
		run.items('Delete Torrents').map(({ hash, result }) => [hash, result]),
	);
	const expected = {
		removed: 'gone',
		moved: 'changed',
		stopped: 'changed',
		tagged: 'changed',
		untouched: 'deleted',
	};
	for (const [name, result] of Object.entries(expected))
		assert.equal(results[hashOf.get(name)!], result, name);
	const left = (await client.torrents()).map(({ name }) => name).sort();
	assert.deepEqual(left, ['moved', 'stopped', 'tagged']);
	assert.match(run.customData.farming_janitor_line, /deleted=1/);
});

test('the files of other torrents stay: beside it in the folder, and in a folder that it reaches into', async () => {
	scenario = await Scenario.open(home, {
		torrents: (mam) =>
			registered(
				mam,
				seed(mam, 'goes'),
				seed(mam, 'stays', { progress: 0.5 }),
				seed(mam, 'a book', { category: 'books', progress: 1 }),
				seed(mam, 'Series', {
					fileNames: ['one.m4b', 'two.m4b'],
					sizeBytes: 65_536,
					category: 'books',
					progress: 1,
				}),
				seed(mam, 'one.m4b', { folder: 'Series', sizeBytes: 32_768 }),
			),
	});
	const { client } = scenario;
	const before = await readdir(client.downloads);
	const [run] = await scenario.flows.runScheduled(JANITOR);
	assert.deepEqual([run.status, run.error], ['success', '']);
	const left = (await client.torrents()).map(({ name }) => name).sort();
	assert.deepEqual(left, ['Series', 'a book', 'one.m4b', 'stays']);
	assert.deepEqual((await readdir(join(client.downloads, 'Series'))).sort(), [
		'one.m4b',
		'two.m4b',
	]);
	assert.deepEqual(
		(await readdir(client.downloads)).sort(),
		before.filter((name) => name !== 'goes').sort(),
	);
});

test('a torrent with deselected files stays, however long the client says that it seeded', async () => {
	const long = {
		fileNames: ['one.m4b', 'two.m4b'],
		sizeBytes: 65_536,
		progress: 1,
		addedSecondsAgo: 40 * DAY,
		seedingSeconds: 20 * DAY,
	};
	scenario = await Scenario.open(home, {
		torrents: (mam) =>
			registered(mam, seed(mam, 'whole', long), seed(mam, 'partial', { ...long, deselected: 1 })),
	});
	scenario.flows.change(JANITOR, 'Judge Torrents', ({ parameters }) => {
		parameters.seedClock = 'client';
		parameters.options = {};
	});
	const { client } = scenario;
	await waitFor('the end of the check', async () =>
		(await client.torrents()).every(({ progress }) => progress === 1),
	);
	for (const { hash } of await client.torrents()) {
		await waitFor('the announce', async () => {
			return (await client.trackers(hash)).some(
				({ status, tier }) => status === WORKING && tier === 0,
			);
		});
	}
	const [run] = await scenario.flows.runScheduled(JANITOR);
	assert.deepEqual([run.status, run.error], ['success', '']);
	const reasons = run
		.items('Judge Torrents', 1)
		.map(({ name, decision }) => [name, (decision as { reason: string }).reason]);
	assert.deepEqual(reasons, [['partial', 'partial_selection']]);
	assert.deepEqual(
		(await client.torrents()).map(({ name }) => name),
		['partial'],
	);
});

test('a list that is shorter than expected: nothing goes, and the run is red', async () => {
	scenario = await Scenario.open(home, { torrents: neverStarted('one', 'two') });
	scenario.flows.change(JANITOR, 'Judge Torrents', ({ parameters }) => {
		parameters.options = { expectedMinTorrents: 3 };
	});
	const [run] = await scenario.flows.runScheduled(JANITOR);
	assert.equal(run.status, 'error');
	assert.match(run.error, /no_data.*lists 2 torrents, but at least 3/);
	assert.equal((await scenario.client.torrents()).length, 2);
});

test('a tracker that is down: nothing that it was asked about goes', async () => {
	const names = ['one', 'two', 'three', 'four', 'five'];
	scenario = await Scenario.open(home, { torrents: neverStarted(...names) });
	const { client, mam } = scenario;
	await mam.tracker.stop();
	for (const { hash } of await client.torrents()) {
		await client.post('torrents/reannounce', { hashes: hash });
		await waitFor('the failed announce', async () =>
			(await client.trackers(hash)).some(({ status }) => status === NOT_WORKING),
		);
	}
	const [run] = await scenario.flows.runScheduled(JANITOR);
	assert.deepEqual([run.status, run.error], ['success', '']);
	assert.equal((await client.torrents()).length, names.length);
	const reasons = run
		.items('Judge Torrents', 1)
		.map(({ decision }) => (decision as { reason: string }).reason);
	assert.ok(
		reasons.every((reason) => /^tracker_(down|unproven)$/.test(reason)),
		String(reasons),
	);
});
