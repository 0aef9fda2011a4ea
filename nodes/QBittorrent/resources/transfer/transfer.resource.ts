import type { Resource } from '../../../shared/operation';
import { get } from './get.operation';
import { getFreeSpace } from './getFreeSpace.operation';
import { getSpeedMode, setSpeedMode } from './speedMode.operations';

export const transfer: Resource = {
	value: 'transfer',
	name: 'Transfer',
	operations: [get, getFreeSpace, getSpeedMode, setSpeedMode],
	defaultOperation: 'get',
};
