import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';

import { PROMETHEUS_RULE, prometheusRule } from '../../dev/scripts/prometheusRule.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { readWorkflow } from '../../dev/stack/workflowFiles.mts';

interface Container {
	name: string;
	image: string;
	command?: string[];
	env?: Array<{
		name: string;
		value?: string;
		valueFrom?: { secretKeyRef?: { name: string; key: string } };
	}>;
	envFrom?: Array<{ configMapRef?: { name: string }; secretRef?: { name: string } }>;
	ports?: Array<{ name: string; containerPort: number }>;
	securityContext: unknown;
	resources: { requests: { memory: string }; limits: { memory: string } };
	volumeMounts: Array<{ name: string; mountPath: string }>;
	readinessProbe?: { httpGet?: { port: string } };
	livenessProbe?: { httpGet?: { port: string } };
}

interface PodSpec {
	automountServiceAccountToken: boolean;
	enableServiceLinks: boolean;
	securityContext: { runAsNonRoot: boolean; runAsUser: number; seccompProfile: unknown };
	initContainers?: Container[];
	containers: Container[];
	volumes: Array<{
		name: string;
		persistentVolumeClaim?: { claimName: string };
		configMap?: { name: string; optional?: boolean };
	}>;
}

interface Peer {
	podSelector?: { matchExpressions?: Array<{ values: string[] }>; matchLabels?: { app: string } };
}

interface PolicyRule {
	from?: Peer[];
	to?: Peer[];
	ports?: Array<{ port: number }>;
}

/** The fields, of any kind of object, that these tests read. */
interface KubernetesObject {
	apiVersion: string;
	kind: string;
	metadata: { name: string; namespace?: string; labels?: Record<string, string> };
	data: Record<string, string>;
	spec: {
		template: { metadata: { labels: { app: string } }; spec: PodSpec };
		selector: { app: string };
		ports: Array<{ port: number; targetPort: string }>;
		podSelector: { matchLabels?: { app: string }; matchExpressions?: Array<{ values: string[] }> };
		ingress?: PolicyRule[];
		egress?: PolicyRule[];
	};
}

const KUBERNETES = join(REPOSITORY, 'deploy', 'kubernetes');
const COMPONENTS = ['monitoring', 'publish'];
/** Made by the operator, as README.md says. */
const SECRET = { name: 'n8n', keys: ['DB_POSTGRESDB_PASSWORD', 'QUEUE_BULL_REDIS_PASSWORD'] };

function skipWithout(what: string, isThere: () => unknown): string | false {
	try {
		isThere();
		return false;
	} catch {
		return `${what} is not installed`;
	}
}

const noKubectl = skipWithout('kubectl', () =>
	execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' }),
);
const noSchemas = skipWithout('kubernetes-models', () =>
	import.meta.resolve('kubernetes-models/v1'),
);

/** What `kubectl apply -k` would send for a folder of deploy/kubernetes with these components. */
function render(resource: string, components: string[] = []): KubernetesObject[] {
	const folder = mkdtempSync(join(realpathSync(tmpdir()), 'kustomize-'));
	const path = (...parts: string[]) => relative(folder, join(KUBERNETES, ...parts));
	try {
		const kustomization = {
			apiVersion: 'kustomize.config.k8s.io/v1beta1',
			kind: 'Kustomization',
			namespace: 'mam',
			resources: [path(resource)],
			components: components.map((name) => path('components', name)),
		};
		// JSON is YAML.
		writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
		const printed = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
		return parseAllDocuments(printed).map((document) => document.toJS() as KubernetesObject);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const RENDERED = new Map<string, KubernetesObject[]>();

/** Rendered once for all tests. */
function objects(resource: string, components: string[] = []): KubernetesObject[] {
	const key = [resource, ...components].join();
	if (!RENDERED.has(key)) RENDERED.set(key, render(resource, components));
	return RENDERED.get(key)!;
}

/** Everything at once: each file of the base, of queue mode and of the components is in it. */
const everything = () => objects('queue', COMPONENTS);

/** The pod of maintenance.yaml, which is applied on its own. */
const maintenance = parse(
	await readFile(join(KUBERNETES, 'maintenance.yaml'), 'utf8'),
) as KubernetesObject & { spec: PodSpec };

const ofKind = (all: KubernetesObject[], kind: string) => all.filter((each) => each.kind === kind);

function pods(all: KubernetesObject[]): Array<{ name: string; pod: PodSpec }> {
	return ofKind(all, 'Deployment').map(({ metadata, spec }) => ({
		name: metadata.name,
		pod: spec.template.spec,
	}));
}

const containersOf = (pod: PodSpec) => [...(pod.initContainers ?? []), ...pod.containers];

function container(all: KubernetesObject[], deployment: string, name: string): Container {
	const { pod } = pods(all).find((each) => each.name === deployment)!;
	return containersOf(pod).find((each) => each.name === name)!;
}

/** The package and path that has the schema and the type of an API version. */
function modelsOf({ apiVersion }: KubernetesObject): string {
	return apiVersion.startsWith('monitoring.coreos.com/')
		? `@kubernetes-models/prometheus-operator/${apiVersion}`
		: `kubernetes-models/${apiVersion}`;
}

/** What TypeScript says when each object is written down as its type: it knows which fields there are. */
function typeErrors(all: KubernetesObject[]): string[] {
	const source = all
		.map(
			(object, index) =>
				`import type { I${object.kind} as T${index} } from '${modelsOf(object)}';\n` +
				`export const o${index}: T${index} = ${JSON.stringify(object)};`,
		)
		.join('\n');
	const file = join(import.meta.dirname, 'objects.mts');
	const options: ts.CompilerOptions = {
		strict: true,
		noEmit: true,
		skipLibCheck: true,
		types: [],
		module: ts.ModuleKind.NodeNext,
		moduleResolution: ts.ModuleResolutionKind.NodeNext,
		target: ts.ScriptTarget.ES2022,
	};
	const host = ts.createCompilerHost(options);
	const { getSourceFile, fileExists } = host;
	host.fileExists = (name) => name === file || fileExists(name);
	host.getSourceFile = (name, ...rest) =>
		name === file
			? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022)
			: getSourceFile(name, ...rest);
	return ts
		.getPreEmitDiagnostics(ts.createProgram([file], options, host))
		.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('prometheus-rule.yaml is what alerts.yml makes; otherwise: npm run prometheus-rule', async () => {
	assert.equal(await readFile(PROMETHEUS_RULE, 'utf8'), await prometheusRule());
});

test(
	'every object fits the schema of its kind and has no unknown field',
	{ skip: noKubectl || noSchemas },
	async () => {
		const all = [...everything(), maintenance];
		for (const object of all) {
			const models = (await import(modelsOf(object))) as Record<
				string,
				new (data: unknown) => { validate(): void }
			>;
			const { name } = object.metadata;
			assert.doesNotThrow(
				() => new models[object.kind](object).validate(),
				`${object.kind} ${name}`,
			);
		}
		assert.deepEqual(typeErrors(all), []);
		const [deployment] = structuredClone(ofKind(all, 'Deployment'));
		Object.assign(deployment.spec, { replica: 2 });
		assert.match(typeErrors([deployment])[0], /replica/);
	},
);

test(
	'base, queue mode and the example stand alone, all in one namespace',
	{ skip: noKubectl },
	() => {
		for (const folder of ['base', 'queue', 'example']) {
			for (const { kind, metadata } of objects(folder))
				assert.equal(kind === 'Namespace' ? metadata.name : metadata.namespace, 'mam', kind);
		}
	},
);

test(
	'no pod runs as root, with capabilities or on a file system that it can change',
	{ skip: noKubectl },
	() => {
		for (const { name, pod } of pods(everything())) {
			assert.equal(pod.automountServiceAccountToken, false, name);
			// A Service called n8n would set N8N_PORT to an address.
			assert.equal(pod.enableServiceLinks, false, name);
			assert.equal(pod.securityContext.runAsNonRoot, true, name);
			assert.ok(pod.securityContext.runAsUser > 0, name);
			assert.deepEqual(pod.securityContext.seccompProfile, { type: 'RuntimeDefault' }, name);
			for (const { name: container, securityContext, resources } of containersOf(pod)) {
				assert.deepEqual(
					securityContext,
					{
						allowPrivilegeEscalation: false,
						readOnlyRootFilesystem: true,
						capabilities: { drop: ['ALL'] },
					},
					container,
				);
				assert.ok(resources.requests.memory && resources.limits.memory, container);
			}
			for (const { readinessProbe, livenessProbe } of pod.containers)
				assert.ok(readinessProbe && livenessProbe, name);
		}
	},
);

test('every volume, ConfigMap, Secret and port that is named is there', { skip: noKubectl }, () => {
	const all = everything();
	const names = (kind: string) => ofKind(all, kind).map(({ metadata }) => metadata.name);
	for (const { name, pod } of pods(all)) {
		const volumes = pod.volumes.map((volume) => volume.name);
		for (const { persistentVolumeClaim, configMap } of pod.volumes) {
			if (persistentVolumeClaim !== undefined)
				assert.ok(names('PersistentVolumeClaim').includes(persistentVolumeClaim.claimName), name);
			if (configMap !== undefined && configMap.optional !== true)
				assert.ok(names('ConfigMap').includes(configMap.name), configMap.name);
		}
		for (const each of containersOf(pod)) {
			for (const mount of each.volumeMounts) assert.ok(volumes.includes(mount.name), mount.name);
			for (const { configMapRef, secretRef } of each.envFrom ?? []) {
				if (configMapRef !== undefined)
					assert.ok(names('ConfigMap').includes(configMapRef.name), configMapRef.name);
				if (secretRef !== undefined) assert.equal(secretRef.name, SECRET.name);
			}
			for (const { valueFrom } of each.env ?? []) {
				const key = valueFrom?.secretKeyRef;
				if (key === undefined) continue;
				assert.equal(key.name, SECRET.name);
				assert.ok(SECRET.keys.includes(key.key), key.key);
			}
			const ports = (each.ports ?? []).map((port) => port.name);
			for (const probe of [each.readinessProbe, each.livenessProbe])
				if (probe?.httpGet !== undefined) assert.ok(ports.includes(probe.httpGet.port), name);
		}
	}
	for (const { metadata, spec } of ofKind(all, 'Service')) {
		const { pod } = pods(all).find((each) => each.name === spec.selector.app)!;
		const ports = pod.containers.flatMap((each) => each.ports ?? []).map(({ name }) => name);
		for (const { targetPort } of spec.ports) assert.ok(ports.includes(targetPort), metadata.name);
	}
	assert.deepEqual(names('Secret'), [], 'a Secret is never in a file');
});

test(
	'the maintenance pod reaches the volumes of n8n and qBittorrent as their owner',
	{ skip: noKubectl },
	() => {
		const { pod } = pods(objects('base')).find(({ name }) => name === 'n8n')!;
		assert.deepEqual(maintenance.spec.securityContext, pod.securityContext);
		const [{ securityContext, image }] = maintenance.spec.containers;
		assert.equal(image, pod.containers[0].image);
		assert.deepEqual(securityContext, pod.containers[0].securityContext);
		const claims = ofKind(objects('base'), 'PersistentVolumeClaim').map(
			({ metadata }) => metadata.name,
		);
		for (const { persistentVolumeClaim } of maintenance.spec.volumes)
			assert.ok(claims.includes(persistentVolumeClaim!.claimName));
	},
);

test('a back-up stops, dumps and restores what is there', { skip: noKubectl }, async () => {
	const page = await readFile(join(REPOSITORY, 'docs', 'backup.md'), 'utf8');
	const named = new Set([...page.matchAll(/deployment\/([\w-]+)/g)].map(([, name]) => name));
	// Its numbers are pushed again.
	named.add('pushgateway');
	assert.deepEqual(
		[...named].sort(),
		pods(objects('queue'))
			.map(({ name }) => name)
			.sort(),
	);
	const [user, database] = page.match(/pg_dump -U (\w+) (\w+)/)!.slice(1);
	const { env } = container(objects('queue'), 'postgres', 'postgres');
	const valueOf = (variable: string) => env!.find(({ name }) => name === variable)!.value;
	assert.deepEqual([user, database], [valueOf('POSTGRES_USER'), valueOf('POSTGRES_DB')]);
});

test(
	'README.md makes the Secret with every key that is read, and the ConfigMap with the package',
	{ skip: noKubectl },
	async () => {
		const readme = await readFile(join(KUBERNETES, 'README.md'), 'utf8');
		assert.ok(readme.includes(`create secret generic ${SECRET.name} `));
		for (const key of ['N8N_ENCRYPTION_KEY', ...SECRET.keys])
			assert.ok(readme.includes(`--from-literal=${key}=`), key);
		const [{ data }] = ofKind(objects('example'), 'ConfigMap').filter(
			(each) => 'PACKAGE' in each.data,
		);
		assert.ok(readme.includes(`--from-file=${data.PACKAGE.replace('/package/', '')}`));
	},
);

test(
	'who calls whom is allowed on both sides, and nothing else reaches a pod',
	{ skip: noKubectl },
	() => {
		const policies = ofKind(everything(), 'NetworkPolicy');
		const apps = ({ matchLabels, matchExpressions }: NonNullable<Peer['podSelector']>) =>
			matchLabels === undefined ? (matchExpressions?.[0].values ?? []) : [matchLabels.app];
		const links = (direction: 'ingress' | 'egress') => {
			const found = policies.flatMap(({ spec }) =>
				(spec[direction] ?? []).flatMap((rule) =>
					(rule.from ?? rule.to ?? []).flatMap((peer) =>
						apps(peer.podSelector ?? {}).flatMap((other) =>
							apps(spec.podSelector).flatMap((own) =>
								(rule.ports ?? []).map(({ port }) =>
									direction === 'ingress' ? `${other} ${own}:${port}` : `${own} ${other}:${port}`,
								),
							),
						),
					),
				),
			);
			return found.sort();
		};
		const expected = ['n8n', 'n8n-worker'].flatMap((caller) =>
			['postgres:5432', 'pushgateway:9091', 'qbittorrent:8080', 'redis:6379'].map(
				(called) => `${caller} ${called}`,
			),
		);
		assert.deepEqual(links('ingress'), expected);
		assert.deepEqual(links('egress'), expected);
		const [all] = policies.filter(({ metadata }) => metadata.name === 'deny');
		assert.deepEqual(all.spec, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
	},
);

test('addresses and folders are those of the shipped workflows', { skip: noKubectl }, async () => {
	const all = everything();
	const ports = Object.fromEntries(
		ofKind(all, 'Service').map(({ metadata, spec }) => [metadata.name, spec.ports[0].port]),
	);
	const files = await readdir(join(REPOSITORY, 'workflows'));
	const texts = files.map(async (file) => JSON.stringify(await readWorkflow(file)));
	const workflows = (await Promise.all(texts)).join('');
	for (const [, host, port] of workflows.matchAll(/http:\/\/(pushgateway):(\d+)/g))
		assert.equal(Number(port), ports[host]);
	assert.match(workflows, /"\/downloads\/mam-farming"/);
	const { volumeMounts } = container(all, 'qbittorrent', 'qbittorrent');
	assert.ok(volumeMounts.some(({ mountPath }) => mountPath === '/downloads'));
	const defaults = ofKind(all, 'ConfigMap').find(({ data }) => 'qBittorrent.conf' in data)!;
	assert.match(defaults.data['qBittorrent.conf'], /^Session\\DefaultSavePath=\/downloads$/m);
	const readme = await readFile(join(KUBERNETES, 'README.md'), 'utf8');
	assert.ok(readme.includes(`\`http://qbittorrent:${ports.qbittorrent}\``));
});

test(
	'it is the same n8n, qBittorrent and Pushgateway as with Compose, and this version of the package',
	{ skip: noKubectl },
	async () => {
		const compose = parse(
			await readFile(join(REPOSITORY, 'deploy', 'compose', 'compose.yaml'), 'utf8'),
			{
				merge: true,
			},
		) as { services: Record<string, { image: string }> };
		const images = new Set(
			pods(everything()).flatMap(({ pod }) => containersOf(pod).map(({ image }) => image)),
		);
		for (const name of ['n8n', 'qbittorrent', 'pushgateway'])
			assert.ok(images.delete(compose.services[name].image), name);
		for (const image of images) assert.match(image, /^(postgres|redis):\d+(\.\d+)+$/);
		const { version } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8')) as {
			version: string;
		};
		const packages = ['base', 'example'].map(
			(folder) =>
				ofKind(objects(folder), 'ConfigMap').find(({ data }) => 'PACKAGE' in data)!.data.PACKAGE,
		);
		assert.deepEqual(packages, [
			`n8n-nodes-myanonamouse@${version}`,
			`/package/n8n-nodes-myanonamouse-${version}.tgz`,
		]);
	},
);

test('qBittorrent has the memory that the original needed', { skip: noKubectl }, () => {
	const { resources } = container(objects('base'), 'qbittorrent', 'qbittorrent');
	assert.equal(resources.requests.memory, '512Mi');
	assert.deepEqual(resources.limits, { memory: '1Gi' });
});

test(
	'qBittorrent starts in old and new images, which have it in different folders',
	{ skip: noKubectl },
	() => {
		const { command } = container(objects('base'), 'qbittorrent', 'qbittorrent');
		const [shell, option, script] = command!;
		assert.doesNotMatch(script, /\/qbittorrent-nox/);
		for (const has of ['app', 'bin']) {
			const root = mkdtempSync(join(tmpdir(), 'image-'));
			try {
				const program = join(root, has, 'qbittorrent-nox');
				mkdirSync(join(root, has));
				writeFileSync(program, '#!/bin/sh\necho $$ "$0" "$@"\n', { mode: 0o755 });
				const { pid, stdout } = spawnSync(
					shell,
					[option, script.replace('/app', join(root, 'app'))],
					{
						encoding: 'utf8',
						env: { PATH: `${join(root, 'bin')}:${process.env.PATH}` },
					},
				);
				// Its process is that of the shell, so that it gets the signal to stop.
				assert.equal(stdout, `${pid} ${program} --webui-port=8080 --torrenting-port=6881\n`);
			} finally {
				rmSync(root, { recursive: true });
			}
		}
	},
);

test('workers get the package as n8n does', { skip: noKubectl }, () => {
	assert.deepEqual(
		container(objects('queue'), 'n8n-worker', 'package'),
		container(objects('queue'), 'n8n', 'package'),
	);
});

test('another package restarts n8n, and its workers with it', { skip: noKubectl }, () => {
	const { envFrom } = container(objects('base'), 'n8n', 'package');
	// The hash of its content is in the name of the ConfigMap, which the pod names.
	assert.notDeepEqual(container(objects('example'), 'n8n', 'package').envFrom, envFrom);
	assert.deepEqual(container(objects('queue'), 'n8n-worker', 'package').envFrom, envFrom);
});

test(
	'nothing is published unless the component is chosen, and then every scheduled workflow once',
	{ skip: noKubectl },
	async () => {
		assert.doesNotMatch(JSON.stringify(objects('queue', ['monitoring'])), /publish:workflow/);
		const { pod } = pods(everything()).find(({ name }) => name === 'n8n')!;
		assert.deepEqual(
			pod.initContainers!.map(({ name }) => name),
			['package', 'workflows', 'publish'],
		);
		const script = container(everything(), 'n8n', 'publish').command!.at(-1)!;
		const [, ids] = /^for id in (.+); do$/m.exec(script)!;
		const files = await readdir(join(REPOSITORY, 'workflows'));
		const workflows = await Promise.all(files.map(readWorkflow));
		const scheduled = workflows.filter(({ nodes }) =>
			nodes.some(({ type }) => type === 'n8n-nodes-base.scheduleTrigger'),
		);
		assert.deepEqual(ids.split(' ').sort(), scheduled.map(({ id }) => id).sort());
	},
);

test(
	'the dashboard is a ConfigMap that Grafana finds, and the Pushgateway is scraped as the alerts expect',
	{ skip: noKubectl },
	async () => {
		const all = everything();
		const dashboard = ofKind(all, 'ConfigMap').find(
			({ metadata }) => metadata.name === 'mam-dashboard',
		)!;
		assert.equal(
			dashboard.data['mam.json'],
			await readFile(join(REPOSITORY, 'deploy', 'monitoring', 'dashboard.json'), 'utf8'),
		);
		assert.deepEqual(dashboard.metadata.labels, { grafana_dashboard: '1' });
		const [monitor] = ofKind(all, 'ServiceMonitor');
		const { jobLabel, endpoints, selector } = monitor.spec as unknown as {
			jobLabel: string;
			endpoints: Array<{ port: string; honorLabels: boolean }>;
			selector: { matchLabels: Record<string, string> };
		};
		const service = ofKind(all, 'Service').find(({ metadata }) => metadata.name === 'pushgateway')!;
		assert.deepEqual(service.metadata.labels, selector.matchLabels);
		assert.equal(service.metadata.labels![jobLabel], 'pushgateway');
		assert.equal(endpoints[0].port, 'http');
		assert.equal(endpoints[0].honorLabels, true);
	},
);
