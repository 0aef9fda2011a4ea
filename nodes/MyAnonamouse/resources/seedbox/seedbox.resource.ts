import type { Resource } from '../../../shared/operation';
import { updateIp } from './updateIp.operation';

export const seedbox: Resource = {
	value: 'seedbox',
	name: 'Seedbox',
	operations: [updateIp],
	defaultOperation: updateIp.value,
};
