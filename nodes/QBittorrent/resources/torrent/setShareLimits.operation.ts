import type { INodeProperties } from 'n8n-workflow';

import { torrentAction } from './batch';

/** qBittorrent's own value for the limit that the client has. */
const CLIENT_LIMIT = -2;

function limit(displayName: string, name: string, description: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'number',
		typeOptions: { minValue: CLIENT_LIMIT },
		default: CLIENT_LIMIT,
		description: `${description}; -1 = no limit, -2 = the limit of the client`,
	};
}

const RATIO = limit('Ratio Limit', 'ratioLimit', 'Uploaded divided by downloaded');
const SEEDING_TIME = limit(
	'Seeding Time Limit (Minutes)',
	'seedingTimeLimitMinutes',
	'Seeding time in minutes',
);
const INACTIVE_SEEDING_TIME = limit(
	'Inactive Seeding Time Limit (Minutes)',
	'inactiveSeedingTimeLimitMinutes',
	'Seeding time without upload, in minutes (from qBittorrent 4.6 on)',
);

/** Sets at which ratio or seeding time the client ends seeding the torrents of all items. */
export const setShareLimits = torrentAction({
	value: 'setShareLimits',
	name: 'Set Share Limits',
	action: 'Set share limits of torrents',
	description: 'Set at which ratio or seeding time the client ends seeding',
	fields: [RATIO, SEEDING_TIME, INACTIVE_SEEDING_TIME],
	path: () => 'torrents/setShareLimits',
	read: (parameters) => ({
		ratioLimit: String(parameters.number(RATIO)),
		seedingTimeLimit: String(parameters.number(SEEDING_TIME)),
		// Required from 4.6 and 5.2 on; older versions ignore what they do not know.
		inactiveSeedingTimeLimit: String(parameters.number(INACTIVE_SEEDING_TIME)),
		shareLimitAction: 'Default',
		shareLimitsMode: 'Default',
	}),
	unsupported: ({ capabilities }, { inactiveSeedingTimeLimit }) =>
		capabilities.inactiveSeedingLimit || inactiveSeedingTimeLimit === String(CLIENT_LIMIT)
			? null
			: {
					sentence:
						'This version of qBittorrent has no Inactive Seeding Time Limit; no limit was changed.',
					action: 'Update qBittorrent to 4.6 or newer, or leave that limit at -2.',
				},
});
