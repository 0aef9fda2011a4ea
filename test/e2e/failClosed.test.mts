import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import type { AccountState } from '../../dev/sandbox/mam/account.mts';
import { healthyAccount } from '../../dev/sandbox/mam/account.mts';
import { createCredentials } from '../../dev/stack/credentials.mts';
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

/** Steps whose output no later step reads: with another node in their place, nothing is missing. */
const SIDE_STEPS = ['Delete Unused Tags'];

/** Index of the output of Report Run that marks the run as failed. */
const FAILED = 4;

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
	'transfer:get': '/sync/maindata',
	'tag:deleteUnused': '/torrents/tags',
	'torrent:add': '/torrents/add',
	'torrent:delete': '/torrents/delete',
	'torrent:reannounce': '/torrents/reannounce',
	'application:getPreferences': '/app/preferences',
	'application:setPreferences': '/app/setPreferences',
};

/** How one node is broken: by a change of the workflow, or by what its service does. */
interface Way {
	break: (scenario: Scenario, node: WorkflowNode, file: string) => void | Promise<void>;
	/**
	 * The cause in the report, by the service; without one the node does not report by itself, because another
	 * stands in its place.
	 */
	cause?: RegExp;
}

/** The node that stands in the place of another, which keeps its name, wires and error handling. */
function replacedBy(
	type: string,
	parameters: Record<string, unknown>,
	typeVersion: number,
): Way['break'] {
	return ({ flows }, { name }, file) =>
		flows.change(file, name, (node) => {
			delete node.credentials;
			Object.assign(node, { type, typeVersion, parameters });
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

function changed(change: (node: WorkflowNode) => void): Way['break'] {
	return ({ flows }, { name }, file) => flows.change(file, name, change);
}

/** Sets the first threshold of a policy. */
function threshold(value: unknown): Way['break'] {
	return changed(({ name, parameters }) => {
		const field = Object.keys(parameters).find((key) => typeof parameters[key] === 'number');
		assert.ok(field, `${name} has no threshold`);
		parameters[field] = value;
	});
}

const BAD_THRESHOLD: Record<string, Way> = {
	'a bad threshold': { break: threshold(-2), cause: /^bad_parameter$/ },
	'a threshold that is not a number': { break: threshold('often'), cause: /^bad_parameter$/ },
	'an expression that throws': { break: threshold(BROKEN_EXPRESSION), cause: /^bad_parameter$/ },
};

function unknown(parameter: 'resource' | 'operation'): Way {
	return {
		break: changed(({ parameters }) => {
			parameters[parameter] = 'nonsense';
		}),
		cause: /^bad_parameter$/,
	};
}

const BAD_PARAMETERS: Record<string, Way> = {
	'an operation that does not exist': unknown('operation'),
	'a resource that does not exist': unknown('resource'),
	'an expression that throws': {
		break: changed(({ parameters }) => {
			parameters.resource = BROKEN_EXPRESSION;
		}),
		cause: /^bad_parameter$/,
	},
};

/** Where nothing listens. */
const NOWHERE = 'http://127.0.0.1:9';

async function deadService({ home, mam, flows }: Scenario, { name }: WorkflowNode, file: string) {
	const addresses = { mamUrl: NOWHERE, session: mam.session.issue(), clientUrl: NOWHERE };
	const dead = await createCredentials(home.api, addresses);
	flows.change(file, name, ({ credentials = {} }) => {
		for (const [type, credential] of Object.entries(credentials)) credential.id = dead[type];
	});
}

const SERVICE: Record<string, Way> = {
	'a service that is down': { break: deadService, cause: /^(client_)?unreachable$/ },
	'a credential that is gone': {
		break: changed(({ credentials = {} }) => {
			// n8n would find one of the same name again.
			for (const type of Object.keys(credentials)) credentials[type] = { id: 'gone', name: 'gone' };
		}),
		cause: /^(unknown|bad_parameter)$/,
	},
	'a refusal': {
		break: serviceDoes('ip_mismatch', { status: 403, body: 'Forbidden' }),
		cause: /^(ip_lock|client_unreachable)$/,
	},
	'a time-out': {
		break: serviceDoes('hang', 'silence'),
		cause: /^(timeout|client_unreachable|spend_unknown)$/,
	},
	'an answer that cannot be read': {
		break: serviceDoes('garbage', { status: 200, body: '{"hash": [' }),
		cause: /^(not_json|bad_torrent|unknown|client_unreachable|delete_incomplete|spend_unknown)$/,
	},
};

/** What the site, or the client, does from now on when the operation of a node calls it. */
function serviceDoes(
	refusal: 'ip_mismatch' | 'hang' | 'garbage',
	interference: Interference,
): Way['break'] {
	return ({ mam, clientProxy }, node) => {
		const path = callOf(node);
		if (node.type.endsWith('.myAnonamouse')) mam.refuse({ refusal, path });
		else
			clientProxy.interfere = (request) => (request.path.endsWith(path) ? interference : undefined);
	};
}

/** Another node in its place throws; n8n then passes its input on. */
const THROWN: Record<string, Way> = {
	'an error that is thrown': {
		break: replacedBy('n8n-nodes-base.limit', { maxItems: BROKEN_EXPRESSION }, 1),
	},
};

/** Another node in its place gives nothing: what was planned has no result. */
const EMPTY: Record<string, Way> = {
	'an empty output': {
		break: replacedBy('n8n-nodes-base.filter', { conditions: FALSE }, 2),
	},
};

function waysOf(node: WorkflowNode): Record<string, Way> {
	if (/\.(myAnonamouse|qBittorrent)$/.test(node.type))
		return {
			...SERVICE,
			...BAD_PARAMETERS,
			...(!SIDE_STEPS.includes(node.name) && THROWN),
			...(LAST_ACTS.includes(node.name) && EMPTY),
		};
	if (node.type.endsWith('.mamPolicy')) return { ...BAD_THRESHOLD, ...THROWN };
	return THROWN;
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
		({ name, type, disabled }) =>
			leadsTo.has(name) &&
			disabled !== true &&
			!type.endsWith('Trigger') &&
			!NOT_REACHED.includes(name) &&
			// The lines to these read no setting.
			!(name === 'Settings' && ['Buy Upload', 'Set Preferences'].includes(act)),
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
		return (await client.trackers(hash)).some(({ msg }) => msg === 'Service Unavailable');
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
				// n8n itself ends a run in which a node that may not continue throws.
				const mayEndAtOnce = !('onError' in node);
				for (const [what, way] of Object.entries(waysOf(node))) {
					test(`${node.name}: ${what}: nothing is done, one red report that says so`, async () => {
						const { mam, client, clientProxy, flows } = scenario;
						await way.break(scenario, node, file);
						const [run] = await flows.runScheduled(file);
						assert.equal(run.status, 'error', JSON.stringify(run.customData));
						const reports = run.times('Report Run');
						assert.ok(reports === 1 || (reports === 0 && mayEndAtOnce && what in THROWN));
						assert.equal(run.times('Mark Run Failed'), reports);
						if (way.cause !== undefined) {
							const [failed] = run.items('Report Run', FAILED);
							assert.equal(failed.node, node.name);
							assert.match(String(failed.cause), way.cause);
							assert.ok(run.hints(node.name).length > 0, 'no hint');
						}
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
