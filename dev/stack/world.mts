import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startMam, type MamOptions, type MamStandIn } from '../sandbox/mam/standIn.mts';
import { createCredentials } from './credentials.mts';
import { ensurePrograms } from './debian.mts';
import { ensureN8n } from './installN8n.mts';
import { N8n, type N8nOptions } from './n8n.mts';
import { Flows } from './flows.mts';
import { N8nApi } from './n8nApi.mts';
import { packPackage } from './packPackage.mts';
import { startPushgateway, type Pushgateway } from './pushgateway.mts';
import { startQbittorrent, type Qbittorrent } from './qbittorrent.mts';
import { startRecordingProxy, type RecordingProxy } from './recordingProxy.mts';
import type { SeedTorrent } from './seedTorrents.mts';

/** Prints progress between the test runner's own lines. */
export function log(line: string): void {
	process.stderr.write(`# ${line}\n`);
}

/** A real n8n with the package installed from its tarball. */
export class Home {
	readonly n8n: N8n;

	api!: N8nApi;

	private readonly options: N8nOptions;

	private readonly folder: string;

	private readonly workers: N8n[] = [];

	private constructor(options: N8nOptions, folder: string) {
		this.options = options;
		this.n8n = new N8n(options);
		this.folder = folder;
	}

	/** `env`: settings of n8n beside those of every test. */
	static async open(env: Record<string, string> = {}): Promise<Home> {
		await ensurePrograms(['qbittorrent-nox', 'prometheus-pushgateway', 'prometheus'], log);
		const installed = await ensureN8n(log);
		const folder = await mkdtemp(join(tmpdir(), 'mam-e2e-'));
		const tarball = await packPackage(folder, log);
		const options = { installed, tarball, userFolder: join(folder, 'n8n'), env };
		const home = new Home(options, folder);
		try {
			await home.n8n.start();
			home.api = new N8nApi(home.n8n.url);
			await home.api.signIn();
			return home;
		} catch (error) {
			await rm(folder, { recursive: true, force: true });
			throw error;
		}
	}

	/** Kills n8n without any warning and starts it again on the same data. */
	async restartAfterKill(): Promise<void> {
		await this.n8n.kill();
		await this.n8n.launch();
		await this.api.signIn();
	}

	/** Starts a worker of the queue that the home's settings name. It ends with the home. */
	async startWorker(): Promise<N8n> {
		const { encryptionKey } = this.n8n;
		const userFolder = await this.newFolder('worker');
		const worker = new N8n({ ...this.options, userFolder, encryptionKey, worker: true });
		this.workers.push(worker);
		await worker.start();
		return worker;
	}

	/** A new folder that ends with the home. */
	async newFolder(name: string): Promise<string> {
		return await mkdtemp(join(this.folder, `${name}-`));
	}

	async close(): Promise<void> {
		for (const worker of this.workers) await worker.stop();
		await this.n8n.stop();
		await rm(this.folder, { recursive: true, force: true });
	}
}

/** What a scenario starts with. */
export interface ScenarioOptions {
	mam?: MamOptions;
	torrents?: (mam: MamStandIn) => SeedTorrent[];
	/** Called before the client starts, e.g. to register its torrents at the tracker. */
	prepare?: (mam: MamStandIn) => void;
}

/** An installation of its own: account, client, gateway, credentials and the workflows. */
export class Scenario {
	readonly home: Home;

	readonly mam: MamStandIn;

	readonly client: Qbittorrent;

	readonly gateway: Pushgateway;

	/** In front of the client and of the gateway. */
	readonly clientProxy: RecordingProxy;

	readonly gatewayProxy: RecordingProxy;

	readonly credentials: Record<string, string>;

	readonly flows: Flows;

	private constructor(
		parts: Pick<
			Scenario,
			'home' | 'mam' | 'client' | 'gateway' | 'clientProxy' | 'gatewayProxy' | 'credentials'
		>,
	) {
		this.home = parts.home;
		this.mam = parts.mam;
		this.client = parts.client;
		this.gateway = parts.gateway;
		this.clientProxy = parts.clientProxy;
		this.gatewayProxy = parts.gatewayProxy;
		this.credentials = parts.credentials;
		this.flows = new Flows(parts.home.api, {
			credentials: parts.credentials,
			pushgatewayUrl: parts.gatewayProxy.url,
		});
	}

	static async open(home: Home, options: ScenarioOptions = {}): Promise<Scenario> {
		const started: Array<{ stop: () => Promise<unknown> }> = [];
		const keep = <T extends { stop: () => Promise<unknown> }>(part: T): T => {
			started.push(part);
			return part;
		};
		try {
			const mam = keep(await startMam(options.mam));
			options.prepare?.(mam);
			const folder = await home.newFolder('client');
			const client = keep(await startQbittorrent({ folder, torrents: options.torrents?.(mam) }));
			const gateway = keep(await startPushgateway(await home.newFolder('gateway')));
			const clientProxy = keep(await startRecordingProxy(client.url));
			const gatewayProxy = keep(await startRecordingProxy(gateway.url));
			const parts = { home, mam, client, gateway, clientProxy, gatewayProxy, credentials: {} };
			const scenario = new Scenario(parts);
			await scenario.renewCredentials();
			return scenario;
		} catch (error) {
			// What still runs would keep the test file from ending.
			await Promise.all(started.map(async (part) => await part.stop()));
			throw error;
		}
	}

	/** New credentials, with a session of their own and no past; the flows take them from their next run on. */
	async renewCredentials(): Promise<void> {
		const { home, mam, clientProxy, credentials } = this;
		const created = await createCredentials(home.api, {
			mamUrl: mam.url,
			session: mam.session.issue(),
			clientUrl: clientProxy.url,
		});
		Object.assign(credentials, created);
	}

	/** Pastes a new session value into the credential, as a user would in the editor. */
	async pasteSession(value = this.mam.session.issue()): Promise<void> {
		await this.saveCredential({ sessionToken: value });
	}

	/** Opens the MyAnonamouse credential, changes these fields of its form and saves it, as the editor does. */
	async saveCredential(changes: Record<string, unknown> = {}): Promise<void> {
		await this.home.api.saveMamCredential(this.credentials.myAnonamouseApi, changes);
	}

	async close(): Promise<void> {
		await this.flows.unpublishAll();
		await Promise.all([
			this.client.stop(),
			this.gateway.stop(),
			this.clientProxy.stop(),
			this.gatewayProxy.stop(),
		]);
		await this.mam.stop();
	}

	/** The groups that were pushed since the last call, each with its number of PUTs. */
	takePushes(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const { method, path } of this.gatewayProxy.requests.splice(0)) {
			const key = `${method} ${path.replace('/metrics/job/', '')}`;
			counts[key] = (counts[key] ?? 0) + 1;
		}
		return counts;
	}
}
