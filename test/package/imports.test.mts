import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';

import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..', '..');
const ROOMS = ['credentials', 'nodes', 'dev', 'test'];
const SOURCE = /\.(?:ts|mts|mjs|cjs|json)$/;

/** What each file, or each entry of a folder, imports; types too. */
type Graph = Map<string, Set<string>>;

async function sources(room: string): Promise<string[]> {
	const names = await readdir(join(ROOT, room), { recursive: true });
	return names
		.filter((name) => SOURCE.test(name) && !name.includes('node_modules'))
		.map((name) => join(ROOT, room, name));
}

/** The file that `specifier` means; none for a package. */
function resolved(from: string, specifier: string): string[] {
	if (!specifier.startsWith('.')) return [];
	const path = join(dirname(from), specifier);
	const candidates = [path, `${path}.ts`, join(path, 'index.ts')];
	return candidates.filter((candidate) => SOURCE.test(candidate) && existsSync(candidate));
}

async function importsOfFiles(): Promise<Graph> {
	const all = (await Promise.all(ROOMS.map(sources))).flat();
	const entries = all.map(async (file): Promise<[string, Set<string>]> => {
		const { importedFiles } = ts.preProcessFile(await readFile(file, 'utf8'), true, true);
		const imported = importedFiles.flatMap(({ fileName }) => resolved(file, fileName));
		return [relative(ROOT, file), new Set(imported.map((path) => relative(ROOT, path)))];
	});
	return new Map(await Promise.all(entries));
}

/** The imports between the files and folders of `folder`; '' is the repository. */
function between(files: Graph, folder: string): Graph {
	const start = folder === '' ? '' : folder + sep;
	const entryOf = (file: string) =>
		file.startsWith(start) ? start + file.slice(start.length).split(sep)[0] : undefined;
	const graph: Graph = new Map();
	for (const [file, imported] of files) {
		const from = entryOf(file);
		if (from === undefined) continue;
		const others = graph.get(from) ?? new Set();
		graph.set(from, others);
		for (const to of [...imported].map(entryOf)) {
			if (to !== undefined && to !== from) others.add(to);
		}
	}
	return graph;
}

/** Cycles of a graph, as paths. */
function cycles(graph: Graph): string[] {
	const found: string[] = [];
	const done = new Set<string>();
	const visit = (name: string, path: string[]): void => {
		const at = path.indexOf(name);
		if (at !== -1) found.push([...path.slice(at), name].join(' -> '));
		if (at !== -1 || done.has(name)) return;
		for (const next of graph.get(name) ?? []) visit(next, [...path, name]);
		done.add(name);
	};
	for (const name of graph.keys()) visit(name, []);
	return found;
}

/** `folder` and all folders above it. */
function upwards(folder: string): string[] {
	return folder === '.' ? [''] : [folder, ...upwards(dirname(folder))];
}

test('in no folder do the files and folders import each other in a circle', async () => {
	const files = await importsOfFiles();
	assert.ok(files.size > 300);
	const folders = new Set([...files.keys()].flatMap((file) => upwards(dirname(file))));
	assert.deepEqual(
		[...folders].flatMap((folder) => cycles(between(files, folder))),
		[],
	);
});
