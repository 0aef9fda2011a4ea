import type { INode } from 'n8n-workflow';

import { DAILY_REPORT, ownType, SHIPPED, WHAT_IF, wires, type WorkflowFile } from './files';

const named = ({ nodes }: WorkflowFile, name: string): INode =>
	nodes.find((node) => node.name === name)!;

const from = (workflow: WorkflowFile, node: string) =>
	wires(workflow)
		.filter((wire) => wire.from === node)
		.map(({ to }) => to);

const flow = (file: string) => SHIPPED.find((shipped) => shipped.file === file)!.workflow;

/** The thresholds of a node, without what belongs to its operation alone. */
function thresholds({ parameters }: INode, ...without: string[]) {
	return Object.fromEntries(
		Object.entries(parameters).filter(([name]) => !['operation', ...without].includes(name)),
	);
}

describe.each([
	['daily-report.json', DAILY_REPORT],
	['what-if.json', WHAT_IF],
])('%s', (_file, workflow) => {
	const { nodes } = workflow;

	test('its ids are stable and unique, and no flow has its name', () => {
		expect(workflow.id).toMatch(/^mam[A-Za-z]+$/);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		for (const shipped of SHIPPED) {
			expect(shipped.workflow.name).not.toBe(workflow.name);
			expect(shipped.workflow.id).not.toBe(workflow.id);
		}
	});

	test('whatever calls n8n, the client or the site returns its failure as an item', () => {
		const silent = /\.(\w*Trigger|stickyNote)$/;
		for (const node of nodes.filter(({ type }) => !silent.test(type))) {
			const expected = ownType(node) === 'mamPolicy' ? undefined : 'continueRegularOutput';
			expect([node.name, node.onError]).toEqual([node.name, expected]);
		}
	});

	test('a step has the name of its operation in every note', () => {
		const notes = nodes.filter(({ type }) => type.endsWith('.stickyNote'));
		const texts = notes.map(({ parameters }) => String(parameters.content));
		const steps = texts.flatMap((text) => [...text.matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g)]);
		// Steps of the flows, and a field of the node itself.
		const known = [...nodes.map(({ name }) => name), 'Keep Record', 'Parameter'];
		for (const [, step] of steps) expect(known).toContain(step);
	});
});

describe('daily-report.json', () => {
	test('runs at 8, and by hand', () => {
		expect(named(DAILY_REPORT, 'Every Day at 8').parameters.rule).toEqual({
			interval: [{ field: 'cronExpression', expression: '0 0 8 * * *' }],
		});
		expect(from(DAILY_REPORT, 'Report Now')).toEqual(['Settings']);
	});

	test('tables, report and clean-up are separate branches; the name of the owner stays in the first', () => {
		expect(from(DAILY_REPORT, 'Settings')).toEqual(['Make Table', 'Read Rows', 'Delete Old Rows']);
		expect(from(DAILY_REPORT, 'Make Table')).toEqual(['Make Memory Table']);
		expect(from(DAILY_REPORT, 'Make Memory Table')).toEqual([]);
		expect(from(DAILY_REPORT, 'Delete Old Rows')).toEqual([]);
		expect(from(DAILY_REPORT, 'Report History')).toEqual(['Show Report', 'Tell Me']);
		const height = (name: string) => named(DAILY_REPORT, name).position[1];
		expect(height('Make Table')).toBeLessThan(height('Read Rows'));
		expect(DAILY_REPORT.settings?.saveDataSuccessExecution).toBe('none');
	});

	test.each([
		['Make Table', 'Keep Record'],
		['Make Memory Table', 'Keep Memory'],
	])('%s makes, only once, a table with the columns of %s in every flow', (make, keep) => {
		const { tableName, columns, options } = named(DAILY_REPORT, make).parameters;
		expect(options).toEqual({ createIfNotExists: true });
		const { column } = columns as { column: Array<{ name: string; type: string }> };
		for (const { workflow } of SHIPPED) {
			const { dataTableId, columns: written } = named(workflow, keep).parameters;
			expect(dataTableId).toMatchObject({ mode: 'name', value: tableName });
			const { schema, value } = written as { schema: Array<{ id: string; type: string }>; value: object };
			expect(column).toEqual(
				schema.map(({ id, type }) => ({ name: id, type: type === 'dateTime' ? 'date' : type })),
			);
			expect(Object.keys(value)).toEqual(schema.map(({ id }) => id));
		}
	});

	test('31 days are read, and only rows older than 400 days are deleted', () => {
		const conditions = (name: string) => named(DAILY_REPORT, name).parameters.filters;
		const at = (condition: string, days: number) => ({
			conditions: [
				{ keyName: 'at', condition, keyValue: `={{ $now.minus({ days: ${days} }).toISO() }}` },
			],
		});
		expect(conditions('Read Rows')).toEqual(at('gte', 31));
		expect(named(DAILY_REPORT, 'Read Rows').parameters.returnAll).toBe(true);
		expect(conditions('Delete Old Rows')).toEqual(at('lt', 400));
	});

	test('Tell Me is the same as in the flows, and switched off', () => {
		const { parameters, disabled } = named(DAILY_REPORT, 'Tell Me');
		expect(disabled).toBe(true);
		expect(parameters).toEqual(named(flow('client-keeper.json'), 'Tell Me').parameters);
	});
});

describe('what-if.json', () => {
	const own = WHAT_IF.nodes.filter((node) => ownType(node) !== null);

	test('starts by hand only, and nothing in it changes anything', () => {
		const triggers = WHAT_IF.nodes.filter(({ type }) => type.endsWith('Trigger'));
		expect(triggers.map(({ type }) => type)).toEqual(['n8n-nodes-base.manualTrigger']);
		const operations = own.map(({ parameters }) => String(parameters.operation));
		expect(new Set(operations)).toEqual(new Set(['get', 'getAll', 'search', 'whatIf']));
	});

	test('compares with the thresholds of the shipped flows', () => {
		const janitor = named(flow('farming-janitor.json'), 'Judge Torrents');
		const torrents = named(WHAT_IF, 'What If for Torrents');
		const asked = ['policy', 'parameter', 'values'];
		expect(thresholds(torrents, ...asked)).toEqual(thresholds(janitor, 'dryRun'));
		const grabber = named(flow('freeleech-grabber.json'), 'Rank Candidates');
		const candidates = named(WHAT_IF, 'What If for Candidates');
		expect(thresholds(candidates, ...asked)).toEqual(thresholds(grabber, 'dryRun'));
		const settings = (workflow: WorkflowFile) => {
			const { assignments } = named(workflow, 'Settings').parameters.assignments as {
				assignments: Array<{ name: string; value: unknown }>;
			};
			return Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
		};
		const shipped = settings(flow('freeleech-grabber.json'));
		expect(shipped).toMatchObject(settings(WHAT_IF));
	});

	test('reads what the flows read, and the search reaches as far as the values', () => {
		const list = named(WHAT_IF, 'List Client Torrents').parameters;
		for (const file of ['farming-janitor.json', 'freeleech-grabber.json']) {
			const { selectedFields } = named(flow(file), 'List Client Torrents').parameters;
			expect(list.selectedFields).toEqual(expect.arrayContaining(selectedFields as string[]));
		}
		const space = (workflow: WorkflowFile) => named(workflow, 'Get Free Space').parameters;
		expect(space(WHAT_IF)).toEqual(space(flow('freeleech-grabber.json')));
		const { values } = named(WHAT_IF, 'What If for Candidates').parameters;
		const highest = Math.max(...String(values).split(',').map(Number));
		expect(named(WHAT_IF, 'Search Freeleech').parameters.maxSeeders).toBe(highest);
	});
});
