import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startMam } from '../../dev/sandbox/mam/standIn.mts';
import { createCredentials } from '../../dev/stack/credentials.mts';
import { ensurePrograms } from '../../dev/stack/debian.mts';
import { startPostgresql, type Postgresql } from '../../dev/stack/postgresql.mts';
import { startRedis, type Redis } from '../../dev/stack/redis.mts';
import { Burst, CALLS_PER_EXECUTION, PURCHASE } from './burst.mts';
import { Home, log } from '../../dev/stack/world.mts';

const WORKERS = 2;
const CALLS = 40;

/** Executions that buy by the same plan at the same time. */
const BUYERS = 4;

/** Each worker waits this long between two calls; meanwhile the other one rotates the session. */
const REQUEST_INTERVAL_SECONDS = 0.25;

let folder: string;
let database: Postgresql;
let queue: Redis;
let home: Home;

before(async () => {
	await ensurePrograms(['postgresql', 'redis-server'], log);
	folder = await mkdtemp(join(tmpdir(), 'mam-queue-'));
	database = await startPostgresql();
	queue = await startRedis(folder);
	home = await Home.open({ ...database.env, ...queue.env });
	await Promise.all(Array.from({ length: WORKERS }, async () => await home.startWorker()));
});
after(async () => {
	await home?.close();
	await queue?.stop();
	await database?.stop();
	await rm(folder, { recursive: true, force: true });
});

test(`${CALLS} calls and ${BUYERS} buyers by ${WORKERS} workers on one PostgreSQL: one purchase, no run fails and the session stays valid`, async () => {
	const mam = await startMam({ account: { bonusPoints: 90_000 } });
	try {
		const { myAnonamouseApi } = await createCredentials(home.api, {
			mamUrl: mam.url,
			session: mam.session.issue(),
			clientUrl: 'http://127.0.0.1:9',
			requestIntervalSeconds: REQUEST_INTERVAL_SECONDS,
		});
		const burst = new Burst(home.n8n.url);
		for (let at = 0; at < 3; at++) await burst.addWorkflow(home.api, myAnonamouseApi);
		const buyers = new Burst(home.n8n.url);
		for (let at = 0; at < 2; at++) {
			await buyers.addWorkflow(home.api, myAnonamouseApi, PURCHASE);
		}
		const plannedAt = new Date().toISOString();
		const [answers, purchases] = await Promise.all([
			burst.run(CALLS / CALLS_PER_EXECUTION, 4),
			buyers.run(BUYERS, BUYERS, { plannedAt }),
		]);
		const { accepted, refused } = mam.session;
		log(`${accepted} values accepted, ${refused} refused`);
		assert.deepEqual(
			answers.filter(({ status, body }) => status !== 200 || body.includes('"error"')),
			[],
		);
		assert.equal(refused, 0);
		assert.ok(accepted >= CALLS + 1);
		// One plan, one purchase, whoever comes first.
		assert.equal(mam.purchases.length, 1);
		assert.equal(purchases.filter(({ body }) => body.includes('"bought":true')).length, 1);
		const last = await burst.run(1, 1);
		assert.equal(last[0].status, 200, last[0].body);
	} finally {
		await mam.stop();
	}
});
