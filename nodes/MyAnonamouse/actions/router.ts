import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { failure } from '../../shared/failure';
import {
	operationName,
	runBatch,
	runPerItem,
	type BatchOperation,
	type ItemOperation,
} from '../../shared/run';
import * as accountGet from './account/get.operation';
import * as buyUpload from './bonus/buyUpload.operation';
import * as buyVip from './bonus/buyVip.operation';
import * as updateIp from './seedbox/updateIp.operation';
import * as snatchGetAll from './snatch/getAll.operation';
import * as torrentDownload from './torrent/download.operation';
import * as torrentGet from './torrent/get.operation';
import * as torrentSearch from './torrent/search.operation';

/** Runs the chosen operation. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const name = operationName(this);
	const perItem = async (execute: ItemOperation) => [await runPerItem(this, name, execute)];
	const atOnce = async (execute: BatchOperation) => [await runBatch(this, name, execute)];
	switch (name) {
		case 'account:get':
			return await perItem(accountGet.execute);
		case 'bonus:buyUpload':
			return await atOnce(buyUpload.execute);
		case 'bonus:buyVip':
			return await atOnce(buyVip.execute);
		case 'seedbox:updateIp':
			return await perItem(updateIp.execute);
		case 'snatch:getAll':
			return await perItem(snatchGetAll.execute);
		case 'torrent:download':
			return await perItem(torrentDownload.execute);
		case 'torrent:get':
			return await perItem(torrentGet.execute);
		case 'torrent:search':
			return await perItem(torrentSearch.execute);
		default:
			return await perItem(async () => {
				throw failure(this.getNode(), {
					cause: 'bad_parameter',
					sentence: `The operation "${name}" is not known.`,
					action: 'Choose resource and operation again in the node.',
				});
			});
	}
}
