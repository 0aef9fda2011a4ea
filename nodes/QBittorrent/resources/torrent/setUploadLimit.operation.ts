import { SPEED_LIMIT, readSpeedLimit } from '../fields';
import { torrentAction } from './batch';

/** Limits the upload speed of the torrents of all items. */
export const setUploadLimit = torrentAction({
	value: 'setUploadLimit',
	name: 'Set Upload Limit',
	action: 'Set upload limit of torrents',
	description: 'Limit the upload speed of the torrents of all input items',
	fields: [SPEED_LIMIT],
	path: () => 'torrents/setUploadLimit',
	read: (parameters) => ({ limit: readSpeedLimit(parameters, SPEED_LIMIT) }),
});
