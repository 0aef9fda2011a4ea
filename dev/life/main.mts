import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

import { live, readShipped, type Life, type Shipped } from './life.mts';
import { ARTEFACTS, pageText, write, type Lived } from './page.mts';
import { SCENARIOS } from './scenarios.mts';

/** One life to be lived by a worker. */
interface Task {
	scenario: number;
	seed: number;
	days: number;
	shipped: Shipped;
}

/**
 * Earlier rules, as far as thresholds can express them: the earlier system (docs/accidents.md), and the first
 * edition of these workflows. Neither sent a message.
 */
const EARLIER: Array<Omit<Lived, 'lives'> & { changes: Record<string, object> }> = [
	{
		id: 'reference',
		name: 'the earlier system',
		changes: {
			judgeTorrents: {
				seedClock: 'client',
				trackerClockMarginHours: 0,
				stalledMaxProgressPercent: 100,
				retireOnlyAbove: 0,
				retireBelowFreeGiB: 0,
				maxCompletedPerRun: 0,
			},
			rankCandidates: { unsatisfiedReserve: 0, freeSpaceReserveGiB: 0 },
		},
	},
	{
		id: 'first-edition',
		name: 'the first edition',
		changes: {
			judgeTorrents: {
				seedClock: 'client',
				stalledMaxProgressPercent: 10,
				retireOnlyAbove: 0,
				retireBelowFreeGiB: 0,
			},
		},
	},
];

const say = (line: string) => process.stdout.write(`${line}\n`);

/** `shipped` with some thresholds of some policies changed. */
function changed(shipped: Shipped, changes: Record<string, object>): Shipped {
	const thresholds = Object.entries(shipped.thresholds).map(([policy, own]) => [
		policy,
		{ ...own, ...changes[policy] },
	]);
	return { ...shipped, thresholds: Object.fromEntries(thresholds) };
}

/** `policy.field=value` as a change of thresholds. */
function changesOf(settings: string[]): Record<string, object> {
	const changes: Record<string, Record<string, unknown>> = {};
	for (const setting of settings) {
		const [, policy, field, value] = /^(\w+)\.(\w+)=(.*)$/.exec(setting) ?? [];
		if (policy === undefined) throw new Error(`--set takes policy.field=value, not ${setting}`);
		changes[policy] = { ...changes[policy], [field]: JSON.parse(value) };
	}
	return changes;
}

/** Lives all tasks, as many at a time as there are cores. */
async function liveAll(tasks: Task[]): Promise<Life[]> {
	const lives: Life[] = [];
	let next = 0;
	const lane = async () => {
		const worker = new Worker(new URL(import.meta.url));
		while (next < tasks.length) {
			const at = next++;
			worker.postMessage(tasks[at]);
			lives[at] = await new Promise((done, fail) => {
				worker.once('message', done);
				worker.once('error', fail);
			});
			worker.removeAllListeners('error');
		}
		await worker.terminate();
	};
	await Promise.all(Array.from({ length: availableParallelism() }, lane));
	return lives;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			days: { type: 'string', default: '180' },
			seeds: { type: 'string', default: '5' },
			set: { type: 'string', multiple: true, default: [] },
			write: { type: 'boolean', default: false },
		},
	});
	const [days, seeds] = [Number(values.days), Number(values.seeds)];
	const shipped = changed(await readShipped(), changesOf(values.set));
	const rules = [
		...EARLIER.map(({ changes, ...rule }) => ({
			...rule,
			shipped: { ...changed(shipped, changes), tells: false },
		})),
		{ id: 'shipped', name: 'as shipped', shipped },
	];
	const tasks = rules.flatMap((rule) =>
		SCENARIOS.flatMap((_, scenario) =>
			Array.from({ length: seeds }, (__, at) => ({
				...{ scenario, seed: at + 1, days, shipped: rule.shipped },
			})),
		),
	);
	const lives = await liveAll(tasks);
	const lived = rules.map(({ id, name }, rule): Lived => {
		const from = (scenario: number) => (rule * SCENARIOS.length + scenario) * seeds;
		return {
			...{ id, name },
			lives: SCENARIOS.map((_, scenario) => lives.slice(from(scenario), from(scenario + 1))),
		};
	});
	say(`${pageText(lived, days)}\n`);
	await mkdir(ARTEFACTS, { recursive: true });
	await writeFile(join(ARTEFACTS, 'lives.json'), JSON.stringify(lived));
	say(`Charts: ${await write(lived, days, values.write)}; every day: ${ARTEFACTS}/lives.json`);
}

if (isMainThread) await main();
else {
	parentPort!.on('message', ({ scenario, seed, days, shipped }: Task) => {
		parentPort!.postMessage(live(SCENARIOS[scenario], seed, days, shipped));
	});
}
