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
import { removeTags } from './removeTags.operation';
import { setAutoManagement } from './setAutoManagement.operation';
import { setCategory } from './setCategory.operation';
import { setDownloadLimit } from './setDownloadLimit.operation';
import { setLocation } from './setLocation.operation';
import { setShareLimits } from './setShareLimits.operation';
import { setUploadLimit } from './setUploadLimit.operation';
import { start } from './start.operation';
import { stop } from './stop.operation';

export const torrent: Resource = {
	value: 'torrent',
	name: 'Torrent',
	operations: [
		add,
		addTags,
		deleteTorrents,
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
		setAutoManagement,
		setCategory,
		setDownloadLimit,
		setLocation,
		setShareLimits,
		setUploadLimit,
		start,
		stop,
	],
	defaultOperation: getAll.value,
};
