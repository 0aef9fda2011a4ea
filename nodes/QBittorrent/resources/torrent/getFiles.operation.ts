import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isHash } from '../../parse/torrent';
import { clientOf } from '../../client/client';
import { shownFor } from '../../../shared/display';
import { hashProperty, located } from '../locators';
import { limitOf, returnAllProperties } from '../../../shared/returnAll';
import { badHashFacts, goneFacts } from '../facts';

export const description = [
	...shownFor('torrent', 'getFiles', [hashProperty]),
	...returnAllProperties('torrent', 'getFiles'),
];

/** One item per file of the torrent, its hash with it: `index, name, size` (bytes)`, progress` (0 to 1)`, priority, …`. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const hash = located(this, 'hash', itemIndex);
	const limit = limitOf(this, itemIndex);
	const client = await clientOf(this);
	if (!isHash(hash)) throw client.failure(badHashFacts(hash));
	const path = 'torrents/files';
	const answer = await client.send({ path, query: { hash }, accept: [404] });
	if (answer.status === 404) throw client.failure(goneFacts(hash));
	return client
		.parse<IDataObject[]>(answer, path)
		.slice(0, limit)
		.map((file) => ({ json: { hash, ...file }, pairedItem: { item: itemIndex } }));
}
