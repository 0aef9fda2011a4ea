import type { INodeProperties } from 'n8n-workflow';

import type { Parameters } from '../../shared/parameters';
import { reconcilePreferences as decide } from '../decisions/preferences/reconcilePreferences';
import type { WantedPreferences } from '../decisions/preferences/reconcilePreferences';
import { DRY_RUN_FIELDS } from './fields';
import { policy } from './policy';

/** qBittorrent's own value for "no limit". */
const UNLIMITED = -1;

const LIMITS = { minValue: UNLIMITED, numberPrecision: 0 };

/** By qBittorrent's name of the preference. */
const NUMBERS: Record<string, INodeProperties> = {
	max_active_downloads: {
		displayName: 'Max Active Downloads',
		name: 'maxActiveDownloads',
		type: 'number',
		typeOptions: LIMITS,
		default: 20,
		description: 'Torrents that may download at once; -1 = no limit',
	},
	max_active_uploads: {
		displayName: 'Max Active Uploads',
		name: 'maxActiveUploads',
		type: 'number',
		typeOptions: LIMITS,
		default: UNLIMITED,
		description:
			'Torrents that may seed at once; -1 = no limit. A queued torrent is not announced and becomes a Hit & Run.',
	},
	max_active_torrents: {
		displayName: 'Max Active Torrents',
		name: 'maxActiveTorrents',
		type: 'number',
		typeOptions: LIMITS,
		default: UNLIMITED,
		description: 'Torrents that may be active at once, of either kind; -1 = no limit',
	},
};

/** By qBittorrent's name of the preference. */
const SWITCHES: Record<string, INodeProperties> = {
	queueing_enabled: {
		displayName: 'Queueing Enabled',
		name: 'queueingEnabled',
		type: 'boolean',
		default: true,
		description: 'Whether qBittorrent enforces the limits on active torrents below',
	},
	dont_count_slow_torrents: {
		displayName: 'Do Not Count Slow Torrents',
		name: 'dontCountSlowTorrents',
		type: 'boolean',
		default: true,
		description:
			'Whether torrents without traffic free their slot, so that dead torrents do not occupy all slots',
	},
};

/**
 * By qBittorrent's name of the preference. They are switched off or left alone, never on: switched on by
 * itself, a limit is 0 before 5.3, and everything that is complete stops at once.
 */
const SHARE_LIMITS: Record<string, INodeProperties> = {
	max_ratio_enabled: {
		displayName: 'Remove Ratio Limit',
		name: 'removeRatioLimit',
		type: 'boolean',
		default: true,
		description:
			"Whether to switch off qBittorrent's own ratio limit, which silently stops seeding. Off = left as it is.",
	},
	max_seeding_time_enabled: {
		displayName: 'Remove Seeding Time Limit',
		name: 'removeSeedingTimeLimit',
		type: 'boolean',
		default: true,
		description:
			"Whether to switch off qBittorrent's own seeding time limit, which silently stops seeding. Off = left as it is.",
	},
	max_inactive_seeding_time_enabled: {
		displayName: 'Remove Inactive Seeding Time Limit',
		name: 'removeInactiveSeedingTimeLimit',
		type: 'boolean',
		default: true,
		description:
			'Whether to switch off the limit by which qBittorrent (4.6 and newer) silently stops seeding what nobody downloads. Off = left as it is.',
	},
};

/** A number of active torrents. 0 is refused: nothing would be announced. */
function readNumber(read: Parameters, field: INodeProperties): number {
	const value = read.number(field);
	if (value === 0) read.refuse(field, `enter ${UNLIMITED} for no limit, or at least 1.`);
	return value;
}

function readWanted(read: Parameters): WantedPreferences {
	const each = <T>(fields: Record<string, INodeProperties>, of: (field: INodeProperties) => T) =>
		Object.entries(fields).map(([key, field]): [string, T] => [key, of(field)]);
	return {
		...Object.fromEntries(each(SWITCHES, (field) => read.flag(field))),
		...Object.fromEntries(each(NUMBERS, (field) => readNumber(read, field))),
		...Object.fromEntries(
			each(SHARE_LIMITS, (field) => read.flag(field))
				.filter(([, isRemoved]) => isRemoved)
				.map(([key]) => [key, false]),
		),
	};
}

export const reconcilePreferences = policy({
	value: 'reconcilePreferences',
	name: 'Reconcile Preferences',
	action: 'Reconcile client preferences',
	description: 'Decide which preferences of the client to correct, so that torrents stay announced',
	fields: [
		SWITCHES.queueing_enabled,
		...Object.values(NUMBERS),
		SWITCHES.dont_count_slow_torrents,
		...Object.values(SHARE_LIMITS),
		...DRY_RUN_FIELDS,
	],
	heldFields: [...Object.keys(SWITCHES), ...Object.keys(NUMBERS), ...Object.keys(SHARE_LIMITS)],
	decide: ({ read, records, evaluation }) => decide(records, readWanted(read), evaluation),
});
