import type { INodeProperties } from 'n8n-workflow';

import type { Parameters } from '../../shared/parameters';
import { SITE_DOMAIN } from '../../shared/site';
import { judgeTorrents as decide } from '../decisions/judge/judgeTorrents';
import { readJudgeMemory } from '../decisions/judge/memory';
import type { JudgeParameters } from '../decisions/judge/parameters';
import {
	CATEGORY,
	DRY_RUN_FIELDS,
	EXPECTED_MIN_TORRENTS,
	FREE_SPACE_BYTES,
	HNR_HOURS,
	optionsField,
	readFreeSpace,
	TRACKER_CLOCK_MARGIN_HOURS,
} from './fields';
import { policy, type Policy } from './policy';

const SEED_CLOCK = {
	displayName: 'Seed Clock',
	name: 'seedClock',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Observed',
			value: 'observed',
			description:
				'Only what this workflow has seen: the torrent seeding, with a working tracker, for the window and the margin',
		},
		{
			name: 'Client',
			value: 'client',
			description:
				"The client's seeding time, which also runs while the tracker hears nothing of the torrent",
		},
	],
	default: 'observed',
	description: 'Which clock proves that a completed torrent has seeded for its Hit & Run window',
} satisfies INodeProperties;

const MAX_SIGHT_GAP_HOURS = {
	displayName: 'Max Sight Gap (Hours)',
	name: 'maxSightGapHours',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 6,
	description: 'Maximum time between two runs that counts as seen seeding',
} satisfies INodeProperties;

const TRACKER_HOSTS = {
	displayName: 'Tracker Hosts',
	name: 'trackerHosts',
	type: 'string',
	default: SITE_DOMAIN,
	description:
		"Comma-separated hosts of the site's tracker. If a torrent has trackers there, only those count.",
} satisfies INodeProperties;

const RETIRE_BELOW_FREE_GIB = {
	displayName: 'Retire Below Free Space (GiB)',
	name: 'retireBelowFreeGiB',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'Delete completed torrents only while less than this is free, and only until it is free; 0 = not set. Needs Free Space (Bytes).',
} satisfies INodeProperties;

const MAX_RETIRED_FOR_SPACE_PER_DAY = {
	displayName: 'Max Retired for Space per Day',
	name: 'maxRetiredForSpacePerDay',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 20,
	description: 'Maximum number of completed torrents to delete per day because of the free space',
} satisfies INodeProperties;

const STALE_DAYS = {
	displayName: 'Stale After (Days)',
	name: 'staleDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 7,
	description:
		'Days after which a torrent that is stopped, partial, in error or refused is reported; it is still kept',
} satisfies INodeProperties;

const NEVER_STARTED_HOURS = {
	displayName: 'Never Started After (Hours)',
	name: 'neverStartedHours',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 24,
	description: 'Delete torrents that have downloaded nothing after this many hours',
} satisfies INodeProperties;

const STALLED_DAYS = {
	displayName: 'Stalled After (Days)',
	name: 'stalledDays',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 3,
	description: 'Delete torrents stalled at low progress after this many days',
} satisfies INodeProperties;

const GRACEFUL_RETIRE_DAYS = {
	displayName: 'Graceful Retire After (Days)',
	name: 'gracefulRetireDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 14,
	description: 'Delete completed torrents seeded for more than this many days',
} satisfies INodeProperties;

const ZERO_DEMAND_DAYS = {
	displayName: 'Zero Demand After (Days)',
	name: 'zeroDemandDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 7,
	description: 'Delete completed torrents that have uploaded nothing at all after this many days',
} satisfies INodeProperties;

const SATISFIED_DAYS = {
	displayName: 'Satisfied After (Days)',
	name: 'satisfiedDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 3,
	description:
		'Delete completed torrents seeded for more than this many days, if they have enough seeders',
} satisfies INodeProperties;

const SATISFIED_SEEDER_FLOOR = {
	displayName: 'Satisfied Seeder Floor',
	name: 'satisfiedSeederFloor',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 5,
	description: 'Delete a satisfied torrent only if it has more than this many seeders',
} satisfies INodeProperties;

const PROTECTED_TAGS = {
	displayName: 'Protected Tags',
	name: 'protectedTags',
	type: 'string',
	default: 'keep, recovery',
	placeholder: 'e.g. keep, recovery',
	description:
		'Comma-separated tags of torrents that are never deleted; "recovery" protects for Recovery Hold only',
} satisfies INodeProperties;

const MAX_COMPLETED_PER_RUN = {
	displayName: 'Max Completed per Run',
	name: 'maxCompletedPerRun',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 20,
	description: 'Maximum number of completed torrents to delete per run; 0 = no cap',
} satisfies INodeProperties;

const MAX_UNREGISTERED_PER_RUN = {
	displayName: 'Max Unregistered per Run',
	name: 'maxUnregisteredPerRun',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 10,
	description: 'Maximum number of unregistered torrents to delete per run',
} satisfies INodeProperties;

const EVALUATE_AT = {
	displayName: 'Evaluate At',
	name: 'evaluateAt',
	type: 'dateTime',
	default: '',
	description: 'Judge as of this time, which must not be in the future; empty = now',
} satisfies INodeProperties;

const RECOVERY_HOLD_DAYS = {
	displayName: 'Recovery Hold (Days)',
	name: 'recoveryHoldDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 7,
	description: 'Days of seeding for which the tag "recovery" protects a torrent',
} satisfies INodeProperties;

const RETIRE_ONLY_ABOVE = {
	displayName: 'Retire Only Above',
	name: 'retireOnlyAbove',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description:
		'Delete completed torrents only while the category holds more than this many, those that earn the fewest points first; 0 = always, unless Retire Below Free Space is set. 400 is recommended, because seeding earns points.',
} satisfies INodeProperties;

const STALLED_MAX_PROGRESS_PERCENT = {
	displayName: 'Stalled Max Progress (%)',
	name: 'stalledMaxProgressPercent',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 100 },
	default: 10,
	description: 'A stalled torrent with more progress than this percentage is kept',
} satisfies INodeProperties;

const UNREGISTERED_MESSAGES = {
	displayName: 'Unregistered Messages',
	name: 'unregisteredMessages',
	type: 'string',
	default:
		'torrent not registered with this tracker, unregistered torrent, torrent not found, info hash not authorized',
	description: 'Comma-separated tracker messages that mean the torrent was removed from the site',
} satisfies INodeProperties;

/** The time to judge as of. */
function readEvaluateAt(options: Parameters, now: Date): Date {
	const text = options.text(EVALUATE_AT);
	if (text === '') return now;
	const at = new Date(text);
	if (at.getTime() <= now.getTime()) return at;
	options.refuse(EVALUATE_AT, 'enter a time that is not in the future, or leave it empty.');
}

function readParameters(read: Parameters): JudgeParameters {
	const { options } = read;
	return {
		category: read.text(CATEGORY),
		seedClock: read.choice<JudgeParameters['seedClock']>(SEED_CLOCK),
		hnrHours: read.number(HNR_HOURS),
		trackerClockMarginHours: read.number(TRACKER_CLOCK_MARGIN_HOURS),
		maxSightGapHours: options.number(MAX_SIGHT_GAP_HOURS),
		neverStartedHours: read.number(NEVER_STARTED_HOURS),
		stalledDays: read.number(STALLED_DAYS),
		stalledMaxProgressPercent: options.number(STALLED_MAX_PROGRESS_PERCENT),
		gracefulRetireDays: read.number(GRACEFUL_RETIRE_DAYS),
		zeroDemandDays: read.number(ZERO_DEMAND_DAYS),
		satisfiedDays: read.number(SATISFIED_DAYS),
		satisfiedSeederFloor: read.number(SATISFIED_SEEDER_FLOOR),
		protectedTags: read.list(PROTECTED_TAGS).map((tag) => tag.toLowerCase()),
		recoveryHoldDays: options.number(RECOVERY_HOLD_DAYS),
		unregisteredMessages: options.list(UNREGISTERED_MESSAGES),
		trackerHosts: options.list(TRACKER_HOSTS),
		maxUnregisteredPerRun: read.number(MAX_UNREGISTERED_PER_RUN),
		maxCompletedPerRun: read.number(MAX_COMPLETED_PER_RUN),
		retireOnlyAbove: options.number(RETIRE_ONLY_ABOVE),
		retireBelowFreeGiB: options.number(RETIRE_BELOW_FREE_GIB),
		freeSpaceBytes: readFreeSpace(options),
		maxRetiredForSpacePerDay: options.number(MAX_RETIRED_FOR_SPACE_PER_DAY),
		staleDays: options.number(STALE_DAYS),
		expectedMinTorrents: options.number(EXPECTED_MIN_TORRENTS),
	};
}

export const JUDGE_TORRENTS: Policy<'judgeTorrents'> = {
	value: 'judgeTorrents',
	name: 'Judge Torrents',
	action: 'Judge client torrents',
	description: 'Decide which torrents of the client to delete',
	fields: [
		{ ...CATEGORY, description: 'Only torrents of this category are judged' },
		SEED_CLOCK,
		HNR_HOURS,
		TRACKER_CLOCK_MARGIN_HOURS,
		NEVER_STARTED_HOURS,
		STALLED_DAYS,
		GRACEFUL_RETIRE_DAYS,
		ZERO_DEMAND_DAYS,
		SATISFIED_DAYS,
		SATISFIED_SEEDER_FLOOR,
		PROTECTED_TAGS,
		MAX_COMPLETED_PER_RUN,
		MAX_UNREGISTERED_PER_RUN,
		...DRY_RUN_FIELDS,
		optionsField([
			EVALUATE_AT,
			EXPECTED_MIN_TORRENTS,
			FREE_SPACE_BYTES,
			MAX_RETIRED_FOR_SPACE_PER_DAY,
			MAX_SIGHT_GAP_HOURS,
			RECOVERY_HOLD_DAYS,
			RETIRE_BELOW_FREE_GIB,
			RETIRE_ONLY_ABOVE,
			STALE_DAYS,
			STALLED_MAX_PROGRESS_PERCENT,
			TRACKER_HOSTS,
			UNREGISTERED_MESSAGES,
		]),
	],
	heldFields: ['name', 'hash', 'progress'],
	decide: ({ read, records, evaluation, staticData, mayRemember }) => {
		const memory = readJudgeMemory(staticData);
		const asOf = readEvaluateAt(read.options, evaluation.now);
		const result = decide(
			records,
			readParameters(read),
			{ ...evaluation, now: asOf },
			{ memory, listedAt: evaluation.now },
		);
		if (mayRemember && asOf === evaluation.now) Object.assign(staticData, result.memory);
		return result;
	},
};

export const judgeTorrents = policy(JUDGE_TORRENTS);
