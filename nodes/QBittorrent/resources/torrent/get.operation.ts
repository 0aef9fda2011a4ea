import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isHash, readTorrent } from '../../parse/torrent';
import { clientOf } from '../../client/client';
import { listByHash } from '../../client/torrents';
import { shownFor } from '../../../shared/display';
import { hashProperty, located } from '../locators';
import { fieldsProperty, readFields } from '../recordFields';
import { badHashFacts, goneFacts } from '../facts';

export const description = shownFor('torrent', 'get', [
	hashProperty,
	fieldsProperty('The fields that Get Many gives, without your passkey'),
]);

/** One item: the torrent. `gone` when it is not listed. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const hash = located(this, 'hash', itemIndex);
	const client = await clientOf(this);
	if (!isHash(hash)) throw client.failure(badHashFacts(hash));
	const torrent = (await listByHash(client, [hash])).get(hash.toLowerCase());
	if (torrent === undefined) throw client.failure(goneFacts(hash));
	return [
		{
			json: readTorrent(torrent, readFields(this, itemIndex)) as never,
			pairedItem: { item: itemIndex },
		},
	];
}
