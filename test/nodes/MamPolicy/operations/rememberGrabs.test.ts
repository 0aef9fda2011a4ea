import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { MamPolicy } from '../../../../nodes/MamPolicy/MamPolicy.node';

function contextWith(
	items: INodeExecutionData[],
	staticData: IDataObject,
	regrabAfterDays: () => unknown = () => 14,
) {
	return {
		getInputData: () => items,
		getNodeParameter: (name: string) =>
			name === 'operation' ? 'rememberGrabs' : regrabAfterDays(),
		getWorkflowStaticData: () => staticData,
		getMode: () => 'trigger',
		getNode: () => ({ name: 'Remember Grabs', type: 'mamPolicy' }),
	} as unknown as IExecuteFunctions;
}

async function remember(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const [items] = await new MamPolicy().execute.call(context);
	return items;
}

const added = { json: { id: 7, infoHash: 'aa', result: 'added' }, pairedItem: { item: 3 } };
const vipOnly = {
	json: { id: 8, error: 'VIP only', message: 'None.', details: { cause: 'vip_only' } },
};

describe('rememberGrabs', () => {
	it('passes every item on, failures included, and remembers the grabs', async () => {
		const staticData: IDataObject = { other: 'kept' };
		const out = await remember(contextWith([added, vipOnly], staticData));

		expect(out.map((item) => item.json)).toEqual([added.json, vipOnly.json]);
		expect(out.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(staticData).toEqual({
			other: 'kept',
			grabs: { added: { '7': expect.any(Number) }, tried: { '8': expect.any(Number) } },
		});
	});

	it('forgets nothing between two runs', async () => {
		const staticData: IDataObject = {};
		await remember(contextWith([added], staticData));
		await remember(contextWith([vipOnly], staticData));
		expect(Object.keys((staticData.grabs as IDataObject).added as IDataObject)).toEqual(['7']);
	});

	it('remembers nothing of a simulated run', async () => {
		const staticData: IDataObject = {};
		const simulated = { json: { ...added.json, simulated: true } };
		await remember(contextWith([simulated], staticData));
		expect(staticData.grabs).toEqual({ added: {}, tried: {} });
	});

	it('ignores what an earlier step skipped', async () => {
		const staticData: IDataObject = {};
		const skipped = { json: { ...added.json, skipped: true, reason: 'no_longer_free' } };
		const out = await remember(contextWith([skipped], staticData));
		expect(out.map((item) => item.json)).toEqual([skipped.json]);
		expect(staticData.grabs).toEqual({ added: {}, tried: {} });
	});

	it.each([0, -1, Number.NaN, '14', undefined])(
		'with %p days still remembers, and adds a failure for the report',
		async (days) => {
			const staticData: IDataObject = {};
			const out = await remember(contextWith([added], staticData, () => days));

			expect(out).toHaveLength(2);
			expect(out[1].json).toMatchObject({
				error: expect.stringContaining('Regrab After (Days)'),
				message: expect.stringContaining('Regrab After (Days)'),
				details: { cause: 'bad_parameter', operation: 'rememberGrabs' },
			});
			expect(staticData.grabs).toMatchObject({ added: { '7': expect.any(Number) } });
		},
	);

	it('reports an expression that throws, and still passes the items on', async () => {
		const fail = () => {
			throw new TypeError('no such node');
		};
		const out = await remember(contextWith([added], {}, fail));
		expect(out[0].json).toEqual(added.json);
		expect(out[1].json.message).toContain('no such node');
	});
});
