import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

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
