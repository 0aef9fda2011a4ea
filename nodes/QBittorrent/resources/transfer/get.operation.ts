import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clientOf } from '../../client/client';

/**
 * One item: speeds (bytes per second), session totals (bytes), `connection_status`, `dht_nodes`, and
 * `free_space_on_disk` in bytes at the default save path, null when qBittorrent does not know it (-1).
 */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const client = await clientOf(this);
	const transfer = await client.json<IDataObject>('transfer/info');
	const main = await client.json<{ server_state?: { free_space_on_disk?: unknown } }>(
		'sync/maindata',
	);
	const free = main.server_state?.free_space_on_disk;
	return [
		{
			json: {
				...transfer,
				free_space_on_disk: typeof free === 'number' && free >= 0 ? free : null,
			},
			pairedItem: { item: itemIndex },
		},
	];
}
