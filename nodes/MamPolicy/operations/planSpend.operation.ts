import type { INodeProperties } from 'n8n-workflow';

import type { Parameters } from '../../shared/parameters';
import { MIN_UPLOAD_GIB, POINTS_CAP, POINTS_PER_GIB } from '../../shared/site';
import { planSpend as decide, tellUnproven, unprovenPurchase } from '../decisions/spend/planSpend';
import { DEFAULT_RATIO_FLOOR, DRY_RUN_FIELDS, optionsField } from './fields';
import { policy, type Policy } from './policy';

const TARGET_RATIO = {
	displayName: 'Target Ratio',
	name: 'targetRatio',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 2,
	description: 'Ratio to buy upload credit for',
} satisfies INodeProperties;

const RESERVE_POINTS = {
	displayName: 'Reserve (Points)',
	name: 'reservePoints',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 500,
	description: 'Bonus points that are never spent',
} satisfies INodeProperties;

const PRICE = {
	displayName: 'Points per GiB',
	name: 'pointsPerGiB',
	type: 'number',
	typeOptions: { minValue: POINTS_PER_GIB },
	default: POINTS_PER_GIB,
	description: `Price of one GiB of upload credit, in bonus points; the site charges ${POINTS_PER_GIB}, and less is refused`,
} satisfies INodeProperties;

const TIERS_GIB = {
	displayName: 'Tiers (GiB)',
	name: 'tiersGiB',
	type: 'string',
	default: '50,100,200,500',
	placeholder: 'e.g. 50,100',
	description: `Comma-separated amounts of upload credit that may be bought, in GiB, each ${MIN_UPLOAD_GIB} or more`,
} satisfies INodeProperties;

const CAP = {
	displayName: 'Points Cap',
	name: 'pointsCap',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: POINTS_CAP,
	description: 'Balance above which further bonus points are lost',
} satisfies INodeProperties;

const CAP_HEADROOM_POINTS = {
	displayName: 'Cap Headroom (Points)',
	name: 'capHeadroomPoints',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 10_000,
	description: 'How close to the cap (in bonus points) Spend Above Cap starts buying',
} satisfies INodeProperties;

const FLOOR_RATIO = {
	displayName: 'Floor Ratio',
	name: 'floorRatio',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_RATIO_FLOOR,
	description:
		'Ratio below which the plan says what to buy by hand if the points cannot pay for a tier; use the Ratio Floor of Guard Account',
} satisfies INodeProperties;

const SPEND_ABOVE_CAP = {
	displayName: 'Spend Above Cap',
	name: 'spendAboveCap',
	type: 'boolean',
	default: false,
	description:
		'Whether to buy the largest affordable tier before points are lost above the cap, even without a deficit',
} satisfies INodeProperties;

const VIP = {
	displayName: 'VIP',
	name: 'vip',
	type: 'boolean',
	default: false,
	description:
		'Whether to extend VIP when 83 days or less are left (classes VIP and Power User only)',
} satisfies INodeProperties;

/** No larger than the cap: it would buy at any balance. */
function readHeadroom(options: Parameters): number {
	const headroom = options.number(CAP_HEADROOM_POINTS);
	if (headroom <= options.number(CAP)) return headroom;
	options.refuse(CAP_HEADROOM_POINTS, 'enter a number that is not above Points Cap.');
}

/** The amounts that may be bought, ascending. */
function readTiers(read: Parameters): number[] {
	const tiers = read.list(TIERS_GIB).map(Number);
	const isUsable = (tier: number) => Number.isInteger(tier) && tier >= MIN_UPLOAD_GIB;
	if (tiers.length > 0 && tiers.every(isUsable)) return tiers.sort((a, b) => a - b);
	read.refuse(TIERS_GIB, `enter whole numbers of at least ${MIN_UPLOAD_GIB}, e.g. 50,100.`);
}

export const PLAN_SPEND: Policy<'planSpend'> = {
	value: 'planSpend',
	name: 'Plan Spend',
	action: 'Plan what to buy with bonus points',
	description: 'Decide what to buy with bonus points',
	fields: [
		TARGET_RATIO,
		RESERVE_POINTS,
		PRICE,
		TIERS_GIB,
		...DRY_RUN_FIELDS,
		optionsField([CAP_HEADROOM_POINTS, CAP, FLOOR_RATIO, SPEND_ABOVE_CAP, VIP]),
	],
	heldFields: ['className', 'ratio', 'bonusPoints', 'uploadedBytes', 'downloadedBytes', 'vipUntil'],
	decide: ({ read, records, evaluation, staticData, mayRemember }) => {
		const unproven = unprovenPurchase(records, evaluation.now);
		// Reported once, by the run that can remember it.
		if (mayRemember && unproven !== null && staticData.toldPurchase !== unproven) {
			staticData.toldPurchase = unproven;
			return tellUnproven(unproven, records, evaluation);
		}
		return decide(
			records,
			{
				targetRatio: read.number(TARGET_RATIO),
				reservePoints: read.number(RESERVE_POINTS),
				pointsPerGiB: read.number(PRICE),
				tiersGiB: readTiers(read),
				spendAboveCap: read.options.flag(SPEND_ABOVE_CAP),
				pointsCap: read.options.number(CAP),
				capHeadroomPoints: readHeadroom(read.options),
				floorRatio: read.options.number(FLOOR_RATIO),
				vip: read.options.flag(VIP),
			},
			evaluation,
		);
	},
};

export const planSpend = policy(PLAN_SPEND);
