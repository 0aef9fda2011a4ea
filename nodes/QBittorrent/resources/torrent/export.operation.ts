import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { infoHashOf } from '../../../shared/bencode';
import { isHash } from '../../parse/torrent';
import { clientOf } from '../../client/client';
import { shownFor } from '../../../shared/display';
import { hashProperty, located } from '../locators';
import { badHashFacts, goneFacts } from '../facts';

export const description = shownFor('torrent', 'export', [
	hashProperty,
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		description: 'Name of the binary field of the output item that gets the .torrent file',
	},
]);

/** One item: the .torrent file as binary, with `hash, name, fileName, sizeBytes` of its content. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const hash = located(this, 'hash', itemIndex);
	const property = String(this.getNodeParameter('binaryPropertyName', itemIndex));
	const client = await clientOf(this);
	if (!isHash(hash)) throw client.failure(badHashFacts(hash));
	if (!client.capabilities.exportTorrent) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: 'This version of qBittorrent cannot export torrents.',
			action: 'Update qBittorrent to 4.5 or newer.',
		});
	}
	const answer = await client.send({
		path: 'torrents/export',
		query: { hash },
		accept: [404, 409],
	});
	if (answer.status === 404) throw client.failure(goneFacts(hash));
	const torrent = answer.status === 409 ? null : infoHashOf(answer.body);
	if (torrent === null) {
		throw client.failure({
			cause: 'bad_torrent',
			sentence: `qBittorrent has no .torrent file of ${hash} to give.`,
			action: 'A magnet link has none until its metadata is there: export it after that.',
		});
	}
	const fileName = `${torrent.name.replace(/[\\/:*?"<>|]/g, '_')}.torrent`;
	const data = await this.helpers.prepareBinaryData(
		answer.body,
		fileName,
		'application/x-bittorrent',
	);
	return [
		{
			json: { hash, name: torrent.name, fileName, sizeBytes: torrent.sizeBytes },
			binary: { [property]: data },
			pairedItem: { item: itemIndex },
		},
	];
}
