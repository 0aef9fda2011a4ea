import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';

import { GIB, healthyAccount } from '../../dev/sandbox/mam/account.mts';
import type { WorkflowNode } from '../../dev/stack/workflowFiles.mts';
import { GRABBER, JANITOR, KEEPER, SPENDER } from '../../dev/stack/workflowFiles.mts';
import { Home, Scenario } from '../../dev/stack/world.mts';
import { registered, seed } from '../../dev/stack/seeds.mts';

interface NtfyMessage {
	title: string;
	message: string;
}

const FLOWS = [GRABBER, JANITOR, KEEPER, SPENDER];

let home: Home;
let scenario: Scenario;
let receiver: Server;
let received: NtfyMessage[] = [];

/** Takes messages as ntfy does. */
async function startReceiver(): Promise<string> {
	receiver = createServer((request, response) => {
		void json(request).then((message) => {
			received.push(message as NtfyMessage);
			response.end('{}');
		});
	}).listen(0, '127.0.0.1');
	await once(receiver, 'listening');
	return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
}

before(async () => {
	home = await Home.open();
	scenario = await Scenario.open(home, {
		mam: { catalogueSize: 200 },
		torrents: (mam) => registered(mam, seed(mam, 'book', { progress: 1, seedingSeconds: 7200 })),
	});
	const url = await startReceiver();
	for (const file of FLOWS) {
		scenario.flows.change(file, 'Tell Me', (node: WorkflowNode & { disabled?: boolean }) => {
			node.disabled = false;
			node.parameters.url = url;
		});
	}
});
after(async () => {
	await scenario?.close();
	await home?.close();
	receiver?.close();
});

/** The titles of the messages that the scheduled runs of `files` send; none of them names a person or a torrent. */
async function messagesOf(...files: string[]): Promise<string[]> {
	received = [];
	await scenario.flows.runScheduled(...files);
	const { uid, username } = scenario.mam.account;
	for (const message of received) {
		const text = JSON.stringify(message);
		assert.doesNotMatch(text, /[\da-f]{40}/i);
		for (const secret of [username, String(uid), 'book']) assert.ok(!text.includes(secret), text);
	}
	return received.map(({ title }) => title).sort();
}

describe('the owner gets a message when it begins and when it ends', { concurrency: 1 }, () => {
	test('a healthy installation says nothing', async () => {
		assert.deepEqual(await messagesOf(...FLOWS), []);
	});

	test('a dead session: one message per flow that needs it, also after n8n was killed', async () => {
		scenario.mam.session.retireAll();
		const begun = ['MAM: the grabber fails (dead_cookie)', 'MAM: the spender fails (dead_cookie)'];
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), begun);
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), []);
		await home.restartAfterKill();
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), []);
		await scenario.pasteSession();
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), [
			'MAM: the grabber works again',
			'MAM: the spender works again',
		]);
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), []);
	});

	test('a Mouse with a Hit & Run, and out again', async () => {
		const { account } = scenario.mam;
		const hitAndRuns = { notSeeding: 2, seeding: 0 };
		Object.assign(account, { uploadedBytes: GIB, bonusPoints: 5000, hitAndRuns });
		assert.deepEqual(await messagesOf(GRABBER), ['MAM: Hit & Run', 'MAM: the account is a Mouse']);
		assert.deepEqual(await messagesOf(GRABBER), []);
		Object.assign(account, healthyAccount());
		assert.deepEqual(await messagesOf(GRABBER), [
			'MAM: no Hit & Run left unseeded',
			'MAM: no longer a Mouse',
		]);
	});

	test('a purchase, with its cost and the balance', async () => {
		Object.assign(scenario.mam.account, { uploadedBytes: 36 * GIB });
		assert.deepEqual(await messagesOf(SPENDER), ['MAM: bought']);
		assert.match(
			received[0].message,
			/^Bought 50 GiB of upload credit for 25,000 points\. [\d,]+ points are left\.$/,
		);
		Object.assign(scenario.mam.account, healthyAccount());
	});

	test('a client that is down', async () => {
		await scenario.client.stop();
		assert.deepEqual(await messagesOf(JANITOR, KEEPER), [
			'MAM: the janitor fails (client_unreachable)',
			'MAM: the keeper fails (client_unreachable)',
		]);
		assert.deepEqual(await messagesOf(JANITOR, KEEPER), []);
	});

	test('a dry run sends nothing but the test message', async () => {
		received = [];
		await scenario.flows.runManually(JANITOR);
		assert.deepEqual(received, []);
		await scenario.flows.restoreSchedules();
		scenario.flows.change(SPENDER, 'Report Run', (node) => {
			node.parameters.notifyOn = ['test'];
		});
		await scenario.flows.restoreSchedules();
		await scenario.flows.runManually(SPENDER);
		assert.deepEqual(
			received.map(({ title }) => title),
			['MAM: test message'],
		);
	});
});
