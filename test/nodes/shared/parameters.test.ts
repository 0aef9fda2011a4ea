import type { IDataObject } from 'n8n-workflow';

import { Parameters } from '../../../nodes/shared/parameters';
import { contextOf } from '../QBittorrent/runNode';

const json: IDataObject = {
	text: 'a text',
	empty: '',
	number: 0,
	yes: true,
	nothing: null,
	list: [1],
	object: { some: 'y' },
	expression: '={{ 1 }}',
};

const EXPRESSIONS = [
	...Object.keys(json).map((name) => `={{ $json.${name} }}`),
	'={{ $json.missing }}',
	'={{$json.text}}',
	'={{ $json.text }} ',
	'={{ $json.text.length }}',
	"={{ $execution.mode === 'test' }}",
	"={{ $execution.mode !== 'test' }}",
	'plain',
];

describe.each(['manual', 'trigger'] as const)('the parameters of a %s run', (mode) => {
	it.each(EXPRESSIONS)('are what n8n makes of %s', (expression) => {
		const parameters = {
			resource: 'torrent',
			operation: 'delete',
			simulate: expression,
			hash: { __rl: true, mode: 'hash', value: expression },
		};
		const items = [{ json }, { json: { ...json, text: 'another', yes: false } }, { json: {} }];
		const context = contextOf(parameters, { items, mode });
		const field = { displayName: 'Field', name: 'simulate', default: '' };
		for (const [at] of items.entries()) {
			const expected = context.getNodeParameter('simulate', at);
			expect(new Parameters(context, at).value(field)).toEqual(expected);
			const place = { ...field, name: 'hash' };
			const isText = ['string', 'number'].includes(typeof expected);
			const read = () => new Parameters(context, at).locator(place);
			if (isText) expect(read()).toBe(String(expected).trim());
			else expect(read).toThrow('cannot be used');
			expect(new Parameters(context, at).value(place)).toEqual(
				context.getNodeParameter('hash', at),
			);
		}
	});
});
