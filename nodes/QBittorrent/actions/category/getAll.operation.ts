import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clientOf } from '../../transport/client';
import { listCategories } from './fields';

/** One item per category: `{ name, savePath, … }`. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const categories = await listCategories(await clientOf(this));
	return [...categories].map(([name, category]) => ({
		json: { name, ...category },
		pairedItem: { item: itemIndex },
	}));
}
