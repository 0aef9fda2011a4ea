import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { badParameterResult } from '../decisions/result';
import { summarizeTrackers } from '../decisions/trackers/summarizeTrackers';
import {
	dryRunProperties,
	HNR_HOURS,
	numberProperty,
	optionsProperty,
	shownFor,
	TRACKER_CLOCK_MARGIN_HOURS,
	type NumberField,
} from './fields';
import { inputRecords, toOutputs } from './outputs';
import { ParameterReader } from './parameterReader';

/** What libtorrent and web servers say of a tracker that is away for a while. */
const DEFAULT_TRANSIENT_MESSAGES =
	'no answer, timed out, timeout, connection refused, connection reset, connection closed, host not found, unreachable, end of file, bad gateway, service unavailable, temporarily, try again';

const MAX_REANNOUNCES: NumberField = {
	displayName: 'Max Reannounces per Run',
	name: 'maxReannouncesPerRun',
	default: 50,
	description: 'Most torrents to announce again in one run',
	limits: { integer: true },
};

export const description: INodeProperties[] = shownFor('summarizeTrackers', [
	{
		displayName: 'Category',
		name: 'category',
		type: 'string',
		default: 'mam-farming',
		description:
			'Torrents of this category count for MAM, beside those that are tagged mam or announced there',
	},
	{
		displayName: 'Transfer',
		name: 'transfer',
		type: 'json',
		default: "={{ $('Get Transfer').first(0).json }}",
		description: 'The record of Get Transfer of the client: speeds, connection, free space',
	},
	numberProperty(HNR_HOURS),
	...dryRunProperties,
	optionsProperty([
		numberProperty(MAX_REANNOUNCES),
		numberProperty(TRACKER_CLOCK_MARGIN_HOURS),
		{
			displayName: 'Transient Messages',
			name: 'transientMessages',
			type: 'string',
			default: DEFAULT_TRANSIENT_MESSAGES,
			description:
				"Comma-separated words in a tracker's message that mean a failure that passes; the torrent is announced again",
		},
	]),
]);

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const read = new ParameterReader(this);
	const evaluation = { dryRun: read.dryRun(), now: new Date() };
	const parameters = {
		category: read.requiredText('category', 'Category'),
		hnrHours: read.number(HNR_HOURS),
		trackerClockMarginHours: read.number(TRACKER_CLOCK_MARGIN_HOURS, true),
		transientMessages: read.list('transientMessages', DEFAULT_TRANSIENT_MESSAGES),
		maxReannouncesPerRun: read.number(MAX_REANNOUNCES, true),
	};
	const transfer = read.json('transfer');
	const records = inputRecords(this);
	return toOutputs(
		this,
		read.bad === null
			? summarizeTrackers(records, transfer, parameters, evaluation)
			: badParameterResult('summarizeTrackers', records, read.bad, evaluation),
	);
}
