import type { Resource } from '../../../shared/operation';
import { create } from './create.operation';
import { deleteTags } from './delete.operation';
import { deleteUnused } from './deleteUnused.operation';
import { getAll } from './getAll.operation';

export const tag: Resource = {
	value: 'tag',
	name: 'Tag',
	operations: [create, deleteTags, deleteUnused, getAll],
	defaultOperation: getAll.value,
};
