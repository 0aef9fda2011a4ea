import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { DASHBOARD, dashboardQueries, dashboardText } from '../../dev/scripts/dashboard.mts';
import { METRICS } from '../../dev/scripts/metrics.mts';

/** What is asked for beside the metrics of the flows: Prometheus' own, and the Pushgateway's. */
const OTHERS = ['ALERTS', 'push_failure_time_seconds', 'push_time_seconds'];

interface Place {
	x: number;
	y: number;
	w: number;
	h: number;
}

const queries = await dashboardQueries();

test('deploy/monitoring/dashboard.json is what its source builds; otherwise: npm run dashboard', async () => {
	assert.equal(await readFile(DASHBOARD, 'utf8'), await dashboardText());
});

test('the dashboard shows every metric of the enforcing runs, and asks for no other', () => {
	const asked = new Set(
		queries.flatMap(
			({ expression }) =>
				expression.replace(/"[^"]*"/g, '').match(/\b(?:mam|qbt|push|ALERTS)\w*\b/g) ?? [],
		),
	);
	const shown = Object.keys(METRICS).filter((name) => !METRICS[name].groups.includes('dry_run'));
	assert.deepEqual([...asked].sort(), [...shown, ...OTHERS].sort());
});

test('every panel has a number and a place of its own, and asks the data source that is chosen', async () => {
	const { panels } = JSON.parse(await readFile(DASHBOARD, 'utf8')) as {
		panels: Array<{
			id: number;
			type: string;
			title: string;
			gridPos: Place;
			datasource?: { uid: string };
		}>;
	};
	assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
	const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
		Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
	);
	assert.equal(new Set(cells).size, cells.length);
	assert.ok(panels.every(({ gridPos: { x, w } }) => x + w <= 24));
	for (const { title, type, datasource } of panels.filter((panel) => panel.type !== 'row')) {
		assert.equal(datasource?.uid, '${datasource}', title);
		assert.ok(
			queries.some(({ panel }) => panel === title),
			`${type} ${title}`,
		);
	}
});

test('a stat asks for the value now: no series that has ended, as of a class that was left, is shown', async () => {
	const { panels } = JSON.parse(await readFile(DASHBOARD, 'utf8')) as {
		panels: Array<{
			type: string;
			title: string;
			targets?: Array<{ instant?: boolean; range?: boolean }>;
		}>;
	};
	const stats = panels.filter(({ type }) => type === 'stat');
	assert.ok(stats.length > 10);
	for (const { title, targets = [] } of stats)
		assert.ok(
			targets.every(({ instant, range }) => instant === true && range !== true),
			title,
		);
});

test('every query asks for the instances that are chosen', () => {
	for (const { panel, expression } of queries)
		for (const [, metric, matchers = ''] of expression.matchAll(
			/\b((?:mam|qbt|push)_[a-z_]+)(?:\{([^}]*)\})?/g,
		))
			assert.match(matchers, /instance=~"\$instance"/, `${panel}: ${metric}`);
});
