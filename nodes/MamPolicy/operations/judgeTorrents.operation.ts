import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { JudgeParameters } from '../decisions/judge/judgeTorrent';
import { judgeTorrents } from '../decisions/judge/judgeTorrents';
import { badParameterResult } from '../decisions/result';
import {
	dryRunProperties,
	EXPECTED_MIN_TORRENTS,
	HNR_HOURS,
	numberProperty,
	optionsProperty,
	shownFor,
	TRACKER_CLOCK_MARGIN_HOURS,
	type NumberField,
} from './fields';
import { inputRecords, toOutputs } from './outputs';
import { ParameterReader } from './parameterReader';

const DEFAULT_PROTECTED_TAGS = 'keep, recovery';

/** What trackers say about a torrent that was removed from the site. */
const DEFAULT_UNREGISTERED_MESSAGES =
	'torrent not registered with this tracker, unregistered torrent, torrent not found, info hash not authorized';

const FIELDS = {
	hnrHours: HNR_HOURS,
	neverStartedHours: {
		displayName: 'Never Started After (Hours)',
		name: 'neverStartedHours',
		default: 24,
		description: 'Delete a torrent of which nothing was downloaded after so many hours',
	},
	stalledDays: {
		displayName: 'Stalled After (Days)',
		name: 'stalledDays',
		default: 3,
		description: 'Delete a torrent that is stalled near its beginning after so many days',
	},
	gracefulRetireDays: {
		displayName: 'Graceful Retire After (Days)',
		name: 'gracefulRetireDays',
		default: 14,
		description: 'Delete a completed torrent that was seeded for more than so many days',
	},
	zeroDemandDays: {
		displayName: 'Zero Demand After (Days)',
		name: 'zeroDemandDays',
		default: 7,
		description: 'Delete a completed torrent of which nothing was uploaded in so many days',
	},
	satisfiedDays: {
		displayName: 'Satisfied After (Days)',
		name: 'satisfiedDays',
		default: 3,
		description:
			'Delete a completed torrent that was seeded for more than so many days, if enough others seed it',
	},
	satisfiedSeederFloor: {
		displayName: 'Satisfied Seeder Floor',
		name: 'satisfiedSeederFloor',
		default: 5,
		description: 'A satisfied torrent is deleted only when more seeders than this have it',
	},
	expectedMinTorrents: EXPECTED_MIN_TORRENTS,
	maxCompletedPerRun: {
		displayName: 'Max Completed per Run',
		name: 'maxCompletedPerRun',
		default: 20,
		description: 'Most completed torrents to delete in one run; 0 = no cap',
		limits: { integer: true },
	},
	maxUnregisteredPerRun: {
		displayName: 'Max Unregistered per Run',
		name: 'maxUnregisteredPerRun',
		default: 10,
		description: 'Most unregistered torrents to delete in one run',
		limits: { integer: true },
	},
	recoveryHoldDays: {
		displayName: 'Recovery Hold (Days)',
		name: 'recoveryHoldDays',
		default: 7,
		description: 'Days of seeding for which the tag "recovery" protects a torrent',
	},
	retireOnlyAbove: {
		displayName: 'Retire Only Above',
		name: 'retireOnlyAbove',
		default: 0,
		description:
			'Delete completed torrents only above so many of the category, longest seeded first; 0 = always. 400 is recommended, because seeding earns points.',
		limits: { integer: true },
	},
	stalledMaxProgressPercent: {
		displayName: 'Stalled Max Progress (%)',
		name: 'stalledMaxProgressPercent',
		default: 10,
		description: 'A stalled torrent with more progress than this percentage is kept',
		limits: { max: 100 },
	},
	trackerClockMarginHours: TRACKER_CLOCK_MARGIN_HOURS,
} satisfies Record<string, NumberField>;

export const description: INodeProperties[] = shownFor('judgeTorrents', [
	{
		displayName: 'Category',
		name: 'category',
		type: 'string',
		default: 'mam-farming',
		description: 'Only torrents of this category are judged',
	},
	numberProperty(FIELDS.hnrHours),
	numberProperty(FIELDS.neverStartedHours),
	numberProperty(FIELDS.stalledDays),
	numberProperty(FIELDS.gracefulRetireDays),
	numberProperty(FIELDS.zeroDemandDays),
	numberProperty(FIELDS.satisfiedDays),
	numberProperty(FIELDS.satisfiedSeederFloor),
	...dryRunProperties,
	optionsProperty([
		{
			displayName: 'Evaluate At',
			name: 'evaluateAt',
			type: 'dateTime',
			default: '',
			description: 'Judge as of this time, which must not be in the future; empty = now',
		},
		numberProperty(FIELDS.expectedMinTorrents),
		numberProperty(FIELDS.maxCompletedPerRun),
		numberProperty(FIELDS.maxUnregisteredPerRun),
		{
			displayName: 'Protected Tags',
			name: 'protectedTags',
			type: 'string',
			default: DEFAULT_PROTECTED_TAGS,
			description:
				'Comma-separated tags of torrents that are never deleted; "recovery" protects for Recovery Hold only',
		},
		numberProperty(FIELDS.recoveryHoldDays),
		numberProperty(FIELDS.retireOnlyAbove),
		numberProperty(FIELDS.stalledMaxProgressPercent),
		numberProperty(FIELDS.trackerClockMarginHours),
		{
			displayName: 'Unregistered Messages',
			name: 'unregisteredMessages',
			type: 'string',
			default: DEFAULT_UNREGISTERED_MESSAGES,
			description:
				'Comma-separated words of the tracker that mean the torrent was removed from the site',
		},
	]),
]);

function readEvaluateAt(read: ParameterReader): Date {
	const now = new Date();
	const value = String(read.optionValue('evaluateAt', '') ?? '').trim();
	if (value === '') return now;
	const at = new Date(value);
	if (at.getTime() <= now.getTime()) return at;
	read.reject({
		field: 'evaluateAt',
		fix: 'Evaluate At: enter a time that is not in the future, or leave it empty.',
	});
	return now;
}

function readParameters(read: ParameterReader): JudgeParameters {
	return {
		category: read.requiredText('category', 'Category'),
		hnrHours: read.number(FIELDS.hnrHours),
		neverStartedHours: read.number(FIELDS.neverStartedHours),
		stalledDays: read.number(FIELDS.stalledDays),
		gracefulRetireDays: read.number(FIELDS.gracefulRetireDays),
		zeroDemandDays: read.number(FIELDS.zeroDemandDays),
		satisfiedDays: read.number(FIELDS.satisfiedDays),
		satisfiedSeederFloor: read.number(FIELDS.satisfiedSeederFloor),
		protectedTags: read
			.list('protectedTags', DEFAULT_PROTECTED_TAGS)
			.map((tag) => tag.toLowerCase()),
		recoveryHoldDays: read.number(FIELDS.recoveryHoldDays, true),
		unregisteredMessages: read.list('unregisteredMessages', DEFAULT_UNREGISTERED_MESSAGES),
		maxUnregisteredPerRun: read.number(FIELDS.maxUnregisteredPerRun, true),
		trackerClockMarginHours: read.number(FIELDS.trackerClockMarginHours, true),
		stalledMaxProgressPercent: read.number(FIELDS.stalledMaxProgressPercent, true),
		retireOnlyAbove: read.number(FIELDS.retireOnlyAbove, true),
		maxCompletedPerRun: read.number(FIELDS.maxCompletedPerRun, true),
		expectedMinTorrents: read.number(FIELDS.expectedMinTorrents, true),
	};
}

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const read = new ParameterReader(this);
	const evaluation = { dryRun: read.dryRun(), now: readEvaluateAt(read) };
	const parameters = readParameters(read);
	const records = inputRecords(this);
	return toOutputs(
		this,
		read.bad === null
			? judgeTorrents(records, parameters, evaluation)
			: badParameterResult('judgeTorrents', records, read.bad, evaluation),
	);
}
