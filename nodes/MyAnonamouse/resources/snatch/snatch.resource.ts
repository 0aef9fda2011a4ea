import type { Resource } from '../../../shared/operation';
import { getAll } from './getAll.operation';

export const snatch: Resource = {
	value: 'snatch',
	name: 'Snatch',
	operations: [getAll],
	defaultOperation: getAll.value,
};
