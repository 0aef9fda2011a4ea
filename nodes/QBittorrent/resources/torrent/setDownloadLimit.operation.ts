import { SPEED_LIMIT, readSpeedLimit } from '../fields';
import { torrentAction } from './batch';

/** Limits the download speed of the torrents of all items. */
export const setDownloadLimit = torrentAction({
	value: 'setDownloadLimit',
	name: 'Set Download Limit',
	action: 'Set download limit of torrents',
	description: 'Limit the download speed of the torrents of all input items',
	fields: [SPEED_LIMIT],
	path: () => 'torrents/setDownloadLimit',
	read: (parameters) => ({ limit: readSpeedLimit(parameters, SPEED_LIMIT) }),
});
