import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { runOperation, type Operation } from '../../shared/run';
import * as accountGet from './account/get.operation';
import * as buyUpload from './bonus/buyUpload.operation';
import * as buyVip from './bonus/buyVip.operation';
import * as updateIp from './seedbox/updateIp.operation';
import * as snatchGetAll from './snatch/getAll.operation';
import * as torrentDownload from './torrent/download.operation';
import * as torrentGet from './torrent/get.operation';
import * as torrentSearch from './torrent/search.operation';

const OPERATIONS: Record<string, Operation> = {
	'account:get': { perItem: accountGet.execute },
	'bonus:buyUpload': { atOnce: buyUpload.execute },
	'bonus:buyVip': { atOnce: buyVip.execute },
	'seedbox:updateIp': { perItem: updateIp.execute },
	'snatch:getAll': { perItem: snatchGetAll.execute },
	'torrent:download': { perItem: torrentDownload.execute },
	'torrent:get': { perItem: torrentGet.execute },
	'torrent:search': { perItem: torrentSearch.execute },
};

/** Runs the operation that the node's parameters name. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await runOperation(this, OPERATIONS);
}
