import type { INode } from 'n8n-workflow';

import { ownType, SHIPPED, wires } from './files';

const SIMULATE = "={{ $execution.mode === 'test' }}";

/** The parameter that keeps a policy from acting in a manual run. */
const DRY_RUN: Record<string, string> = {
	rankCandidates: 'dryRun',
	judgeTorrents: 'dryRun',
	planSpend: 'dryRun',
	reconcilePreferences: 'dryRun',
	summarizeTrackers: 'dryRun',
};

/** Operations that work on each item and change something; everything else that talks to a service runs once. */
const CHANGING = [
	'download',
	'add',
	'delete',
	'setPreferences',
	'reannounce',
	'deleteUnused',
	'buyUpload',
	'buyVip',
	'updateIp',
];

/** What meets before the report: each Summary, and the results of the steps that act. */
const MERGED: Record<string, string[]> = {
	'freeleech-grabber.json': ['Remember Grabs', 'Rank Candidates', 'Guard Account'],
	'farming-janitor.json': ['Delete Torrents', 'Judge Torrents'],
	'bonus-spender.json': ['Buy Upload', 'Buy VIP', 'Plan Spend'],
	'client-keeper.json': [
		'Reannounce Torrents',
		'Summarize Trackers',
		'Set Preferences',
		'Reconcile Preferences',
	],
};

/** Outputs of a policy, and of the report. */
const ACT = 0;
const SUMMARY = 2;
const REPORT_OUTPUTS = [
	'Keep Record',
	'Push to Pushgateway',
	'Tell Me',
	'Remember Run',
	'Mark Run Failed',
];

/** The steps that restore and keep what the flow remembers; they decide nothing. */
const RECALL = 'Recall Memory';
const REMEMBER = 'Remember Run';

const SETTINGS = 'Settings';
const MERGE = 'Collect Results';
const REPORT = 'Report Run';

function doesIo(node: INode): boolean {
	return ['myAnonamouse', 'qBittorrent'].includes(ownType(node) ?? '');
}

/** The name that n8n proposes for the first credential of a type. */
const NAME_OF: Record<string, string> = {
	myAnonamouseApi: 'MyAnonamouse account',
	qBittorrentWebApi: 'qBittorrent account',
};

describe.each(SHIPPED)('$file', ({ file, workflow, name, cron, intervalSeconds }) => {
	const { nodes, settings } = workflow;
	const all = wires(workflow);
	const byType = (type: string) => nodes.filter((node) => node.type === `n8n-nodes-base.${type}`);
	const byName = (wanted: string) => nodes.find((node) => node.name === wanted)!;
	const own = nodes.filter((node) => ownType(node) !== null);
	const from = (node: string) => all.filter((wire) => wire.from === node);
	const into = (node: string) => all.filter((wire) => wire.to === node);
	const triggers = nodes.filter(({ type }) => type.endsWith('Trigger'));

	test('has its public name, its schedule, and a manual trigger whose name announces the dry run', () => {
		expect(workflow.name).toBe(name);
		const [schedule] = byType('scheduleTrigger');
		expect(schedule.parameters.rule).toEqual({
			interval: [{ field: 'cronExpression', expression: cron }],
		});
		expect(byType('manualTrigger').map((node) => node.name)).toEqual(['Try It (Dry Run)']);
	});

	test('accident 15: a run ends before the next one starts', () => {
		expect(settings?.executionTimeout).toBeGreaterThan(0);
		expect(settings?.executionTimeout).toBeLessThan(intervalSeconds);
	});

	test('accident 8: ids are stable and its own, so importing twice makes no second copy', () => {
		expect(workflow.id).toMatch(/^mam[A-Za-z]+$/);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		expect(new Set(nodes.map((node) => node.name)).size).toBe(nodes.length);
	});

	test('holds no code, secret, foreign error workflow or engine', () => {
		expect(nodes.filter(({ type }) => /\.code$|function/i.test(type))).toEqual([]);
		expect(settings).not.toHaveProperty('errorWorkflow');
		expect(settings).not.toHaveProperty('engineType');
		expect(settings).toMatchObject({ executionOrder: 'v1', saveManualExecutions: true });
		expect(JSON.stringify(workflow)).not.toMatch(/mam_id|password|apiKey/i);
	});

	test('finds its credentials by name: without `id: null` n8n takes any of their type', () => {
		for (const { credentials = {} } of nodes) {
			for (const [type, credential] of Object.entries(credentials)) {
				expect(credential).toEqual({ id: null, name: NAME_OF[type] });
			}
		}
	});

	test('does not mask failed nodes: no alwaysOutputData, no retries', () => {
		for (const node of nodes) {
			expect(node.alwaysOutputData).toBeUndefined();
			expect(node.retryOnFail).toBeUndefined();
		}
	});

	test('failures travel on the main line: no error output, no branch by an If', () => {
		expect(nodes.filter(({ onError }) => onError === 'continueErrorOutput')).toEqual([]);
		for (const node of own) {
			expect([node.name, node.onError]).toEqual([
				node.name,
				doesIo(node) ? 'continueRegularOutput' : undefined,
			]);
		}
		expect(nodes.filter(({ type }) => /\.(if|switch|filter)$/.test(type))).toEqual([]);
	});

	test('what fetches runs once', () => {
		for (const node of own.filter(doesIo)) {
			const perItem = CHANGING.includes(String(node.parameters.operation));
			expect([node.name, node.executeOnce]).toEqual([node.name, perItem ? undefined : true]);
		}
	});

	test('lists mark a proven empty answer', () => {
		const lists = own.filter(({ parameters }) =>
			['getAll', 'search'].includes(String(parameters.operation)),
		);
		for (const node of lists) expect(node.parameters.options).toMatchObject({ markEmpty: true });
	});

	test('a manual run is a dry run, on every node that could act', () => {
		const guarded = own.filter(
			({ parameters: { operation } }) =>
				String(operation) in DRY_RUN || CHANGING.includes(String(operation)),
		);
		expect(guarded.length).toBeGreaterThan(0);
		for (const { name: node, parameters } of guarded) {
			const guard = DRY_RUN[String(parameters.operation)] ?? 'simulate';
			expect([node, parameters[guard]]).toEqual([node, SIMULATE]);
		}
	});

	test('the triggers lead to Settings alone, and everything else starts there', () => {
		for (const trigger of triggers) expect(from(trigger.name).map(({ to }) => to)).toEqual([SETTINGS]);
		expect(into(SETTINGS)).toHaveLength(triggers.length);
		expect(byName(SETTINGS).onError).toBe('continueRegularOutput');
	});

	test('every value of Settings is used, and nothing else is asked of it', () => {
		const { assignments } = byName(SETTINGS).parameters.assignments as {
			assignments: Array<{ name: string }>;
		};
		const others = JSON.stringify(nodes.filter((node) => node.name !== SETTINGS));
		const used = [...others.matchAll(/\$\('Settings'\)\.first\(\)\.json\.(\w+)/g)];
		expect([...new Set(used.map(([, value]) => value))].sort()).toEqual(
			assignments.map((assignment) => assignment.name).sort(),
		);
		expect(others.split("$('Settings')")).toHaveLength(used.length + 1);
	});

	test('no node reads the parameters of another: n8n gives the raw text of an expression', () => {
		expect(JSON.stringify(nodes)).not.toContain('.params');
	});

	test('a value that is given to two nodes comes from Settings or with the items', () => {
		const categories = own
			.map(({ parameters: { category } }) => category)
			.filter((category) => category !== undefined);
		for (const category of categories) expect(JSON.stringify(category)).toMatch(/\{\{ \$\(/);
	});

	test('it is a straight line: one Merge, for the Summaries and the results of what acts', () => {
		expect(byType('merge').map((node) => node.name)).toEqual([MERGE]);
		const merged = into(MERGE).sort((a, b) => a.input - b.input);
		expect(merged.map((wire) => wire.from)).toEqual(MERGED[file]);
		expect(merged.map(({ input }) => input)).toEqual(merged.map((_, at) => at));
		expect(byName(MERGE).parameters).toEqual({ mode: 'append', numberInputs: merged.length });
		for (const { from: node, output } of merged) {
			const decides = String(byName(node).parameters.operation) in { ...DRY_RUN, guardAccount: 1 };
			expect([node, output]).toEqual([node, decides ? SUMMARY : ACT]);
		}
		for (const node of nodes.filter((one) => ![SETTINGS, MERGE].includes(one.name)))
			expect(into(node.name).length).toBeLessThanOrEqual(1);
		expect(into(REPORT)).toEqual([{ from: MERGE, output: 0, to: REPORT, input: 0 }]);
	});

	test('whatever a step gives reaches the report', () => {
		const reaches = (node: string): boolean =>
			node === REPORT || from(node).some(({ to }) => reaches(to));
		const deciding = own.filter(({ name: one }) => ![RECALL, REMEMBER].includes(one));
		for (const { name: node } of [...triggers, ...deciding])
			expect([node, reaches(node)]).toEqual([node, true]);
	});

	test('the report is recorded, pushed and sent, and a failed run is marked last: n8n runs what is higher first', () => {
		expect(from(REPORT)).toEqual(
			REPORT_OUTPUTS.map((to, output) => ({ from: REPORT, output, to, input: 0 })),
		);
		const [record, push, tell, remember, stop] = REPORT_OUTPUTS.map(byName);
		for (const node of [record, push, tell]) expect(node.onError).toBe('continueRegularOutput');
		expect(push.parameters.method).toBe('PUT');
		expect(tell.disabled).toBe(true);
		// It notes how these two went.
		for (const sent of [push, tell]) {
			expect(from(sent.name)).toEqual([]);
			expect(sent.position[1]).toBeLessThan(remember.position[1]);
		}
		expect(stop.type).toBe('n8n-nodes-base.stopAndError');
		const drawn = nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
		for (const { name: node, position } of drawn.filter((one) => one !== stop))
			expect([node, position[1] < stop.position[1]]).toEqual([node, true]);
	});

	test('the memory is recalled before anything is decided, and kept in the same row', () => {
		const [read, recall, keep] = ['Read Memory', RECALL, 'Keep Memory'].map(byName);
		expect(into(read.name).map((wire) => wire.from)).toEqual([SETTINGS]);
		expect(from(read.name).map(({ to }) => to)).toEqual([RECALL]);
		expect(from(RECALL)).toEqual([]);
		expect(from(REMEMBER).map(({ to }) => to)).toEqual([keep.name]);
		expect(from(keep.name)).toEqual([]);
		// n8n runs what is higher first, to its end.
		for (const { to } of from(SETTINGS).filter((wire) => wire.to !== read.name))
			expect([to, read.position[1] < byName(to).position[1]]).toEqual([to, true]);
		const [condition] = (read.parameters.filters as { conditions: object[] }).conditions;
		expect(condition).toEqual({
			keyName: 'workflow',
			condition: 'eq',
			keyValue: '={{ $workflow.id }}',
		});
		for (const name of ['dataTableId', 'filters', 'matchType'])
			expect(keep.parameters[name]).toEqual(read.parameters[name]);
		for (const node of [read, keep]) expect(node.onError).toBe('continueRegularOutput');
		expect(recall.executeOnce).toBeUndefined();
	});

	test('a step has the name of its operation in every note', () => {
		const steps = nodes.map((node) => node.name);
		const notes = byType('stickyNote').map(({ parameters }) => String(parameters.content));
		const named = notes.flatMap((text) => [...text.matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g)]);
		expect(named.length).toBeGreaterThan(0);
		for (const [, step] of named) expect(steps).toContain(step);
	});
});

test('flows that share the MAM session never start in the same minute', () => {
	const minutes = SHIPPED.map(({ cron }) => cron.split(' ')[1].split(','));
	expect(new Set(minutes.flat()).size).toBe(minutes.flat().length);
});

test('the janitor makes room before the grabber is held by the disk', () => {
	const [{ workflow: grabber }, { workflow: janitor }] = SHIPPED;
	const parameters = ({ nodes }: typeof grabber, name: string) =>
		nodes.find((node) => node.name === name)!.parameters as {
			options: Record<string, number>;
			assignments: { assignments: Array<{ name: string; value: number }> };
		};
	const { assignments } = parameters(grabber, 'Settings').assignments;
	const largestMiB = assignments.find(({ name }) => name === 'maxSizeMiB')!.value;
	const { freeSpaceReserveGiB } = parameters(grabber, 'Rank Candidates').options;
	const { retireBelowFreeGiB } = parameters(janitor, 'Judge Torrents').options;
	expect(retireBelowFreeGiB).toBeGreaterThanOrEqual(freeSpaceReserveGiB + largestMiB / 1024);
});
