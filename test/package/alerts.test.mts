import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { METRICS } from '../../dev/scripts/metrics.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';

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

const { CAUSES } = createRequire(import.meta.url)(
	join(REPOSITORY, 'dist', 'nodes', 'shared', 'types.js'),
) as { CAUSES: string[] };

const text = async (...path: string[]) => await readFile(join(REPOSITORY, ...path), 'utf8');

const alerts = parse(await text('deploy', 'monitoring', 'alerts.yml')) as {
	groups: Array<{ rules: Rule[] }>;
};
const cases = parse(await text('deploy', 'monitoring', 'alerts.test.yml')) as { tests: RuleTest[] };
const rules = alerts.groups.flatMap((group) => group.rules);
const runbook = await text('docs', 'runbook.md');
const headings = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
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
	assert.equal(silent.filter(({ name }) => /week|fortnight/.test(name)).length, 4);
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

test('the runbook says what to do about every cause for which a run fails', () => {
	const [, section] = /^### MAMFlowFailing$(.*?)^###/ms.exec(runbook)!;
	const rows = [...section.matchAll(/^\| ([a-z_, ]+?) +\|/gm)].map(([, causes]) => causes);
	const listed = rows
		.filter((causes) => causes !== 'cause')
		.flatMap((causes) => causes.split(', '));
	assert.deepEqual(listed.sort(), [...CAUSES].sort());
});

type Labels = Record<string, string>;

/** Whether an alert with `labels` matches `name = value`, `name =~ "regex"` or `name !~ "regex"` of Alertmanager. */
function matches(labels: Labels, matcher: string): boolean {
	const [, name, operator, value] = /^(\w+) (=|=~|!~) "?(.+?)"?$/.exec(matcher)!;
	const label = labels[name] ?? '';
	if (operator === '=') return label === value;
	return new RegExp(`^(?:${value})$`).test(label) === (operator === '=~');
}

const flowFails = (flow: string) => ({ alertname: 'MAMFlowFailing', job: `mam-${flow}` });

for (const [cause, others] of [
	['PushgatewayStale', [{ alertname: 'MAMFarmingStuck' }, { alertname: 'MAMSpenderStuck' }]],
	['MAMSessionRefused', [flowFails('freeleech-grabber'), { alertname: 'MAMSpenderFailing' }]],
	[
		'QBittorrentDisconnected',
		['freeleech-grabber', 'farming-janitor', 'client-keeper'].map(flowFails),
	],
	['MAMDownloadFreeze', [flowFails('freeleech-grabber')]],
	['MAMMouseClass', [{ alertname: 'MAMRatioBelowOne' }, { alertname: 'MAMBuyByHand' }]],
	[
		'QBittorrentAnnouncesRefused',
		[{ alertname: 'QBittorrentMAMUnsatisfied' }, { alertname: 'MAMUnsatisfiedNotSeeding' }],
	],
] as Array<[string, Labels[]]>) {
	test(`the inhibitions of docs/monitoring.md leave ${cause} of the alerts that it brings along`, async () => {
		const [, yaml] = /```yaml\n( +inhibit_rules:.*?)```/s.exec(
			await text('docs', 'monitoring.md'),
		)!;
		const { inhibit_rules: inhibitions } = parse(yaml) as {
			inhibit_rules: Array<{ source_matchers: string[]; target_matchers: string[] }>;
		};
		const targets = inhibitions
			.filter(({ source_matchers: source }) =>
				source.every((matcher) => matches({ alertname: cause }, matcher)),
			)
			.map(({ target_matchers: target }) => target);
		const left = others.filter(
			(labels) => !targets.some((target) => target.every((matcher) => matches(labels, matcher))),
		);
		assert.deepEqual(left, []);
		for (const { alertname } of [{ alertname: cause }, ...others])
			assert.ok(rules.some(({ alert }) => alert === alertname));
	});
}
