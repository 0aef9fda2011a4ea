import { parseArgs } from 'node:util';

import { className } from '../sandbox/mam/account.mts';
import type { MamStandIn } from '../sandbox/mam/standIn.mts';
import { OWNER, type Execution } from '../stack/n8nApi.mts';
import { GRABBER, JANITOR, KEEPER, SPENDER } from '../stack/workflowFiles.mts';
import { startClient } from './client.mts';
import { printGrabber, printJanitor, printKeeper, printSpender, progress, say } from './print.mts';
import { SCENARIOS } from './scenarios.mts';
import { openDemoWorld } from './world.mts';

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

function showAccount({ account }: MamStandIn, names: string[]): void {
	const gib = (bytes: number) => (bytes / 1024 ** 3).toFixed(2);
	say(
		`  Account: class ${className(account)}, ${gib(account.uploadedBytes)} GiB up, ${gib(account.downloadedBytes)} GiB down, ${account.bonusPoints} points. Client: ${names.length} torrents.`,
	);
}

say(scenario.story);
say();
const world = await openDemoWorld({
	account: scenario.account,
	torrents: scenario.torrents,
	startClient,
	log: progress,
});
const { mam, client, gateway, flows } = world;

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
		`The editor: ${world.n8n.url}  (sign in as ${OWNER.email} with ${OWNER.password}). Ctrl-C ends everything.`,
	);
	// The services end with this process, and its folder goes with it.
	await new Promise(() => {});
}
await world.stop();
process.exit(0);
