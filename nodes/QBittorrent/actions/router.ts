import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { runBatch, runPerItem, type BatchOperation, type ItemOperation } from '../../shared/run';
import * as getVersion from './application/getVersion.operation';
import * as addTorrent from './torrent/add.operation';
import * as deleteTorrents from './torrent/delete.operation';
import * as getTorrent from './torrent/get.operation';
import * as getTorrents from './torrent/getAll.operation';
import * as getTrackers from './torrent/getTrackers.operation';
import * as getTransfer from './transfer/get.operation';

/** Runs the operation that the node's parameters name. */
export async function call(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = String(this.getNodeParameter('resource', 0));
	const operation = `${resource}:${String(this.getNodeParameter('operation', 0))}`;
	const perItem = async (execute: ItemOperation) => [await runPerItem(this, operation, execute)];
	const batch = async (execute: BatchOperation) => [await runBatch(this, operation, execute)];

	switch (operation) {
		case 'application:getVersion':
			return await perItem(getVersion.execute);
		case 'torrent:add':
			return await perItem(addTorrent.execute);
		case 'torrent:delete':
			return await batch(deleteTorrents.execute);
		case 'torrent:get':
			return await perItem(getTorrent.execute);
		case 'torrent:getAll':
			return await perItem(getTorrents.execute);
		case 'torrent:getTrackers':
			return await perItem(getTrackers.execute);
		case 'transfer:get':
			return await perItem(getTransfer.execute);
		default:
			throw new NodeOperationError(this.getNode(), `The node has no operation "${operation}".`, {
				description: 'Choose resource and operation from the lists of the node.',
			});
	}
}
