import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clientOf } from '../../transport/client';

/** One item per tag: `{ name }`. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const client = await clientOf(this);
	const tags = await client.json<string[]>('torrents/tags');
	return tags.map((name) => ({ json: { name }, pairedItem: { item: itemIndex } }));
}
