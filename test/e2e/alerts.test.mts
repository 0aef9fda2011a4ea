import { join } from 'node:path';
import { before, test } from 'node:test';

import { runCommand } from '../../stack/command.mts';
import { ensurePrograms } from '../../stack/debian.mts';
import { REPOSITORY } from '../../stack/packPackage.mts';
import { log } from './world.mts';

const MONITORING = join(REPOSITORY, 'monitoring');

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
