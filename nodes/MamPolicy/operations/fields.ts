import type { INodeProperties } from 'n8n-workflow';

import type { Parameters } from '../../shared/parameters';
import { HIT_AND_RUN_HOURS } from '../../shared/site';
import { warning } from '../../shared/warning';

export const CATEGORY = {
	displayName: 'Category',
	name: 'category',
	type: 'string',
	required: true,
	default: 'mam-farming',
	description: 'Category of the client for the torrents of these workflows',
} satisfies INodeProperties;

/** Ratio Floor of Guard Account, below which Plan Spend says what to buy by hand. */
export const DEFAULT_RATIO_FLOOR = 1.2;

/** An option of the policies that decide by the complete list of the client. */
export const EXPECTED_MIN_TORRENTS = {
	displayName: 'Expected Min Torrents',
	name: 'expectedMinTorrents',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description:
		'Minimum number of torrents the client list must contain to be trusted; 0 = no minimum',
} satisfies INodeProperties;

export const HNR_HOURS = {
	displayName: 'Hit and Run Window (Hours)',
	name: 'hnrHours',
	type: 'number',
	typeOptions: { minValue: HIT_AND_RUN_HOURS },
	default: HIT_AND_RUN_HOURS,
	description: `Hours that a completed torrent must seed; the site requires ${HIT_AND_RUN_HOURS}`,
} satisfies INodeProperties;

export const TRACKER_CLOCK_MARGIN_HOURS = {
	displayName: 'Tracker Clock Margin (Hours)',
	name: 'trackerClockMarginHours',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 24,
	description:
		'Hours added to the Hit & Run window, because the clock of the client runs ahead of the tracker',
} satisfies INodeProperties;

export const FREE_SPACE_BYTES = {
	displayName: 'Free Space (Bytes)',
	name: 'freeSpaceBytes',
	type: 'number',
	default: -1,
	description:
		'Free space on the disk of the save path, in bytes; -1 = not checked. Transfer: Get returns it: for any folder from qBittorrent 5.3 on (Free Space Path), before that for the default save path.',
} satisfies INodeProperties;

/** Free space in bytes, -1 when it is not judged, null when it should be but the client does not know it. */
export function readFreeSpace(options: Parameters): number | null {
	const value = options.value(FREE_SPACE_BYTES);
	if (value === null || value === -1) return value;
	if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
	options.refuse(FREE_SPACE_BYTES, 'enter a number of bytes, or -1 to leave it out.');
}

/** The option collection of an operation, sorted by label as the editor shows it. */
export function optionsField(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}

export const DRY_RUN: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description:
		"Whether Act stays empty and the verdicts appear on Hold only. The shipped workflows set it to {{ $execution.mode === 'test' }}, so that a manual run changes nothing.",
};

/** The switch of every policy whose Act changes something. */
export const DRY_RUN_FIELDS: INodeProperties[] = [
	DRY_RUN,
	warning(
		'dryRunWarning',
		"Dry Run is off: a run that you start by hand acts too. Set Dry Run to {{ $execution.mode === 'test' }} to act on schedule only.",
		{ dryRun: [{ _cnd: { not: false } }] },
	),
];
