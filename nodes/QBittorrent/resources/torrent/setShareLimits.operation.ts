import { checkNumber } from '../../../shared/checks';
import { failure } from '../../../shared/failure';
import { simulateProperty } from '../../../shared/acting';
import { shownFor } from '../../../shared/display';
import { hashProperty } from '../locators';
import { torrentAction } from './batch';

/** qBittorrent's own value for the limit that the client has. */
const CLIENT_LIMIT = -2;

export const description = shownFor('torrent', 'setShareLimits', [
	hashProperty,
	{
		displayName: 'Ratio Limit',
		name: 'ratioLimit',
		type: 'number',
		typeOptions: { minValue: CLIENT_LIMIT },
		default: CLIENT_LIMIT,
		description: 'Uploaded divided by downloaded; -1 = no limit, -2 = the limit of the client',
	},
	{
		displayName: 'Seeding Time Limit (Minutes)',
		name: 'seedingTimeLimitMinutes',
		type: 'number',
		typeOptions: { minValue: CLIENT_LIMIT },
		default: CLIENT_LIMIT,
		description: 'Seeding time in minutes; -1 = no limit, -2 = the limit of the client',
	},
	{
		displayName: 'Inactive Seeding Time Limit (Minutes)',
		name: 'inactiveSeedingTimeLimitMinutes',
		type: 'number',
		typeOptions: { minValue: CLIENT_LIMIT },
		default: CLIENT_LIMIT,
		description:
			'Seeding time without upload, in minutes (from qBittorrent 4.6 on); -1 = no limit, -2 = the limit of the client',
	},
	simulateProperty,
]);

/** Sets at which ratio or seeding time the client ends seeding the torrents of all items. */
export const execute = torrentAction({
	operation: 'setShareLimits',
	path: () => 'torrents/setShareLimits',
	canSimulate: true,
	lacking: ({ capabilities }, { inactiveSeedingTimeLimit }) =>
		capabilities.inactiveSeedingLimit || inactiveSeedingTimeLimit === String(CLIENT_LIMIT)
			? null
			: {
					sentence:
						'This version of qBittorrent has no Inactive Seeding Time Limit; no limit was changed.',
					action: 'Update qBittorrent to 4.6 or newer, or leave that limit at -2.',
				},
	read: (context, itemIndex) => {
		const limit = (name: string, label: string): string => {
			const value = context.getNodeParameter(name, itemIndex);
			const bad = checkNumber(name, value, { label, min: CLIENT_LIMIT });
			if (bad === null) return String(value);
			throw failure(context.getNode(), {
				cause: 'bad_parameter',
				sentence: `The ${label} is not usable; no limit was changed.`,
				action: bad.fix,
			});
		};
		return {
			ratioLimit: limit('ratioLimit', 'Ratio Limit'),
			seedingTimeLimit: limit('seedingTimeLimitMinutes', 'Seeding Time Limit'),
			// Required from 4.6 and 5.2 on; older versions pass over what they do not know.
			inactiveSeedingTimeLimit: limit(
				'inactiveSeedingTimeLimitMinutes',
				'Inactive Seeding Time Limit',
			),
			shareLimitAction: 'Default',
			shareLimitsMode: 'Default',
		};
	},
});
