import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { createClientCredential } from '../../dev/stack/credentials.mts';
import { waitFor } from '../../dev/stack/process.mts';
import { startQbittorrent } from '../../dev/stack/qbittorrent.mts';
import { QBITTORRENT_VERSIONS } from '../../dev/stack/qbittorrentVersions.mts';
import { startRecordingProxy, type RecordingProxy } from '../../dev/stack/recordingProxy.mts';
import { seedTorrentFile, type SeedTorrent } from '../../dev/stack/seedTorrents.mts';
import { commandOf } from './commandOf.mts';
import { OneNode } from './oneNode.mts';
import { Swarm } from './swarm.mts';
import { Home } from '../../dev/stack/world.mts';

const TRIGGER = 'qBittorrent Trigger';
const REFUSAL = 'Unregistered torrent';

/** n8n refuses a schedule of less than a minute, but takes several: a poll every 2 seconds. */
const POLL_TIMES = Array.from({ length: 30 }, (_, at) => ({
	mode: 'custom',
	cronExpression: `${at * 2} * * * * *`,
}));

interface Event {
	event: string;
	hash: string;
	state: string;
	category: string;
	message?: string;
	previousMessage?: string;
}

let home: Home;

before(async () => {
	home = await Home.open();
});
after(async () => await home?.close());

async function publishTrigger(credentialId: string): Promise<string> {
	const { id } = await home.api.createWorkflow({
		name: 'Watch',
		nodes: [
			{
				id: randomUUID(),
				name: TRIGGER,
				type: 'n8n-nodes-myanonamouse.qBittorrentTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {
					events: [
						'added',
						'categoryChanged',
						'deleted',
						'finished',
						'stateChanged',
						'trackerMessageChanged',
					],
					pollTimes: { item: POLL_TIMES },
					options: {},
				},
				credentials: { qBittorrentWebApi: { id: credentialId, name: 'qBittorrent account' } },
			},
			{
				id: randomUUID(),
				name: 'Then',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [200, 0],
				parameters: {},
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: 'Then', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
	await home.api.publish(id);
	return id;
}

/** What has started the workflow, in its order. */
async function eventsOf(workflowId: string): Promise<Event[]> {
	const executions = await home.api.executionIds(workflowId);
	const runs = await Promise.all(executions.map(async (one) => await home.api.execution(one)));
	return runs.reverse().flatMap((run) => run.items(TRIGGER) as unknown as Event[]);
}

function pollsOf({ requests }: RecordingProxy): number {
	return requests.filter(({ path }) => path.endsWith('/sync/maindata')).length;
}

for (const version of QBITTORRENT_VERSIONS) {
	test(`qBittorrent ${version}: each event starts the workflow once, also across a restart of n8n`, async (context) => {
		const command = await commandOf(version);
		if (command === null) return context.skip('cannot be installed here');
		const swarm = await Swarm.open(async (name) => await home.newFolder(name), command);
		const { client, book, tracker, proxy } = swarm;
		const hash = book.infoHash;
		const credential = await createClientCredential(home.api, proxy.url);
		const id = await publishTrigger(credential);
		const node = new OneNode(home.api, credential);
		const events = async () => await eventsOf(id);
		const happened = async (name: string) =>
			await waitFor(`the event "${name}"`, async () =>
				(await events()).find(({ event }) => event === name),
			);
		const polls = () => pollsOf(proxy);
		try {
			await waitFor('the first poll', () => polls() > 1);
			await waitFor('the seeder', () => tracker.announces.some(({ left }) => left === 0));
			await client.addFile(book.bytes);
			await happened('added');
			await happened('finished');

			// Between two polls, so that both events can only be told by the time of adding.
			const polled = polls();
			await waitFor('a poll', () => polls() > polled);
			await client.post('torrents/delete', { hashes: hash, deleteFiles: 'true' });
			await waitFor('the delete', async () => (await client.torrents()).length === 0);
			await client.addFile(book.bytes);
			await waitFor('the second download', async () => {
				const names = (await events()).map(({ event }) => event);
				return names.filter((name) => name === 'finished').length === 2;
			});

			// Reads the same session without the trigger's number.
			for (const category of ['one', 'two']) {
				await client.post('torrents/createCategory', { category });
				await client.post('torrents/setCategory', { hashes: hash, category });
				await node.run({ resource: 'transfer', operation: 'get' });
				await waitFor(`the category ${category}`, async () =>
					(await events()).some((one) => one.category === category),
				);
			}

			tracker.refusals.set(hash, REFUSAL);
			const [stop, start] = version === '4.5.2' ? ['pause', 'resume'] : ['stop', 'start'];
			await client.post(`torrents/${stop}`, { hashes: hash });
			await waitFor('the stop', async () =>
				(await events()).some(({ state }) => state === 'stoppedUP'),
			);
			await client.post(`torrents/${start}`, { hashes: hash });
			// The refused announce of the stop would delay the next one by a minute or more.
			await client.post('torrents/reannounce', { hashes: hash });
			assert.equal((await happened('trackerMessageChanged')).message, REFUSAL);

			await home.n8n.stop();
			await client.post('torrents/delete', { hashes: hash, deleteFiles: 'false' });
			await home.n8n.launch();
			await home.api.signIn();
			await waitFor('the second "deleted"', async () => {
				const names = (await events()).map(({ event }) => event);
				return names.filter((name) => name === 'deleted').length === 2;
			});
			await home.api.unpublish(id);
			await home.api.publish(id);
			const before = polls();
			await waitFor('two more polls', () => polls() > before + 1);

			const counts = Map.groupBy(await events(), ({ event }) => event);
			const expected = { added: 2, finished: 2, deleted: 2, trackerMessageChanged: 1 };
			for (const [name, count] of Object.entries(expected))
				assert.equal(counts.get(name as Event['event'])?.length, count, name);
			assert.equal(counts.get('categoryChanged')?.length, 2);
			assert.ok((await events()).every((event) => event.hash === hash));
		} finally {
			await home.api.unpublish(id);
			await swarm.close();
		}
	});
}

/** A tracker that refuses each of its paths with words of its own. */
async function startRefusingTracker(words: Map<string, string>) {
	const server = createServer(({ url = '' }, answer) => {
		const reason = words.get(url.split('?')[0]) ?? '';
		answer.end(`d14:failure reason${reason.length}:${reason}e`);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

test('two trackers on one host keep separate messages, and neither another client nor an emptied profile fires anything', async () => {
	const words = new Map(['/one', '/two'].map((path) => [path, `${path} at first`]));
	const tracker = await startRefusingTracker(words);
	const torrents = ['a', 'b'].map((client) =>
		Array.from({ length: 6 }, (_, at): SeedTorrent => {
			const name = `${client}${at}.bin`;
			const announce = `${tracker.url}/one`;
			return { name, sizeBytes: 9, announce, category: '', progress: 1, addedSecondsAgo: 3600 };
		}),
	);
	const folders = await Promise.all(['a', 'b'].map(async (name) => await home.newFolder(name)));
	const [first, second] = await Promise.all(
		folders.map(async (folder, at) => await startQbittorrent({ folder, torrents: torrents[at] })),
	);
	const proxies = await Promise.all(
		[first, second].map(async ({ url }) => await startRecordingProxy(url)),
	);
	const polled = async (proxy: RecordingProxy) => {
		const before = pollsOf(proxy);
		await waitFor('two polls', () => pollsOf(proxy) > before + 1);
	};
	const { infoHash: hash } = seedTorrentFile(torrents[0][0]);
	const isSaid = async () => {
		const said = (await first.trackers(hash)).map(({ msg }) => msg).sort();
		return said.join() === [...words.values()].sort().join();
	};
	let id = '';
	const events = async (...names: string[]) =>
		(await eventsOf(id)).filter(({ event }) => names.includes(event));
	try {
		await first.post('torrents/addTrackers', { hash, urls: `${tracker.url}/two` });
		await waitFor('both messages', isSaid);
		for (const client of [first, second])
			await waitFor('rest', async () =>
				(await client.torrents()).every(({ state }) => state === 'stalledUP'),
			);
		const credential = await createClientCredential(home.api, proxies[0].url);
		id = await publishTrigger(credential);
		await polled(proxies[0]);
		for (const path of words.keys()) words.set(path, `${path} later`);
		await first.post('torrents/reannounce', { hashes: hash });
		await waitFor('the new messages', isSaid);
		await polled(proxies[0]);
		const messages = await events('trackerMessageChanged');
		assert.deepEqual(
			messages.map(({ message, previousMessage }) => [previousMessage, message]).sort(),
			[
				['/one at first', '/one later'],
				['/two at first', '/two later'],
			],
		);

		const form = await home.api.credentialForm(credential);
		await home.api.updateCredential(credential, 'qBittorrent account', 'qBittorrentWebApi', {
			...form,
			url: proxies[1].url,
		});
		await polled(proxies[1]);
		assert.deepEqual(await events('added', 'deleted', 'finished'), []);
		assert.match(home.n8n.logText(), /names another qBittorrent: watching starts again/);

		await second.stop();
		const backup = join(folders[1], 'qBittorrent', 'data', 'BT_backup');
		for (const file of await readdir(backup)) await rm(join(backup, file));
		await second.start();
		await polled(proxies[1]);
		assert.deepEqual(await events('added', 'deleted', 'finished'), []);
		assert.match(home.n8n.logText(), /No torrent of the last poll is listed any more/);

		await second.addFile(seedTorrentFile(torrents[0][1]).bytes);
		await waitFor('the next event', async () => (await events('added')).length === 1);
	} finally {
		if (id !== '') await home.api.unpublish(id);
		await Promise.all([...proxies, first, second].map(async (one) => await one.stop()));
		tracker.stop();
	}
});
