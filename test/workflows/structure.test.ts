import type { INode } from 'n8n-workflow';

import { ownType, SHIPPED, wires, type Wire } from './files';

const SIMULATE = "={{ $execution.mode === 'test' }}";

/** Operations that change something, with the parameter that holds them back in a manual run. */
const GUARDED: Record<string, string> = {
	'myAnonamouse:download': 'simulate',
	'myAnonamouse:buyUpload': 'simulate',
	'myAnonamouse:buyVip': 'simulate',
	'qBittorrent:add': 'simulate',
	'qBittorrent:delete': 'simulate',
	'qBittorrent:setPreferences': 'simulate',
	'mamPolicy:rankCandidates': 'dryRun',
	'mamPolicy:judgeTorrents': 'dryRun',
	'mamPolicy:planSpend': 'dryRun',
	'mamPolicy:reconcilePreferences': 'dryRun',
	'mamPolicy:summarizeTrackers': 'dryRun',
};

/** Operations that act on each item; everything else that talks to a service runs once. */
const PER_ITEM = [
	'download',
	'add',
	'delete',
	'setPreferences',
	'reannounce',
	'buyUpload',
	'buyVip',
];

function doesIo(node: INode): boolean {
	return ['myAnonamouse', 'qBittorrent'].includes(ownType(node) ?? '');
}

/** The name that n8n proposes for the first credential of a type. */
const NAME_OF: Record<string, string> = {
	myAnonamouseApi: 'MyAnonamouse account',
	qBittorrentWebApi: 'qBittorrent account',
};

describe.each(SHIPPED)('$file', ({ workflow, name, cron, intervalSeconds }) => {
	const { nodes, settings } = workflow;
	const all = wires(workflow);
	const byType = (type: string) => nodes.filter((node) => node.type === type);
	const own = nodes.filter((node) => ownType(node) !== null);

	test('has its public name, schedule, and a manual trigger beside it', () => {
		expect(workflow.name).toBe(name);
		const [schedule] = byType('n8n-nodes-base.scheduleTrigger');
		expect(schedule.parameters.rule).toEqual({
			interval: [{ field: 'cronExpression', expression: cron }],
		});
		expect(byType('n8n-nodes-base.manualTrigger')).toHaveLength(1);
		const started = (node: INode) =>
			all.filter(({ from }) => from === node.name).map(({ to }) => to);
		expect(started(byType('n8n-nodes-base.manualTrigger')[0])).toEqual(started(schedule));
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

	test('never lets a failed node speak: no alwaysOutputData, no retries', () => {
		for (const node of nodes) {
			expect(node.alwaysOutputData).toBeUndefined();
			expect(node.retryOnFail).toBeUndefined();
		}
	});

	test('every node that does I/O hands its failures on, and no policy has an error output', () => {
		for (const node of own) {
			expect(node.onError).toBe(doesIo(node) ? 'continueErrorOutput' : undefined);
		}
		for (const node of own.filter(doesIo)) {
			expect(all.filter(({ from, output }) => from === node.name && output === 1)).toHaveLength(1);
		}
	});

	test('what fetches once runs once', () => {
		for (const node of own.filter(doesIo)) {
			const perItem = PER_ITEM.includes(String(node.parameters.operation));
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
			(node) => `${ownType(node)}:${node.parameters.operation}` in GUARDED,
		);
		expect(guarded.length).toBeGreaterThan(0);
		for (const node of guarded) {
			expect(node.parameters[GUARDED[`${ownType(node)}:${node.parameters.operation}`]]).toBe(
				SIMULATE,
			);
		}
	});

	test('endings of one run never share a Merge input, and everything meets in one report', () => {
		const reach = (from: string, output?: number): string[] =>
			all
				.filter((wire) => wire.from === from && (output === undefined || wire.output === output))
				.flatMap(({ to }) => [to, ...reach(to)]);
		// A node that runs once either hands on its failure, or lets what follows end the run.
		const endsBefore = (one: Wire, other: Wire) =>
			nodes.find((node) => node.name === one.from)!.executeOnce === true &&
			one.output === 1 &&
			reach(one.from, 0).includes(other.from);
		for (const { name: merge, parameters } of byType('n8n-nodes-base.merge')) {
			const into = all.filter(({ to }) => to === merge);
			const shared = into.flatMap((one, at) =>
				into.slice(at + 1).map((other): [Wire, Wire] => [one, other]),
			);
			expect(
				shared
					.filter(([one, other]) => one.input === other.input)
					.filter(([one, other]) => !endsBefore(one, other) && !endsBefore(other, one)),
			).toEqual([]);
			const inputs = [...new Set(into.map(({ input }) => input))].sort((a, b) => a - b);
			expect(inputs).toEqual(Array.from({ length: inputs.length }, (_, at) => at));
			expect(parameters.numberInputs).toBe(inputs.length);
			expect(inputs.length).toBeLessThanOrEqual(10);
		}
		const reports = own.filter(({ parameters }) => parameters.operation === 'reportMetrics');
		expect(reports).toHaveLength(1);
		expect(all.filter(({ to }) => to === reports[0].name)).toHaveLength(1);
	});

	test('a run that breaks off without a word is reported: the start itself is an ending', () => {
		const [gather] = all.filter(({ to }) => to === 'Report Run').map(({ from }) => from);
		for (const { name: trigger } of nodes.filter(({ type }) => type.endsWith('Trigger'))) {
			expect(all.filter(({ from, to }) => from === trigger && to === gather)).toHaveLength(1);
		}
	});

	test('no nodes but the first fetches are wired from two sides', () => {
		const merges = byType('n8n-nodes-base.merge').map((node) => node.name);
		const twice = nodes.filter((node) => all.filter(({ to }) => to === node.name).length > 1);
		const isMerge = (node: string) => merges.includes(node);
		const [{ name: trigger }] = byType('n8n-nodes-base.manualTrigger');
		const first = all.filter(({ from }) => from === trigger).map(({ to }) => to);
		expect(twice.map((node) => node.name).filter((node) => !isMerge(node))).toEqual(
			first.filter((node) => !isMerge(node)),
		);
	});

	test('the Summary of each policy, and each result and failure, reaches the report', () => {
		const report = own.find(({ parameters }) => parameters.operation === 'reportMetrics')!.name;
		const next = (from: string, output?: number) =>
			all.filter((wire) => wire.from === from && (output === undefined || wire.output === output));
		const reaches = (from: string, output: number): boolean => {
			const open = next(from, output).map(({ to }) => to);
			for (const seen = new Set<string>(); open.length > 0; ) {
				const node = open.pop()!;
				if (node === report) return true;
				if (seen.has(node)) continue;
				seen.add(node);
				open.push(...next(node).map(({ to }) => to));
			}
			return false;
		};
		for (const node of own) {
			const operation = String(node.parameters.operation);
			if (operation === 'reportMetrics') continue;
			if (doesIo(node))
				expect([node.name, reaches(node.name, 0), reaches(node.name, 1)]).toEqual([
					node.name,
					true,
					true,
				]);
			else
				expect([node.name, reaches(node.name, operation === 'rememberGrabs' ? 0 : 2)]).toEqual([
					node.name,
					true,
				]);
		}
	});

	test('the report is pushed group by group, and a failed run is marked after it', () => {
		const report = own.find(({ parameters }) => parameters.operation === 'reportMetrics')!;
		const [push] = byType('n8n-nodes-base.httpRequest');
		const [stop] = byType('n8n-nodes-base.stopAndError');
		expect(push.onError).toBe('continueRegularOutput');
		expect(push.parameters.method).toBe('PUT');
		expect(all.filter(({ from }) => from === report.name)).toEqual([
			{ from: report.name, output: 1, to: push.name, input: 0 },
			{ from: report.name, output: 3, to: stop.name, input: 0 },
		]);
		expect(push.position[1]).toBeLessThan(stop.position[1]);
	});
});

test('flows that share the MAM session never start in the same minute', () => {
	const minutes = SHIPPED.map(({ cron }) => cron.split(' ')[1].split(','));
	expect(new Set(minutes.flat()).size).toBe(minutes.flat().length);
});
