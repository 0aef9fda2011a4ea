import type { INodeProperties } from 'n8n-workflow';

import type { NumberLimits } from '../../shared/checks';
import { warning } from '../../shared/warning';

/** A number of a policy: its field in the editor and its limits at run time. */
export interface NumberField {
	displayName: string;
	name: string;
	default: number;
	description: string;
	limits?: Omit<NumberLimits, 'label'>;
}

/** An option of the policies that decide by the whole list of the client. */
export const EXPECTED_MIN_TORRENTS = {
	displayName: 'Expected Min Torrents',
	name: 'expectedMinTorrents',
	default: 0,
	description:
		'Fewest torrents that the list of the client must have to be trusted; 0 = any number',
	limits: { integer: true },
} as const satisfies NumberField;

/** The site's rule: 72 hours within 30 days, freeleech included. */
const LEAST_HNR_HOURS = 72;

export const HNR_HOURS = {
	displayName: 'Hit and Run Window (Hours)',
	name: 'hnrHours',
	default: LEAST_HNR_HOURS,
	description: 'Hours that a completed torrent must seed; the site demands 72',
	limits: { min: LEAST_HNR_HOURS },
} as const satisfies NumberField;

export const TRACKER_CLOCK_MARGIN_HOURS = {
	displayName: 'Tracker Clock Margin (Hours)',
	name: 'trackerClockMarginHours',
	default: 24,
	description:
		'Hours added to the Hit & Run window, because the clock of the client runs ahead of the tracker',
} as const satisfies NumberField;

/** The editor's field for a number. */
export function numberProperty({ limits, ...field }: NumberField): INodeProperties {
	return { ...field, type: 'number', typeOptions: { minValue: limits?.min ?? 0 } };
}

/** The option collection of an operation, sorted by label as the editor shows it. */
export function optionsProperty(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}

/** `properties`, shown for one operation only. */
export function shownFor(operation: string, properties: INodeProperties[]): INodeProperties[] {
	const show = { operation: [operation] };
	return properties.map((property) => ({
		...property,
		displayOptions: { ...property.displayOptions, show },
	}));
}

const dryRunProperty: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description:
		"Whether Act stays empty and the verdicts appear on Hold only. The shipped workflows set it to {{ $execution.mode === 'test' }}, so that a manual run changes nothing.",
};

/** The switch of every policy whose Act changes something. */
export const dryRunProperties: INodeProperties[] = [
	dryRunProperty,
	warning(
		'dryRunWarning',
		"Dry Run is off, also when you run the workflow by hand: what follows on Act acts. Set Dry Run to {{ $execution.mode === 'test' }} to act on schedule only.",
		{ dryRun: [{ _cnd: { not: false } }] },
	),
];
