import type { INodeProperties } from 'n8n-workflow';

import { summarizeTrackers as decide } from '../decisions/trackers/summarizeTrackers';
import {
	CATEGORY,
	DRY_RUN_FIELDS,
	HNR_HOURS,
	optionsField,
	TRACKER_CLOCK_MARGIN_HOURS,
} from './fields';
import { earlierItems, policy } from './policy';

const TRANSFER = {
	displayName: 'Transfer',
	name: 'transfer',
	type: 'json',
	default: "={{ $('Get Transfer').first(0).json }}",
	description: "The client's transfer record (Transfer: Get): speeds, connection, free space",
} satisfies INodeProperties;

const MAX_REANNOUNCES_PER_RUN = {
	displayName: 'Max Reannounces per Run',
	name: 'maxReannouncesPerRun',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 50,
	description: 'Maximum number of torrents to reannounce per run',
} satisfies INodeProperties;

const TRANSIENT_MESSAGES = {
	displayName: 'Transient Messages',
	name: 'transientMessages',
	type: 'string',
	// What libtorrent and web servers say of a tracker that is away for a while.
	default:
		'no answer, timed out, timeout, connection refused, connection reset, connection closed, host not found, unreachable, end of file, bad gateway, service unavailable, temporarily, try again',
	description:
		"Comma-separated words in a tracker's message that mean a temporary failure; the torrent is reannounced",
} satisfies INodeProperties;

export const summarizeTrackers = policy({
	value: 'summarizeTrackers',
	name: 'Summarize Trackers',
	action: 'Summarize trackers',
	description: 'Add up the torrents of each tracker, and decide which to reannounce',
	fields: [
		{
			...CATEGORY,
			description:
				'Torrents of this category count as MAM torrents, as do those with a tag mam or mam-… and those announced there',
		},
		TRANSFER,
		HNR_HOURS,
		TRACKER_CLOCK_MARGIN_HOURS,
		MAX_REANNOUNCES_PER_RUN,
		...DRY_RUN_FIELDS,
		optionsField([TRANSIENT_MESSAGES]),
	],
	heldFields: ['name', 'hash', 'state'],
	decide: ({ read, records, evaluation }) =>
		decide(
			records,
			earlierItems(read, TRANSFER),
			{
				category: read.text(CATEGORY),
				hnrHours: read.number(HNR_HOURS),
				trackerClockMarginHours: read.number(TRACKER_CLOCK_MARGIN_HOURS),
				transientMessages: read.options.list(TRANSIENT_MESSAGES),
				maxReannouncesPerRun: read.number(MAX_REANNOUNCES_PER_RUN),
			},
			evaluation,
		),
});
