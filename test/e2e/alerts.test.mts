import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { runCommand } from '../../dev/stack/command.mts';
import { ensurePrograms } from '../../dev/stack/debian.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { log } from '../../dev/stack/world.mts';

const MONITORING = join(REPOSITORY, 'deploy', 'monitoring');

/** Torrents that are kept for these reasons need no attention, however many there are. */
const HEALTHY = ['active', 'hnr_window', 'not_ours', 'protected', 'run_capped', 'tracker_down'];

const require = createRequire(import.meta.url);

before(async () => {
	await ensurePrograms(['prometheus'], log);
	await runCommand('Building the package', 'npm', ['run', 'build'], { cwd: REPOSITORY, log });
});

/** Calls `use` with a folder that has the alerts and nothing else. */
async function withAlerts(use: (folder: string) => Promise<unknown>): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'mam-promtool-'));
	try {
		await cp(join(MONITORING, 'alerts.yml'), join(folder, 'alerts.yml'));
		await use(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

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

test('500 torrents kept for any one reason raise an alert, unless they are healthy', async () => {
	const { HOLD_REASONS } = require(join(REPOSITORY, 'dist', 'nodes', 'MamPolicy', 'types.js')) as {
		HOLD_REASONS: readonly string[];
	};
	const own = HOLD_REASONS.slice(
		HOLD_REASONS.indexOf('protected'),
		HOLD_REASONS.indexOf('freed_nothing') + 1,
	);
	const tests = [...own, 'not_ours'].map((reason) => ({
		name: reason,
		interval: '5m',
		input_series: [
			{ series: 'up{job="pushgateway"}', values: '1x300' },
			{ series: 'push_time_seconds{job="mam-farming-janitor"}', values: '-900+300x300' },
			{
				series: `mam_janitor_held{job="mam-farming-janitor",reason="${reason}"}`,
				values: '500x300',
			},
		],
		promql_expr_test: [
			{
				expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
				eval_time: '24h',
				exp_samples: HEALTHY.includes(reason)
					? []
					: [{ labels: '{alertname="MAMJanitorStuckBacklog"}', value: 1 }],
			},
		],
	}));
	await withAlerts(async (folder) => {
		const file = join(folder, 'reasons.test.yml');
		// JSON is YAML.
		await writeFile(
			file,
			JSON.stringify({ rule_files: ['alerts.yml'], evaluation_interval: '5m', tests }),
		);
		await runCommand('promtool test rules', 'promtool', ['test', 'rules', file]);
	});
});

test('promtool takes the configuration of docs/monitoring.md', async () => {
	const text = await readFile(join(REPOSITORY, 'docs', 'monitoring.md'), 'utf8');
	const block = /^ *```yaml\n(\s*scrape_configs:.*?)^ *```/ms.exec(text)!;
	await withAlerts(async (folder) => {
		await writeFile(join(folder, 'prometheus.yml'), block[1]);
		await runCommand('promtool check config', 'promtool', [
			'check',
			'config',
			join(folder, 'prometheus.yml'),
		]);
	});
});
