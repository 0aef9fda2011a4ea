import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { failure } from '../../../shared/failure';
import type { Client } from '../../client/client';
import { located } from '../locators';

type Field = Omit<INodeProperties, 'displayOptions'>;

/** Where the torrents of the category are saved. */
export const savePathProperty: Field = {
	displayName: 'Save Path',
	name: 'savePath',
	type: 'string',
	default: '',
	description:
		'Folder on the machine of qBittorrent; empty = below its default, named like the category',
};

/** The name that `category` gives; an empty one is refused. */
export function readName(context: IExecuteFunctions, itemIndex: number): string {
	const category = located(context, 'category', itemIndex);
	if (category !== '') return category;
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: 'There is no category name; nothing was changed.',
		action: 'Choose "Category" from the list, or give it a name.',
	});
}

/** The folder that {@link savePathProperty} gives; '' for the client's own choice. */
export function readSavePath(context: IExecuteFunctions, itemIndex: number): string {
	return String(context.getNodeParameter('savePath', itemIndex) ?? '').trim();
}

/** The categories of the client by their names. */
export async function listCategories(client: Client): Promise<Map<string, IDataObject>> {
	return new Map(
		Object.entries(await client.json<Record<string, IDataObject>>('torrents/categories')),
	);
}
