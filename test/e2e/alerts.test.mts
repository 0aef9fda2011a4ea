import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { runCommand } from '../../dev/stack/command.mts';
import { ensurePrograms } from '../../dev/stack/debian.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { log } from '../../dev/stack/world.mts';

const MONITORING = join(REPOSITORY, 'deploy', 'monitoring');

before(async () => await ensurePrograms(['prometheus'], log));

test('promtool finds nothing wrong with the alerts', async () => {
	await runCommand('promtool check rules', 'promtool', [
		'check',
		'rules',
		join(MONITORING, 'alerts.yml'),
	]);
});

test('every alert fires when it should, alone, and normal weeks are silent', async () => {
	await runCommand('promtool test rules', 'promtool', [
		'test',
		'rules',
		join(MONITORING, 'alerts.test.yml'),
	]);
});

test('promtool takes the configuration of docs/monitoring.md', async () => {
	const text = await readFile(join(REPOSITORY, 'docs', 'monitoring.md'), 'utf8');
	const block = /^ *```yaml\n(\s*scrape_configs:.*?)^ *```/ms.exec(text)!;
	const folder = await mkdtemp(join(tmpdir(), 'mam-promtool-'));
	try {
		await cp(join(MONITORING, 'alerts.yml'), join(folder, 'alerts.yml'));
		await writeFile(join(folder, 'prometheus.yml'), block[1]);
		await runCommand('promtool check config', 'promtool', [
			'check',
			'config',
			join(folder, 'prometheus.yml'),
		]);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});
