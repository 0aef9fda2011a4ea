import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clientOf } from '../../client/client';
import { limitOf, returnAllProperties } from '../../../shared/returnAll';

export const description = returnAllProperties('tag', 'getAll');

/** One item per tag: `{ name }`. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const limit = limitOf(this, itemIndex);
	const client = await clientOf(this);
	const tags = await client.json<string[]>('torrents/tags');
	return tags.slice(0, limit).map((name) => ({ json: { name }, pairedItem: { item: itemIndex } }));
}
