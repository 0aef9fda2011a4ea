import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import fc from 'fast-check';

import { http } from '../../dev/http.mts';
import { runCommand } from '../../dev/stack/command.mts';
import { ensurePrograms } from '../../dev/stack/debian.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { startPushgateway, type Pushgateway } from '../../dev/stack/pushgateway.mts';
import { log } from '../../dev/stack/world.mts';

interface Sample {
	metric: string;
	value: number;
	labels: Record<string, string>;
}

const require = createRequire(import.meta.url);

const METRICS_FOLDER = join(REPOSITORY, 'dist', 'nodes', 'MamPolicy', 'report');

const CASES = 10_000;

/** Cases whose samples promtool reads in one body: starting it 10,000 times would take minutes. */
const BATCH = 200;

/** Names that promtool finds unusual, and that existing dashboards are built on. */
const UNUSUAL_NAMES = [
	'mam_bp_spent_gb',
	'qbt_tracker_seed_time_total',
	'qbt_tracker_torrents_total',
];

let folder: string;
let gateway: Pushgateway;
let samplesOfARun: fc.Arbitrary<Sample[]>;
let exposition: (samples: Sample[]) => string;

const hostileText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 120 }),
	fc.constantFrom(
		'"} 1\n# TYPE x counter\n',
		'\\',
		'\r\n',
		'{{ $json }}',
		'\u0000',
		'😀'.repeat(200),
	),
);

before(async () => {
	await ensurePrograms(['prometheus-pushgateway', 'prometheus'], log);
	await runCommand('Building the package', 'npm', ['run', 'build'], { cwd: REPOSITORY, log });
	const built = <T,>(name: string) => require(join(METRICS_FOLDER, name)) as T;
	({ exposition } = built<{ exposition: typeof exposition }>('exposition.js'));
	const { METRICS } = built<{ METRICS: Record<string, { labels: string[] }> }>('definitions.js');
	samplesOfARun = fc.array(
		fc.constantFrom(...Object.keys(METRICS)).chain((metric) =>
			fc.record({
				metric: fc.constant(metric),
				value: fc.double(),
				labels: fc.record(
					Object.fromEntries(METRICS[metric].labels.map((label) => [label, hostileText])),
				),
			}),
		),
		{ minLength: 1, maxLength: 12 },
	);
	folder = await mkdtemp(join(tmpdir(), 'mam-exposition-'));
	gateway = await startPushgateway(folder);
});
after(async () => {
	await gateway?.stop();
	if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

async function put(body: string): Promise<void> {
	const { status, data } = await http.put<string>(`${gateway.url}/metrics/job/mam-test`, body);
	assert.equal(status, 200, data);
}

/** Fails when promtool cannot read `body`, or complains of a name that is not known to be unusual. */
function promtoolReads(body: string): void {
	const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], {
		input: body,
		encoding: 'utf8',
	});
	// 1: not readable; 3: readable, with complaints.
	assert.ok(status === 0 || status === 3, stderr);
	const complaints = stderr.split('\n').filter((line) => line !== '');
	for (const complaint of complaints)
		assert.ok(UNUSUAL_NAMES.includes(complaint.split(' ')[0]), complaint);
}

test('the real Pushgateway and promtool take every body, whatever the labels and numbers, and lose no series', async () => {
	const runs: Sample[][] = [];
	await fc.assert(
		fc.asyncProperty(samplesOfARun, async (samples) => {
			runs.push(samples);
			const body = exposition(samples);
			if (body !== '') await put(body);
		}),
		{ numRuns: CASES },
	);
	for (let start = 0; start < runs.length; start += BATCH) {
		const body = exposition(runs.slice(start, start + BATCH).flat());
		promtoolReads(body);
		await put(body);
		const pushed = [...(await gateway.series()).keys()].filter((series) =>
			/^(mam|qbt)_/.test(series),
		);
		const sent = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
		assert.equal(pushed.length, sent.length);
	}
});
