import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { className } from '../sandbox/mam/account.mts';
import { startMam, type MamStandIn } from '../sandbox/mam/standIn.mts';
import { startPushgatewayStandIn } from '../sandbox/pushgateway/standIn.mts';
import { createCredentials } from '../stack/credentials.mts';
import { Flows } from '../stack/flows.mts';
import { ensureN8n } from '../stack/installN8n.mts';
import { N8n } from '../stack/n8n.mts';
import { N8nApi, OWNER, type Execution } from '../stack/n8nApi.mts';
import { packPackage, REPOSITORY } from '../stack/packPackage.mts';
import { seedTorrentFile } from '../stack/seedTorrents.mts';
import { GRABBER, JANITOR, KEEPER, SPENDER } from '../stack/workflowFiles.mts';
import { startClient } from './client.mts';
import { printGrabber, printJanitor, printKeeper, printSpender, progress, say } from './print.mts';
import { SCENARIOS } from './scenarios.mts';

const { values, positionals } = parseArgs({
	options: { once: { type: 'boolean', default: false }, scenario: { type: 'string' } },
	// Without the "--" between, npm takes "--scenario" for its own and leaves its value.
	allowPositionals: true,
});
const chosen = values.scenario ?? positionals[0] ?? 'healthy';
const scenario = SCENARIOS[chosen];
if (scenario === undefined) {
	say(`There is no scenario "${chosen}"; choose one of: ${Object.keys(SCENARIOS).join(', ')}.`);
	process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'mam-demo-'));
const build = join(REPOSITORY, 'dist');
const leftBehind = existsSync(build) ? [folder] : [folder, build];
process.on('exit', () => {
	for (const path of leftBehind) rmSync(path, { recursive: true, force: true });
});

function showAccount({ account }: MamStandIn, names: string[]): void {
	const gib = (bytes: number) => (bytes / 1024 ** 3).toFixed(2);
	say(
		`  Account: class ${className(account)}, ${gib(account.uploadedBytes)} GiB up, ${gib(account.downloadedBytes)} GiB down, ${account.bonusPoints} points. Client: ${names.length} torrents.`,
	);
}

say(scenario.story);
say();
const installed = await ensureN8n(progress);
progress('Building and packing the package.');
const tarball = await packPackage(folder, progress);

progress('Starting the stand-in of MyAnonamouse, the torrent client and n8n.');
const mam = await startMam({ account: scenario.account });
const torrents = scenario.torrents(mam);
for (const seed of torrents) {
	const { infoHash } = seedTorrentFile(seed);
	mam.tracker.alsoRegistered.add(infoHash);
	if (seed.progress === 1) await mam.tracker.addSeeders(infoHash, 6);
}
const clientFolder = join(folder, 'client');
await mkdir(clientFolder);
const client = await startClient(clientFolder, torrents);
const gateway = await startPushgatewayStandIn();
const n8n = new N8n({ installed, tarball, userFolder: join(folder, 'n8n') });
await n8n.start();
progress(`Up: n8n, ${client.kind}.`);

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

async function round(run: (file: string) => Promise<Execution>): Promise<void> {
	showAccount(mam, await client.names());
	printGrabber(await run(GRABBER));
	printJanitor(await run(JANITOR));
	printSpender(await run(SPENDER));
	printKeeper(await run(KEEPER));
	showAccount(mam, await client.names());
	say();
}

const forReal = async (file: string) => (await flows.runScheduled(file))[0];

say();
progress('DRY RUN: "Execute workflow" in the editor. Everything is decided, nothing is done.');
await round(async (file) => await flows.runManually(file));
progress('FOR REAL: the published schedule starts each workflow.');
await round(forReal);
if (scenario.earnedPoints > 0) {
	mam.account.bonusPoints += scenario.earnedPoints;
	progress(`SOME HOURS LATER: seeding has earned ${scenario.earnedPoints} points.`);
	printSpender(await forReal(SPENDER));
	printGrabber(await forReal(GRABBER));
	showAccount(mam, await client.names());
	say();
}
progress(
	`The Pushgateway holds ${gateway.groups.size} groups of metrics; MAM refused ${mam.session.refused} session values.`,
);
await flows.unpublishAll();
await flows.restoreSchedules();

if (!values.once) {
	progress(
		`The editor: ${n8n.url}  (sign in as ${OWNER.email} with ${OWNER.password}). Ctrl-C ends everything.`,
	);
	// The services end with this process, and its folder goes with it.
	await new Promise(() => {});
}
await n8n.stop();
await Promise.all([client.stop(), gateway.stop(), mam.stop()]);
process.exit(0);
