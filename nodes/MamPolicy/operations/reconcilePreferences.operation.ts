import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { reconcilePreferences } from '../decisions/preferences/reconcilePreferences';
import type { WantedPreferences } from '../decisions/preferences/reconcilePreferences';
import { badParameterResult } from '../decisions/result';
import { dryRunProperties, numberProperty, shownFor, type NumberField } from './fields';
import { inputRecords, toOutputs } from './outputs';
import { ParameterReader } from './parameterReader';

/** qBittorrent's own value for "no limit". */
const UNLIMITED = -1;

const LIMITS = { min: UNLIMITED, integer: true };

/** By qBittorrent's name of the preference. */
const NUMBERS = {
	max_active_downloads: {
		displayName: 'Max Active Downloads',
		name: 'maxActiveDownloads',
		default: 20,
		description: 'Torrents that may download at once; -1 = no limit',
		limits: LIMITS,
	},
	max_active_uploads: {
		displayName: 'Max Active Uploads',
		name: 'maxActiveUploads',
		default: UNLIMITED,
		description:
			'Torrents that may seed at once; -1 = no limit. A queued torrent is not announced, which ends as a Hit & Run.',
		limits: LIMITS,
	},
	max_active_torrents: {
		displayName: 'Max Active Torrents',
		name: 'maxActiveTorrents',
		default: UNLIMITED,
		description: 'Torrents that may be active at once, of either kind; -1 = no limit',
		limits: LIMITS,
	},
} satisfies Record<string, NumberField>;

/** By qBittorrent's name of the preference. */
const SWITCHES = {
	queueing_enabled: {
		displayName: 'Queueing Enabled',
		name: 'queueingEnabled',
		type: 'boolean',
		default: true,
		description: 'Whether qBittorrent keeps to the numbers of active torrents below',
	},
	dont_count_slow_torrents: {
		displayName: 'Do Not Count Slow Torrents',
		name: 'dontCountSlowTorrents',
		type: 'boolean',
		default: true,
		description:
			'Whether torrents without traffic leave their place to others, so that dead ones do not hold all of them',
	},
} satisfies Record<string, INodeProperties>;

/**
 * By qBittorrent's name of the preference. They are switched off or left alone, never on: switched on by
 * itself, a limit is 0 before 5.3, and everything that is complete stops at once.
 */
const SHARE_LIMITS = {
	max_ratio_enabled: {
		displayName: 'Remove Ratio Limit',
		name: 'removeRatioLimit',
		type: 'boolean',
		default: true,
		description:
			"Whether to switch off qBittorrent's own ratio limit, which stops seeding without a word. Off = left as it is.",
	},
	max_seeding_time_enabled: {
		displayName: 'Remove Seeding Time Limit',
		name: 'removeSeedingTimeLimit',
		type: 'boolean',
		default: true,
		description:
			"Whether to switch off qBittorrent's own limit of seeding time, which stops seeding without a word. Off = left as it is.",
	},
	max_inactive_seeding_time_enabled: {
		displayName: 'Remove Inactive Seeding Time Limit',
		name: 'removeInactiveSeedingTimeLimit',
		type: 'boolean',
		default: true,
		description:
			'Whether to switch off the limit by which qBittorrent (4.6 and newer) stops seeding what nobody takes, without a word. Off = left as it is.',
	},
} satisfies Record<string, INodeProperties>;

export const description: INodeProperties[] = shownFor('reconcilePreferences', [
	SWITCHES.queueing_enabled,
	...Object.values(NUMBERS).map(numberProperty),
	SWITCHES.dont_count_slow_torrents,
	...Object.values(SHARE_LIMITS),
	...dryRunProperties,
]);

/** A number of active torrents. 0 is refused: nothing would be announced. */
function readNumber(read: ParameterReader, field: NumberField): number {
	const value = read.number(field);
	if (value === 0) {
		const fix = `${field.displayName}: enter ${UNLIMITED} for no limit, or at least 1.`;
		read.reject({ field: field.name, fix });
	}
	return value;
}

function readWanted(read: ParameterReader): WantedPreferences {
	const removed = Object.entries(SHARE_LIMITS).filter(([, { name }]) => read.switchedOn(name));
	return {
		...Object.fromEntries(
			Object.entries(SWITCHES).map(([key, { name }]) => [key, read.switchedOn(name)]),
		),
		...Object.fromEntries(
			Object.entries(NUMBERS).map(([key, field]) => [key, readNumber(read, field)]),
		),
		...Object.fromEntries(removed.map(([key]) => [key, false])),
	};
}

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const read = new ParameterReader(this);
	const evaluation = { dryRun: read.dryRun(), now: new Date() };
	const wanted = readWanted(read);
	const records = inputRecords(this);
	return toOutputs(
		this,
		read.bad === null
			? reconcilePreferences(records, wanted, evaluation)
			: badParameterResult('reconcilePreferences', records, read.bad, evaluation),
	);
}
