import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf, type Client } from '../../client/client';
import { freeSpaceFor, serverState } from '../../client/freeSpace';
import { readFullPath, toItem } from '../fields';

const FREE_SPACE_PATH: INodeProperties = {
	displayName: 'Free Space Path',
	name: 'freeSpacePath',
	type: 'string',
	default: '',
	placeholder: 'e.g. /downloads/books',
	description:
		'Folder whose free space to return, as qBittorrent sees it; empty = the default save path. Before 5.3 qBittorrent only knows the free space of its default save path.',
};

/** The fields of `transfer/info` in all versions, and the free space. */
const FIELDS =
	/^(connection_status|dht_nodes|(dl|up)_(info_data|info_speed|rate_limit)|last_external_address_v[46]|free_space_on_disk)$/;

/** All in one answer, unless the free space of another folder is wanted. */
async function readState(client: Client): Promise<IDataObject> {
	const entries = Object.entries(await serverState(client)).filter(([name]) => FIELDS.test(name));
	return { ...Object.fromEntries(entries), free_space_path: null };
}

/** The free space of `path` in the client's own name, and where it was measured. */
async function readFreeSpace(context: IExecuteFunctions, client: Client, path: string) {
	const { bytes, measuredAt, isOfPath } = await freeSpaceFor(client, path);
	if (!isOfPath) {
		context.addExecutionHints({
			message: `The free space is that of "${measuredAt}", the default save path: before 5.3 qBittorrent does not know that of "${path}". If the two are on different disks, do not rely on this figure.`,
			type: 'warning',
			location: 'outputPane',
		});
	}
	return { free_space_on_disk: bytes, free_space_path: measuredAt };
}

/**
 * One item: speeds (bytes per second), session totals (bytes), `connection_status`, `dht_nodes`,
 * `free_space_on_disk` in bytes, null when qBittorrent does not know it (-1), and `free_space_path`, the folder
 * at which it was measured (null = the default save path, because no other was asked for).
 */
export const get = operation({
	value: 'get',
	name: 'Get',
	action: 'Get transfer info',
	description: 'Get speeds, connection status and free space',
	changes: false,
	fields: [FREE_SPACE_PATH],
	run: {
		perItem: async function ({ itemIndex }) {
			const path = readFullPath(new Parameters(this, itemIndex), FREE_SPACE_PATH);
			const client = await clientOf(this);
			if (path === '') return [toItem(await readState(client), itemIndex)];
			const transfer = await client.json<IDataObject>('transfer/info');
			return [toItem({ ...transfer, ...(await readFreeSpace(this, client, path)) }, itemIndex)];
		},
	},
});
