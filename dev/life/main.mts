import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

import { writeMarked, type MarkedFile } from '../scripts/markedFile.mts';
import { REPOSITORY } from '../stack/packPackage.mts';
import { daysChart, pointsChart, type Named } from './chart.mts';
import { live, readShipped, untoldDays, type Life, type Shipped } from './life.mts';
import { SCENARIOS } from './scenarios.mts';

/** One life to be lived by a worker. */
interface Task {
	scenario: number;
	seed: number;
	days: number;
	shipped: Shipped;
}

/** The rules of the earlier system (docs/accidents.md): the client's clock, no margin, no caps. */
const REFERENCE = {
	judgeTorrents: {
		seedClock: 'client',
		trackerClockMarginHours: 0,
		stalledMaxProgressPercent: 100,
		retireOnlyAbove: 0,
		retireBelowFreeGiB: 0,
		maxCompletedPerRun: 0,
	},
	rankCandidates: { unsatisfiedReserve: 0, freeSpaceReserveGiB: 0 },
};

/** Where the table and the charts of the documentation stand. */
const PAGE: MarkedFile = {
	path: join(REPOSITORY, 'docs', 'thresholds.md'),
	begin: '<!-- life: written by npm run life -- --write -->',
	end: '<!-- end of life -->',
};
const IMAGES = join(REPOSITORY, 'docs', 'images');
const ARTEFACTS = join(REPOSITORY, 'artefacts', 'life');

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

const FIGURES: Array<[string, (life: Life) => number]> = [
	['H&Rs by the flows', (life) => life.hitAndRunsByFlows],
	['other H&Rs', (life) => life.otherHitAndRuns],
	['freezes', (life) => life.freezes],
	['days as Mouse', ({ days }) => days.filter(({ className }) => className === 'Mouse').length],
	['days held', ({ days }) => days.filter(({ heldBy }) => heldBy !== '').length],
	['of them without a message', (life) => untoldDays(life).length],
	['points of the farm', (life) => life.farmPoints],
	['points lost', (life) => life.pointsLost],
	['uploaded GiB', ({ days }) => days.at(-1)!.uploadedGiB],
	['ratio', ({ days }) => days.at(-1)!.ratio ?? NaN],
];

function figure(value: number): string {
	if (Number.isNaN(value)) return 'none';
	const digits = Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0;
	return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** A row per scenario with the means over its seeds. */
function table(title: string, lives: Life[][]): string {
	const head = [title, ...FIGURES.map(([name]) => name)];
	const rows = lives.map((own, scenario) => [
		SCENARIOS[scenario].name,
		...FIGURES.map(([, of]) => figure(own.reduce((sum, life) => sum + of(life), 0) / own.length)),
	]);
	return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
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
	const rules = [shipped, changed(shipped, REFERENCE)];
	const tasks = rules.flatMap((own) =>
		SCENARIOS.flatMap((_, scenario) =>
			Array.from({ length: seeds }, (__, at) => ({ scenario, seed: at + 1, days, shipped: own })),
		),
	);
	const lives = await liveAll(tasks);
	const ofRules = (rule: number) =>
		SCENARIOS.map((_, scenario) => {
			const from = (rule * SCENARIOS.length + scenario) * seeds;
			return lives.slice(from, from + seeds);
		});
	const tables = [
		`${days} days, means over ${seeds} seeds.`,
		table('as shipped', ofRules(0)),
		table("the reference's rules", ofRules(1)),
	].join('\n\n');
	say(`${tables}\n`);

	const named = (rule: number): Named[] =>
		ofRules(rule).map(([life], at) => ({ name: SCENARIOS[at].name, life }));
	const charts = [
		['life-shipped.svg', daysChart('The days of the grabber, as shipped', named(0))],
		['life-reference.svg', daysChart("The days of the grabber, the reference's rules", named(1))],
		['life-points.svg', pointsChart(`Bonus points in ${days} days`, named(0), named(1))],
	];
	const folder = values.write ? IMAGES : ARTEFACTS;
	await mkdir(folder, { recursive: true });
	for (const [name, chart] of charts) await writeFile(join(folder, name), chart);
	if (values.write) {
		const images = charts.map(([name]) => `![${name.replace('.svg', '')}](images/${name})`);
		await writeMarked(PAGE, [tables, ...images].join('\n\n'));
	}
	say(`Charts: ${folder}`);
}

if (isMainThread) await main();
else {
	parentPort!.on('message', ({ scenario, seed, days, shipped }: Task) => {
		parentPort!.postMessage(live(SCENARIOS[scenario], seed, days, shipped));
	});
}
