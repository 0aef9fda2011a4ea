import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { MamOptions } from '../../sandbox/mam/standIn.mts';
import {
	GRABBER,
	JANITOR,
	readWorkflow,
	SPENDER,
	type WorkflowNode,
} from '../../stack/workflowFiles.mts';
import { seedTorrentFile, type SeedTorrent } from '../../stack/seedTorrents.mts';
import { Home, Scenario } from './world.mts';

/** Ways in which a node can fail that do not need the service behind it. */
const BREAKS: Record<string, (node: WorkflowNode) => void> = {
	'an operation that does not exist': ({ parameters }) => {
		parameters.operation = 'nonsense';
	},
	'an expression that throws': ({ parameters }) => {
		parameters.resource = '={{ (() => { throw new Error("broken") })() }}';
	},
	'a credential that is gone': ({ credentials = {} }) => {
		// n8n would find one of the same name again.
		for (const type of Object.keys(credentials)) credentials[type] = { id: 'gone', name: 'gone' };
	},
};

const GIB = 1024 ** 3;

/** An account that makes each flow act, so that every node is reached. */
const ACTING: Record<string, MamOptions> = {
	[GRABBER]: {},
	[JANITOR]: {},
	[SPENDER]: { account: { uploadedBytes: 36 * GIB, downloadedBytes: 20 * GIB } },
};

const files = [GRABBER, JANITOR, SPENDER];
const nodesOf = new Map<string, string[]>();
for (const file of files) {
	const { nodes } = await readWorkflow(file);
	const talking = nodes.filter(({ type }) =>
		/myanonamouse\.(myAnonamouse|qBittorrent)$/.test(type),
	);
	// VIP is switched off in the shipped workflow, so that branch is not reached.
	nodesOf.set(
		file,
		talking.map(({ name }) => name).filter((name) => name !== 'Buy VIP'),
	);
}

let home: Home;

before(async () => {
	home = await Home.open();
});
after(async () => await home.close());

function neverStarted(announce: string): SeedTorrent {
	return {
		name: 'never',
		sizeBytes: 40_000,
		announce,
		category: 'mam-farming',
		progress: 0,
		addedSecondsAgo: 30 * 3600,
	};
}

for (const file of files) {
	describe(file, () => {
		let scenario: Scenario;

		before(async () => {
			scenario = await Scenario.open(home, {
				mam: ACTING[file],
				torrents: (mam) => {
					const seed = neverStarted(mam.tracker.url);
					mam.tracker.alsoRegistered.add(seedTorrentFile(seed).infoHash);
					return [seed];
				},
			});
		});
		after(async () => await scenario.close());

		for (const node of nodesOf.get(file)!) {
			for (const [what, breakNode] of Object.entries(BREAKS)) {
				test(`${node}: ${what}: nothing is done, one report, red`, async () => {
					const { mam, client, flows } = scenario;
					for (const entry of mam.catalogue.entries) entry.mySnatched = false;
					scenario.takePushes();
					flows.change(file, node, breakNode);
					const [run] = await flows.runScheduled(file);
					flows.unchange(file);
					assert.equal(run.status, 'error', run.error);
					assert.equal(run.times('Report Run'), 1);
					assert.equal(run.times('Mark Run Failed'), 1);
					const pushes = scenario.takePushes();
					assert.ok(
						Object.values(pushes).every((count) => count === 1),
						JSON.stringify(pushes),
					);
					assert.ok(!Object.keys(pushes).some((group) => group.endsWith('/kind/success')));
					assert.deepEqual(
						(await client.torrents()).map(({ name }) => name),
						['never'],
					);
					assert.deepEqual(mam.purchases, []);
				});
			}
		}
	});
}
