import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clientOf } from '../../client/client';
import { shownFor } from '../../../shared/display';
import { categoryProperty } from '../locators';
import { listCategories, readName } from './fields';

export const description = shownFor('category', 'delete', [
	{ ...categoryProperty, required: true },
]);

/** Deletes one category: `{ name, deleted }`, false when the client has none of the name. Its torrents stay, without a category. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const name = readName(this, itemIndex);
	const client = await clientOf(this);
	// qBittorrent itself passes over names that it does not know.
	const deleted = (await listCategories(client)).has(name);
	if (deleted) await client.post('torrents/removeCategories', { categories: name });
	return [{ json: { name, deleted }, pairedItem: { item: itemIndex } }];
}
