import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { splitList } from '../../../shared/lists';
import { clientOf } from '../../client/client';
import { shownFor } from '../../../shared/display';
import { readTags } from '../tags';

export const description = shownFor('tag', 'create', [
	{
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		required: true,
		default: '',
		description: 'Comma-separated tags',
	},
]);

/** Creates tags, one item each: `{ name, created: true }`; those that exist stay as they are. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const { tags } = readTags(this, itemIndex);
	const client = await clientOf(this);
	await client.post('torrents/createTags', { tags });
	return splitList(tags).map((name) => ({
		json: { name, created: true },
		pairedItem: { item: itemIndex },
	}));
}
