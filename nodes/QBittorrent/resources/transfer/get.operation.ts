import type { IDataObject } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { clientOf } from '../../client/client';
import { toItem } from '../fields';

/**
 * One item: speeds (bytes per second), session totals (bytes), `connection_status`, `dht_nodes`, and
 * `free_space_on_disk` in bytes at the default save path, null when qBittorrent does not know it (-1).
 */
export const get = operation({
	value: 'get',
	name: 'Get',
	action: 'Get transfer info',
	description: 'Get speeds, connection status and free space',
	changes: false,
	fields: [],
	run: {
		perItem: async function ({ itemIndex }) {
			const client = await clientOf(this);
			const transfer = await client.json<IDataObject>('transfer/info');
			const main = await client.json<{ server_state?: { free_space_on_disk?: unknown } }>(
				'sync/maindata',
			);
			const free = main.server_state?.free_space_on_disk;
			const known = typeof free === 'number' && free >= 0 ? free : null;
			return [toItem({ ...transfer, free_space_on_disk: known }, itemIndex)];
		},
	},
});
