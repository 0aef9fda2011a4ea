import type { Resource } from '../../../shared/operation';
import { get } from './get.operation';

export const transfer: Resource = {
	value: 'transfer',
	name: 'Transfer',
	operations: [get],
	defaultOperation: 'get',
};
