import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clientOf } from '../../client/client';
import { shownFor } from '../../../shared/display';
import { categoryProperty } from '../locators';
import { listCategories, readName, readSavePath, savePathProperty } from './fields';

export const description = shownFor('category', 'edit', [
	{ ...categoryProperty, required: true },
	savePathProperty,
]);

/** Changes the folder of one category: `{ name, savePath }`. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const name = readName(this, itemIndex);
	const savePath = readSavePath(this, itemIndex);
	const client = await clientOf(this);
	const category = (await listCategories(client)).get(name);
	if (category === undefined) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: `qBittorrent has no category "${name}" to edit.`,
			action: 'Correct the name, or create the category first.',
		});
	}
	// An edit that changes nothing would be refused like one of an unknown category.
	if (category.savePath !== savePath) {
		await client.post('torrents/editCategory', { category: name, savePath });
	}
	return [{ json: { name, savePath }, pairedItem: { item: itemIndex } }];
}
