import { Process, Row, type Database } from './n8n';
import { COST, Site } from './site';
import { Random, VirtualTime } from './time';

/** Bonus points that every purchase of the model leaves. */
export const RESERVE = 10_000;

/** The windows in which the session may get out of reach; docs/safety.md names them, with their length. */
export type Window = 'kill' | 'test' | 'save' | 'database' | 'answer';

/** n8n's processes with one credential, and the site. */
export class World {
	readonly time = new VirtualTime();

	readonly random: Random;

	readonly site: Site;

	readonly row: Row;

	readonly processes: Process[];

	/** What failed, as a user reads it. */
	readonly failures: string[] = [];

	readonly results: string[] = [];

	/** The windows that this run went through. */
	readonly windows = new Set<Window>();

	/** The processes in which Test was pressed and has not ended. */
	private readonly testing = new Set<Process>();

	/** The process of each piece of work that has not ended. */
	private readonly running = new Map<number, Process | null>();

	private started = 0;

	constructor(seed: number, processes: number, database: Database) {
		this.random = new Random(seed);
		this.site = new Site(this.time, this.random);
		this.row = new Row(this.time, this.random, this.site.issue(), database);
		this.processes = Array.from({ length: processes }, (_, at) => this.process(at));
	}

	/** Gives all processes the clock of the world. */
	static fakeClock(): void {
		jest.useFakeTimers({
			doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'performance'],
		});
	}

	process(at: number, credentialId?: string): Process {
		const process = new Process(at, this.time, this.row, this.site, credentialId);
		process.onRequest = () => {
			if ([...this.testing].some((one) => one !== process)) this.windows.add('test');
		};
		return process;
	}

	/** Whether the stored value is valid. */
	get isStored(): boolean {
		return this.site.valid.has(this.row.session);
	}

	/** Starts `work` after `ms`, in `process` unless it is killed before. */
	start(ms: number, work: () => Promise<unknown>, process: Process | null = null): void {
		const id = this.started++;
		this.running.set(id, process);
		this.time.after(ms, () => {
			if (!this.running.has(id)) return;
			work()
				.then((result) => {
					this.results.push(typeof result === 'string' ? result : JSON.stringify(result ?? null));
				})
				.catch((error: Error) => {
					this.failures.push(`${error.name}: ${error.message} ${JSON.stringify(error)}`);
				})
				.finally(() => this.running.delete(id));
		});
	}

	/** Ends a process as a power cut does. */
	kill(process: Process): void {
		// Its request is on its way, or it alone knows the newest value.
		if (process.underWay > 0 || !this.isStored) this.windows.add('kill');
		process.isAlive = false;
		for (const [id, owner] of this.running) if (owner === process) this.running.delete(id);
	}

	/** Presses Test in `process`; a window when another process calls meanwhile. */
	async pressTest(process: Process): Promise<void> {
		if (this.processes.some((one) => one !== process && one.underWay > 0)) this.windows.add('test');
		this.testing.add(process);
		const pressed = process.pressTest();
		// n8n stores what a Test returns once, and does not try again.
		pressed.catch((error) => {
			if (String(error).includes('SQLITE_BUSY')) this.windows.add('database');
		});
		await pressed.finally(() => this.testing.delete(process));
	}

	/** Saves in the editor; a window when that puts an older state into the row. */
	async save(): Promise<void> {
		if (await this.row.save()) this.windows.add('save');
	}

	/** Pastes a newly made session; a window while a Test of the old one is under way. */
	paste(): void {
		if (this.testing.size > 0) this.windows.add('test');
		this.row.data.sessionToken = this.site.issue();
	}

	/** The database can be neither read nor written for a while. */
	breakDatabase(ms: number): void {
		this.windows.add('database');
		this.row.brokenUntil = this.time.now + ms;
	}

	async run(): Promise<void> {
		await this.time.run(() => this.running.size === 0);
		if (this.site.lostAnswers > 0) this.windows.add('answer');
		const said = this.processes.flatMap((process) => process.said);
		expect([...this.failures, ...this.results, ...said].join('\n')).not.toMatch(/0123456789abcdef/);
	}

	/** Lets `process` read or buy. */
	work(process: Process, buys: boolean): () => Promise<unknown> {
		return async () =>
			buys ? await process.planAndBuy(RESERVE, COST) : await process.readAccount();
	}
}
