import { UserError } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
} from 'n8n-workflow';

import { readTokenState } from '../../../../../nodes/MyAnonamouse/session/tokenState';
import type { Site } from './site';
import type { Random, VirtualTime } from './time';

/** How long n8n's database takes, in ms, and how often it fails. */
export interface Database {
	maxWriteMs: number;
	/** Probability that a read or a write fails. */
	failures: number;
	/** Probability that a write takes seconds. */
	stalls?: number;
}

/** The row of the credential in n8n's database, as n8n reads and writes it. */
export class Row {
	data: ICredentialDataDecryptedObject;

	/** How much longer the next writes take, in ms. */
	readonly delays: number[] = [];

	/** Until when (on the time's own scale) it can be neither read nor written. */
	brokenUntil = 0;

	constructor(
		private readonly time: VirtualTime,
		private readonly random: Random,
		sessionToken: string,
		readonly database: Database,
	) {
		this.data = {
			sessionToken,
			baseUrl: 'https://www.myanonamouse.net',
			requestIntervalSeconds: 3,
			tokenState: '',
			turnToken: '',
			refresh: '',
		};
	}

	/** The value that a process without a memory would send. */
	get session(): string {
		return readTokenState(this.data).session;
	}

	async read(): Promise<ICredentialDataDecryptedObject> {
		await this.time.wait(this.random.between(0, 3));
		this.failSometimes();
		return { ...this.data };
	}

	/** n8n merges the keys into the row that it reads at that moment, and writes the complete row a little later. */
	async write(keys: ICredentialDataDecryptedObject): Promise<void> {
		const { maxWriteMs, stalls = 0 } = this.database;
		await this.time.wait(this.delays.shift() ?? 0);
		const isStalled = stalls > 0 && this.random.chance(stalls);
		await this.time.wait(
			isStalled ? this.random.between(1000, 8000) : this.random.between(0, maxWriteMs),
		);
		this.failSometimes();
		const merged = { ...this.data, ...keys };
		await this.time.wait(this.random.between(0, 3));
		this.data = merged;
	}

	/**
	 * An editor's save: the hidden keys are those of the row that n8n read a moment before. Returns whether that
	 * put an older state back.
	 */
	async save(): Promise<boolean> {
		const { tokenState, turnToken } = this.data;
		await this.time.wait(this.random.between(5, 85));
		const isOlder = tokenState !== this.data.tokenState;
		this.data = { ...this.data, tokenState, turnToken };
		return isOlder;
	}

	private failSometimes(): void {
		if (this.time.now < this.brokenUntil || this.random.chance(this.database.failures))
			throw new Error('SQLITE_BUSY: database is locked');
	}
}

type States = typeof import('../../../../../nodes/MyAnonamouse/session/tokenStateCache');
type Sessions = typeof import('../../../../../nodes/MyAnonamouse/session/mamSession');
type Accounts = typeof import('../../../../../nodes/MyAnonamouse/endpoints/jsonLoad');
type Purchases = typeof import('../../../../../nodes/MyAnonamouse/resources/bonus/purchase');
type Credentials = typeof import('../../../../../credentials/MyAnonamouseApi.credentials');

/** The package as one process of n8n loads it: with a memory of its own. */
interface Loaded {
	sessions: Sessions;
	accounts: Accounts;
	purchases: Purchases;
	credential: InstanceType<Credentials['MyAnonamouseApi']>;
	states: States;
	/** What its waits do. */
	clock: { sleep: (ms: number) => Promise<void> };
}

const workflow = jest.requireActual<object>('n8n-workflow');
let pool: Loaded[] = [];

/** Forgets what all processes know, so that a run depends on its seed alone. */
export function forgetProcesses(): void {
	pool = [];
}

function load(): Loaded {
	const clock: Loaded['clock'] = { sleep: async () => {} };
	let loaded: Loaded | null = null;
	jest.isolateModules(() => {
		jest.doMock('n8n-workflow', () => ({
			...workflow,
			sleep: async (ms: number) => await clock.sleep(ms),
		}));
		const { MyAnonamouseApi } = jest.requireActual<Credentials>(
			'../../../../../credentials/MyAnonamouseApi.credentials',
		);
		loaded = {
			sessions: jest.requireActual<Sessions>(
				'../../../../../nodes/MyAnonamouse/session/mamSession',
			),
			accounts: jest.requireActual<Accounts>(
				'../../../../../nodes/MyAnonamouse/endpoints/jsonLoad',
			),
			purchases: jest.requireActual<Purchases>(
				'../../../../../nodes/MyAnonamouse/resources/bonus/purchase',
			),
			credential: new MyAnonamouseApi(),
			states: jest.requireActual<States>(
				'../../../../../nodes/MyAnonamouse/session/tokenStateCache',
			),
			clock,
		};
	});
	return loaded!;
}

let executions = 0;

/** One process of n8n. The `at`th of a run; its memory knows nothing of earlier runs' values. */
export class Process {
	isAlive = true;

	/** Whether n8n no longer has the credential. */
	isDeleted = false;

	/** Requests to the site that are under way. */
	underWay = 0;

	/** Called when a request leaves. */
	onRequest = (): void => {};

	/** What the log, the hints and the credential's form said. */
	readonly said: string[] = [];

	private readonly loaded: Loaded;

	constructor(
		readonly at: number,
		private readonly time: VirtualTime,
		private readonly row: Row,
		private readonly site: Site,
		private readonly credentialId = 'credential',
	) {
		this.loaded = pool[at] ??= load();
		this.loaded.clock.sleep = async (ms) => await this.alive(this.time.wait(ms));
	}

	/** What a killed process waits for never comes. */
	private async alive<T>(work: Promise<T>): Promise<T> {
		const outcome = await work.then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if (!this.isAlive) return await new Promise<never>(() => {});
		if ('error' in outcome) throw outcome.error;
		return outcome.value;
	}

	/** Whether the value that this process would send now is valid. */
	get isInReach(): boolean {
		return this.site.valid.has(this.loaded.states.newestState(this.row.data).session);
	}

	/** Reads the account. */
	async readAccount(): Promise<Awaited<ReturnType<Accounts['fetchAccount']>>['account']> {
		const { sessions, accounts } = this.loaded;
		const { account } = await sessions.withMamSession(this.context(), 0, accounts.fetchAccount);
		return account;
	}

	/** Reads the account twice in one turn, as a search reads its pages. */
	async readAccountTwice(): Promise<void> {
		const { sessions, accounts } = this.loaded;
		await sessions.withMamSession(this.context(), 0, async (session) => {
			await accounts.fetchAccount(session);
			await accounts.fetchAccount(session);
		});
	}

	/** Buys what is planned from the account as it is read now, if anything is. */
	async planAndBuy(reservePoints: number, costPoints: number): Promise<string> {
		const account = await this.readAccount();
		const wanted = account.uploadedBytes < 60 * 1024 ** 3;
		if (!wanted || account.lastPurchase?.shown === false) return 'nothing to buy';
		return await this.buy(reservePoints, costPoints, new Date());
	}

	async buy(reservePoints: number, costPoints: number, plannedAt: Date): Promise<string> {
		const { sessions, purchases } = this.loaded;
		await sessions.withMamSession(
			this.context(),
			0,
			async (session) =>
				await purchases.buyOnce(session, {
					what: 'upload',
					amount: 50,
					costPoints,
					reservePoints,
					plannedAt,
					query: { spendtype: 'upload', amount: 50 },
				}),
		);
		return 'bought';
	}

	/** The Test button: what n8n does with the row as it is now. */
	async pressTest(): Promise<void> {
		const data = await this.alive(this.row.read());
		const helpers = { httpRequest: this.request };
		const keys = await this.alive(
			this.loaded.credential.preAuthentication.call({ helpers } as never, data),
		);
		await this.alive(this.row.write(keys));
	}

	private readonly request = async (options: IHttpRequestOptions) => {
		this.onRequest();
		this.underWay += 1;
		try {
			return await this.alive(this.site.answer(options));
		} finally {
			this.underWay -= 1;
		}
	};

	/** As n8n's helper: preAuthentication, store, authenticate, request. */
	private async requestWithAuthentication(
		options: IHttpRequestOptions,
		data: ICredentialDataDecryptedObject,
	) {
		const { credential } = this.loaded;
		const keys = await credential.preAuthentication.call({ helpers: {} } as never, data);
		if ('refresh' in keys) await this.alive(this.row.write(keys));
		const authenticate = credential.authenticate as (
			data: ICredentialDataDecryptedObject,
			options: IHttpRequestOptions,
		) => Promise<IHttpRequestOptions>;
		const signedIn = await authenticate({ ...data, ...keys }, options);
		if (signedIn.abortSignal?.aborted) throw new Error('canceled');
		return await this.request(signedIn);
	}

	private context(): IExecuteFunctions {
		const executionId = `model-${++executions}`;
		const credentials = {
			myAnonamouseApi: { id: this.credentialId, name: `Credential ${this.credentialId}` },
		};
		return {
			getNode: () => ({ name: 'Node', credentials }) as unknown as INode,
			getExecutionId: () => executionId,
			getExecutionCancelSignal: () => undefined,
			getCredentials: async () => {
				if (!this.isDeleted) return await this.alive(this.row.read());
				throw new UserError(`Credential with ID "${this.credentialId}" does not exist`);
			},
			addExecutionHints: ({ message }: { message: string }) => this.said.push(message),
			logger: { warn: (message: string) => this.said.push(message) },
			helpers: {
				httpRequestWithAuthentication: async (
					_type: string,
					options: IHttpRequestOptions,
					more: { credentialsDecrypted: { data: ICredentialDataDecryptedObject } },
				) => await this.requestWithAuthentication(options, more.credentialsDecrypted.data),
			},
		} as unknown as IExecuteFunctions;
	}
}
