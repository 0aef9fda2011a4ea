import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { failure } from '../../shared/failure';
import {
	operationName,
	runBatch,
	runPerItem,
	type BatchOperation,
	type ItemOperation,
} from '../../shared/run';
import * as getPreferences from './application/getPreferences.operation';
import * as getVersion from './application/getVersion.operation';
import * as setPreferences from './application/setPreferences.operation';
import * as createCategory from './category/create.operation';
import * as deleteCategory from './category/delete.operation';
import * as editCategory from './category/edit.operation';
import * as getAllCategory from './category/getAll.operation';
import * as createTag from './tag/create.operation';
import * as deleteTag from './tag/delete.operation';
import * as getAllTag from './tag/getAll.operation';
import * as addTorrent from './torrent/add.operation';
import * as addTags from './torrent/addTags.operation';
import * as deleteTorrent from './torrent/delete.operation';
import * as exportTorrent from './torrent/export.operation';
import * as forceStartTorrent from './torrent/forceStart.operation';
import * as getTorrent from './torrent/get.operation';
import * as getAllTorrent from './torrent/getAll.operation';
import * as getFiles from './torrent/getFiles.operation';
import * as getTrackers from './torrent/getTrackers.operation';
import * as reannounceTorrent from './torrent/reannounce.operation';
import * as recheckTorrent from './torrent/recheck.operation';
import * as removeTags from './torrent/removeTags.operation';
import * as setCategory from './torrent/setCategory.operation';
import * as setLocation from './torrent/setLocation.operation';
import * as setShareLimits from './torrent/setShareLimits.operation';
import * as startTorrent from './torrent/start.operation';
import * as stopTorrent from './torrent/stop.operation';
import * as getTransfer from './transfer/get.operation';

/** Runs the operation that the node's parameters name. */
export async function call(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = operationName(this);
	const perItem = async (execute: ItemOperation) => [await runPerItem(this, operation, execute)];
	const batch = async (execute: BatchOperation) => [await runBatch(this, operation, execute)];

	switch (operation) {
		case 'application:getPreferences':
			return await perItem(getPreferences.execute);
		case 'application:getVersion':
			return await perItem(getVersion.execute);
		case 'application:setPreferences':
			return await perItem(setPreferences.execute);
		case 'category:create':
			return await perItem(createCategory.execute);
		case 'category:delete':
			return await perItem(deleteCategory.execute);
		case 'category:edit':
			return await perItem(editCategory.execute);
		case 'category:getAll':
			return await perItem(getAllCategory.execute);
		case 'tag:create':
			return await perItem(createTag.execute);
		case 'tag:delete':
			return await perItem(deleteTag.execute);
		case 'tag:getAll':
			return await perItem(getAllTag.execute);
		case 'torrent:add':
			return await perItem(addTorrent.execute);
		case 'torrent:addTags':
			return await batch(addTags.execute);
		case 'torrent:delete':
			return await batch(deleteTorrent.execute);
		case 'torrent:export':
			return await perItem(exportTorrent.execute);
		case 'torrent:forceStart':
			return await batch(forceStartTorrent.execute);
		case 'torrent:get':
			return await perItem(getTorrent.execute);
		case 'torrent:getAll':
			return await perItem(getAllTorrent.execute);
		case 'torrent:getFiles':
			return await perItem(getFiles.execute);
		case 'torrent:getTrackers':
			return await perItem(getTrackers.execute);
		case 'torrent:reannounce':
			return await batch(reannounceTorrent.execute);
		case 'torrent:recheck':
			return await batch(recheckTorrent.execute);
		case 'torrent:removeTags':
			return await batch(removeTags.execute);
		case 'torrent:setCategory':
			return await batch(setCategory.execute);
		case 'torrent:setLocation':
			return await batch(setLocation.execute);
		case 'torrent:setShareLimits':
			return await batch(setShareLimits.execute);
		case 'torrent:start':
			return await batch(startTorrent.execute);
		case 'torrent:stop':
			return await batch(stopTorrent.execute);
		case 'transfer:get':
			return await perItem(getTransfer.execute);
		default:
			// Thrown outside of the runner, it would let the input items pass as if they had succeeded.
			return await perItem(async () => {
				throw failure(this.getNode(), {
					cause: 'bad_parameter',
					sentence: `The node has no operation "${operation}".`,
					action: 'Choose resource and operation from the lists of the node.',
				});
			});
	}
}
