import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { warning } from '../../shared/warning';
import { readGrabMemory } from '../decisions/rank/grabMemory';
import { rankCandidates, type RankParameters } from '../decisions/rank/rankCandidates';
import { badParameterResult } from '../decisions/result';
import {
	dryRunProperties,
	EXPECTED_MIN_TORRENTS,
	numberProperty,
	optionsProperty,
	shownFor,
	type NumberField,
} from './fields';
import { inputRecords, toOutputs } from './outputs';
import { ParameterReader } from './parameterReader';

const FIELDS = {
	maxTorrents: {
		displayName: 'Max Torrents',
		name: 'maxTorrents',
		default: 500,
		description: 'Most torrents of the category in the client',
		limits: { integer: true },
	},
	minSizeMiB: {
		displayName: 'Min Size (MiB)',
		name: 'minSizeMiB',
		default: 50,
		description: 'Least size of a torrent in MiB',
	},
	maxSizeMiB: {
		displayName: 'Max Size (MiB)',
		name: 'maxSizeMiB',
		default: 1024,
		description: 'Largest size of a torrent in MiB',
	},
	leecherFloor: {
		displayName: 'Leecher Floor',
		name: 'leecherFloor',
		default: 1,
		description: 'Fewest leechers of a torrent',
	},
	seederCeiling: {
		displayName: 'Seeder Ceiling',
		name: 'seederCeiling',
		default: 50,
		description:
			'Most seeders of a torrent. A lower one finds more demand for each seeder, and fewer torrents.',
	},
	leecherWeight: {
		displayName: 'Leecher Weight',
		name: 'leecherWeight',
		default: 3,
		description: 'What each leecher adds to the score',
	},
	seederWeight: {
		displayName: 'Seeder Weight',
		name: 'seederWeight',
		default: 0.5,
		description: 'What each seeder takes off the score',
	},
	freeleechBonus: {
		displayName: 'Freeleech Bonus',
		name: 'freeleechBonus',
		default: 200,
		description:
			'What freeleech or personal freeleech adds to the score. Torrents that are free for VIP only get none.',
	},
	grabPerRun: {
		displayName: 'Grab per Run',
		name: 'grabPerRun',
		default: 5,
		description: 'Most torrents to grab in one run',
		limits: { integer: true },
	},
	unsatisfiedReserve: {
		displayName: 'Unsatisfied Reserve',
		name: 'unsatisfiedReserve',
		default: 5,
		description: 'Unsatisfied torrents to keep free below the limit of the site',
	},
	freeSpaceReserveGiB: {
		displayName: 'Free Space Reserve (GiB)',
		name: 'freeSpaceReserveGiB',
		default: 10,
		description: 'Space to leave free beside what is still to be downloaded, in GiB',
	},
	minProjectedRatio: {
		displayName: 'Min Projected Ratio',
		name: 'minProjectedRatio',
		default: 0,
		description: 'Least ratio after torrents that are not free were downloaded; 0 = not judged',
	},
	expectedMinTorrents: EXPECTED_MIN_TORRENTS,
	regrabAfterDays: {
		displayName: 'Regrab After (Days)',
		name: 'regrabAfterDays',
		default: 14,
		description: 'Days for which a torrent that was added is not grabbed again',
	},
} satisfies Record<string, NumberField>;

export const description: INodeProperties[] = shownFor('rankCandidates', [
	{
		displayName: 'Account',
		name: 'account',
		type: 'json',
		default: '',
		description:
			'The account record: an expression for the item of the step that reads the account',
	},
	{
		displayName: 'Client Torrents',
		name: 'clientTorrents',
		type: 'json',
		default: '',
		description:
			'All torrents of the client: an expression for the items of the step that lists them. A list that is not whole holds everything.',
	},
	{
		displayName: 'Category',
		name: 'category',
		type: 'string',
		default: 'mam-farming',
		description: 'Category of the client whose torrents count against Max Torrents',
	},
	numberProperty(FIELDS.maxTorrents),
	numberProperty(FIELDS.minSizeMiB),
	numberProperty(FIELDS.maxSizeMiB),
	numberProperty(FIELDS.leecherFloor),
	numberProperty(FIELDS.seederCeiling),
	numberProperty(FIELDS.leecherWeight),
	numberProperty(FIELDS.seederWeight),
	numberProperty(FIELDS.freeleechBonus),
	numberProperty(FIELDS.grabPerRun),
	warning(
		'notFreeWarning',
		'Torrents that are not free count against the ratio. Set Min Projected Ratio as well.',
		{
			'options.onlyFree': [{ _cnd: { not: false } }],
			'options.minProjectedRatio': [{ _cnd: { gt: 0 } }],
		},
	),
	...dryRunProperties,
	optionsProperty([
		numberProperty(FIELDS.expectedMinTorrents),
		{
			displayName: 'Free Space (Bytes)',
			name: 'freeSpaceBytes',
			type: 'number',
			default: -1,
			description:
				'Free space where the client saves, in bytes; -1 = not judged. An expression that yields nothing holds every torrent.',
		},
		numberProperty(FIELDS.freeSpaceReserveGiB),
		numberProperty(FIELDS.minProjectedRatio),
		{
			displayName: 'Only Free',
			name: 'onlyFree',
			type: 'boolean',
			default: true,
			description: 'Whether to grab only what is free for this account',
		},
		numberProperty(FIELDS.regrabAfterDays),
		numberProperty(FIELDS.unsatisfiedReserve),
	]),
]);

/** Free space in bytes, -1 when it is not judged, null when it should be but is not known. */
function readFreeSpace(read: ParameterReader): number | null {
	const value = read.optionValue('freeSpaceBytes', -1);
	const known = typeof value === 'number' && Number.isFinite(value) && (value >= 0 || value === -1);
	return known ? value : null;
}

function readParameters(read: ParameterReader): RankParameters {
	const parameters: RankParameters = {
		category: read.requiredText('category', 'Category'),
		maxTorrents: read.number(FIELDS.maxTorrents),
		minSizeMiB: read.number(FIELDS.minSizeMiB),
		maxSizeMiB: read.number(FIELDS.maxSizeMiB),
		leecherFloor: read.number(FIELDS.leecherFloor),
		seederCeiling: read.number(FIELDS.seederCeiling),
		leecherWeight: read.number(FIELDS.leecherWeight),
		seederWeight: read.number(FIELDS.seederWeight),
		freeleechBonus: read.number(FIELDS.freeleechBonus),
		grabPerRun: read.number(FIELDS.grabPerRun),
		unsatisfiedReserve: read.number(FIELDS.unsatisfiedReserve, true),
		freeSpaceBytes: readFreeSpace(read),
		freeSpaceReserveGiB: read.number(FIELDS.freeSpaceReserveGiB, true),
		onlyFree: read.option('onlyFree', true),
		minProjectedRatio: read.number(FIELDS.minProjectedRatio, true),
		expectedMinTorrents: read.number(FIELDS.expectedMinTorrents, true),
		regrabAfterDays: read.number(FIELDS.regrabAfterDays, true),
	};
	if (parameters.minSizeMiB > parameters.maxSizeMiB) {
		read.reject({
			field: 'maxSizeMiB',
			fix: 'Max Size (MiB): enter a number that is not below Min Size (MiB).',
		});
	}
	return parameters;
}

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const read = new ParameterReader(this);
	const evaluation = { dryRun: read.dryRun(), now: new Date() };
	const parameters = readParameters(read);
	const context = {
		account: read.json('account'),
		clientTorrents: read.json('clientTorrents'),
		memory: readGrabMemory(this.getWorkflowStaticData('global').grabs),
	};
	const records = inputRecords(this);
	return toOutputs(
		this,
		read.bad === null
			? rankCandidates(records, context, parameters, evaluation)
			: badParameterResult('rankCandidates', records, read.bad, evaluation),
	);
}
