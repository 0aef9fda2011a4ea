import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { markedText } from '../../dev/scripts/markedFile.mts';
import { readWorkflow } from '../../dev/stack/workflowFiles.mts';
import { OPERATIONS, operationsTable, readRecording } from '../../dev/scripts/operationsTable.mts';

const ROOT = join(import.meta.dirname, '..', '..');

const text = async (file: string) => await readFile(join(ROOT, file), 'utf8');

/** The files of the repository that match a pattern of git. */
function tracked(...patterns: string[]): string[] {
	const { stdout } = spawnSync('git', ['ls-files', '--', ...patterns], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	return stdout.split('\n').filter((name) => name !== '');
}

test('the table of operations and versions is what the last run on the real clients proved', async () => {
	assert.equal(
		await readFile(OPERATIONS.path, 'utf8'),
		await markedText(OPERATIONS, operationsTable(await readRecording())),
	);
});

test('every link of the documentation leads to a file and heading of this repository', () => {
	const files = tracked('*.md');
	assert.ok(files.includes('README.md'));
	const remark = join(ROOT, 'node_modules', 'remark-cli', 'cli.js');
	const { status, stderr } = spawnSync(
		process.execPath,
		[
			remark,
			'--frail',
			'--quiet',
			'--no-color',
			'--use',
			'remark-validate-links=repository:false',
			...files,
		],
		{ cwd: ROOT, encoding: 'utf8' },
	);
	assert.equal(status, 0, stderr);
});

test('every npm script that a document, the CI or a workflow of GitHub names exists', async () => {
	const { scripts } = JSON.parse(await text('package.json')) as { scripts: Record<string, string> };
	for (const file of tracked('*.md', '*.yml', '.ci/run')) {
		for (const [, name] of (await text(file)).matchAll(/\bnpm run ([\w:]+)/g))
			assert.ok(name in scripts, `${file}: npm run ${name}`);
	}
});

test("the README's workflows are those that are shipped, with their names and schedules", async () => {
	const rows = (await text('README.md')).matchAll(
		/^\| \[(.+?)\]\((workflows\/.+?)\) *\| (.+?) *\|/gm,
	);
	const listed = [...rows].map(([, name, file, schedule]) => ({ file, name, schedule }));
	const shipped = await Promise.all(
		tracked('workflows/*.json').map(async (file) => {
			const { name, nodes } = await readWorkflow(basename(file));
			const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.scheduleTrigger');
			const schedule = (trigger?.name ?? 'by hand')
				.toLowerCase()
				.replace('minutes', 'min')
				.replace('hours', 'h');
			return { file, name, schedule };
		}),
	);
	const byFile = (a: { file: string }, b: { file: string }) => a.file.localeCompare(b.file);
	assert.deepEqual(listed.sort(byFile), shipped.sort(byFile));
});

test('docs/compatibility.md names every function of the site that the package may call, and no other', async () => {
	const listed = (await text('docs/compatibility.md')).matchAll(/^\| `([\w/]+\.php)`/gm);
	const sources = await Promise.all(
		tracked('nodes/MyAnonamouse/**/*.ts', 'credentials/*.ts').map(text),
	);
	const called = sources.join('\n').matchAll(/'\/([\w/]+\.php)\/?'/g);
	const unique = (matches: Iterable<RegExpMatchArray>) =>
		[...new Set([...matches].map(([, path]) => path))].sort();
	assert.deepEqual(unique(listed), unique(called));
});

test('docs/accidents.md leads from each of the twenty accidents to files that test it', async () => {
	const [, ...sections] = (await text('docs/accidents.md')).split('\n## ');
	assert.equal(sections.length, 20);
	for (const [at, section] of sections.entries()) {
		const number = String(at + 1);
		assert.ok(section.startsWith(`${number}. `), section);
		const files = [...section.matchAll(/\]\(\.\.\/(test\/.+?)\)/g)].map(([, file]) => file);
		assert.notEqual(files.length, 0, `accident ${number} is tested`);
		for (const file of files)
			assert.ok((await text(file)).includes(`accident ${number}:`), `${file}: accident ${number}`);
	}
});

test('a tag is published with provenance, by a job that may sign and has no token', async () => {
	const source = await text('.github/workflows/publish.yml');
	const { jobs } = parse(source) as {
		jobs: { publish: { permissions: object; steps: Array<{ run?: string }> } };
	};
	assert.deepEqual(jobs.publish.permissions, { contents: 'read', 'id-token': 'write' });
	const commands = jobs.publish.steps.flatMap(({ run }) => run ?? []);
	assert.ok(commands.indexOf('npm test') < commands.length - 1);
	assert.equal(commands.at(-1), 'npm publish --provenance --access public');
	assert.doesNotMatch(source, /secrets\./);
});
