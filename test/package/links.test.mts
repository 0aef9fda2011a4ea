import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..');

test('every link of the documentation leads to a file and heading of this repository', () => {
	const tracked = spawnSync('git', ['ls-files', '--', '*.md'], { cwd: ROOT, encoding: 'utf8' });
	const files = tracked.stdout.split('\n').filter((name) => name !== '');
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
