import type { INodeProperties } from 'n8n-workflow';

import type { Parameters } from '../../shared/parameters';
import { REGRAB_DAYS } from '../../shared/site';
import { warning } from '../../shared/warning';
import { readGrabMemory } from '../decisions/rank/grabMemory';
import type { RankParameters } from '../decisions/rank/parameters';
import { rankCandidates as decide } from '../decisions/rank/rankCandidates';
import {
	CATEGORY,
	DRY_RUN_FIELDS,
	EXPECTED_MIN_TORRENTS,
	FREE_SPACE_BYTES,
	optionsField,
	readFreeSpace,
} from './fields';
import { earlierItems, policy, type Policy } from './policy';

const ACCOUNT = {
	displayName: 'Account',
	name: 'account',
	type: 'json',
	default: '',
	description: 'The account record: an expression for the item of the step that reads the account',
} satisfies INodeProperties;

const CLIENT_TORRENTS = {
	displayName: 'Client Torrents',
	name: 'clientTorrents',
	type: 'json',
	default: '',
	description:
		'All torrents of the client: an expression for the items of the step that lists them. If the list is incomplete, every candidate is held.',
} satisfies INodeProperties;

const TAGS = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	default: 'mam,freeleech',
	placeholder: 'e.g. mam,freeleech',
	description:
		'Comma-separated tags for grabbed torrents; mam- with the ID of the torrent is added. Act items carry them.',
} satisfies INodeProperties;

const SAVE_PATH = {
	displayName: 'Save Path',
	name: 'savePath',
	type: 'string',
	default: '',
	placeholder: 'e.g. /downloads/mam-farming',
	description:
		"Folder for grabbed torrents, as the client sees it; empty = the category's folder. Act items carry it.",
} satisfies INodeProperties;

const MAX_TORRENTS = {
	displayName: 'Max Torrents',
	name: 'maxTorrents',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 500,
	description: 'Maximum number of torrents of the category in the client',
} satisfies INodeProperties;

const MIN_SIZE_MIB = {
	displayName: 'Min Size (MiB)',
	name: 'minSizeMiB',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 50,
	description: 'Minimum size of a torrent in MiB',
} satisfies INodeProperties;

const MAX_SIZE_MIB = {
	displayName: 'Max Size (MiB)',
	name: 'maxSizeMiB',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1024,
	description: 'Maximum size of a torrent in MiB',
} satisfies INodeProperties;

const LEECHER_FLOOR = {
	displayName: 'Leecher Floor',
	name: 'leecherFloor',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1,
	description: 'Minimum number of leechers',
} satisfies INodeProperties;

const SEEDER_CEILING = {
	displayName: 'Seeder Ceiling',
	name: 'seederCeiling',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 50,
	description:
		'Maximum number of seeders. A lower one finds more demand per seeder, and fewer torrents.',
} satisfies INodeProperties;

const LEECHER_WEIGHT = {
	displayName: 'Leecher Weight',
	name: 'leecherWeight',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 3,
	description: 'Points added to the score per leecher',
} satisfies INodeProperties;

const SEEDER_WEIGHT = {
	displayName: 'Seeder Weight',
	name: 'seederWeight',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0.5,
	description: 'Points subtracted from the score per seeder',
} satisfies INodeProperties;

const FREELEECH_BONUS = {
	displayName: 'Freeleech Bonus',
	name: 'freeleechBonus',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 200,
	description:
		'Points added to the score for freeleech or personal freeleech. Torrents that are free only for VIP get none.',
} satisfies INodeProperties;

const GRAB_PER_RUN = {
	displayName: 'Grab per Run',
	name: 'grabPerRun',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 5,
	description: 'Maximum number of torrents to grab per run',
} satisfies INodeProperties;

const FREE_SPACE_RESERVE_GIB = {
	displayName: 'Free Space Reserve (GiB)',
	name: 'freeSpaceReserveGiB',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 10,
	description: 'Space to keep free, on top of what is still to be downloaded, in GiB',
} satisfies INodeProperties;

const MIN_PROJECTED_RATIO = {
	displayName: 'Min Projected Ratio',
	name: 'minProjectedRatio',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'Minimum ratio after downloading torrents that are not free; 0 = not judged',
} satisfies INodeProperties;

const ONLY_FREE = {
	displayName: 'Only Free',
	name: 'onlyFree',
	type: 'boolean',
	default: true,
	description: 'Whether to grab only what is free for this account',
} satisfies INodeProperties;

const REGRAB_AFTER_DAYS = {
	displayName: 'Regrab After (Days)',
	name: 'regrabAfterDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: REGRAB_DAYS,
	description: 'Days for which a torrent that was added is not grabbed again',
} satisfies INodeProperties;

const UNSATISFIED_RESERVE = {
	displayName: 'Unsatisfied Reserve',
	name: 'unsatisfiedReserve',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 5,
	description: "Number of unsatisfied slots to keep free below the site's limit",
} satisfies INodeProperties;

const MAX_CATEGORY_GIB = {
	displayName: 'Max Category Size (GiB)',
	name: 'maxCategoryGiB',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'Maximum size of all torrents of the category in the client; 0 = no maximum',
} satisfies INodeProperties;

const MAX_GRABS_PER_DAY = {
	displayName: 'Max Grabs per Day',
	name: 'maxGrabsPerDay',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description: 'Maximum number of torrents to grab in 24 hours; 0 = no maximum',
} satisfies INodeProperties;

const MAX_GIB_PER_DAY = {
	displayName: 'Max Size per Day (GiB)',
	name: 'maxGiBPerDay',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'Maximum size of what is grabbed in 24 hours; 0 = no maximum',
} satisfies INodeProperties;

const MAX_ACTIVE_DOWNLOADS = {
	displayName: 'Max Active Downloads',
	name: 'maxActiveDownloads',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description:
		'Maximum number of started torrents of the category that are not complete; 0 = no maximum',
} satisfies INodeProperties;

const INCLUDE_WORDS = {
	displayName: 'Include Words',
	name: 'includeWords',
	type: 'string',
	default: '',
	placeholder: 'e.g. fantasy, epic',
	description:
		'Comma-separated words, at least one of which a title must contain; empty = any title',
} satisfies INodeProperties;

const EXCLUDE_WORDS = {
	displayName: 'Exclude Words',
	name: 'excludeWords',
	type: 'string',
	default: '',
	placeholder: 'e.g. abridged',
	description: 'Comma-separated words that a title must not contain',
} satisfies INodeProperties;

const CATEGORIES = {
	displayName: 'Site Categories',
	name: 'categories',
	type: 'string',
	default: '',
	placeholder: 'e.g. Audiobooks, Ebooks - Fantasy',
	description:
		"Comma-separated categories of the site, or parts of their names; empty = any. Not the client's Category.",
} satisfies INodeProperties;

const LANGUAGES = {
	displayName: 'Languages',
	name: 'languages',
	type: 'string',
	default: '',
	placeholder: 'e.g. ENG, GER',
	description: "Comma-separated codes of the site's languages; empty = any",
} satisfies INodeProperties;

const REFUSED_MESSAGES = {
	displayName: 'Refused Messages',
	name: 'refusedMessages',
	type: 'string',
	default: 'unrecognized host, passkey',
	description:
		'Comma-separated tracker messages that mean the site does not accept this client; when at least 3 torrents and half of the answers have one, everything is held',
} satisfies INodeProperties;

/** A list that is compared without case. */
function readWords(options: Parameters, field: INodeProperties): string[] {
	return options.list(field).map((word) => word.toLowerCase());
}

function readParameters(read: Parameters): RankParameters {
	const { options } = read;
	const minSizeMiB = read.number(MIN_SIZE_MIB);
	const maxSizeMiB = read.number(MAX_SIZE_MIB);
	if (minSizeMiB > maxSizeMiB)
		read.refuse(MAX_SIZE_MIB, 'enter a number that is not below the minimum.');
	return {
		category: read.text(CATEGORY),
		tags: read.list(TAGS),
		savePath: read.text(SAVE_PATH),
		maxTorrents: read.number(MAX_TORRENTS),
		minSizeMiB,
		maxSizeMiB,
		leecherFloor: read.number(LEECHER_FLOOR),
		seederCeiling: read.number(SEEDER_CEILING),
		leecherWeight: read.number(LEECHER_WEIGHT),
		seederWeight: read.number(SEEDER_WEIGHT),
		freeleechBonus: read.number(FREELEECH_BONUS),
		grabPerRun: read.number(GRAB_PER_RUN),
		unsatisfiedReserve: options.number(UNSATISFIED_RESERVE),
		freeSpaceBytes: readFreeSpace(options),
		freeSpaceReserveGiB: options.number(FREE_SPACE_RESERVE_GIB),
		onlyFree: options.flag(ONLY_FREE),
		minProjectedRatio: options.number(MIN_PROJECTED_RATIO),
		expectedMinTorrents: options.number(EXPECTED_MIN_TORRENTS),
		regrabAfterDays: options.number(REGRAB_AFTER_DAYS),
		maxCategoryGiB: options.number(MAX_CATEGORY_GIB),
		maxGrabsPerDay: options.number(MAX_GRABS_PER_DAY),
		maxGiBPerDay: options.number(MAX_GIB_PER_DAY),
		maxActiveDownloads: options.number(MAX_ACTIVE_DOWNLOADS),
		includeWords: readWords(options, INCLUDE_WORDS),
		excludeWords: readWords(options, EXCLUDE_WORDS),
		categories: readWords(options, CATEGORIES),
		languages: readWords(options, LANGUAGES),
		refusedMessages: options.list(REFUSED_MESSAGES),
	};
}

export const RANK_CANDIDATES: Policy<'rankCandidates'> = {
	value: 'rankCandidates',
	name: 'Rank Candidates',
	action: 'Rank candidates',
	description: 'Decide which torrents of the site to grab',
	fields: [
		ACCOUNT,
		CLIENT_TORRENTS,
		{
			...CATEGORY,
			description:
				'Category in the client for grabbed torrents; its torrents count against Max Torrents. Act items carry it.',
		},
		TAGS,
		SAVE_PATH,
		MAX_TORRENTS,
		MIN_SIZE_MIB,
		MAX_SIZE_MIB,
		LEECHER_FLOOR,
		SEEDER_CEILING,
		LEECHER_WEIGHT,
		SEEDER_WEIGHT,
		FREELEECH_BONUS,
		GRAB_PER_RUN,
		warning(
			'notFreeWarning',
			'Torrents that are not free count against the ratio. Set Min Projected Ratio as well.',
			{
				'options.onlyFree': [{ _cnd: { not: false } }],
				'options.minProjectedRatio': [{ _cnd: { gt: 0 } }],
			},
		),
		...DRY_RUN_FIELDS,
		optionsField([
			CATEGORIES,
			EXCLUDE_WORDS,
			EXPECTED_MIN_TORRENTS,
			FREE_SPACE_BYTES,
			FREE_SPACE_RESERVE_GIB,
			INCLUDE_WORDS,
			LANGUAGES,
			MAX_ACTIVE_DOWNLOADS,
			MAX_CATEGORY_GIB,
			MAX_GIB_PER_DAY,
			MAX_GRABS_PER_DAY,
			MIN_PROJECTED_RATIO,
			ONLY_FREE,
			REFUSED_MESSAGES,
			REGRAB_AFTER_DAYS,
			UNSATISFIED_RESERVE,
		]),
	],
	heldFields: ['id', 'title', 'sizeBytes', 'seeders', 'leechers'],
	decide: ({ read, records, evaluation, staticData }) =>
		decide(
			records,
			{
				account: earlierItems(read, ACCOUNT),
				clientTorrents: earlierItems(read, CLIENT_TORRENTS),
				memory: readGrabMemory(staticData.grabs),
			},
			readParameters(read),
			evaluation,
		),
};

export const rankCandidates = policy(RANK_CANDIDATES);
