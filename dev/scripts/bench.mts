import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';

import { startMam, type MamStandIn } from '../sandbox/mam/standIn.mts';
import { startQbittorrentStandIn } from '../sandbox/qbittorrent/standIn.mts';
import type { GivenTorrent } from '../sandbox/qbittorrent/torrents.mts';
import { createClientCredential } from '../stack/credentials.mts';
import { Flows } from '../stack/flows.mts';
import type { Execution } from '../stack/n8nApi.mts';
import { waitFor } from '../stack/process.mts';
import { PASSWORD, startQbittorrent, type Qbittorrent } from '../stack/qbittorrent.mts';
import { qbittorrentCommand, type QbittorrentVersion } from '../stack/qbittorrentVersions.mts';
import { startRecordingProxy } from '../stack/recordingProxy.mts';
import { registered, seed } from '../stack/seeds.mts';
import { JANITOR } from '../stack/workflowFiles.mts';
import { Home, log as progress } from '../stack/world.mts';
import { startDelayedWay } from './benchDelay.mts';
import { runReference } from './benchReference.mts';

/** How many of the client's torrents are in the category, and how many of those nobody wants. */
const TORRENTS = Number(process.env.BENCH_TORRENTS ?? 20_000);
const IN_CATEGORY = TORRENTS * 0.6;
const UNWANTED = TORRENTS * 0.5;

const CATEGORY = 'mam-farming';
const DAY = 86_400;
const MIB = 2 ** 20;
const NODES = ['List Client Torrents', 'Judge Torrents', 'Delete Torrents', 'Report Run'];

const log = (line: string) => process.stdout.write(`${line}\n`);

function torrent(index: number, isUnwanted = index < UNWANTED): GivenTorrent {
	const name = `An Audiobook of Some Length, Volume ${index} [M4B 64 kbps]`;
	// Those that nobody wants have waited in the queue without a byte: what is complete goes only once it was proven.
	const data = isUnwanted
		? { state: 'queuedDL', progress: 0, downloaded: 0, completed: 0, uploaded: 0, seeding_time: 0 }
		: {
				state: 'stalledUP',
				progress: 1,
				downloaded: 300 * MIB,
				completed: 300 * MIB,
				uploaded: 50 * MIB,
				seeding_time: 9 * DAY,
			};
	return {
		...data,
		hash: index.toString(16).padStart(40, '0'),
		name,
		category: index < IN_CATEGORY ? CATEGORY : 'films',
		tags: `mam, mam-${index}`,
		size: 300 * MIB,
		added_on: Math.floor(Date.now() / 1000) - 10 * DAY,
		num_complete: 3,
		tracker: 'https://t.example/a-passkey-of-32-characters-here/announce',
		content_path: `/downloads/${CATEGORY}/${name}`,
		save_path: `/downloads/${CATEGORY}`,
	};
}

/** Processor time of a process so far, in seconds. */
async function cpuSeconds(pid: number): Promise<number> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	// After the name: utime and stime are the 12th and 13th field, in ticks of 10 ms (proc(5)).
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Requests by path. */
function tally(paths: string[]): string {
	const counts = Map.groupBy(paths, (path) => path.replace('/api/v2/', ''));
	return [...counts].map(([path, all]) => `${all.length} ${path}`).join(', ');
}

function timesOf(execution: Execution): string {
	return NODES.map((node) => `${node} ${(execution.timeOf(node) / 1000).toFixed(1)} s`).join(', ');
}

/** The janitor of one credential. */
function janitorOf(home: Home, credential: string): Flows {
	const installation = { credentials: { qBittorrentWebApi: credential }, pushgatewayUrl: '' };
	return new Flows(home.api, installation);
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** How many torrents never started, and how many are in progress, in the reference's own case. */
const NEVER = 466;
const IN_PROGRESS = 35;

/** How often each figure is measured. */
const DELETES = 3;
const LOOKS = 5;

/** A real client with the torrents of the reference's case, after all of them have announced. */
async function startClient(
	home: Home,
	mam: MamStandIn,
	version: QbittorrentVersion,
	never: number,
): Promise<Qbittorrent> {
	const torrents = registered(
		mam,
		...Array.from({ length: never }, (_, at) => seed(mam, `never-${at}`)),
		...Array.from({ length: IN_PROGRESS }, (_, at) => seed(mam, `part-${at}`, { progress: 0.5 })),
	);
	const command = await qbittorrentCommand(version, progress);
	const folder = await home.newFolder('bench');
	const client = await startQbittorrent({ folder, command, torrents });
	await waitFor('the announces', async () =>
		(await client.torrents()).every(({ tracker }) => tracker !== ''),
	);
	return client;
}

interface Figures {
	requests: number;
	ms: number;
}

/** Both sides on the same kind of client over the same connection; `delayMs` is its delay in one direction. */
async function compare(home: Home, mam: MamStandIn, delayMs: number) {
	const deletes: Record<'reference' | 'own', Figures[]> = { reference: [], own: [] };
	const looks: Record<'reference' | 'own', Figures[]> = { reference: [], own: [] };
	const check = (deleted: number, expected: number) => {
		if (deleted !== expected) throw new Error(`${deleted} torrents were deleted, not ${expected}`);
	};
	for (let round = 0; round < DELETES; round++) {
		for (const side of ['reference', 'own'] as const) {
			const client = await startClient(home, mam, '4.5.2', NEVER);
			const counting = await startRecordingProxy(client.url);
			const way = await startDelayedWay(counting.url, delayMs);
			const flows = janitorOf(home, await createClientCredential(home.api, way.url));
			const run = async (): Promise<Figures> => {
				if (side === 'reference') return await runReference(way.url);
				counting.requests.length = 0;
				const [execution] = await flows.runScheduled(JANITOR);
				if (execution.status !== 'success') throw new Error(execution.error);
				return { requests: counting.requests.length, ms: execution.durationMs };
			};
			// The session is kept between its runs; the reference signs in every time.
			if (side === 'own') await flows.runManually(JANITOR);
			deletes[side].push(await run());
			check(NEVER + IN_PROGRESS - (await client.torrents()).length, NEVER);
			if (round === 0) for (let look = 0; look < LOOKS; look++) looks[side].push(await run());
			await flows.unpublishAll();
			await way.stop();
			await counting.stop();
			await client.stop();
		}
	}
	return { deletes, looks };
}

function figuresOf(all: Figures[]): string {
	const requests = median(all.map((one) => one.requests));
	return `${requests} requests, ${(median(all.map(({ ms }) => ms)) / 1000).toFixed(2)} s`;
}

/** The reference and the shipped janitor side by side on real clients. */
async function benchReal(home: Home): Promise<void> {
	const mam = await startMam();
	log(
		`\nreal 4.5.2, ${NEVER + IN_PROGRESS} torrents; medians of ${DELETES} deletes, ${LOOKS} looks`,
	);
	log(
		'The reference signs in for each run, as it did; this package keeps its session, and n8n is warm.',
	);
	log('| measure | reference | this package |\n|---|---|---|');
	for (const delayMs of [0, 5]) {
		const where = delayMs === 0 ? 'loopback' : `${delayMs} ms one way`;
		const { deletes, looks } = await compare(home, mam, delayMs);
		const row = (what: string, { reference, own }: typeof deletes) =>
			log(`| ${what}, ${where} | ${figuresOf(reference)} | ${figuresOf(own)} |`);
		row(`delete ${NEVER}`, deletes);
		row('nothing to delete', looks);
	}
	for (const version of ['5.1.0', '5.3.0'] as const) {
		const client = await startClient(home, mam, version, 0);
		const counting = await startRecordingProxy(client.url);
		const flows = janitorOf(home, await createClientCredential(home.api, counting.url));
		const requests: Record<string, string> = {};
		for (const session of ['new', 'kept']) {
			counting.requests.length = 0;
			await flows.runScheduled(JANITOR);
			requests[session] = tally(counting.requests.map(({ path }) => path));
		}
		log(`${version}, nothing to delete: ${requests.new}; with its session kept: ${requests.kept}`);
		await flows.unpublishAll();
		await counting.stop();
		await client.stop();
	}
	await mam.stop();
}

/** The shipped janitor in a real n8n with its default memory, on a client with many torrents. */
async function benchLarge(home: Home): Promise<void> {
	const client = await startQbittorrentStandIn({ password: PASSWORD, version: '5.3.0' });
	for (let index = 0; index < TORRENTS; index++) client.give(torrent(index));
	const proxy = await startRecordingProxy(client.url);
	const credential = await createClientCredential(home.api, proxy.url);
	const flows = janitorOf(home, credential);
	const run = async (what: string) => {
		const id = await flows.workflowId(JANITOR);
		home.n8n.forgetPeakMemory();
		proxy.requests.length = 0;
		const before = await cpuSeconds(home.n8n.pid);
		const started = await flows.startScheduled(JANITOR);
		await waitFor(
			'the end of the run',
			async () =>
				(await home.api.executions(id)).some(
					(one) => one.id === started && !['new', 'running'].includes(one.status),
				),
			600_000,
			500,
		);
		const peak = mib(home.n8n.peakMemoryBytes());
		const cpu = (await cpuSeconds(home.n8n.pid)) - before;
		const execution = await home.api.execution(started);
		log(`${what}: ${execution.status} ${execution.error}`);
		const seconds = (execution.durationMs / 1000).toFixed(1);
		log(`  ${seconds} s, ${cpu.toFixed(1)} s of n8n's processor time: ${timesOf(execution)}`);
		log(`  n8n's memory: ${peak} at most; the execution stored: ${mib(execution.storedBytes)}`);
		const paths = proxy.requests.map(({ path }) => path);
		log(`  ${paths.length} requests: ${tally(paths)}; ${client.torrents().length} torrents left`);
		await flows.unpublishAll();
	};
	flows.change(JANITOR, 'Judge Torrents', ({ parameters }) => {
		parameters.maxCompletedPerRun = 0;
	});
	flows.change(JANITOR, 'List Client Torrents', ({ parameters }) => {
		parameters.options = { ...(parameters.options as object), category: CATEGORY };
	});
	await run(`lists ${IN_CATEGORY} of ${TORRENTS} by category, deletes ${UNWANTED}`);
	flows.unchange(JANITOR);
	for (let index = 0; index < UNWANTED; index++) {
		client.give(torrent(index, false));
	}
	await run(`lists all ${TORRENTS}, deletes none`);
	await proxy.stop();
	await client.stop();
}

function mib(bytes: number | null): string {
	return bytes === null ? '?' : `${(bytes / MIB).toFixed(1)} MiB`;
}

const home = await Home.open();
try {
	log(`${cpus().length} cores (${cpus()[0].model}), load ${loadavg()[0].toFixed(1)}`);
	log(`n8n's memory after its start: ${mib(home.n8n.peakMemoryBytes())} at most`);
	const parts = { real: benchReal, large: benchLarge };
	const [, , only] = process.argv;
	for (const [name, bench] of Object.entries(parts))
		if (only === undefined || only === name) await bench(home);
} finally {
	await home.close();
}
