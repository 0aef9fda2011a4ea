import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AccountState } from '../sandbox/mam/account.mts';
import { startMam, type MamStandIn } from '../sandbox/mam/standIn.mts';
import {
	startPushgatewayStandIn,
	type PushgatewayStandIn,
} from '../sandbox/pushgateway/standIn.mts';
import { createCredentials } from '../stack/credentials.mts';
import { Flows } from '../stack/flows.mts';
import { ensureN8n } from '../stack/installN8n.mts';
import { N8n } from '../stack/n8n.mts';
import { N8nApi } from '../stack/n8nApi.mts';
import { packPackage, REPOSITORY } from '../stack/packPackage.mts';
import { seedTorrentFile, type SeedTorrent } from '../stack/seedTorrents.mts';
import type { DemoClient } from './client.mts';

/** What a {@link DemoWorld} starts with. */
export interface DemoWorldOptions {
	account?: Partial<AccountState>;
	torrents(mam: MamStandIn): SeedTorrent[];
	startClient(folder: string, torrents: SeedTorrent[]): Promise<DemoClient>;
	/** Gets what is happening. */
	log(line: string): void;
}

/** The packed package in a real n8n with its workflows and credentials, between an account, a client and a gateway. */
export interface DemoWorld {
	mam: MamStandIn;
	client: DemoClient;
	gateway: PushgatewayStandIn;
	n8n: N8n;
	api: N8nApi;
	flows: Flows;
	stop(): Promise<void>;
}

/** Peers that the tracker knows of every complete torrent. */
const SEEDERS = 6;

/** A folder that ends with this process, and with it the build where there was none before. */
function newFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'mam-demo-'));
	const build = join(REPOSITORY, 'dist');
	const leftBehind = existsSync(build) ? [folder] : [folder, build];
	process.on('exit', () => {
		for (const path of leftBehind) rmSync(path, { recursive: true, force: true });
	});
	return folder;
}

/** Starts everything; what is not stopped ends with this process. */
export async function openDemoWorld(options: DemoWorldOptions): Promise<DemoWorld> {
	const { log } = options;
	const folder = newFolder();
	const installed = await ensureN8n(log);
	log('Building and packing the package.');
	const tarball = await packPackage(folder, log);

	log('Starting a simulated MyAnonamouse, the torrent client and n8n.');
	const mam = await startMam({ account: options.account });
	const torrents = options.torrents(mam);
	for (const seed of torrents) {
		const { infoHash } = seedTorrentFile(seed);
		mam.tracker.alsoRegistered.add(infoHash);
		if (seed.progress === 1) await mam.tracker.addSeeders(infoHash, SEEDERS);
	}
	const clientFolder = join(folder, 'client');
	await mkdir(clientFolder);
	const client = await options.startClient(clientFolder, torrents);
	const gateway = await startPushgatewayStandIn();
	const n8n = new N8n({ installed, tarball, userFolder: join(folder, 'n8n') });
	await n8n.start();
	log(`Up: n8n, ${client.kind}.`);

	const api = new N8nApi(n8n.url);
	await api.signIn();
	const flows = new Flows(api, {
		pushgatewayUrl: gateway.url,
		credentials: await createCredentials(api, {
			mamUrl: mam.url,
			session: mam.session.issue(),
			clientUrl: client.url,
		}),
	});
	const stop = async () => {
		await n8n.stop();
		await Promise.all([client.stop(), gateway.stop(), mam.stop()]);
	};
	return { mam, client, gateway, n8n, api, flows, stop };
}
