import type { Resource } from '../../../shared/operation';
import { add } from './add.operation';
import { addTags } from './addTags.operation';
import { deleteTorrents } from './delete.operation';
import { exportTorrent } from './export.operation';
import { forceStart } from './forceStart.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { getFiles } from './getFiles.operation';
import { getTrackers } from './getTrackers.operation';
import { reannounce } from './reannounce.operation';
import { recheck } from './recheck.operation';
import { removeTags } from './removeTags.operation';
import { setCategory } from './setCategory.operation';
import { setLocation } from './setLocation.operation';
import { setShareLimits } from './setShareLimits.operation';
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
		getTrackers,
		reannounce,
		recheck,
		removeTags,
		setCategory,
		setLocation,
		setShareLimits,
		start,
		stop,
	],
	defaultOperation: getAll.value,
};
