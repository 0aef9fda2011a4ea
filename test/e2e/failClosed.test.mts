import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import type { AccountState } from '../../dev/sandbox/mam/account.mts';
import { healthyAccount } from '../../dev/sandbox/mam/account.mts';
import { waitFor } from '../../dev/stack/process.mts';
import type { Interference } from '../../dev/stack/recordingProxy.mts';
import {
	GRABBER,
	JANITOR,
	KEEPER,
	readWorkflow,
	SPENDER,
	type WorkflowFile,
	type WorkflowNode,
} from '../../dev/stack/workflowFiles.mts';
import { registered, seed } from '../../dev/stack/seeds.mts';
import { Home, Scenario } from '../../dev/stack/world.mts';

const GIB = 1024 ** 3;

/** An account that makes each flow act, so that every node is reached. */
const ACTING: Record<string, Partial<AccountState>> = {
	[GRABBER]: {},
	[JANITOR]: {},
	[KEEPER]: {},
	[SPENDER]: { uploadedBytes: 36 * GIB, downloadedBytes: 20 * GIB },
};

/** VIP is switched off in the shipped workflow, so that branch is not reached. */
const NOT_REACHED = ['Buy VIP'];

/** The steps that change the client or the account. What comes after them reports. */
const LAST_ACTS = [
	'Add to qBittorrent',
	'Delete Torrents',
	'Buy Upload',
	'Set Preferences',
	'Reannounce Torrents',
];

/** The call that each operation makes; the purchase's own is a matter of money, and tested as such. */
const CALLS: Record<string, string> = {
	'account:get': '/jsonLoad.php',
	'torrent:search': '/tor/js/loadSearchJSONbasic.php',
	'torrent:download': '/tor/download.php',
	'bonus:buyUpload': '/json/bonusBuy.php',
	'torrent:getAll': '/torrents/info',
	'transfer:get': '/transfer/info',
	'torrent:add': '/torrents/add',
	'torrent:delete': '/torrents/delete',
	'torrent:reannounce': '/torrents/reannounce',
	'application:getPreferences': '/app/preferences',
	'application:setPreferences': '/app/setPreferences',
};

/** How one node is broken: by a change of the workflow, or by what its service does. */
type Break = (scenario: Scenario, node: WorkflowNode, file: string) => void;

/** The node that stands in the place of another, which keeps its name, wires and error handling. */
function replacedBy(type: string, parameters: Record<string, unknown>, typeVersion: number): Break {
	return ({ flows }, { name }, file) =>
		flows.change(file, name, (node) => {
			delete node.credentials;
			// Other nodes read the parameters of this one.
			Object.assign(node.parameters, parameters);
			Object.assign(node, { type, typeVersion });
		});
}

const NEVER = { leftValue: 1, rightValue: 2, operator: { type: 'number', operation: 'equals' } };
const FALSE = {
	options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
	combinator: 'and',
	conditions: [{ id: 'never', ...NEVER }],
};

/** As after a node was renamed by another way than in the editor. */
const BROKEN_EXPRESSION = "={{ $('No Such Node').first().json.value }}";

const throws = replacedBy('n8n-nodes-base.limit', { maxItems: BROKEN_EXPRESSION }, 1);
const givesNothing = replacedBy('n8n-nodes-base.filter', { conditions: FALSE }, 2);

function changed(change: (node: WorkflowNode) => void): Break {
	return ({ flows }, { name }, file) => flows.change(file, name, change);
}

/** Sets the first threshold of a policy. */
function threshold(value: unknown): Break {
	return changed(({ name, parameters }) => {
		const field = Object.keys(parameters).find((key) => typeof parameters[key] === 'number');
		assert.ok(field, `${name} has no threshold`);
		parameters[field] = value;
	});
}

const BAD_THRESHOLD: Record<string, Break> = {
	'a bad threshold': threshold(-2),
	'a threshold that is no number': threshold('often'),
	'an expression that throws': threshold(BROKEN_EXPRESSION),
};

const BAD_PARAMETERS: Record<string, Break> = {
	'an operation that does not exist': changed(({ parameters }) => {
		parameters.operation = 'nonsense';
	}),
	'an expression that throws': changed(({ parameters }) => {
		parameters.resource = BROKEN_EXPRESSION;
	}),
};

const SERVICE: Record<string, Break> = {
	'a credential that is gone': changed(({ credentials = {} }) => {
		// n8n would find one of the same name again.
		for (const type of Object.keys(credentials)) credentials[type] = { id: 'gone', name: 'gone' };
	}),
	'a refusal': serviceDoes('ip_mismatch', { status: 403, body: 'Forbidden' }),
	'a time-out': serviceDoes('hang', 'silence'),
	'an answer that is none': serviceDoes('garbage', { status: 200, body: '{"hash": [' }),
};

/** What the site, or the client, does from now on when the operation of a node calls it. */
function serviceDoes(
	refusal: 'ip_mismatch' | 'hang' | 'garbage',
	interference: Interference,
): Break {
	return ({ mam, clientProxy }, node) => {
		const path = callOf(node);
		if (node.type.endsWith('.myAnonamouse')) mam.refuse({ refusal, path });
		else
			clientProxy.interfere = (request) => (request.path.endsWith(path) ? interference : undefined);
	};
}

const EMPTY = { 'an empty output': givesNothing };
const THROWN = { 'an error that is thrown': throws };

function breaksOf(node: WorkflowNode): Record<string, Break> {
	if (/\.(myAnonamouse|qBittorrent)$/.test(node.type))
		return { ...SERVICE, ...BAD_PARAMETERS, ...THROWN, ...EMPTY };
	if (node.type.endsWith('.mamPolicy')) return { ...BAD_THRESHOLD, ...THROWN, ...EMPTY };
	return { ...THROWN, ...EMPTY };
}

/** The nodes between the triggers and a step that acts: whatever happens to them, it may not be done. */
function beforeTheAct({ nodes, connections }: WorkflowFile, act: string): WorkflowNode[] {
	const leadsTo = new Set([act]);
	for (let grown = 0; grown !== leadsTo.size; ) {
		grown = leadsTo.size;
		for (const [from, { main }] of Object.entries(connections)) {
			if (main[0]?.some(({ node }) => leadsTo.has(node))) leadsTo.add(from);
		}
	}
	return nodes.filter(
		({ name, type }) =>
			leadsTo.has(name) && !type.endsWith('Trigger') && !NOT_REACHED.includes(name),
	);
}

/** The path of the call that an operation makes. */
function callOf({ name, parameters }: WorkflowNode): string {
	const path = CALLS[`${parameters.resource}:${parameters.operation}`];
	assert.ok(path, `${name}: which call does it make?`);
	return path;
}

/** Waits until the client knows that it cannot announce its torrent. */
async function trackerFailed({ client }: Scenario): Promise<void> {
	const [{ hash }] = await client.torrents();
	await waitFor('a failed announce', async () => {
		const trackers = await client.get(`torrents/trackers?hash=${hash}`);
		return (trackers as Array<{ msg: string }>).some(({ msg }) => msg === 'Service Unavailable');
	});
}

let home: Home;

before(async () => {
	home = await Home.open();
});
after(async () => await home?.close());

const files = [GRABBER, JANITOR, SPENDER, KEEPER];
const workflows = new Map<string, WorkflowFile>();
for (const file of files) workflows.set(file, await readWorkflow(file));

describe('each node before the act is broken in each way', { concurrency: files.length }, () => {
	for (const [file, workflow] of workflows) {
		describe(file, { concurrency: 1 }, () => {
			let scenario: Scenario;

			before(async () => {
				scenario = await Scenario.open(home, {
					// Its torrents are announced again.
					prepare: ({ tracker }) => (tracker.outage = file === KEEPER ? 'http_503' : null),
					torrents: (mam) => registered(mam, seed(mam, 'never')),
				});
				if (file === KEEPER) await trackerFailed(scenario);
			});
			after(async () => await scenario?.close());
			beforeEach(async () => {
				const { mam, client, clientProxy, flows } = scenario;
				Object.assign(mam.account, healthyAccount(), ACTING[file]);
				mam.clearRefusals();
				clientProxy.interfere = () => undefined;
				for (const entry of mam.catalogue.entries) entry.mySnatched = false;
				flows.unchange(file);
				await scenario.renewCredentials();
				// A drift, for the keeper.
				await client.post('app/setPreferences', { json: '{"queueing_enabled":false}' });
				clientProxy.requests.length = 0;
				scenario.takePushes();
			});

			const acts = workflow.nodes.filter(({ name }) => LAST_ACTS.includes(name));
			const broken = acts.flatMap((act) =>
				beforeTheAct(workflow, act.name).map((node) => ({ act, node })),
			);
			for (const { act, node } of broken) {
				// n8n itself ends a run in which a node without an error output throws.
				const mayEndAtOnce = !('onError' in node);
				for (const [what, breakNode] of Object.entries(breaksOf(node))) {
					test(`${node.name}: ${what}: nothing is done, one report, red`, async () => {
						const { mam, client, clientProxy, flows } = scenario;
						breakNode(scenario, node, file);
						const [run] = await flows.runScheduled(file);
						assert.equal(run.status, 'error', JSON.stringify(run.customData));
						const reports = run.times('Report Run');
						assert.ok(reports === 1 || (reports === 0 && mayEndAtOnce && what in THROWN));
						assert.equal(run.times('Mark Run Failed'), reports);
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
						const done = clientProxy.requests.filter(
							(request) =>
								request.path.endsWith(callOf(act)) && clientProxy.interfere(request) === undefined,
						);
						assert.deepEqual(done, []);
					});
				}
			}
		});
	}
});
