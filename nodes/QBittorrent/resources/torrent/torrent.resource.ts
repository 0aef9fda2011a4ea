import type { Resource } from '../../../shared/operation';
import { add } from './add.operation';
import { addTags } from './addTags.operation';
import { deleteTorrents } from './delete.operation';
import { exportTorrent } from './export.operation';
import { forceStart } from './forceStart.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { getFiles } from './getFiles.operation';
import { getProperties } from './getProperties.operation';
import { getTrackers } from './getTrackers.operation';
import { reannounce } from './reannounce.operation';
import { recheck } from './recheck.operation';
import { rename, renameFile, renameFolder } from './rename.operations';
import { removeTags } from './removeTags.operation';
import { setAutoManagement } from './setAutoManagement.operation';
import { setCategory } from './setCategory.operation';
import { setFilePriority } from './setFilePriority.operation';
import { setLocation } from './setLocation.operation';
import { setQueuePosition } from './setQueuePosition.operation';
import { setShareLimits } from './setShareLimits.operation';
import { setSpeedLimits } from './setSpeedLimits.operation';
import { setTags } from './setTags.operation';
import { start } from './start.operation';
import { stop } from './stop.operation';
import { addTrackers, editTracker, removeTrackers } from './trackers.operations';

export const torrent: Resource = {
	value: 'torrent',
	name: 'Torrent',
	operations: [
		add,
		addTags,
		addTrackers,
		deleteTorrents,
		editTracker,
		exportTorrent,
		forceStart,
		get,
		getFiles,
		getAll,
		getProperties,
		getTrackers,
		reannounce,
		recheck,
		removeTags,
		removeTrackers,
		rename,
		renameFile,
		renameFolder,
		setAutoManagement,
		setCategory,
		setFilePriority,
		setLocation,
		setQueuePosition,
		setShareLimits,
		setSpeedLimits,
		setTags,
		start,
		stop,
	],
	defaultOperation: getAll.value,
};
