import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { POINTS_PER_GIB } from '../../shared/site';
import { planSpend } from '../decisions/spend/planSpend';
import { badParameterResult } from '../decisions/result';
import {
	dryRunProperties,
	numberProperty,
	optionsProperty,
	shownFor,
	type NumberField,
} from './fields';
import { inputRecords, toOutputs } from './outputs';
import { ParameterReader } from './parameterReader';

/** The site sells automated buyers 50 GiB at least. */
const LEAST_TIER_GIB = 50;

const FIELDS = {
	targetRatio: {
		displayName: 'Target Ratio',
		name: 'targetRatio',
		default: 2,
		description: 'Ratio to buy upload credit for',
	},
	reservePoints: {
		displayName: 'Reserve (Points)',
		name: 'reservePoints',
		default: 500,
		description: 'Bonus points that are never spent',
	},
	pointsPerGiB: {
		displayName: 'Points per GiB',
		name: 'pointsPerGiB',
		default: POINTS_PER_GIB,
		description:
			'Price of one GiB of upload credit, in bonus points; the site charges 500, and less is refused',
		limits: { min: POINTS_PER_GIB },
	},
	pointsCap: {
		displayName: 'Points Cap',
		name: 'pointsCap',
		default: 99999,
		description: 'Bonus points above which the site lets further ones lapse',
	},
	capHeadroomPoints: {
		displayName: 'Cap Headroom (Points)',
		name: 'capHeadroomPoints',
		default: 2000,
		description: 'How near to the cap, in bonus points, Spend Above Cap begins to buy',
	},
} satisfies Record<string, NumberField>;

export const description: INodeProperties[] = shownFor('planSpend', [
	numberProperty(FIELDS.targetRatio),
	numberProperty(FIELDS.reservePoints),
	numberProperty(FIELDS.pointsPerGiB),
	{
		displayName: 'Tiers (GiB)',
		name: 'tiersGiB',
		type: 'string',
		default: '50,100,200,500',
		description:
			'Comma-separated amounts of upload credit that may be bought, in GiB, each 50 or more',
	},
	...dryRunProperties,
	optionsProperty([
		numberProperty(FIELDS.capHeadroomPoints),
		numberProperty(FIELDS.pointsCap),
		{
			displayName: 'Spend Above Cap',
			name: 'spendAboveCap',
			type: 'boolean',
			default: false,
			description:
				'Whether to buy the largest affordable tier before points lapse above the cap, also without a deficit',
		},
		{
			displayName: 'VIP',
			name: 'vip',
			type: 'boolean',
			default: false,
			description:
				'Whether to extend VIP when 83 days or less are left (classes VIP and Power User only)',
		},
	]),
]);

function readTiers(read: ParameterReader): number[] {
	const tiers = read.list('tiersGiB').map(Number);
	if (
		tiers.length === 0 ||
		tiers.some((tier) => !Number.isInteger(tier) || tier < LEAST_TIER_GIB)
	) {
		read.reject({
			field: 'tiersGiB',
			fix: `Tiers (GiB): enter whole numbers of at least ${LEAST_TIER_GIB}, e.g. 50,100.`,
		});
	}
	return tiers.sort((a, b) => a - b);
}

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const read = new ParameterReader(this);
	const evaluation = { dryRun: read.dryRun(), now: new Date() };
	const parameters = {
		targetRatio: read.number(FIELDS.targetRatio),
		reservePoints: read.number(FIELDS.reservePoints),
		pointsPerGiB: read.number(FIELDS.pointsPerGiB),
		tiersGiB: readTiers(read),
		spendAboveCap: read.option('spendAboveCap', false),
		pointsCap: read.number(FIELDS.pointsCap, true),
		capHeadroomPoints: read.number(FIELDS.capHeadroomPoints, true),
		vip: read.option('vip', false),
	};
	const records = inputRecords(this);
	return toOutputs(
		this,
		read.bad === null
			? planSpend(records, parameters, evaluation)
			: badParameterResult('planSpend', records, read.bad, evaluation),
	);
}
