import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { checkNumber } from './checks';
import { failure } from './failure';

/** Return All and Limit of an operation that lists. */
export function returnAllProperties(resource: string, operation: string): INodeProperties[] {
	const show = { resource: [resource], operation: [operation] };
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: { show },
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { ...show, returnAll: [false] } },
		},
	];
}

/** How many results the user wants; undefined for all of them. */
export function limitOf(context: IExecuteFunctions, itemIndex: number): number | undefined {
	if (context.getNodeParameter('returnAll', itemIndex) === true) return undefined;
	const limit = context.getNodeParameter('limit', itemIndex);
	const bad = checkNumber('limit', limit, { label: 'Limit', min: 1, integer: true });
	if (bad === null) return limit as number;
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: 'The limit is not usable, so nothing was listed.',
		action: bad.fix,
	});
}
