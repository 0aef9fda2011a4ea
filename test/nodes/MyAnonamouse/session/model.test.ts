import { propertyRuns } from '../../../helpers/propertyRuns';
import { forgetProcesses, type Process } from './model/n8n';
import { Random } from './model/time';
import { RESERVE, World, type Window } from './model/world';

const { tell } = jest.requireActual<{ tell: (figure: object) => void }>(
	'../../../helpers/tell.cjs',
);

declare const FIRST_SEED: number | undefined;

/** `jest --globals '{"PROPERTY_RUNS":500000}'` runs 5,000; FIRST_SEED starts elsewhere. */
const RUNS = Math.max(20, Math.round(propertyRuns.numRuns / 100));
const FIRST = typeof FIRST_SEED === 'undefined' ? 1 : FIRST_SEED;

/** In ms; a busy machine needs its time. */
const TIMEOUT = 60_000 + 500 * RUNS;

const PROCESSES = 3;

beforeAll(() => {
	World.fakeClock();
});

afterAll(() => {
	jest.useRealTimers();
});

/** Something that happens in 40 seconds, at random. */
function plan(seed: number): World {
	const random = new Random(seed * 7919);
	const world = new World(seed, 2 + (seed % 2), {
		maxWriteMs: random.between(5, 400),
		failures: random.chance(0.3) ? 0.05 : 0,
		stalls: random.chance(0.3) ? 0.05 : 0,
	});
	const { site, time, processes } = world;
	const when = () => random.between(0, 40_000);
	const one = () => processes[random.between(0, processes.length - 1)];
	for (const process of processes)
		for (let run = 0; run < 2; run++)
			world.start(when(), world.work(process, random.chance(0.5)), process);
	if (random.chance(0.2)) site.odd = 0.03;
	if (random.chance(0.3)) {
		const process = one();
		world.start(when(), async () => await world.pressTest(process), process);
	}
	if (random.chance(0.3)) {
		const saves = random.between(1, 20);
		for (let save = 0; save < saves; save++) world.start(when(), async () => await world.save());
	}
	if (random.chance(0.3)) {
		const [killed, at] = [one(), when()];
		time.after(at, () => world.kill(killed));
		// The process that n8n starts in its place remembers nothing.
		const next = world.process(PROCESSES);
		processes.push(next);
		world.start(at + random.between(500, 20_000), world.work(next, random.chance(0.5)), next);
	}
	if (random.chance(0.2))
		time.after(when(), () => world.breakDatabase(random.between(500, 30_000)));
	if (random.chance(0.3)) {
		const jump = random.between(-3_600_000, 3_600_000);
		time.after(when(), () => time.setClock(jump));
	}
	if (random.chance(0.2)) time.after(when(), () => world.paste());
	// All of it has happened when the run ends.
	world.start(45_000, async () => {});
	return world;
}

/** Reads the account with each process in turn, starting with those that know the valid value; counts the successes. */
async function readWithAll(world: World, processes: Process[]): Promise<number> {
	let read = 0;
	for (const process of processes) {
		world.start(0, async () => {
			await process.readAccount();
			read += 1;
		});
		await world.run();
	}
	return read;
}

/**
 * Everything at once. `npm test` runs a hundred; docs/safety.md has the windows and their lengths.
 */
test(
	'random interleavings of calls, purchases, kills, saves, pastes, Tests, bad disks and clock jumps: one purchase, the reserve, and no session out of reach but through a named window',
	async () => {
		const refused: Partial<Record<string, number>> = {};
		const lost: Partial<Record<string, number>> = {};
		for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
			forgetProcesses();
			const world = plan(seed);
			const { site } = world;
			await world.run();
			expect([seed, site.purchases <= 1, site.points >= RESERVE]).toEqual([seed, true, true]);
			const windows = [...world.windows].sort().join('+');
			// A refusal means that the value was replaced; without a window that never happens.
			const losable: Window[] = ['kill', 'test', 'answer'];
			if (site.refused > 0) {
				refused[windows] = (refused[windows] ?? 0) + 1;
				expect([seed, windows]).not.toEqual([seed, '']);
			}
			// Whatever is still alive finds the session, unless the run went through a window that can lose it for good.
			world.row.brokenUntil = 0;
			site.odd = 0;
			Object.assign(world.row.database, { failures: 0, stalls: 0 });
			const alive = world.processes.filter(({ isAlive }) => isAlive);
			const knowing = alive.filter(({ isInReach }) => isInReach);
			if (knowing.length === 0) {
				lost[windows] = (lost[windows] ?? 0) + 1;
				expect([seed, losable.some((window) => world.windows.has(window))]).toEqual([seed, true]);
				continue;
			}
			const others = alive.filter((process) => !knowing.includes(process));
			const read = await readWithAll(world, [...knowing, ...others]);
			expect([seed, read, world.failures.slice(-1)]).toEqual([
				seed,
				alive.length,
				world.failures.slice(-1),
			]);
			expect([seed, site.purchases <= 1, site.points >= RESERVE]).toEqual([seed, true, true]);
		}
		if (RUNS >= 1000) tell({ RUNS, refused, lost });
	},
	TIMEOUT,
);
