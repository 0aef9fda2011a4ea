import type { INodeProperties } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf } from '../../client/client';
import { freeSpaceAt } from '../../client/freeSpace';
import { readFullPath, toItem } from '../fields';

const PATH: INodeProperties = {
	displayName: 'Path',
	name: 'path',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. /downloads/books',
	description: 'Folder as qBittorrent sees it; it need not exist yet',
};

/** One item: `path` and `freeSpaceBytes` on its disk, null when qBittorrent cannot tell. */
export const getFreeSpace = operation({
	value: 'getFreeSpace',
	name: 'Get Free Space',
	action: 'Get free space',
	description: 'Get the free space on the disk of a folder (from qBittorrent 5.3 on)',
	changes: false,
	fields: [PATH],
	run: {
		perItem: async function ({ itemIndex }) {
			const path = readFullPath(new Parameters(this, itemIndex), PATH);
			const client = await clientOf(this);
			if (!client.capabilities.freeSpaceOfPath) {
				throw client.failure({
					cause: 'bad_parameter',
					sentence: 'This version of qBittorrent does not know the free space of a folder.',
					action:
						'Update qBittorrent to 5.3 or newer, or use Transfer: Get, which has the free space of the default save path.',
				});
			}
			return [toItem({ path, freeSpaceBytes: await freeSpaceAt(client, path) }, itemIndex)];
		},
	},
});
