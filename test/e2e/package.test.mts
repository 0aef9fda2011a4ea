import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { runCommand } from '../../dev/stack/command.mts';
import {
	createClientCredential,
	createCredentials,
	createDecoys,
} from '../../dev/stack/credentials.mts';
import { packPackage, REPOSITORY } from '../../dev/stack/packPackage.mts';
import { PASSWORD, startQbittorrent, USERNAME } from '../../dev/stack/qbittorrent.mts';
import { scanPackage } from '../../dev/stack/scanner.mts';
import { Home, log } from '../../dev/stack/world.mts';

let home: Home;

before(async () => {
	home = await Home.open();
});
after(async () => await home?.close());

test('the packed package installs as a community package, and its three nodes and its trigger load under their names', async () => {
	const types = await home.api.packageNodeTypes();
	assert.deepEqual(types.sort(), [
		'n8n-nodes-myanonamouse.mamPolicy',
		'n8n-nodes-myanonamouse.myAnonamouse',
		'n8n-nodes-myanonamouse.qBittorrent',
		// The rules of the site name AI tools: only the client offers itself to agents.
		'n8n-nodes-myanonamouse.qBittorrentTool',
		'n8n-nodes-myanonamouse.qBittorrentTrigger',
	]);
});

test('accident 8: importing the workflows by command line twice leaves one of each', async () => {
	for (let at = 0; at < 2; at++) {
		await home.n8n.cli([
			'import:workflow',
			'--separate',
			`--input=${join(REPOSITORY, 'workflows')}`,
		]);
	}
	const workflows = await home.api.workflows();
	assert.deepEqual(workflows.map(({ name }) => name).sort(), [
		'Buy upload credit with bonus points',
		'Clean up MAM torrents',
		'Daily report',
		'Grab freeleech torrents in demand',
		'Keep qBittorrent announcing',
		'What if a threshold changed',
	]);
	assert.ok(workflows.every(({ active }) => !active));
});

test('imported by command line, the workflows take the credentials of their names, not others of the type', async () => {
	const { api, n8n } = home;
	await createDecoys(api);
	const addresses = { mamUrl: '', session: 'a-session', clientUrl: 'http://127.0.0.1:9' };
	const own = await createCredentials(api, addresses);
	await n8n.cli(['import:workflow', '--separate', `--input=${join(REPOSITORY, 'workflows')}`]);
	for (const { id } of await api.workflows()) {
		// n8n leaves a step that is switched off without its credential.
		const nodes = (await api.workflow(id)).nodes.filter(({ disabled }) => disabled !== true);
		for (const [type, taken] of nodes.flatMap((node) => Object.entries(node.credentials ?? {})))
			assert.equal(taken.id, own[type]);
	}
});

test("the tarball holds what is shipped and nothing else, and passes the analysis of n8n's scanner", async () => {
	const folder = await mkdtemp(join(tmpdir(), 'mam-scan-'));
	try {
		const tarball = await packPackage(folder, log);
		await runCommand('Unpacking', 'tar', ['-xzf', tarball, '-C', folder]);
		const unpacked = join(folder, 'package');
		assert.deepEqual((await readdir(unpacked)).sort(), [
			'LICENSE',
			'README.md',
			'dist',
			'package.json',
			'workflows',
		]);
		const built = await readdir(join(unpacked, 'dist'), { recursive: true });
		// The build puts every picture of the repository there. Maps would lead to sources that are not shipped.
		assert.deepEqual(
			built.filter((name) => /\.(map|png)$/.test(name)),
			[],
		);
		assert.ok(built.some((name) => name.endsWith('.svg')));
		const scan = await scanPackage(unpacked, log);
		assert.deepEqual(scan, { passed: true });
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});

/** The other package for qBittorrent, whose credential has the name that ours once had. */
const OTHER = { name: 'n8n-nodes-qbittorrent', version: '0.6.0' };

test('beside n8n-nodes-qbittorrent both packages work, each with its own credential', async () => {
	const { api, n8n } = home;
	const folder = await home.newFolder('other');
	await runCommand(
		'Fetching the other package',
		'npm',
		['pack', `${OTHER.name}@${OTHER.version}`, '--pack-destination', folder],
		{ cwd: folder },
	);
	await n8n.stop();
	await n8n.installPackage(join(folder, `${OTHER.name}-${OTHER.version}.tgz`), OTHER.name);
	await n8n.launch();
	await api.signIn();
	const client = await startQbittorrent({ folder: await home.newFolder('client') });
	try {
		const login = { url: client.url, username: USERNAME, password: PASSWORD };
		const others = await api.createCredential('theirs', 'qBittorrentApi', { ...login, cookie: '' });
		const own = await createClientCredential(api, client.url);
		const node = (name: string, x: number, rest: object) => ({
			...{ id: name, name, typeVersion: 1, position: [x, 0], parameters: {} },
			...rest,
		});
		const { id } = await api.createWorkflow({
			name: 'Both',
			settings: { executionOrder: 'v1' },
			nodes: [
				node('Start', 0, { type: 'n8n-nodes-base.manualTrigger' }),
				node('Theirs', 200, {
					type: `${OTHER.name}.qBittorrent`,
					parameters: { resource: 'application', operation: 'getAppVersion' },
					credentials: { qBittorrentApi: { id: others, name: 'theirs' } },
				}),
				node('Ours', 400, {
					type: 'n8n-nodes-myanonamouse.qBittorrent',
					parameters: { resource: 'application', operation: 'getVersion' },
					credentials: { qBittorrentWebApi: { id: own, name: 'qBittorrent account' } },
				}),
			],
			connections: {
				Start: { main: [[{ node: 'Theirs', type: 'main', index: 0 }]] },
				Theirs: { main: [[{ node: 'Ours', type: 'main', index: 0 }]] },
			},
		});
		const run = await api.execution(await api.runManually(id, 'Start'));
		assert.equal(run.status, 'success', run.error);
		assert.equal(run.items('Theirs')[0].body, 'v4.5.2');
		assert.equal(run.items('Ours')[0].version, 'v4.5.2');
	} finally {
		await client.stop();
	}
});
