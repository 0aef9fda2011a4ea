import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';

import { startQbittorrentStandIn } from '../sandbox/qbittorrent/standIn.mts';
import type { GivenTorrent } from '../sandbox/qbittorrent/torrents.mts';
import { createClientCredential } from '../stack/credentials.mts';
import { Flows } from '../stack/flows.mts';
import type { Execution } from '../stack/n8nApi.mts';
import { waitFor } from '../stack/process.mts';
import { PASSWORD } from '../stack/qbittorrent.mts';
import { startRecordingProxy } from '../stack/recordingProxy.mts';
import { JANITOR } from '../stack/workflowFiles.mts';
import { Home } from '../stack/world.mts';

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

/** The shipped janitor in a real n8n with its default memory, on a client with many torrents. */
async function bench(home: Home): Promise<void> {
	const client = await startQbittorrentStandIn({ password: PASSWORD, version: '5.3.0' });
	for (let index = 0; index < TORRENTS; index++) client.give(torrent(index));
	const proxy = await startRecordingProxy(client.url);
	const credential = await createClientCredential(home.api, proxy.url);
	const flows = new Flows(home.api, {
		credentials: { qBittorrentWebApi: credential },
		pushgatewayUrl: '',
	});
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
	await bench(home);
} finally {
	await home.close();
}
