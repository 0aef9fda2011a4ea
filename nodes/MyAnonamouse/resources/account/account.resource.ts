import type { Resource } from '../../../shared/operation';
import { get } from './get.operation';

export const account: Resource = {
	value: 'account',
	name: 'Account',
	operations: [get],
	defaultOperation: get.value,
};
