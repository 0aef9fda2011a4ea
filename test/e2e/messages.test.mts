import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { GIB, healthyAccount, type AccountState } from '../../dev/sandbox/mam/account.mts';
import { siteTime } from '../../dev/sandbox/mam/time.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { waitFor } from '../../dev/stack/process.mts';
import { startReceiver, type Receiver } from '../../dev/stack/receiver.mts';
import type { WorkflowNode } from '../../dev/stack/workflowFiles.mts';
import { GRABBER, JANITOR, KEEPER, SPENDER } from '../../dev/stack/workflowFiles.mts';
import { Home, Scenario } from '../../dev/stack/world.mts';
import { registered, seed } from '../../dev/stack/seeds.mts';

interface NtfyMessage {
	title: string;
	message: string;
}

/** The part of the janitor's memory of a torrent that is made older here. */
interface Seen {
	staleSince: number;
}

const require = createRequire(import.meta.url);

const HOUR = 3600;
const DAY_MS = 24 * HOUR * 1000;

const FLOWS = [GRABBER, JANITOR, KEEPER, SPENDER];

/** As qBittorrent numbers the states of a tracker. */
const WORKING = 2;
const NOT_WORKING = 4;

const NAMES = ['A Private Diary', 'Private Letters', 'A Diary of Long Ago', 'Letters of Long Ago'];

const REFUSAL = 'Unrecognized host/PassKey. (127.0.0.1)';

let home: Home;
let scenario: Scenario;
let receiver: Receiver;
/** The messages of the last runs that sent any. */
let said: NtfyMessage[] = [];

/** The messages since the last call. */
function takeMessages(): NtfyMessage[] {
	return receiver.received.splice(0).map(({ body }) => JSON.parse(body) as NtfyMessage);
}

/** Sets fields of a node of a flow, and some of its options. */
function set(file: string, node: string, parameters: object, options: object = {}): void {
	scenario.flows.change(file, node, (found) => {
		const earlier = found.parameters.options as object | undefined;
		Object.assign(found.parameters, parameters, { options: { ...earlier, ...options } });
	});
}

before(async () => {
	home = await Home.open();
	scenario = await Scenario.open(home, {
		// Enough candidates for each run that may grab one.
		mam: { catalogueSize: 3000 },
		torrents: (mam) => {
			const fresh = { progress: 1, seedingSeconds: 2 * HOUR };
			const old = { progress: 1, addedSecondsAgo: 21 * 24 * HOUR, seedingSeconds: 20 * 24 * HOUR };
			return registered(mam, ...NAMES.map((name, at) => seed(mam, name, at < 2 ? fresh : old)));
		},
	});
	receiver = await startReceiver();
	for (const file of FLOWS) {
		scenario.flows.change(file, 'Tell Me', (node: WorkflowNode & { disabled?: boolean }) => {
			node.disabled = false;
			node.parameters.url = receiver.url;
		});
	}
	set(GRABBER, 'Rank Candidates', { grabPerRun: 1 });
});
after(async () => {
	await scenario?.close();
	await home?.close();
	await receiver?.stop();
});

/** The titles of the messages that the scheduled runs of `files` send; none of them names a person or a torrent. */
async function messagesOf(...files: string[]): Promise<string[]> {
	await scenario.flows.runScheduled(...files);
	const received = takeMessages();
	const { account, catalogue } = scenario.mam;
	const secrets = [
		account.username,
		String(account.uid),
		...catalogue.entries.map(({ title }) => title),
		...NAMES,
	];
	for (const message of received) {
		const text = JSON.stringify(message);
		assert.doesNotMatch(text, /[\da-f]{40}/i);
		for (const secret of secrets) assert.ok(!text.includes(secret), text);
	}
	if (received.length > 0) said = received;
	return received.map(({ title }) => title).sort();
}

/** Makes everything that a flow remembers `hours` older: n8n's clock cannot be moved. */
async function later(file: string, hours: number): Promise<void> {
	const { decodeSeen, encodeSeen } = require(
		join(REPOSITORY, 'dist', 'nodes', 'MamPolicy', 'decisions', 'judge', 'memory.js'),
	) as { decodeSeen(line: string): Seen; encodeSeen(seen: Seen): string };
	const earlier = (iso: string | null) =>
		iso === null ? null : new Date(Date.parse(iso) - hours * HOUR * 1000).toISOString();
	const older = (line: string) => {
		const known = decodeSeen(line);
		return encodeSeen({ ...known, staleSince: known.staleSince - hours * HOUR });
	};
	home.n8n.changeMemory(await scenario.flows.workflowId(file), (memory) => {
		const { events = {}, seen = {} } = memory as {
			events?: Record<string, { since: string; sent: string | null }>;
			seen?: Record<string, string>;
		};
		return {
			...memory,
			events: mapValues(events, (event) => ({
				...event,
				since: earlier(event.since),
				sent: earlier(event.sent),
			})),
			seen: mapValues(seen, older),
		};
	});
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
	return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** Something that breaks, which flows notice, and what they say. */
interface Break {
	flows: string[];
	begin(): unknown;
	/** Said by the first run. */
	atOnce?: string[];
	/** Said once it has lasted this long. */
	later?: { hours: number; messages: string[] };
	end(): unknown;
	/** Said by the first run after its end. */
	over: string[];
}

/** Each message is sent by one run only, however many follow. */
async function assertToldOnce({ flows, begin, atOnce = [], later: then, end, over }: Break) {
	const titles = (messages: string[]) => messages.map((message) => `MAM: ${message}`).sort();
	await begin();
	assert.deepEqual(await messagesOf(...flows), titles(atOnce));
	assert.deepEqual(await messagesOf(...flows), []);
	if (then !== undefined) {
		for (const file of flows) await later(file, then.hours);
		assert.deepEqual(await messagesOf(...flows), titles(then.messages));
		assert.deepEqual(await messagesOf(...flows), []);
	}
	await end();
	assert.deepEqual(await messagesOf(...flows), titles(over));
	assert.deepEqual(await messagesOf(...flows), []);
}

function changeAccount(change: Partial<AccountState>): void {
	Object.assign(scenario.mam.account, healthyAccount(), change);
}

/** Makes every torrent that can announce do so until its tracker's state and message are these. */
async function announce(status: number, words = ''): Promise<void> {
	const { client } = scenario;
	const torrents = (await client.torrents()).filter(
		({ state }) => !/^(paused|missing)/.test(state),
	);
	await client.post('torrents/reannounce', { hashes: torrents.map(({ hash }) => hash).join('|') });
	await waitFor(`the tracker's state ${status} ${words}`, async () => {
		for (const { hash } of torrents) {
			const trackers = await client.trackers(hash);
			if (!trackers.every((tracker) => tracker.status === status && tracker.msg.startsWith(words)))
				return false;
		}
		return true;
	});
}

describe('the owner gets a message when it begins and when it ends', { concurrency: 1 }, () => {
	test('a healthy installation says nothing', async () => {
		await announce(WORKING);
		assert.deepEqual(await messagesOf(...FLOWS), []);
	});

	test('a dead session: one message per flow that needs it, even if n8n is killed, and again after a day', async () => {
		scenario.mam.session.retireAll();
		const begun = ['MAM: the grabber fails (dead_cookie)', 'MAM: the spender fails (dead_cookie)'];
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), begun);
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), []);
		await home.restartAfterKill();
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), []);
		await later(SPENDER, 24);
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), [
			'MAM: still: the spender fails (dead_cookie)',
		]);
		await scenario.pasteSession();
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), [
			'MAM: the grabber works again',
			'MAM: the spender works again',
		]);
		assert.deepEqual(await messagesOf(GRABBER, SPENDER), []);
	});

	test('a client that is down', async () => {
		await assertToldOnce({
			flows: [JANITOR, KEEPER],
			begin: async () => await scenario.client.stop(),
			atOnce: ['the janitor fails (client_unreachable)', 'the keeper fails (client_unreachable)'],
			end: async () => {
				await scenario.client.start();
				await announce(WORKING);
			},
			over: ['the janitor works again', 'the keeper works again'],
		});
	});

	test('a Mouse, which has to buy by hand', async () => {
		await assertToldOnce({
			flows: [GRABBER, SPENDER],
			begin: () => changeAccount({ uploadedBytes: GIB, bonusPoints: 5000 }),
			atOnce: ['buy upload credit by hand', 'the account is a Mouse'],
			end: async () => {
				changeAccount({});
				await announce(WORKING);
			},
			over: ['no longer a Mouse', 'nothing to buy by hand'],
		});
	});

	test('Hit & Runs, unsatisfied torrents that do not seed, points near the cap, VIP about to end; a disk that stays full', async () => {
		const free = (gib: number) =>
			set(
				JANITOR,
				'Judge Torrents',
				{ seedClock: 'client' },
				{ retireBelowFreeGiB: 20, maxRetiredForSpacePerDay: 1, freeSpaceBytes: gib * GIB },
			);
		const oldOnes = async () =>
			(await scenario.client.torrents()).filter(({ name }) => name.endsWith('of Long Ago'));
		free(5);
		assert.deepEqual(await messagesOf(JANITOR), []);
		assert.equal((await oldOnes()).length, 1);
		// One of the two old ones was deleted, and the same space is free as before.
		await assertToldOnce({
			flows: [GRABBER, JANITOR, SPENDER],
			begin: () =>
				changeAccount({
					hitAndRuns: { notSeeding: 2, seeding: 0 },
					inactiveUnsatisfied: 3,
					bonusPoints: 95_000,
					baseClass: 'VIP',
					vipUntil: siteTime(Date.now() + 3 * DAY_MS),
				}),
			atOnce: [
				'Hit & Run',
				'VIP ends soon',
				'bonus points near the cap',
				'deleting frees no space',
			],
			// Less than a day has passed since those were told.
			later: { hours: 12, messages: ['unsatisfied torrents are not seeding'] },
			end: () => {
				changeAccount({ baseClass: 'VIP', vipUntil: siteTime(Date.now() + 60 * DAY_MS) });
				free(50);
			},
			over: [
				'VIP no longer ends soon',
				'all unsatisfied torrents are seeding',
				'bonus points below the cap again',
				'deleting frees space again',
				'no Hit & Run left unseeded',
			],
		});
		assert.equal((await oldOnes()).length, 1);
	});

	test('a ratio below the floor and too few points for the API; a tracker that is down for a day', async () => {
		await assertToldOnce({
			flows: [GRABBER, JANITOR, SPENDER],
			begin: async () => {
				changeAccount({ uploadedBytes: 22 * GIB, bonusPoints: 5000 });
				scenario.mam.tracker.outage = 'http_503';
				await announce(NOT_WORKING);
			},
			atOnce: ['buy upload credit by hand', 'the ratio is below the floor'],
			later: {
				hours: 24,
				messages: [
					'still: buy upload credit by hand',
					'still: the ratio is below the floor',
					'the tracker has been down for a day',
				],
			},
			end: async () => {
				changeAccount({});
				scenario.mam.tracker.outage = null;
				await announce(WORKING);
			},
			over: [
				'nothing to buy by hand',
				'the ratio is above the floor again',
				'the tracker answers again',
			],
		});
	});

	test('a tracker that refuses the client; a purchase, with its cost and the balance', async () => {
		const { refusals } = scenario.mam.tracker;
		for (const { hash } of await scenario.client.torrents()) refusals.set(hash, REFUSAL);
		await announce(NOT_WORKING, 'Unrecognized host');
		changeAccount({ uploadedBytes: 36 * GIB });
		assert.deepEqual(await messagesOf(SPENDER), ['MAM: bought']);
		assert.match(
			said[0].message,
			/^Bought 50 GiB of upload credit for 25,000 points\. [\d,]+ points are left\.$/,
		);
		await assertToldOnce({
			flows: [GRABBER, SPENDER],
			begin: () => {},
			atOnce: ['the tracker refuses the client'],
			end: async () => {
				refusals.clear();
				await announce(WORKING);
			},
			over: ['the tracker accepts the client again'],
		});
	});

	test('one limit that stops all grabs for a day; a torrent that is stopped for a week, and one whose file is away', async () => {
		const limit = (maxTorrents: number) =>
			set(GRABBER, 'Rank Candidates', { grabPerRun: 1, maxTorrents });
		const [stopped, withoutFile] = NAMES;
		const find = async (name: string) =>
			(await scenario.client.torrents()).find((torrent) => torrent.name === name);
		const press = async (action: 'pause' | 'resume' | 'recheck', name: string) => {
			await scenario.client.post(`torrents/${action}`, { hashes: (await find(name))!.hash });
		};
		const file = join(scenario.client.downloads, withoutFile);
		const becomes = async (state: RegExp) =>
			await waitFor(`the state ${state.source}`, async () =>
				state.test((await find(withoutFile))?.state ?? ''),
			);
		await assertToldOnce({
			flows: [GRABBER, JANITOR, KEEPER],
			begin: async () => {
				limit(1);
				await press('pause', stopped);
				await scenario.client.stop();
				await rename(file, `${file}.away`);
				await scenario.client.start();
				await becomes(/^missingFiles$/);
				await announce(WORKING);
			},
			later: {
				hours: 7 * 24,
				messages: [
					'nothing grabbed for a day',
					'torrents do not announce',
					'torrents need your attention',
				],
			},
			end: async () => {
				const silent = said.find(({ title }) => title === 'MAM: torrents do not announce')!;
				assert.match(silent.message, /^2 torrents .+: 1 stopped, 1 with missing files\. /);
				limit(500);
				await press('resume', stopped);
				await rename(`${file}.away`, file);
				await press('recheck', withoutFile);
				// qBittorrent 4.5 waits for that with the check.
				await press('resume', withoutFile);
				await becomes(/^(stalledUP|uploading)$/);
				await announce(WORKING);
			},
			over: ['all torrents announce again', 'grabbing continues', 'no torrent is stuck any more'],
		});
	});

	test('a freeze of downloads, until it is over', async () => {
		await assertToldOnce({
			flows: [GRABBER],
			begin: () => changeAccount({ frozenUntil: Date.now() + DAY_MS }),
			atOnce: ['downloads are frozen'],
			end: async () => {
				changeAccount({});
				// Without the session's note that nothing can be downloaded before tomorrow.
				await scenario.renewCredentials();
			},
			over: ['downloads are possible again'],
		});
	});

	test('a dry run sends nothing but the test message', async () => {
		await scenario.flows.runManually(JANITOR);
		assert.deepEqual(takeMessages(), []);
		await scenario.flows.restoreSchedules();
		scenario.flows.change(SPENDER, 'Report Run', (node) => {
			node.parameters.notifyOn = ['test'];
		});
		await scenario.flows.restoreSchedules();
		await scenario.flows.runManually(SPENDER);
		assert.deepEqual(
			takeMessages().map(({ title }) => title),
			['MAM: test message'],
		);
	});
});
