import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { reconcilePreferences } from '../policy/reconcilePreferences';
import type { WantedPreferences } from '../policy/reconcilePreferences';
import { badParameterResult } from '../policy/result';
import { dryRunProperty, numberProperty, shownFor, type NumberField } from './fields';
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
	max_ratio_enabled: {
		displayName: 'Ratio Limit Enabled',
		name: 'maxRatioEnabled',
		type: 'boolean',
		default: false,
		description: 'Whether qBittorrent stops seeding at a ratio of its own, without a word',
	},
	max_seeding_time_enabled: {
		displayName: 'Seeding Time Limit Enabled',
		name: 'maxSeedingTimeEnabled',
		type: 'boolean',
		default: false,
		description: 'Whether qBittorrent stops seeding after a time of its own, without a word',
	},
	max_inactive_seeding_time_enabled: {
		displayName: 'Inactive Seeding Time Limit Enabled',
		name: 'maxInactiveSeedingTimeEnabled',
		type: 'boolean',
		default: false,
		description: 'Whether qBittorrent stops seeding what nobody takes, without a word; from 4.6 on',
	},
} satisfies Record<string, INodeProperties>;

export const description: INodeProperties[] = shownFor('reconcilePreferences', [
	SWITCHES.queueing_enabled,
	...Object.values(NUMBERS).map(numberProperty),
	SWITCHES.dont_count_slow_torrents,
	SWITCHES.max_ratio_enabled,
	SWITCHES.max_seeding_time_enabled,
	SWITCHES.max_inactive_seeding_time_enabled,
	dryRunProperty,
]);

function readWanted(read: ParameterReader): WantedPreferences {
	return {
		...Object.fromEntries(
			Object.entries(SWITCHES).map(([key, { name }]) => [key, read.switchedOn(name)]),
		),
		...Object.fromEntries(Object.entries(NUMBERS).map(([key, field]) => [key, read.number(field)])),
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
