import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clientOf } from '../../client/client';
import { shownFor } from '../../../shared/display';
import { readName, readSavePath, savePathProperty } from './fields';

export const description = shownFor('category', 'create', [
	{
		displayName: 'Category',
		name: 'category',
		type: 'string',
		required: true,
		default: '',
		description:
			'Name of the category; a slash makes a subcategory where the client has them switched on',
	},
	savePathProperty,
]);

/** Creates one category: `{ name, savePath }`. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const category = readName(this, itemIndex);
	const savePath = readSavePath(this, itemIndex);
	const client = await clientOf(this);
	const answer = await client.post(
		'torrents/createCategory',
		{ category, savePath },
		{ accept: [409] },
	);
	if (answer.status === 409) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: `qBittorrent did not create the category "${category}": it exists already, or its name is not allowed.`,
			action:
				'Edit the existing category instead, or choose another name, without a backslash and without a leading, trailing or doubled slash.',
		});
	}
	return [{ json: { name: category, savePath }, pairedItem: { item: itemIndex } }];
}
