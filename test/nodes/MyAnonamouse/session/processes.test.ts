import { propertyRuns } from '../../../helpers/propertyRuns';
import { Process, Row, type Database } from './model/n8n';
import { COST, Site } from './model/site';
import { Random, VirtualTime } from './model/time';

/** Runs of each model: some seconds. `jest --globals '{"PROPERTY_RUNS":200000}'` runs more. */
const RUNS = Math.max(20, Math.round(propertyRuns.numRuns / 100));

/** Of each test, in ms; a busy machine needs its time. */
const TIMEOUT = 60_000 + 200 * RUNS;

const RESERVE = 10_000;

beforeAll(() => {
	jest.useFakeTimers({
		doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'performance'],
	});
});

afterAll(() => {
	jest.useRealTimers();
});

/** n8n's processes with one credential, and the site. */
class World {
	readonly time = new VirtualTime();

	readonly random: Random;

	readonly site: Site;

	readonly row: Row;

	readonly processes: Process[];

	/** What failed, as a user reads it. */
	readonly failures: string[] = [];

	readonly results: string[] = [];

	/** The process of each piece of work that has not ended. */
	private readonly running = new Map<number, Process | null>();

	private started = 0;

	constructor(seed: number, processes: number, database: Database) {
		this.random = new Random(seed);
		this.site = new Site(this.time, this.random);
		this.row = new Row(this.time, this.random, this.site.issue(), database);
		this.processes = Array.from({ length: processes }, (_, at) => this.process(at));
	}

	process(at: number, credentialId?: string): Process {
		return new Process(at, this.time, this.row, this.site, credentialId);
	}

	/** Starts `work` after `ms`, in `process` unless it is killed before. */
	start(ms: number, work: () => Promise<unknown>, process: Process | null = null): void {
		const id = this.started++;
		this.running.set(id, process);
		this.time.after(ms, () => {
			if (!this.running.has(id)) return;
			work()
				.then((result) => this.results.push(String(result)))
				.catch((error: Error) => this.failures.push(`${error.name}: ${error.message}`))
				.finally(() => this.running.delete(id));
		});
	}

	/** Ends a process as a power cut does. */
	kill(process: Process): void {
		process.isAlive = false;
		for (const [id, owner] of this.running) if (owner === process) this.running.delete(id);
	}

	async run(): Promise<void> {
		await this.time.run(() => this.running.size === 0);
		expect(this.failures.join('\n')).not.toMatch(/0123456789abcdef/);
	}
}

const WRITES: Array<[string, Database]> = [
	['of up to 8 ms', { maxWriteMs: 8, failures: 0 }],
	['of up to 400 ms', { maxWriteMs: 400, failures: 0 }],
	['of up to 80 ms, of which one in ten fails', { maxWriteMs: 80, failures: 0.1 }],
];

test.each(WRITES)(
	'a purchase against four calls of another process, with writes %s: no session lost, one purchase',
	async (_writes, database) => {
		for (let seed = 1; seed <= RUNS; seed++) {
			const world = new World(seed, 2, database);
			const [buyer, reader] = world.processes;
			world.start(0, async () => await buyer.planAndBuy(RESERVE, COST));
			for (let call = 0; call < 4; call++) {
				const at = world.random.between(0, 8000);
				world.start(at, async () => await reader.readAccount());
			}
			await world.run();
			expect([seed, world.site.refused, world.failures]).toEqual([seed, 0, []]);
			expect([seed, world.site.purchases]).toEqual([seed, 1]);
		}
	},
	TIMEOUT,
);

test(
	'two or three processes plan from one account: at most one purchase, the reserve is kept',
	async () => {
		for (let seed = 1; seed <= RUNS; seed++) {
			const database = { maxWriteMs: seed % 2 === 0 ? 8 : 400, failures: 0 };
			const world = new World(seed, 2 + (seed % 2), database);
			for (const process of world.processes) {
				for (let run = 0; run < 2; run++) {
					const at = world.random.between(0, 30_000);
					world.start(at, async () => await process.planAndBuy(RESERVE, COST));
				}
			}
			await world.run();
			expect([seed, world.site.purchases, world.site.refused]).toEqual([seed, 1, 0]);
			expect(world.site.points).toBeGreaterThanOrEqual(RESERVE);
			for (const failure of world.failures) {
				expect(failure).toMatch(
					/older than the last purchase|does not show the purchase|more than a minute/,
				);
			}
		}
	},
	TIMEOUT,
);

test(
	"saves in the editor during one process's calls lose nothing",
	async () => {
		for (let seed = 1; seed <= RUNS; seed++) {
			const world = new World(seed, 1, { maxWriteMs: 30, failures: 0 });
			const [process] = world.processes;
			for (let call = 0; call < 4; call++) world.start(0, async () => await process.readAccount());
			for (let save = 0; save < 20; save++) {
				world.start(world.random.between(0, 12_000), async () => await world.row.save());
			}
			await world.run();
			expect([seed, world.site.refused, world.failures]).toEqual([seed, 0, []]);
		}
	},
	TIMEOUT,
);

test('a worker that is killed in its turn delays the next call by at most 45 s', async () => {
	const world = new World(1, 2, { maxWriteMs: 8, failures: 0 });
	const [killed, next] = world.processes;
	world.start(0, async () => await killed.readAccount(), killed);
	// Its claim is written; its request is not sent yet.
	world.time.after(500, () => world.kill(killed));
	world.start(1000, async () => {
		await next.readAccount();
		return world.time.now;
	});
	await world.run();
	expect(world.failures).toEqual([]);
	expect(Number(world.results[0])).toBeGreaterThan(45_000);
	expect(Number(world.results[0])).toBeLessThan(52_000);
	expect(world.site.refused).toBe(0);
});

test.each([4000, 60_000])(
	'a database that fails for %p ms after a purchase was booked: it is reported as bought, and no session is lost',
	async (length) => {
		const world = new World(1, 1, { maxWriteMs: 8, failures: 0 });
		const [process] = world.processes;
		world.site.onPurchase = () => {
			world.row.brokenUntil = world.time.now + length;
		};
		world.start(0, async () => await process.planAndBuy(RESERVE, COST));
		await world.run();
		expect([world.results, world.failures]).toEqual([['bought'], []]);
		world.row.brokenUntil = 0;
		world.start(0, async () => await process.planAndBuy(RESERVE, COST));
		await world.run();
		expect([world.site.purchases, world.site.refused, world.failures]).toEqual([1, 0, []]);
		expect(world.site.valid).toContain(
			(JSON.parse(String(world.row.data.tokenState)) as { session: string }).session,
		);
	},
);

test('a turn that another process keeps for more than a minute is said to be busy', async () => {
	const world = new World(1, 1, { maxWriteMs: 8, failures: 0 });
	let n = 0;
	const renew = () => {
		world.row.data.turnToken = JSON.stringify({ claim: 'other', n: ++n });
		if (n < 20) world.time.after(10_000, renew);
	};
	renew();
	world.start(0, async () => await world.processes[0].readAccount());
	await world.run();
	expect(world.failures).toEqual([expect.stringContaining('for more than a minute')]);
	expect(world.site.accepted + world.site.refused).toBe(0);
});

test('one mam_id in two credentials is refused by name before the second is used', async () => {
	const world = new World(1, 1, { maxWriteMs: 8, failures: 0 });
	world.start(0, async () => await world.processes[0].readAccount());
	await world.run();
	world.start(0, async () => await world.process(0, 'second').readAccount());
	await world.run();
	expect(world.failures).toEqual([
		expect.stringMatching(/"Credential credential" and "Credential second" hold the same mam_id/),
	]);
	expect([world.site.accepted, world.site.refused]).toEqual([1, 0]);
});

/**
 * Everything at once. The session may be lost in the named windows alone: a process killed with a request
 * under way or its rotation not yet stored, and a Test (or a save) against a request of another process.
 */
test(
	'random interleavings with kills, saves, Tests, pastes and clock jumps: money is never at risk',
	async () => {
		let lost = 0;
		for (let seed = 1; seed <= RUNS; seed++) {
			const random = new Random(seed * 7919);
			const database = {
				maxWriteMs: random.between(5, 400),
				failures: random.chance(0.3) ? 0.05 : 0,
			};
			const world = new World(seed, 2 + (seed % 2), database);
			let hasWindow = false;
			for (const process of world.processes) {
				for (let run = 0; run < 2; run++) {
					const buys = random.chance(0.5);
					const work = async () =>
						buys ? await process.planAndBuy(RESERVE, COST) : await process.readAccount();
					world.start(random.between(0, 40_000), work, process);
				}
			}
			if (random.chance(0.3)) {
				hasWindow = true;
				world.start(random.between(0, 40_000), async () => await world.processes[0].pressTest());
			}
			if (random.chance(0.3)) {
				hasWindow = true;
				for (let save = 0; save < 5; save++)
					world.start(random.between(0, 40_000), async () => await world.row.save());
			}
			if (random.chance(0.2)) {
				hasWindow = true;
				world.time.after(random.between(0, 40_000), () => world.kill(world.processes[1]));
			}
			if (random.chance(0.3)) {
				const jump = random.chance(0.5) ? -3_600_000 : 3_600_000;
				world.time.after(random.between(0, 40_000), () => world.time.setClock(jump));
			}
			if (random.chance(0.2)) {
				world.time.after(random.between(0, 40_000), () => {
					world.row.data.sessionToken = world.site.issue();
				});
			}
			await world.run();
			expect([seed, world.site.purchases <= 1]).toEqual([seed, true]);
			expect(world.site.points).toBeGreaterThanOrEqual(RESERVE);
			if (!hasWindow) expect([seed, world.site.refused]).toEqual([seed, 0]);
			else lost += world.site.refused === 0 ? 0 : 1;
		}
		// A tenth of the runs has a kill in its middle; few of those hit a request.
		expect(lost).toBeLessThan(RUNS / 10);
	},
	TIMEOUT,
);
