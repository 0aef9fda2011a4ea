import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';

import type { AccountState } from '../../dev/sandbox/mam/account.mts';
import { SEARCH_PATH } from '../../dev/sandbox/mam/site.mts';
import { startMam, type MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { createCredentials } from '../../dev/stack/credentials.mts';
import { ensurePrograms } from '../../dev/stack/debian.mts';
import { Flows } from '../../dev/stack/flows.mts';
import type { N8n } from '../../dev/stack/n8n.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { startPostgresql, type Postgresql } from '../../dev/stack/postgresql.mts';
import { freePort, waitFor } from '../../dev/stack/process.mts';
import { startReceiver } from '../../dev/stack/receiver.mts';
import { startRedis, type Redis } from '../../dev/stack/redis.mts';
import { DAILY_REPORT, SPENDER } from '../../dev/stack/workflowFiles.mts';
import { Burst, CALLS_PER_EXECUTION, failuresIn, PURCHASE } from './burst.mts';
import { Home, log } from '../../dev/stack/world.mts';

const WORKERS = 2;

/** Sessions that are used side by side; on each, two executions run at a time. */
const LANES = 8;

/** Two executions on one session, which start at the same moment. One buys; the other does too, or makes calls. */
const PAIRS = 40;

/** Saves in the editor, and the credentials that they save side by side. */
const SAVES = 200;
const SAVED = 4;

/** Runs of a flow after which each worker has had one, unless n8n leaves one out. */
const MOST_RUNS = 20;

/**
 * Each worker waits this long between two calls; meanwhile the other one rotates the session. A claim, too, is then
 * given as long as a user's: a busy machine that does not store it in time waits 45 s for it to end, and in the end
 * says that the session is busy.
 */
const REQUEST_INTERVAL_SECONDS = 1;

const ACCOUNT: Array<Record<string, unknown>> = [{ resource: 'account', operation: 'get' }];

const require = createRequire(import.meta.url);

let folder: string;
let database: Postgresql;
let queue: Redis;
let home: Home;
let workers: N8n[];
const lanes: Lane[] = [];

before(async () => {
	await ensurePrograms(['postgresql', 'redis-server'], log);
	folder = await mkdtemp(join(tmpdir(), 'mam-queue-'));
	database = await startPostgresql();
	queue = await startRedis(folder);
	home = await Home.open({
		...database.env,
		...queue.env,
		// All of both workers is needed for the executions of all lanes, so most pairs meet in two of them.
		N8N_CONCURRENCY_PRODUCTION_LIMIT: String((2 * LANES) / WORKERS),
	});
	workers = await Promise.all(
		Array.from({ length: WORKERS }, async () => await home.startWorker()),
	);
});
afterEach(async () => {
	await Promise.all(lanes.splice(0).map(async ({ mam }) => await mam.stop()));
});
after(async () => {
	await home?.close();
	await queue?.stop();
	await database?.stop();
	await rm(folder, { recursive: true, force: true });
});

/** The worker that runs, or ran, an execution, as its log tells. */
async function workerOf(execution: string): Promise<N8n> {
	return await waitFor(`a worker to start execution ${execution}`, () =>
		workers.find((worker) => worker.logText().includes(`Worker started execution ${execution} `)),
	);
}

/** A session with an account of its own. */
class Lane {
	readonly mam: MamStandIn;

	/** Ids by type. */
	readonly credentials: Record<string, string>;

	private constructor(mam: MamStandIn, credentials: Record<string, string>) {
		this.mam = mam;
		this.credentials = credentials;
	}

	/** Opens a lane that ends with its test. */
	static async open(account: Partial<AccountState> = {}): Promise<Lane> {
		const mam = await startMam({ account });
		const credentials = await createCredentials(home.api, {
			mamUrl: mam.url,
			session: mam.session.issue(),
			clientUrl: 'http://127.0.0.1:9',
			requestIntervalSeconds: REQUEST_INTERVAL_SECONDS,
		});
		const lane = new Lane(mam, credentials);
		lanes.push(lane);
		return lane;
	}

	/** A workflow that makes these calls with the session, or some of each kind. */
	async burst(calls?: Array<Record<string, unknown>>): Promise<Burst> {
		const burst = new Burst(home.n8n.url);
		await burst.addWorkflow(home.api, this.credentials.myAnonamouseApi, calls);
		return burst;
	}

	/** Saves the credential in the editor, with these fields changed. */
	async save(changes?: Record<string, unknown>): Promise<void> {
		await home.api.saveMamCredential(this.credentials.myAnonamouseApi, changes);
	}
}

/** Pairs of executions on one session. */
class Pairs {
	readonly mam: MamStandIn;

	private readonly calls: Burst;

	private readonly buyer: Burst;

	private readonly account: Burst;

	private constructor({ mam }: Lane, calls: Burst, buyer: Burst, account: Burst) {
		this.mam = mam;
		this.calls = calls;
		this.buyer = buyer;
		this.account = account;
	}

	static async open(): Promise<Pairs> {
		// Rich enough for every pair; the account shows each purchase one page late.
		const lane = await Lane.open({ bonusPoints: 1_000_000 });
		const [calls, buyer, account] = [
			await lane.burst(),
			await lane.burst(PURCHASE),
			await lane.burst(ACCOUNT),
		];
		return new Pairs(lane, calls, buyer, account);
	}

	/** Runs one pair. Whoever comes first buys; the calls succeed. */
	async pair(other: 'buys' | 'calls'): Promise<void> {
		const before = this.mam.purchases.length;
		const plan = { plannedAt: new Date().toISOString() };
		const [purchases, answers] = await Promise.all([
			this.buyer.run(other === 'buys' ? 2 : 1, 2, plan),
			this.calls.run(other === 'calls' ? 1 : 0, 1),
		]);
		assert.equal(this.mam.purchases.length, before + 1, 'one plan, one purchase');
		const bought = purchases.filter(({ body }) => body.includes('"bought":true'));
		assert.equal(bought.length, 1, JSON.stringify(purchases));
		// The page that still shows the old figures, and proof that the session lives.
		answers.push(...(await this.account.run(1, 1)));
		assert.deepEqual(failuresIn(answers), []);
		assert.equal(this.mam.session.refused, 0);
	}
}

test(`${PAIRS} pairs of executions by ${WORKERS} workers on one PostgreSQL, each with a purchase: one purchase a plan, no run fails and no session is lost`, async () => {
	const sides = await Promise.all(Array.from({ length: LANES }, async () => await Pairs.open()));
	await Promise.all(
		sides.map(async (side) => {
			for (let pair = 0; pair < PAIRS / LANES; pair++)
				await side.pair(pair % 2 === 0 ? 'buys' : 'calls');
		}),
	);
	const sum = (of: (mam: MamStandIn) => number) => sides.reduce((all, { mam }) => all + of(mam), 0);
	const accepted = sum(({ session }) => session.accepted);
	const refused = sum(({ session }) => session.refused);
	log(`${accepted} values accepted, ${refused} refused`);
	assert.deepEqual([sum(({ purchases }) => purchases.length), refused], [PAIRS, 0]);
});

test(`${SAVES} saves of the credential in the editor while ${WORKERS} workers use it lose no rotation`, async () => {
	const opened = await Promise.all(Array.from({ length: SAVED }, async () => await Lane.open()));
	let calls = 0;
	await Promise.all(
		opened.map(async (lane) => {
			const burst = await lane.burst();
			const answers = await burst.runDuring(SAVES / SAVED, async () => await lane.save());
			assert.deepEqual(failuresIn(answers), []);
			calls += answers.length * CALLS_PER_EXECUTION;
		}),
	);
	const sum = (of: (mam: MamStandIn) => number) =>
		opened.reduce((all, { mam }) => all + of(mam), 0);
	log(`${SAVES} saves during ${calls} calls`);
	assert.deepEqual(
		[sum(({ session }) => session.accepted), sum(({ session }) => session.refused)],
		[calls, 0],
	);
});

/** n8n 2.40.0 to 2.41.3 hands a new execution to the worker without the static data that it has just read. */
test('messages, with the table that the daily report makes: one when it begins and one when it is over, whichever worker runs; one that cannot be sent comes later', async () => {
	const lane = await Lane.open();
	const receiver = await startReceiver();
	try {
		const flows = new Flows(home.api, { credentials: lane.credentials, pushgatewayUrl: '' });
		await flows.runManually(DAILY_REPORT);
		const tellMe = (url: string) =>
			flows.change(SPENDER, 'Tell Me', (node) => {
				node.disabled = false;
				node.parameters.url = url;
			});
		tellMe(receiver.url);
		/** The titles of the messages until each worker has run the flow. */
		const untilEachRan = async () => {
			const ran = new Set<N8n>();
			for (let runs = 0; runs < MOST_RUNS && ran.size < WORKERS; runs++) {
				const [{ id }] = await flows.runScheduled(SPENDER);
				ran.add(await workerOf(id));
			}
			assert.equal(ran.size, WORKERS);
			const messages = receiver.received
				.splice(0)
				.map(({ body }) => JSON.parse(body) as { title: string });
			return messages.map(({ title }) => title);
		};
		lane.mam.session.retireAll();
		assert.deepEqual(await untilEachRan(), ['MAM: the spender fails (dead_cookie)']);
		assert.deepEqual(await untilEachRan(), []);
		await lane.save({ sessionToken: lane.mam.session.issue() });
		tellMe(`http://127.0.0.1:${await freePort()}`);
		await flows.runScheduled(SPENDER);
		tellMe(receiver.url);
		assert.deepEqual(await untilEachRan(), ['MAM: the spender works again']);
		assert.deepEqual(await untilEachRan(), []);
	} finally {
		await receiver.stop();
	}
});

test('a worker is killed in its turn: the next call, by another worker, waits until the claim has ended and goes through; where an answer was on its way it says that the session is lost', async () => {
	const { CLAIM_ENDS_MS } = require(
		join(REPOSITORY, 'dist', 'nodes', 'MyAnonamouse', 'session', 'turn.js'),
	) as { CLAIM_ENDS_MS: number };
	// Whichever workers the calls run in, another one is left.
	workers.push(await home.startWorker());
	const [before, after] = [await Lane.open(), await Lane.open()];
	const bursts = [await before.burst(), await after.burst()];
	const next = [await before.burst(ACCOUNT), await after.burst(ACCOUNT)];
	// The site has not looked at the second call of the one; of the other it has answered the first.
	before.mam.refuse({ refusal: 'hang', path: SEARCH_PATH, times: 1 });
	after.mam.refuse({ refusal: 'late', ms: 60_000, times: 1 });
	// n8n answers them after a minute, with nothing.
	for (const burst of bursts) void burst.run(1, 1).catch(() => {});
	await waitFor(
		'the calls to arrive',
		() => before.mam.requestsTo(SEARCH_PATH).length === 1 && after.mam.session.accepted === 1,
	);
	const held = await Promise.all(
		bursts.map(async ({ workflowIds }) => {
			const [execution] = await home.api.executionIds(workflowIds[0]);
			return await workerOf(execution);
		}),
	);
	for (const worker of new Set(held)) await worker.kill();
	const killedAt = Date.now();

	const [went, lost] = await Promise.all(next.map(async (burst) => await burst.run(1, 1)));
	assert.deepEqual(failuresIn(went), []);
	assert.equal(before.mam.session.refused, 0);
	const [{ body }] = lost;
	assert.match(body, /Preferences > Security.*dead_cookie/);
	for (const { mam } of [before, after]) {
		const waited = mam.requestsTo('/jsonLoad.php').at(-1)!.at - killedAt;
		log(`the next call went out ${Math.round(waited / 1000)} s after the kill`);
		// As much again for a busy machine and n8n's own queue.
		assert.ok(waited < 2 * CLAIM_ENDS_MS, `${waited} ms`);
	}
	await after.save({ sessionToken: after.mam.session.issue() });
	assert.deepEqual(failuresIn(await next[1].run(1, 1)), []);
});
