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
const SENT = { json: { id: 'x' } };
const FAILED = { json: { error: { message: 'connect ECONNREFUSED' } } };

async function remember(
	parameters: Record<string, unknown>,
	staticData: IDataObject = {},
	mode = 'trigger',
) {
	const [items] = await runOutputs(
		'rememberRun',
		[{ messages: MESSAGES }],
		parameters,
		staticData,
		[],
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
			{ ...FAILED, pairedItem: { item: 1 } },
			{ ...FAILED, pairedItem: 2 },
		];
		await remember({ messageAnswers }, staticData);
		expect(staticData.unsent).toEqual(MESSAGES.slice(1));
	});

	test('answers without numbers belong to the messages in their order', async () => {
		const staticData: IDataObject = {};
		await remember({ messageAnswers: [SENT, FAILED] }, staticData);
		expect(staticData.unsent).toEqual([MESSAGES[1]]);
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
		'answers that are %p are named, and the memory is kept all the same',
		async (messageAnswers) => {
			const staticData: IDataObject = { events: { mouse: {} } };
			const [{ memory, problems }] = await remember({ messageAnswers }, staticData);
			expect(JSON.parse(String(memory))).toEqual({
				runs: 1,
				memory: { runs: 1, events: { mouse: {} } },
			});
			expect((problems as string[]).join()).toMatch(/Message Answers|Tell Me/);
		},
	);
});

describe('recallMemory', () => {
	const recall = async (rows: IDataObject[], staticData: IDataObject) =>
		(await runOutputs('recallMemory', rows, {}, staticData))[0].map(({ json }) => json);

	test('says where the memory comes from, and how many runs it has seen', async () => {
		const row = { workflow: 'w', memory: '{"runs":7,"memory":{"runs":7,"seen":{}}}' };
		const staticData: IDataObject = {};
		expect(await recall([row], staticData)).toEqual([{ memory: 'table', runs: 7 }]);
		expect(staticData).toMatchObject({ seen: {} });
		expect(await recall([row], { runs: 7 })).toEqual([{ memory: 'static data', runs: 7 }]);
		expect(await recall([], {})).toEqual([{ memory: 'nowhere', runs: 0 }]);
	});

	test('a table that cannot be read is said, with what to do, and fails nothing', async () => {
		expect(await recall([{ error: 'Data table not found' }], { runs: 2 })).toEqual([
			{
				memory: 'static data',
				note: expect.stringContaining('Execute the workflow Daily report once'),
				runs: 2,
			},
		]);
	});
});
