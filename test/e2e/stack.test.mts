import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { http } from '../../dev/http.mts';
import { cached } from '../../dev/stack/cache.mts';
import { ensurePrograms } from '../../dev/stack/debian.mts';
import { ensureN8n } from '../../dev/stack/installN8n.mts';
import { N8n } from '../../dev/stack/n8n.mts';
import { N8nApi } from '../../dev/stack/n8nApi.mts';
import { freePort, waitFor } from '../../dev/stack/process.mts';
import { startPrometheus } from '../../dev/stack/prometheus.mts';
import { startPushgateway } from '../../dev/stack/pushgateway.mts';
import { PASSWORD, startQbittorrent, USERNAME } from '../../dev/stack/qbittorrent.mts';
import { startRecordingProxy } from '../../dev/stack/recordingProxy.mts';
import type { SeedTorrent } from '../../dev/stack/seedTorrents.mts';
import { log } from '../../dev/stack/world.mts';

const HOUR = 3600;

let folder: string;

/** Command lines of the processes that run in the test's folder or name it. */
function processesLeft(): string[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((pid) => {
			try {
				const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
				return [readlinkSync(`/proc/${pid}/cwd`), command].some((text) => text.includes(folder))
					? [`${pid} ${command}`]
					: [];
			} catch {
				return [];
			}
		});
}

async function newFolder(name: string): Promise<string> {
	return await mkdtemp(join(folder, `${name}-`));
}

before(async () => {
	await ensurePrograms(['qbittorrent-nox', 'prometheus-pushgateway', 'prometheus'], log);
	folder = await mkdtemp(join(tmpdir(), 'mam-stack-'));
});
after(async () => {
	assert.deepEqual(processesLeft(), []);
	await rm(folder, { recursive: true, force: true });
});

describe('qBittorrent', () => {
	test('torrents come up with the past that they were given', async () => {
		const announce = `http://127.0.0.1:${await freePort()}/announce`;
		const seed = (name: string, past: Partial<SeedTorrent>): SeedTorrent => ({
			name,
			sizeBytes: 160_000,
			announce,
			category: 'mam-farming',
			tags: ['mam', name],
			progress: 0,
			addedSecondsAgo: 30 * HOUR,
			...past,
		});
		const torrents = [
			...Array.from({ length: 466 }, (_, at) => seed(`never-${at}`, {})),
			...Array.from({ length: 35 }, (_, at) =>
				seed(`progress-${at}`, { progress: 0.2 + (at % 7) / 10 }),
			),
			...[71, 95, 97].map((hours) =>
				seed(`seeded-${hours}`, {
					progress: 1,
					addedSecondsAgo: (hours + 2) * HOUR,
					seedingSeconds: hours * HOUR,
					uploadedBytes: 5000,
				}),
			),
			seed('stopped', { progress: 0.5, stopped: true }),
		];
		const client = await startQbittorrent({ folder: await newFolder('client'), torrents });
		try {
			const preferences = (await client.get('app/preferences')) as Record<string, unknown>;
			assert.equal(preferences.queueing_enabled, false);
			const listed = await waitFor('every torrent in its state', async () => {
				const all = await client.torrents();
				const isReady = all.every(({ state }) => !/^(checking|allocating|unknown)/.test(state));
				return all.length === torrents.length && isReady ? all : null;
			});
			const now = Date.now() / 1000;
			for (const { name, progress, addedSecondsAgo, seedingSeconds = 0, stopped } of torrents) {
				const torrent = listed.find((candidate) => candidate.name === name)!;
				const expected = stopped ? 'pausedDL' : progress === 1 ? 'stalledUP' : 'stalledDL';
				assert.equal(torrent.state, expected, name);
				assert.ok(Math.abs(torrent.progress - progress) < 0.11, name);
				assert.equal(Number(torrent.downloaded) > 0, progress > 0, name);
				assert.equal(Number(torrent.completed) > 0, progress > 0, name);
				assert.ok(Math.abs(now - Number(torrent.added_on) - addedSecondsAgo) < 60, name);
				assert.ok(Math.abs(Number(torrent.seeding_time) - seedingSeconds) < 60, name);
				assert.equal(torrent.uploaded, progress === 1 ? 5000 : 0, name);
				assert.equal(torrent.category, 'mam-farming');
				assert.deepEqual(torrent.tags.split(', ').sort(), ['mam', name].sort());
			}
			const files = await readdir(client.downloads);
			assert.equal(files.length, 35 + 3 + 1);
		} finally {
			await client.stop();
		}
	});
});

describe('recording proxy', () => {
	test('the gateway accepts a push through it, which it counts, and Prometheus finds it', async () => {
		const gateway = await startPushgateway(await newFolder('gateway'));
		const proxy = await startRecordingProxy(gateway.url);
		const prometheus = await startPrometheus(await newFolder('prometheus'), gateway.url);
		try {
			const body = '# TYPE mam_ratio gauge\nmam_ratio 2.5\n';
			const path = '/metrics/job/mam-account';
			const answer = await http.put(proxy.url + path, body);
			assert.equal(answer.status, 200);
			assert.deepEqual(proxy.requests, [{ method: 'PUT', path, body }]);
			assert.equal(await gateway.value('mam_ratio', { job: 'mam-account' }), 2.5);
			assert.equal(await gateway.value('mam_ratio', { job: 'other' }), undefined);
			const samples = await waitFor('a scrape', async () => {
				const found = await prometheus.query('mam_ratio');
				return found.length > 0 ? found : null;
			});
			assert.deepEqual(
				samples.map(({ labels, value }) => [labels.job, value]),
				[['mam-account', 2.5]],
			);
		} finally {
			await prometheus.stop();
			await proxy.stop();
			await gateway.stop();
		}
	});

	test('a client behind it accepts the sign-in, which is not recorded', async () => {
		const client = await startQbittorrent({ folder: await newFolder('client') });
		const proxy = await startRecordingProxy(client.url);
		try {
			const answer = await http.post<string>(
				`${proxy.url}/api/v2/auth/login`,
				new URLSearchParams({ username: USERNAME, password: PASSWORD }),
			);
			assert.equal(answer.data, 'Ok.');
			const [cookie] = answer.headers['set-cookie']!;
			await http.get(`${proxy.url}/api/v2/torrents/info?filter=all`, { headers: { cookie } });
			assert.deepEqual(proxy.requests, [
				{ method: 'POST', path: '/api/v2/auth/login', body: '' },
				{ method: 'GET', path: '/api/v2/torrents/info', body: '' },
			]);
		} finally {
			await proxy.stop();
			await client.stop();
		}
	});

	test('it outlives a caller that hangs up in mid-request', async () => {
		const gateway = await startPushgateway(await newFolder('gateway'));
		const proxy = await startRecordingProxy(gateway.url);
		try {
			const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
			await once(socket, 'connect');
			const head = ['PUT /metrics/job/x HTTP/1.1', 'Host: x', 'Content-Length: 100'];
			socket.write([...head, 'Expect: 100-continue', '', 'half'].join('\r\n'));
			// "Go on": the proxy has begun to read.
			await once(socket, 'data');
			socket.destroy();
			await once(socket, 'close');
			assert.equal((await http.get(`${proxy.url}/-/ready`)).status, 200);
			assert.deepEqual(
				proxy.requests.map(({ path }) => path),
				['/-/ready'],
			);
		} finally {
			await proxy.stop();
			await gateway.stop();
		}
	});
});

describe('processes', () => {
	const STARTS = {
		service: `const { Service } = await import('STACK/process.mts');
			new Service({ command: 'sleep', args: ['600'], logFile: 'sleep.log' });`,
		command: `const { runCommand } = await import('STACK/command.mts');
			void runCommand('Sleeping', 'sleep', ['600']).catch(() => {});`,
	};

	for (const [what, start] of Object.entries(STARTS)) {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
			test(`a ${what} ends with the process that started it, by ${signal}`, async () => {
				const cwd = await newFolder(what);
				const stack = join(import.meta.dirname, '../../dev/stack');
				const script = `${start.replace('STACK', stack)} console.log('started');`;
				const args = ['--input-type=module', '-e', script];
				const parent = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
				await once(parent.stdout, 'data');
				assert.equal(processesLeft().length, 2);
				parent.kill(signal);
				await waitFor('both processes to end', () => processesLeft().length === 0, 5000);
			});
		}
	}
});

describe('cache', () => {
	const { N8N_NODES_MAM_CACHE: configured } = process.env;
	afterEach(() => {
		if (configured === undefined) delete process.env.N8N_NODES_MAM_CACHE;
		else process.env.N8N_NODES_MAM_CACHE = configured;
	});

	test('what was installed is kept; what failed or was interrupted is removed and started again', async () => {
		const cache = await newFolder('cache');
		process.env.N8N_NODES_MAM_CACHE = cache;
		let installs = 0;
		const install = async (target: string) => {
			installs += 1;
			await writeFile(join(target, 'tool'), `${installs}`);
			if (installs === 1) throw new Error('The registry did not answer');
		};
		await assert.rejects(cached('tool-1', install, log), /did not answer/);

		const child = spawn(process.execPath, ['-e', '']);
		await once(child, 'close');
		await mkdir(join(cache, `tool-1.partial-${child.pid}`));
		await writeFile(join(cache, 'tool-1.lock'), String(child.pid));

		const installed = await cached('tool-1', install, log);
		assert.equal(await cached('tool-1', install, log), installed);
		assert.equal(readFileSync(join(installed, 'tool'), 'utf8'), '2');
		assert.deepEqual(await readdir(cache), ['tool-1']);
	});

	test('a second process waits for the install of the first one, and uses it', async () => {
		process.env.N8N_NODES_MAM_CACHE = await newFolder('cache');
		const module = join(import.meta.dirname, '../../dev/stack/cache.mts');
		const script = `const { cached } = await import('${module}');
			await cached('tool-1', async () => {
				console.log('installing');
				await new Promise((done) => process.stdin.once('data', done));
				process.stdin.destroy();
			}, console.log);`;
		const args = ['--input-type=module', '-e', script];
		const first = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
		try {
			await once(first.stdout, 'data');
			const told: string[] = [];
			const folderOfTool = await cached(
				'tool-1',
				async () => assert.fail('installed a second time'),
				(line) => {
					told.push(line);
					first.stdin.write('finish');
				},
			);
			assert.equal(told.length, 1);
			assert.deepEqual(await readdir(folderOfTool), ['.installed']);
		} finally {
			first.kill();
		}
	});
});

describe('n8n', () => {
	const MANUAL = 'By Hand';

	const workflow = {
		name: 'Tiny',
		nodes: [
			{
				id: 'a',
				name: MANUAL,
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: 'b',
				name: 'Every Second',
				type: 'n8n-nodes-base.scheduleTrigger',
				typeVersion: 1.3,
				position: [0, 200],
				parameters: {
					rule: { interval: [{ field: 'cronExpression', expression: '* * * * * *' }] },
				},
			},
			{
				id: 'c',
				name: 'Set',
				type: 'n8n-nodes-base.set',
				typeVersion: 3.4,
				position: [200, 0],
				parameters: { mode: 'raw', jsonOutput: '={{ { "mode": $execution.mode } }}' },
			},
		],
		connections: Object.fromEntries(
			[MANUAL, 'Every Second'].map((name) => [
				name,
				{ main: [[{ node: 'Set', type: 'main', index: 0 }]] },
			]),
		),
		settings: { executionOrder: 'v1' },
	};

	test('runs a workflow by hand and by its schedule, and keeps it when it is killed', async () => {
		// Settings of another n8n, and a way out that leads nowhere.
		process.env.DB_TYPE = 'postgresdb';
		process.env.HTTP_PROXY = 'http://127.0.0.1:9';
		const n8n = new N8n({ installed: await ensureN8n(log), userFolder: await newFolder('n8n') });
		await n8n.start();
		try {
			const api = new N8nApi(n8n.url);
			await api.signIn();
			const { id } = await api.createWorkflow(workflow);
			const byHand = await api.execution(await api.runManually(id, MANUAL));
			assert.deepEqual([byHand.status, byHand.mode, byHand.error], ['success', 'manual', '']);
			assert.deepEqual(byHand.items('Set'), [{ mode: 'test' }]);
			assert.deepEqual([byHand.times('Set'), byHand.times('Every Second')], [1, 0]);
			assert.ok(byHand.storedBytes > 0);

			await api.publish(id);
			const newest = await waitFor('the schedule', async () => {
				const [first] = await api.executionIds(id);
				return first === byHand.id ? null : first;
			});
			await api.unpublish(id);
			const scheduled = await api.execution(newest);
			assert.deepEqual([scheduled.status, scheduled.mode], ['success', 'trigger']);
			assert.deepEqual(scheduled.items('Set'), [{ mode: 'production' }]);

			await n8n.kill();
			assert.deepEqual(
				processesLeft().filter((command) => command.includes('n8n')),
				[],
			);
			await n8n.launch();
			await api.signIn();
			assert.equal((await api.workflow(id)).name, 'Tiny');
			assert.equal((await api.execution(byHand.id)).status, 'success');
		} finally {
			await n8n.stop();
		}
		assert.match(n8n.logText(), /Editor is now accessible/);
	});
});
