import type { INodeProperties } from 'n8n-workflow';

import type { Parameters } from '../../../shared/parameters';
import { DOWNLOAD_LIMIT, readSpeedLimit, UPLOAD_LIMIT } from '../fields';
import { torrentAction, type Form } from './batch';

const LIMITS: INodeProperties = {
	displayName: 'Limits',
	name: 'speedLimits',
	type: 'collection',
	placeholder: 'Add Limit',
	default: {},
	description: 'What to set; a limit that is not added stays as it is',
	options: [DOWNLOAD_LIMIT, UPLOAD_LIMIT],
};

/** The paths that set a limit, by its name in `torrents/info`. */
const PATHS: Record<string, string> = {
	dl_limit: 'torrents/setDownloadLimit',
	up_limit: 'torrents/setUploadLimit',
};

function readLimits(parameters: Parameters): Form {
	const limits = parameters.collectionOf(LIMITS);
	const form: Form = {};
	if (limits.has(DOWNLOAD_LIMIT)) form.dl_limit = readSpeedLimit(limits, DOWNLOAD_LIMIT);
	if (limits.has(UPLOAD_LIMIT)) form.up_limit = readSpeedLimit(limits, UPLOAD_LIMIT);
	if (Object.keys(form).length === 0) parameters.refuse(LIMITS, 'add at least one limit.');
	return form;
}

/** Limits the download or upload speed of the torrents of all items, or both. */
export const setSpeedLimits = torrentAction({
	value: 'setSpeedLimits',
	name: 'Set Speed Limits',
	action: 'Set speed limits of torrents',
	description: 'Limit the download or upload speed of the torrents of all input items',
	fields: [LIMITS],
	posts: (form) =>
		Object.entries(form).map(([name, limit]) => ({ path: PATHS[name], form: { limit } })),
	read: readLimits,
});
