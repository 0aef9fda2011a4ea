import { propertyRuns } from '../../../helpers/propertyRuns';
import { readTokenState } from '../../../../nodes/MyAnonamouse/session/tokenState';
import { forgetProcesses, type Database, type Process } from './model/n8n';
import { COST } from './model/site';
import { RESERVE, World } from './model/world';

/** Runs of each model: some seconds. `jest --globals '{"PROPERTY_RUNS":200000}'` runs more. */
const RUNS = Math.max(20, Math.round(propertyRuns.numRuns / 100));

/** Of each test, in ms; a busy machine needs its time. */
const TIMEOUT = 60_000 + 200 * RUNS;

beforeAll(() => {
	World.fakeClock();
});

afterAll(() => {
	jest.useRealTimers();
});

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

test('a worker that is killed while the body of an answer arrives has stored its session', async () => {
	const world = new World(1, 2, { maxWriteMs: 8, failures: 0 });
	const [killed, next] = world.processes;
	world.site.onBody = () => {
		world.site.onBody = () => {};
		world.kill(killed);
	};
	world.start(0, async () => await killed.readAccount(), killed);
	world.start(1000, async () => await next.readAccount());
	await world.run();
	expect([world.site.accepted, world.site.refused, world.failures]).toEqual([2, 0, []]);
});

test('an answer that never ends is given up before its claim is over for the others', async () => {
	const world = new World(1, 1, { maxWriteMs: 8, failures: 0 });
	jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
		const ending = new AbortController();
		world.time.after(ms, () => ending.abort());
		return ending.signal;
	});
	world.site.delays.push(25_000);
	world.site.bodyDelays.push(3_600_000);
	world.start(0, async () => {
		await expect(world.processes[0].readAccount()).rejects.toThrow('within 30 seconds');
		return world.time.now;
	});
	await world.run();
	expect(world.failures).toEqual([]);
	expect(Number(world.results[0])).toBeLessThan(45_000);
});

test('a state that a save replaced by an older one is stored again before the next request leaves', async () => {
	const world = new World(1, 1, { maxWriteMs: 8, failures: 0 });
	const [process] = world.processes;
	const { tokenState } = world.row.data;
	world.start(0, async () => await process.readAccount());
	await world.run();
	world.row.data.tokenState = tokenState;
	expect(world.isStored).toBe(false);
	const stored: boolean[] = [];
	process.onRequest = () => stored.push(world.isStored);
	world.start(0, async () => await process.readAccount());
	await world.run();
	expect([stored, world.failures]).toEqual([[true], []]);
});

test('a plan that grows too old while it waits for its turn buys nothing', async () => {
	const world = new World(1, 2, { maxWriteMs: 8, failures: 0 });
	const [buyer, reader] = world.processes;
	world.site.delays.push(25_000);
	world.start(0, async () => await reader.readAccount());
	world.start(5000, async () => {
		const plannedAt = new Date(Date.now() - 10 * 60_000 + 10_000);
		return await buyer.buy(RESERVE, COST, plannedAt);
	});
	await world.run();
	expect(world.failures).toEqual([expect.stringContaining('not made within the last 10 minutes')]);
	expect(world.site.purchases).toBe(0);
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

test('a database that cannot be read for seconds when a turn is claimed delays the call by no more than that', async () => {
	const world = new World(1, 1, { maxWriteMs: 8, failures: 0 });
	const read = async () => await world.processes[0].readAccount();
	world.row.data.requestIntervalSeconds = 20;
	world.start(0, read);
	await world.run();
	const began = world.time.now;
	world.start(0, read);
	// Most of the interval has passed when it claims its turn.
	world.time.after(16_000, () => world.breakDatabase(4500));
	await world.run();
	expect([world.site.accepted, world.failures]).toEqual([2, []]);
	expect(world.time.now - began).toBeLessThan(40_000);
});

test('a database that cannot be written is named, and not asked more often than once a second', async () => {
	const world = new World(1, 1, { maxWriteMs: 8, failures: 0 });
	let writes = 0;
	world.row.write = async () => {
		writes += 1;
		throw new Error('attempt to write a readonly database');
	};
	world.start(0, async () => await world.processes[0].readAccount());
	await world.run();
	expect(world.failures).toEqual([
		expect.stringContaining('could not write the MyAnonamouse credential; nothing was sent'),
	]);
	expect(writes).toBeLessThan(100);
});

test('a turn that could not be given back at once is given back soon', async () => {
	const world = new World(1, 2, { maxWriteMs: 8, failures: 0 });
	const [first, second] = world.processes;
	const write = world.row.write.bind(world.row);
	let failsUntil: number | null = null;
	world.row.write = async (keys) => {
		if (String(keys.turnToken).includes('"claim":""')) failsUntil ??= world.time.now + 1500;
		if (world.time.now < (failsUntil ?? 0)) throw new Error('SQLITE_BUSY: database is locked');
		await write(keys);
	};
	world.start(0, async () => await first.readAccount());
	world.start(5000, async () => await second.readAccount());
	await world.run();
	expect([world.site.accepted, world.failures]).toEqual([2, []]);
	expect(world.time.now).toBeLessThan(20_000);
});

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

describe('one mam_id in two credentials', () => {
	/** Reads the account with the first credential, then with the second. */
	async function readWithBoth(between: (world: World, first: Process) => Promise<void>) {
		const world = new World(1, 1, { maxWriteMs: 8, failures: 0 });
		const first = world.processes[0];
		world.start(0, async () => await first.readAccount());
		await world.run();
		await between(world, first);
		world.start(0, async () => await world.process(0, 'second').readAccount());
		await world.run();
		return world;
	}

	test('the second is refused by name, and nothing is sent with it', async () => {
		const { failures, site } = await readWithBoth(async () => {});
		expect(failures).toEqual([
			expect.stringContaining(
				'Nothing was sent with "Credential second": it holds the same mam_id as "Credential credential".',
			),
		]);
		// Reports leave names out of the sentence alone.
		expect(failures[0]).toContain('the second is used again 7 hours after the first');
		expect([site.accepted, site.refused]).toEqual([1, 0]);
	});

	test('one that was not used for seven hours does not block the other', async () => {
		const { failures, site } = await readWithBoth(async (world) => {
			world.time.setClock(7 * 3_600_000);
		});
		expect([failures, site.accepted, site.refused]).toEqual([[], 2, 0]);
	});

	test('one that was deleted no longer blocks the other once a run has missed it', async () => {
		const { failures, site } = await readWithBoth(async (world, first) => {
			first.isDeleted = true;
			world.start(0, async () => await first.readAccount());
			await world.run();
		});
		expect(failures).toEqual([
			expect.stringContaining('Credential with ID "credential" does not exist'),
		]);
		expect([site.accepted, site.refused]).toEqual([2, 0]);
	});

	test('another process, which cannot see the first, says that the second has never worked', async () => {
		const { failures } = await readWithBoth(async (world) => {
			world.row.data.tokenState = '';
			forgetProcesses();
		});
		expect(failures).toEqual([expect.stringContaining('another credential or program uses it')]);
	});
});

test('a write that takes longer than the wait of the others claims nothing', async () => {
	const world = new World(1, 2, { maxWriteMs: 8, failures: 0 });
	const [slow, quick] = world.processes;
	// It has seen a slow write, so it waits longer itself; the other process does not.
	world.row.delays.push(2500);
	world.start(0, async () => await slow.readAccount());
	await world.run();
	world.row.delays.push(4000);
	world.site.delays.push(25_000);
	world.start(0, async () => await slow.readAccount());
	world.start(2500, async () => await quick.readAccount());
	await world.run();
	expect([world.site.mostUnderWay, world.site.refused, world.failures]).toEqual([1, 0, []]);
});

test('a first write that is slow claims nothing, although it replaced the claim of a process that has its turn', async () => {
	forgetProcesses();
	const world = new World(1, 2, { maxWriteMs: 8, failures: 0 });
	const [slow, quick] = world.processes;
	world.row.delays.push(4000);
	world.site.delays.push(25_000);
	world.start(0, async () => await slow.readAccount());
	world.start(2500, async () => await quick.readAccount());
	await world.run();
	expect([world.site.mostUnderWay, world.site.refused, world.failures]).toEqual([1, 0, []]);
});

test.each([
	['before it is renewed', 6000],
	['and used by the other before it is renewed', 4800],
	['after it was renewed for the last time', 17_500],
])(
	'a turn that is lost in a long interval, %s, is taken again before the next request',
	async (_when, at) => {
		const world = new World(1, 2, { maxWriteMs: 8, failures: 0 });
		const [waiting, other] = world.processes;
		world.row.data.requestIntervalSeconds = 20;
		world.site.delays.push(100, 25_000);
		world.start(0, async () => await waiting.readAccountTwice());
		// A save in the editor puts the free turn back, and another process takes it.
		world.time.after(at, () => {
			world.row.data.turnToken = JSON.stringify({ claim: '', n: 0, waitMs: 0 });
		});
		world.start(at + 100, async () => await other.readAccount());
		await world.run();
		expect([world.site.mostUnderWay, world.site.refused, world.failures]).toEqual([1, 0, []]);
	},
);

describe('a purchase that waits for its interval', () => {
	/** A purchase of the first process; `meanwhile` happens between its two requests, which are 20 s apart. */
	async function buyWhile(meanwhile: (world: World) => void): Promise<World> {
		const world = new World(1, 2, { maxWriteMs: 8, failures: 0 });
		world.row.data.requestIntervalSeconds = 20;
		world.start(0, async () => await world.processes[0].buy(RESERVE, COST, new Date()));
		meanwhile(world);
		await world.run();
		return world;
	}

	/** A save in the editor puts the free turn back, and the second process takes it. */
	function loseTurn(world: World, at: number): void {
		world.time.after(at, () => {
			world.row.data.turnToken = JSON.stringify({ claim: '', n: 0, waitMs: 0 });
		});
		world.start(at + 100, async () => await world.processes[1].readAccount());
	}

	/** A save in the editor puts the state back that had neither the note nor the rotation. */
	function loseState(world: World, at: number): void {
		world.time.after(at, () => (world.row.data.tokenState = ''));
	}

	const taken = expect.stringContaining('Another n8n process used the session');

	test('is not sent when its turn was lost: what was read in it may be old', async () => {
		const { failures, site } = await buyWhile((world) => loseTurn(world, 6000));
		expect([failures, site.purchases]).toEqual([[taken], 0]);
	});

	test('is noted again before it is sent when a save removed the note', async () => {
		const noted: boolean[] = [];
		const { failures, site } = await buyWhile((world) => {
			loseState(world, 10_000);
			world.processes[0].onRequest = () =>
				noted.push(readTokenState(world.row.data).purchase !== null);
		});
		expect([noted, failures, site.purchases]).toEqual([[false, true], [], 1]);
	});

	test('is not sent when its turn was lost while the note was stored again', async () => {
		const { failures, site } = await buyWhile((world) => {
			loseState(world, 10_000);
			// The write that stores it again.
			world.time.after(18_000, () => world.row.delays.push(6000));
			loseTurn(world, 22_000);
		});
		expect([failures, site.purchases]).toEqual([[taken], 0]);
	});
});
