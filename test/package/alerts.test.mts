import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { METRICS } from '../../scripts/metrics.mts';
import { REPOSITORY } from '../../stack/packPackage.mts';

interface Rule {
	alert: string;
	expr: string;
	labels: Record<string, string>;
	annotations: Record<string, string>;
}

interface ExpressionTest {
	exp_samples?: Array<{ labels: string }>;
}

interface RuleTest {
	name: string;
	promql_expr_test?: ExpressionTest[];
}

const text = async (...path: string[]) => await readFile(join(REPOSITORY, ...path), 'utf8');

const alerts = parse(await text('monitoring', 'alerts.yml')) as {
	groups: Array<{ rules: Rule[] }>;
};
const cases = parse(await text('monitoring', 'alerts.test.yml')) as { tests: RuleTest[] };
const rules = alerts.groups.flatMap((group) => group.rules);
const headings = [...(await text('docs', 'runbook.md')).matchAll(/^#+ (.+)$/gm)].map(
	([, heading]) => heading,
);
const { homepage } = JSON.parse(await text('package.json')) as { homepage: string };

const expected = cases.tests
	.flatMap((one) => one.promql_expr_test ?? [])
	.flatMap((one) => one.exp_samples ?? [])
	.map(({ labels }) => labels);

for (const { alert, labels, annotations } of rules) {
	test(`${alert}: a firing case, a severity, what to do, and a section of the runbook`, () => {
		assert.ok(expected.some((labelSet) => labelSet.includes(`alertname="${alert}"`)));
		assert.match(labels.severity, /^(critical|warning)$/);
		// What is, and what to do about it: two sentences.
		assert.match(annotations.summary, /[.:] [A-Z].*\.$/);
		assert.ok(headings.includes(alert));
		const section = `blob/main/docs/runbook.md#${alert.toLowerCase()}`;
		assert.equal(annotations.runbook_url, `${homepage}/${section}`);
	});
}

test('the alerts are those of the runbook, each of one name, and weeks of normal life are silent', () => {
	const names = rules.map(({ alert }) => alert);
	assert.deepEqual([...new Set(names)], names);
	const ofAlerts = headings.filter((heading) =>
		/^(MAM|QBittorrent|Pushgateway)[A-Z]\w+$/.test(heading),
	);
	assert.deepEqual(ofAlerts.sort(), names.sort());
	const silent = cases.tests.filter(({ name }) => name.startsWith('silent: '));
	assert.equal(silent.filter(({ name }) => name.includes('week')).length, 2);
	for (const { name, promql_expr_test: tests = [] } of silent) {
		assert.ok(tests.length > 0, name);
		for (const { exp_samples: samples } of tests) assert.deepEqual(samples, [], name);
	}
});

test('the alerts ask for metrics that the flows push, each of one group', () => {
	for (const { alert, expr } of rules) {
		const named = [...expr.matchAll(/\b(?:mam|qbt)_[a-z_]+\b(?![("-])/g)].map(([name]) => name);
		for (const name of named) {
			assert.ok(name in METRICS, `${alert} asks for ${name}`);
			assert.equal(METRICS[name].groups.length, 1, `${name} comes from more than one group`);
			assert.notEqual(METRICS[name].groups[0], 'dry_run', `${alert} asks for a dry run`);
		}
	}
});
