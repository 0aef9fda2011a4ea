import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startMam, type MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { createCredentials } from '../../dev/stack/credentials.mts';
import { ensurePrograms } from '../../dev/stack/debian.mts';
import { startPostgresql, type Postgresql } from '../../dev/stack/postgresql.mts';
import { startRedis, type Redis } from '../../dev/stack/redis.mts';
import { Burst, PURCHASE } from './burst.mts';
import { Home, log } from '../../dev/stack/world.mts';

const WORKERS = 2;

/** Sessions that are used side by side; on each, two executions run at a time. */
const LANES = 4;

/** Two executions on one session, which start at the same moment. One buys; the other does too, or makes calls. */
const PAIRS = 40;

/** Each worker waits this long between two calls; meanwhile the other one rotates the session. */
const REQUEST_INTERVAL_SECONDS = 0.25;

const ACCOUNT: Array<Record<string, unknown>> = [{ resource: 'account', operation: 'get' }];

let folder: string;
let database: Postgresql;
let queue: Redis;
let home: Home;

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
	await Promise.all(Array.from({ length: WORKERS }, async () => await home.startWorker()));
});
after(async () => {
	await home?.close();
	await queue?.stop();
	await database?.stop();
	await rm(folder, { recursive: true, force: true });
});

/** A session with an account of its own, and the workflows that use it. */
class Lane {
	readonly mam: MamStandIn;

	private readonly calls = new Burst(home.n8n.url);

	private readonly buyer = new Burst(home.n8n.url);

	private readonly account = new Burst(home.n8n.url);

	private constructor(mam: MamStandIn) {
		this.mam = mam;
	}

	static async open(): Promise<Lane> {
		// Rich enough for every pair; the account shows each purchase one page late.
		const mam = await startMam({ account: { bonusPoints: 1_000_000 } });
		const { myAnonamouseApi } = await createCredentials(home.api, {
			mamUrl: mam.url,
			session: mam.session.issue(),
			clientUrl: 'http://127.0.0.1:9',
			requestIntervalSeconds: REQUEST_INTERVAL_SECONDS,
		});
		const lane = new Lane(mam);
		await lane.calls.addWorkflow(home.api, myAnonamouseApi);
		await lane.buyer.addWorkflow(home.api, myAnonamouseApi, PURCHASE);
		await lane.account.addWorkflow(home.api, myAnonamouseApi, ACCOUNT);
		return lane;
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
		assert.deepEqual(
			answers.filter(({ status, body }) => status !== 200 || body.includes('"error"')),
			[],
		);
		assert.equal(this.mam.session.refused, 0);
	}
}

test(`${PAIRS} pairs of executions by ${WORKERS} workers on one PostgreSQL, each with a purchase: one purchase a plan, no run fails and no session is lost`, async () => {
	const lanes: Lane[] = [];
	try {
		for (let at = 0; at < LANES; at++) lanes.push(await Lane.open());
		await Promise.all(
			lanes.map(async (lane) => {
				for (let pair = 0; pair < PAIRS / LANES; pair++)
					await lane.pair(pair % 2 === 0 ? 'buys' : 'calls');
			}),
		);
		const sum = (of: (lane: Lane) => number) => lanes.reduce((all, lane) => all + of(lane), 0);
		const accepted = sum(({ mam }) => mam.session.accepted);
		const refused = sum(({ mam }) => mam.session.refused);
		log(`${accepted} values accepted, ${refused} refused`);
		assert.deepEqual([sum(({ mam }) => mam.purchases.length), refused], [PAIRS, 0]);
	} finally {
		await Promise.all(lanes.map(async ({ mam }) => await mam.stop()));
	}
});
