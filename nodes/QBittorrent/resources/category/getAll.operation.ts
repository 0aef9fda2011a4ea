import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clientOf } from '../../client/client';
import { limitOf, returnAllProperties } from '../../../shared/returnAll';
import { listCategories } from './fields';

export const description = returnAllProperties('category', 'getAll');

/** One item per category: `{ name, savePath, … }`. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const limit = limitOf(this, itemIndex);
	const categories = await listCategories(await clientOf(this));
	return [...categories].slice(0, limit).map(([name, category]) => ({
		json: { name, ...category },
		pairedItem: { item: itemIndex },
	}));
}
