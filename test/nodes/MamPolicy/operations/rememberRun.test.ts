import type { IDataObject } from 'n8n-workflow';

import { Broken, runOutputs } from './runPolicy';

const message = (event: string) => ({
	event,
	severity: 'warning',
	title: event,
	message: 'Look.',
	flow: 'grabber',
	instance: '',
	at: '2026-09-06T09:02:00.000Z',
});
const MESSAGES = ['mouse', 'failed', 'blocked'].map(message);
/** The messages as kept after `tries`. */
const kept = (messages: object[], tries = 1) =>
	messages.map((one) => ({ ...one, tries, tried: expect.any(String) }));
const SENT = { json: { id: 'x' } };
const FAILED = { json: { error: { message: 'connect ECONNREFUSED' } } };

async function remember(
	parameters: Record<string, unknown>,
	staticData: IDataObject = {},
	mode = 'trigger',
	hints: unknown[] = [],
) {
	const [items] = await runOutputs(
		'rememberRun',
		[{ messages: MESSAGES }],
		parameters,
		staticData,
		hints,
		mode,
	);
	return items.map(({ json }) => json);
}

describe('rememberRun', () => {
	test('a failed push is noted, and forgotten after one that arrived or was not due', async () => {
		const staticData: IDataObject = {};
		for (const [pushAnswers, noted] of [
			[[SENT, FAILED], true],
			[[SENT, SENT], undefined],
			[[FAILED], true],
			[[], undefined],
		] as const) {
			await remember({ pushAnswers }, staticData);
			expect(staticData.pushFailed).toBe(noted);
		}
	});

	test('the messages that could not be sent are kept, by the item that each answer belongs to', async () => {
		const staticData: IDataObject = {};
		const messageAnswers = [
			{ ...SENT, pairedItem: { item: 0 } },
			// A receiver that answers with a list gives several items.
			{ ...SENT, pairedItem: { item: 0 } },
			{ ...FAILED, pairedItem: [{ item: 1 }] },
			{ ...FAILED, pairedItem: 2 },
		];
		await remember({ messageAnswers }, staticData);
		expect(staticData.unsent).toEqual(kept(MESSAGES.slice(1)));
	});

	test('answers without numbers belong to the messages in their order', async () => {
		const staticData: IDataObject = {};
		await remember({ messageAnswers: [SENT, FAILED, SENT] }, staticData);
		expect(staticData.unsent).toEqual(kept([MESSAGES[1]]));
	});

	test('answers that do not match the messages, as after a filter: one failure keeps them all', async () => {
		const staticData: IDataObject = {};
		await remember({ messageAnswers: [{ ...FAILED, pairedItem: { item: 0 } }] }, staticData);
		expect(staticData.unsent).toEqual(kept(MESSAGES));
	});

	test('more answers than messages, as after a step that splits them: one failure keeps them all', async () => {
		const staticData: IDataObject = {};
		const messageAnswers = [SENT, SENT, SENT, FAILED].map((answer, item) => ({
			...answer,
			pairedItem: { item },
		}));
		await remember({ messageAnswers }, staticData);
		expect(staticData.unsent).toEqual(kept(MESSAGES));
	});

	test('answers that are no items are ignored, and the memory is kept all the same', async () => {
		const staticData: IDataObject = {};
		const answers = { pushAnswers: [null, 'x', FAILED], messageAnswers: [null, 'x'] };
		expect(await remember(answers, staticData)).toHaveLength(1);
		expect(staticData).toEqual({ pushFailed: true });
	});

	test('what is no message does not stay among the unsent ones', async () => {
		const staticData: IDataObject = { unsent: [{ event: 'no message' }] };
		await remember({}, staticData);
		expect(staticData).not.toHaveProperty('unsent');
	});

	test('what waits for its next try stays', async () => {
		const [waiting] = [{ ...message('stale'), tries: 4, tried: '2026-09-06T09:02:00.000Z' }];
		const staticData: IDataObject = { unsent: [waiting] };
		await remember({ messageAnswers: [SENT, SENT, FAILED] }, staticData);
		expect(staticData.unsent).toEqual([waiting, ...kept([MESSAGES[2]])]);
	});

	test('a step Tell Me that is switched off passes the messages on: nothing failed', async () => {
		const staticData: IDataObject = {};
		await remember({ messageAnswers: MESSAGES.map((json) => ({ json })) }, staticData);
		expect(staticData).not.toHaveProperty('unsent');
	});

	test.each(['manual', 'retry'])('a run in mode %s leaves no memory', async (mode) => {
		const staticData: IDataObject = { events: {} };
		expect(await remember({ pushAnswers: [FAILED] }, staticData, mode)).toEqual([]);
		expect(staticData).toEqual({ events: {} });
	});

	test.each([undefined, null, '', 'x', new Broken("Node 'Tell Me' does not exist")])(
		'answers that are %p are named in a hint, and the memory is kept all the same',
		async (messageAnswers) => {
			const hints: unknown[] = [];
			const staticData: IDataObject = { runs: 1, events: { mouse: {} } };
			const [{ memory }] = await remember({ messageAnswers }, staticData, 'trigger', hints);
			expect(JSON.parse(String(memory))).toEqual({ runs: 1, kept: 0, memory: staticData });
			expect(JSON.stringify(hints)).toMatch(/Message Answers|Tell Me/);
		},
	);

	test.each([
		[{ source: 'static data', runs: 20, kept: 12 }, '{"runs":3,"kept":12}'],
		[{ source: 'static data', runs: 20, kept: 'x' }, '{"runs":3,"kept":0,"memory":{"runs":3}}'],
		[{}, '{"runs":3,"kept":0,"memory":{"runs":3}}'],
	])('after %j the row is %s', async (recalled, memory) => {
		expect(await remember({ recalled }, { runs: 3 })).toEqual([{ memory }]);
	});

	test.each([[], undefined, new Broken('No such step')])(
		'with %p for the item of Recall Memory no row is written: it may hold more',
		async (recalled) => {
			const hints: unknown[] = [];
			expect(await remember({ recalled }, { runs: 3 }, 'trigger', hints)).toEqual([]);
			expect(JSON.stringify(hints)).toContain('so it is not written');
		},
	);

	test('after a row that could not be read none is written, and what failed is noted', async () => {
		const staticData: IDataObject = {};
		const parameters = { recalled: { unreadable: true }, pushAnswers: [FAILED] };
		expect(await remember(parameters, staticData)).toEqual([]);
		expect(staticData).toEqual({ pushFailed: true });
	});

	test('a value of another node that JSON cannot hold fails nothing: a hint, and no row', async () => {
		const hints: unknown[] = [];
		const cycle: IDataObject = {};
		cycle.self = cycle;
		expect(await remember({}, { cycle }, 'trigger', hints)).toEqual([]);
		expect(JSON.stringify(hints)).toContain('circular');
	});
});

describe('recallMemory', () => {
	const recall = async (rows: IDataObject[], staticData: IDataObject, mode?: string) =>
		(await runOutputs('recallMemory', rows, {}, staticData, [], mode))[0].map(({ json }) => json);

	const row = { workflow: 'w', memory: '{"runs":7,"kept":2,"memory":{"runs":7,"seen":{}}}' };

	test('says where the memory comes from, and how many runs it knows of', async () => {
		const staticData: IDataObject = {};
		expect(await recall([row], staticData)).toEqual([{ source: 'table', runs: 7, kept: 0 }]);
		expect(staticData).toEqual({ runs: 7, seen: {} });
		const kept = { source: 'static data', runs: 7, kept: 3 };
		expect(await recall([row], { runs: 7 })).toEqual([kept]);
		expect(await recall([], {})).toEqual([{ source: 'nowhere', runs: 0, kept: 0 }]);
	});

	test('a run by hand knows it too', async () => {
		const staticData: IDataObject = {};
		await recall([row], staticData, 'manual');
		expect(staticData).toHaveProperty('seen');
	});

	test('the input of Read Memory, which n8n passes on when the database refuses, is not a row', async () => {
		expect(await recall([{ category: 'mam-farming', instance: '' }], {})).toMatchObject([
			{ unreadable: true },
		]);
	});

	test('a table that cannot be read is said, with what to do, and fails nothing', async () => {
		expect(await recall([{ error: 'Data table not found' }], { runs: 2 })).toEqual([
			{
				unreadable: true,
				runs: 2,
				note: expect.stringContaining('execute the workflow Daily report once'),
			},
		]);
	});
});

test.each(['recallMemory', 'rememberRun', 'reportMetrics', 'rememberGrabs'])(
	'%s touches nothing in a retry: n8n hands it nothing, and saves what it changed',
	async (operation) => {
		const touched: unknown[] = [];
		const note = (_: object, key: unknown) => touched.push(key) > 0;
		const staticData = new Proxy({}, { set: note, deleteProperty: note, defineProperty: note });
		const items = [{ memory: '{"runs":7,"memory":{"runs":7}}', result: 'added', id: 1 }];
		const parameters = { pushgatewayUrl: '' };
		await runOutputs(operation, items, parameters, staticData, [], 'retry');
		expect(touched).toEqual([]);
	},
);
