import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startMam, type MamOptions, type MamStandIn } from '../../sandbox/mam/standIn.mts';
import { ensurePrograms } from '../../stack/debian.mts';
import { ensureN8n } from '../../stack/installN8n.mts';
import { N8n } from '../../stack/n8n.mts';
import { N8nApi, type Execution } from '../../stack/n8nApi.mts';
import { packPackage } from '../../stack/packPackage.mts';
import { waitFor } from '../../stack/process.mts';
import { startPushgateway, type Pushgateway } from '../../stack/pushgateway.mts';
import {
	PASSWORD,
	startQbittorrent,
	USERNAME,
	type Qbittorrent,
} from '../../stack/qbittorrent.mts';
import { startRecordingProxy, type RecordingProxy } from '../../stack/recordingProxy.mts';
import type { SeedTorrent } from '../../stack/seedTorrents.mts';
import { adapt, readWorkflow } from './adapt.mts';

export const GRABBER = 'freeleech-grabber.json';
export const JANITOR = 'farming-janitor.json';
export const SPENDER = 'bonus-spender.json';

const DRY_RUN_TRIGGER = 'Try It (Dry Run)';

/** Prints progress between the test runner's own lines. */
export function log(line: string): void {
	process.stderr.write(`# ${line}\n`);
}

/** A real n8n with the package installed from its tarball. */
export class Home {
	readonly n8n: N8n;

	api!: N8nApi;

	private readonly folder: string;

	private constructor(n8n: N8n, folder: string) {
		this.n8n = n8n;
		this.folder = folder;
	}

	static async open(): Promise<Home> {
		await ensurePrograms(['qbittorrent-nox', 'prometheus-pushgateway', 'prometheus'], log);
		const installed = await ensureN8n(log);
		const folder = await mkdtemp(join(tmpdir(), 'mam-e2e-'));
		const tarball = await packPackage(folder, log);
		const n8n = new N8n({ installed, tarball, userFolder: join(folder, 'n8n') });
		await n8n.start();
		const home = new Home(n8n, folder);
		home.api = new N8nApi(n8n.url);
		await home.api.signIn();
		return home;
	}

	/** A new folder that ends with the home. */
	async newFolder(name: string): Promise<string> {
		return await mkdtemp(join(this.folder, `${name}-`));
	}

	async close(): Promise<void> {
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

/** An installation of its own: account, client, gateway, credentials and the three workflows. */
export class Scenario {
	readonly home: Home;

	readonly mam: MamStandIn;

	readonly client: Qbittorrent;

	readonly gateway: Pushgateway;

	/** In front of the client and of the gateway. */
	readonly clientProxy: RecordingProxy;

	readonly gatewayProxy: RecordingProxy;

	readonly credentials: Record<string, string>;

	private readonly workflowIds = new Map<string, string>();

	private readonly changes = new Map<
		string,
		{ node: string; parameters: Record<string, unknown> }
	>();

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
	}

	static async open(home: Home, options: ScenarioOptions = {}): Promise<Scenario> {
		const mam = await startMam(options.mam);
		options.prepare?.(mam);
		const client = await startQbittorrent({
			folder: await home.newFolder('client'),
			torrents: options.torrents?.(mam),
		});
		const gateway = await startPushgateway(await home.newFolder('gateway'));
		const clientProxy = await startRecordingProxy(client.url);
		const gatewayProxy = await startRecordingProxy(gateway.url);
		const credentials = {
			myAnonamouseApi: await home.api.createCredential('MyAnonamouse account', 'myAnonamouseApi', {
				sessionToken: mam.session.issue(),
				baseUrl: mam.url,
				requestIntervalSeconds: 0,
				tokenState: '',
				refresh: '',
			}),
			qBittorrentApi: await home.api.createCredential('qBittorrent account', 'qBittorrentApi', {
				url: clientProxy.url,
				username: USERNAME,
				password: PASSWORD,
				apiKey: '',
				allowUnauthorizedCerts: false,
				sessionToken: '',
				tokenState: '',
			}),
		};
		return new Scenario({ home, mam, client, gateway, clientProxy, gatewayProxy, credentials });
	}

	async close(): Promise<void> {
		for (const id of this.workflowIds.values()) await this.home.api.unpublish(id).catch(() => {});
		await Promise.all([
			this.client.stop(),
			this.gateway.stop(),
			this.clientProxy.stop(),
			this.gatewayProxy.stop(),
		]);
		await this.mam.stop();
	}

	/** The id of a shipped workflow in n8n, imported at its first use. */
	async workflowId(file: string): Promise<string> {
		const known = this.workflowIds.get(file);
		if (known !== undefined) return known;
		const shipped = await readWorkflow(file);
		const { id: _id, ...workflow } = adapt(shipped, this.installation());
		const { id } = await this.home.api.createWorkflow(workflow);
		this.workflowIds.set(file, id);
		return id;
	}

	/** Presses "Execute workflow". */
	async runManually(file: string): Promise<Execution> {
		const id = await this.workflowId(file);
		return await this.home.api.execution(await this.home.api.runManually(id, DRY_RUN_TRIGGER));
	}

	/** Publishes the workflow with a schedule that is due in a moment, and lets the schedule start it once. */
	async runScheduled(...files: string[]): Promise<Execution[]> {
		const due = new Date(Date.now() + 2500);
		const cron = `${due.getUTCSeconds()} ${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
		const started = await Promise.all(files.map(async (file) => await this.publish(file, cron)));
		return await Promise.all(
			started.map(async ({ id, before }) => {
				const executionId = await waitFor(
					`the schedule of ${id}`,
					async () => {
						const [latest] = await this.home.api.executionIds(id);
						return latest !== undefined && !before.includes(latest) ? latest : null;
					},
					30_000,
				);
				const execution = await this.home.api.execution(executionId);
				await this.home.api.unpublish(id);
				return execution;
			}),
		);
	}

	/** Sets parameters of one node, as a user would in the editor. */
	async change(file: string, node: string, parameters: Record<string, unknown>): Promise<void> {
		await this.workflowId(file);
		this.changes.set(file, { node, parameters });
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

	private async publish(file: string, cron: string): Promise<{ id: string; before: string[] }> {
		const id = await this.workflowId(file);
		const before = await this.home.api.executionIds(id);
		const { nodes } = adapt(await readWorkflow(file), { ...this.installation(), cron });
		const change = this.changes.get(file);
		const changed = nodes.find(({ name }) => name === change?.node);
		Object.assign(changed?.parameters ?? {}, change?.parameters);
		const { versionId } = await this.home.api.workflow(id);
		await this.home.api.updateWorkflow(id, { nodes, versionId });
		await this.home.api.publish(id);
		return { id, before };
	}

	private installation() {
		return { credentials: this.credentials, pushgatewayUrl: this.gatewayProxy.url };
	}
}
