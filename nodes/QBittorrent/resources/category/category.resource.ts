import type { Resource } from '../../../shared/operation';
import { create } from './create.operation';
import { deleteCategory } from './delete.operation';
import { edit } from './edit.operation';
import { getAll } from './getAll.operation';

export const category: Resource = {
	value: 'category',
	name: 'Category',
	operations: [create, deleteCategory, edit, getAll],
	defaultOperation: getAll.value,
};
