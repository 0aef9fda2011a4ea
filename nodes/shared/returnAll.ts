import type { INodeProperties } from 'n8n-workflow';

import type { Parameters } from './parameters';

const RETURN_ALL: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

const LIMIT: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

/** Return All and Limit of an operation that lists. */
export const LIMITS = [RETURN_ALL, LIMIT];

/** How many results the user wants; undefined for all of them. */
export function readLimit(parameters: Parameters): number | undefined {
	return parameters.flag(RETURN_ALL) ? undefined : parameters.number(LIMIT);
}
