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
import { Burst, CALLS_PER_EXECUTION } from './burst.mts';
import { Home, log } from '../../dev/stack/world.mts';

const WORKERS = 2;
const CALLS = 100;

/** Each worker waits so long between two calls: meanwhile the other one rotates the session. */
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

test(`${CALLS} calls by ${WORKERS} workers on one PostgreSQL: no run fails, and the session lives on`, async () => {
	const mam = await startMam();
	try {
		const { myAnonamouseApi } = await createCredentials(home.api, {
			mamUrl: mam.url,
			session: mam.session.issue(),
			clientUrl: 'http://127.0.0.1:9',
			requestIntervalSeconds: REQUEST_INTERVAL_SECONDS,
		});
		const burst = new Burst(home.n8n.url);
		for (let at = 0; at < 3; at++) await burst.addWorkflow(home.api, myAnonamouseApi);
		const answers = await burst.run(CALLS / CALLS_PER_EXECUTION, 8);
		const { accepted, refused } = mam.session;
		log(`${accepted} values accepted, ${refused} came second and were sent anew`);
		assert.deepEqual(
			answers.filter(({ status, body }) => status !== 200 || body.includes('"error"')),
			[],
		);
		assert.equal(accepted, CALLS);
		const last = await burst.run(1, 1);
		assert.equal(last[0].status, 200, last[0].body);
	} finally {
		await mam.stop();
	}
});
