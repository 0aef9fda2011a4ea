import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { runOperation, type Operation } from '../../shared/run';
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

const OPERATIONS: Record<string, Operation> = {
	'application:getPreferences': { perItem: getPreferences.execute },
	'application:getVersion': { perItem: getVersion.execute },
	'application:setPreferences': { perItem: setPreferences.execute },
	'category:create': { perItem: createCategory.execute },
	'category:delete': { perItem: deleteCategory.execute },
	'category:edit': { perItem: editCategory.execute },
	'category:getAll': { perItem: getAllCategory.execute },
	'tag:create': { perItem: createTag.execute },
	'tag:delete': { perItem: deleteTag.execute },
	'tag:getAll': { perItem: getAllTag.execute },
	'torrent:add': { perItem: addTorrent.execute },
	'torrent:addTags': { atOnce: addTags.execute },
	'torrent:delete': { atOnce: deleteTorrent.execute },
	'torrent:export': { perItem: exportTorrent.execute },
	'torrent:forceStart': { atOnce: forceStartTorrent.execute },
	'torrent:get': { perItem: getTorrent.execute },
	'torrent:getAll': { perItem: getAllTorrent.execute },
	'torrent:getFiles': { perItem: getFiles.execute },
	'torrent:getTrackers': { perItem: getTrackers.execute },
	'torrent:reannounce': { atOnce: reannounceTorrent.execute },
	'torrent:recheck': { atOnce: recheckTorrent.execute },
	'torrent:removeTags': { atOnce: removeTags.execute },
	'torrent:setCategory': { atOnce: setCategory.execute },
	'torrent:setLocation': { atOnce: setLocation.execute },
	'torrent:setShareLimits': { atOnce: setShareLimits.execute },
	'torrent:start': { atOnce: startTorrent.execute },
	'torrent:stop': { atOnce: stopTorrent.execute },
	'transfer:get': { perItem: getTransfer.execute },
};

/** Runs the operation that the node's parameters name. */
export async function call(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await runOperation(this, OPERATIONS);
}
