import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { failure } from '../../../shared/failure';
import type { Client } from '../../transport/client';

type Field = Omit<INodeProperties, 'displayOptions'>;

/** The category that an operation is about. */
export const nameProperty: Field = {
	displayName: 'Category Name',
	name: 'category',
	type: 'string',
	required: true,
	default: '',
	description:
		'Name of the category; a slash makes a subcategory where the client has them switched on',
};

/** Where the torrents of the category are saved. */
export const savePathProperty: Field = {
	displayName: 'Save Path',
	name: 'savePath',
	type: 'string',
	default: '',
	description:
		'Folder on the machine of qBittorrent; empty = below its default, named like the category',
};

/** The name that {@link nameProperty} gives; an empty one is refused. */
export function readName(context: IExecuteFunctions, itemIndex: number): string {
	const category = String(context.getNodeParameter('category', itemIndex) ?? '').trim();
	if (category !== '') return category;
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: 'There is no category name; nothing was changed.',
		action: 'Give "Category Name" a name.',
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
