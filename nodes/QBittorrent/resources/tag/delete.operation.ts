import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { splitList } from '../../../shared/lists';
import { clientOf } from '../../client/client';
import { shownFor } from '../../../shared/display';
import { tagsProperty } from '../locators';
import { readTags } from '../tags';

export const description = shownFor('tag', 'delete', [{ ...tagsProperty, required: true }]);

/** Deletes tags, one item each: `{ name, deleted }`, false when the client has no such tag; torrents lose them. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const { tags } = readTags(this, itemIndex);
	const client = await clientOf(this);
	const known = new Set(await client.json<string[]>('torrents/tags'));
	const present = splitList(tags).filter((name) => known.has(name));
	if (present.length > 0) await client.post('torrents/deleteTags', { tags: present.join(',') });
	return splitList(tags).map((name) => ({
		json: { name, deleted: known.has(name) },
		pairedItem: { item: itemIndex },
	}));
}
