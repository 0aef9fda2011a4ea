import type { Resource } from '../../../shared/operation';
import { buyUpload } from './buyUpload.operation';
import { buyVip } from './buyVip.operation';

export const bonus: Resource = {
	value: 'bonus',
	name: 'Bonus',
	operations: [buyUpload, buyVip],
	defaultOperation: buyUpload.value,
};
