import type { INodeProperties } from 'n8n-workflow';

import { infoHashOf } from '../../../shared/bencode';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf, type Client } from '../../client/client';
import { goneFacts } from '../../client/torrents';
import { readHash, toItem, TORRENT } from '../fields';

const BINARY_FIELD: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	description: 'Name of the output binary field to put the .torrent file in',
};

async function fetchFile(client: Client, hash: string): Promise<Buffer | null> {
	if (!client.capabilities.exportTorrent) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: 'This version of qBittorrent cannot export torrents.',
			action: 'Update qBittorrent to 4.5 or newer.',
		});
	}
	const request = { path: 'torrents/export', query: { hash }, accept: [404, 409] };
	const { status, body } = await client.send(request);
	if (status === 404) throw client.failure(goneFacts(hash));
	return status === 409 ? null : body;
}

/** One item: the .torrent file as binary, with `hash, name, fileName, sizeBytes` of its content. */
export const exportTorrent = operation({
	value: 'export',
	name: 'Export',
	action: 'Export torrent',
	description: 'Get the .torrent file of a torrent',
	changes: false,
	fields: [TORRENT, BINARY_FIELD],
	run: {
		perItem: async function ({ itemIndex }) {
			const parameters = new Parameters(this, itemIndex);
			const hash = readHash(parameters);
			const property = parameters.text(BINARY_FIELD);
			const client = await clientOf(this);
			const file = await fetchFile(client, hash);
			const torrent = file === null ? null : infoHashOf(file);
			if (file === null || torrent === null) {
				throw client.failure({
					cause: 'bad_torrent',
					sentence: `qBittorrent has no .torrent file of ${hash} to export.`,
					action:
						'A magnet link has no .torrent file until its metadata is downloaded; export it then.',
				});
			}
			const { name, sizeBytes } = torrent;
			const fileName = `${name.replace(/[\\/:*?"<>|]/g, '_')}.torrent`;
			const type = 'application/x-bittorrent';
			const data = await this.helpers.prepareBinaryData(file, fileName, type);
			const item = toItem({ hash, name, fileName, sizeBytes }, itemIndex);
			return [{ ...item, binary: { [property]: data } }];
		},
	},
});
