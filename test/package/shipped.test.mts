import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..');

/** What n8n provides to a community package; anything else would be missing after an install. */
const ALLOWED = /^(n8n-workflow|node:crypto|\.{1,2}\/.*)$/;

/** The versions of Node on which `npm ci` is quiet, from the first patch of each that today's tools take. */
const NODES = ['^20.19.0', '^22.22.2', '^24.15.0'];

async function files(folder: string, ending: string): Promise<string[]> {
	const names = await readdir(join(ROOT, folder), { recursive: true });
	return names.filter((name) => name.endsWith(ending)).map((name) => join(ROOT, folder, name));
}

test('the built files require nothing but n8n-workflow, node:crypto and each other', async () => {
	const built = await files('dist', '.js');
	assert.ok(built.length > 50);
	for (const file of built) {
		const text = await readFile(file, 'utf8');
		const required = [...text.matchAll(/(?:require|import)\(\s*(["'`])(.*?)\1\s*\)/g)].map(
			([, , name]) => name,
		);
		for (const name of required) assert.match(name, ALLOWED, `${file} requires ${name}`);
	}
});

test('the package has no dependencies, no lifecycle scripts, and ships dist and workflows', async () => {
	const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<
		string,
		unknown
	> & {
		scripts: Record<string, string>;
		n8n: { nodes: string[]; credentials: string[] };
	};
	assert.equal(manifest.dependencies, undefined);
	assert.equal(manifest.overrides, undefined);
	assert.deepEqual(manifest.peerDependencies, { 'n8n-workflow': '*' });
	assert.deepEqual(manifest.files, ['dist/credentials', 'dist/nodes', 'workflows']);
	for (const name of ['install', 'postinstall', 'preinstall', 'prepare', 'prepublish']) {
		assert.equal(manifest.scripts[name], undefined);
	}
	const built = await files('dist', '.js');
	for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials])
		assert.ok(built.includes(join(ROOT, file)), file);
});

/** A package as package-lock.json has it. */
interface Locked {
	version: string;
	engines?: { node?: string };
	deprecated?: string;
	hasInstallScript?: boolean;
	link?: boolean;
	peerDependencies?: Record<string, string>;
}

const { satisfies, subset } = createRequire(import.meta.url)('semver') as {
	satisfies(version: string, range: string): boolean;
	subset(range: string, of: string): boolean;
};

async function read<T>(file: string): Promise<T> {
	return JSON.parse(await readFile(join(ROOT, file), 'utf8')) as T;
}

const { packages } = await read<{ packages: Record<string, Locked> }>('package-lock.json');

/** The folder that a locked package is installed into. */
function above(path: string): string {
	return path.slice(0, Math.max(0, path.lastIndexOf('node_modules') - 1));
}

/** The locked package that a package in `folder` gets as `name`. */
function provided(folder: string, name: string): Locked | undefined {
	const found = packages[join(folder, 'node_modules', name)];
	if (found !== undefined || folder === '') return found;
	return provided(above(folder), name);
}

test('npm ci has nothing to warn of: engines, deprecations and install scripts are settled', async () => {
	const { allowScripts } = await read<{ allowScripts: Record<string, boolean> }>('package.json');
	const settled = (path: string) => path.split('node_modules/').at(-1)! in allowScripts;
	const warnings = Object.entries(packages).flatMap(([path, locked]) => [
		...NODES.filter((node) => !subset(node, locked.engines?.node ?? '*')).map(
			(node) => `${path} is not for Node ${node}`,
		),
		...(locked.deprecated === undefined ? [] : [`${path} is deprecated`]),
		...(locked.hasInstallScript === true && !settled(path) ? [`${path} has a script`] : []),
	]);
	assert.deepEqual(warnings, []);
});

test('npm 10 takes the lock of npm 11; else: npx npm@10 install --package-lock-only', () => {
	// An optional peer that is there in another version is ignored by npm 11 and refused by npm 10.
	const unfit = Object.entries(packages).flatMap(([path, { peerDependencies = {} }]) =>
		Object.entries(peerDependencies).flatMap(([name, range]) => {
			const peer = provided(above(path), name);
			const fits = peer === undefined || peer.link === true || satisfies(peer.version, range);
			return fits ? [] : [`${path} wants ${name} ${range}, not ${peer.version}`];
		}),
	);
	assert.deepEqual(unfit, []);
});

test('no file mentions a local path or a registry host', async () => {
	const { stdout } = await import('node:child_process').then(({ spawnSync }) =>
		spawnSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }),
	);
	// n8n's own pages lie below /home/, too, and its container's data.
	const forbidden = new RegExp(
		[
			'\\bnpm' + 'js\\.(com|org)\\b',
			'/ro' + 'ot/',
			'/ho' + 'me/(?!credentials|workflows|node\\b)\\w',
		].join('|'),
	);
	for (const name of stdout.split('\n').filter((line) => line !== '' && !line.endsWith('.svg'))) {
		assert.doesNotMatch(await readFile(join(ROOT, name), 'utf8'), forbidden, name);
	}
});

test('every test that docs/safety.md names exists', async () => {
	const text = await readFile(join(ROOT, 'docs', 'safety.md'), 'utf8');
	const named = [...text.matchAll(/\| "(.+?)"\s*\|/g)].map(([, name]) => name);
	assert.ok(named.length > 20);
	const sources = [...(await files('test', '.test.ts')), ...(await files('test', '.test.mts'))];
	const all = (await Promise.all(sources.map(async (file) => await readFile(file, 'utf8')))).join(
		'\n',
	);
	for (const name of named) {
		// Tables make their names of parts: what is broken, in which way, and the outcome.
		const parts = name.split(': ');
		const found =
			["'", '"', '`'].some((quote) => all.includes(quote + name + quote)) ||
			(parts.length > 1 && parts.every((part) => all.includes(part)));
		assert.ok(found, name);
	}
});
