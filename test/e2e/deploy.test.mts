import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

import { parse, parseAllDocuments } from 'yaml';

import { runCommand } from '../../dev/stack/command.mts';
import { createCredentials } from '../../dev/stack/credentials.mts';
import { ensureN8n, type InstalledN8n } from '../../dev/stack/installN8n.mts';
import { N8n } from '../../dev/stack/n8n.mts';
import { N8nApi } from '../../dev/stack/n8nApi.mts';
import { packPackage, REPOSITORY } from '../../dev/stack/packPackage.mts';
import { freePort } from '../../dev/stack/process.mts';
import { readWorkflow } from '../../dev/stack/workflowFiles.mts';
import { log } from '../../dev/stack/world.mts';

interface Step {
	name: string;
	command: string[];
}

const DEPLOY = join(REPOSITORY, 'deploy');
const JANITOR_ID = 'mamCleanUpTorrents';

let folder: string;
let installed: InstalledN8n;
let tarball: string;
let n8n: N8n;
let api: N8nApi;
/** What n8n's pod runs before n8n, in order. */
let steps: Step[];

/** Runs a step as its container does; returns what it printed. */
async function run(name: string): Promise<string> {
	const { command } = steps.find((step) => step.name === name)!;
	const [program, ...args] = command.map((part) =>
		part === '/import/importMissingWorkflows.mjs'
			? join(DEPLOY, 'import', 'importMissingWorkflows.mjs')
			: part,
	);
	const env = {
		...process.env,
		PATH: [dirname(installed.node), dirname(installed.bin), process.env.PATH].join(delimiter),
		HOME: folder,
		npm_config_cache: join(folder, 'npm'),
		// As in a cluster that does not reach the registry.
		npm_config_offline: 'true',
		PACKAGE: tarball,
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: n8n.encryptionKey,
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
	};
	return await runCommand(name, program, args, { cwd: folder, env, log });
}

async function restart(between: () => Promise<unknown>): Promise<void> {
	await n8n.stop();
	await between();
	await n8n.launch();
	await api.signIn();
}

before(async () => {
	const [deployment] = parseAllDocuments(
		await readFile(join(DEPLOY, 'kubernetes', 'base', 'n8n.yaml'), 'utf8'),
	);
	const { spec } = deployment.toJS() as {
		spec: { template: { spec: { initContainers: Step[] } } };
	};
	const [{ value }] = parse(
		await readFile(join(DEPLOY, 'kubernetes', 'components', 'publish', 'publish.yaml'), 'utf8'),
	) as [{ value: Step }];
	steps = [...spec.template.spec.initContainers, value];
	installed = await ensureN8n(log);
	folder = await mkdtemp(join(tmpdir(), 'mam-deploy-'));
	tarball = await packPackage(join(folder, 'packed'), log);
	n8n = new N8n({ installed, userFolder: folder });
});
after(async () => {
	await n8n.stop();
	await rm(folder, { recursive: true, force: true });
});

test('the package is installed without a network, and only when it is another one', async () => {
	assert.match(await run('package'), /added 1 package/);
	assert.match(await run('package'), /is installed already/);
	const modules = await readdir(join(folder, '.n8n', 'nodes', 'node_modules'));
	assert.deepEqual(
		modules.filter((name) => !name.startsWith('.')),
		['n8n-nodes-myanonamouse'],
	);
});

test('workflows wait for their credentials', async () => {
	assert.match(await run('workflows'), /Nothing imported: first create these credentials/);
	await n8n.start();
	api = new N8nApi(n8n.url);
	await api.signIn();
	assert.deepEqual(await api.workflows(), []);
});

test('all are imported unpublished, with their credentials, beside a running n8n', async () => {
	const credentials = await createCredentials(api, {
		mamUrl: 'http://127.0.0.1:1',
		session: 'none',
		clientUrl: 'http://127.0.0.1:1',
	});
	assert.match(await run('workflows'), /^Imported, unpublished: /m);
	const files = await readdir(join(REPOSITORY, 'workflows'));
	const stored = await api.workflows();
	assert.equal(stored.length, files.length);
	for (const { id, active } of stored) {
		assert.equal(active, false, id);
		// n8n leaves a step that is switched off without its credential.
		const nodes = (await api.workflow(id)).nodes.filter(({ disabled }) => disabled !== true);
		for (const node of nodes)
			for (const [type, credential] of Object.entries(node.credentials ?? {}))
				assert.equal(credential.id, credentials[type], `${id}: ${node.name}`);
	}
});

test('what is there stays as it was tuned', async () => {
	const { nodes } = await api.workflow(JANITOR_ID);
	for (const { parameters } of nodes) if ('hnrHours' in parameters) parameters.hnrHours = 100;
	await api.updateWorkflow(JANITOR_ID, { name: 'Mine', nodes });
	assert.match(await run('workflows'), /No shipped workflow is missing/);
	const kept = await api.workflow(JANITOR_ID);
	assert.equal(kept.name, 'Mine');
	assert.deepEqual(
		kept.nodes.map(({ parameters }) => parameters),
		nodes.map(({ parameters }) => parameters),
	);
});

test('the component publishes every scheduled workflow at the next start, once', async () => {
	const scheduled = async () =>
		(await api.workflows())
			.filter(({ active }) => active)
			.map(({ id }) => id)
			.sort();
	const files = await readdir(join(REPOSITORY, 'workflows'));
	const expected = (await Promise.all(files.map(readWorkflow)))
		.filter(({ nodes }) => nodes.some(({ type }) => type === 'n8n-nodes-base.scheduleTrigger'))
		.map(({ id }) => id)
		.sort();
	await restart(async () => await run('publish'));
	assert.deepEqual(await scheduled(), expected);
	await api.unpublish(JANITOR_ID);
	await restart(async () => await run('publish'));
	assert.deepEqual(
		await scheduled(),
		expected.filter((id) => id !== JANITOR_ID),
	);
});
