import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { failure } from '../../../shared/failure';
import type { Call } from '../../../shared/operation';
import { badParameter, Parameters } from '../../../shared/parameters';
import { POINTS_PER_GIB, POINTS_PER_VIP_WEEK } from '../../../shared/site';
import { SIMULATE_WARNING } from '../../../shared/warning';
import { firstTimeInExecution } from '../../session/execution';
import { withMamSession } from '../../session/mamSession';
import { refuseRetryOnFail } from '../retryOnFail';
import { buyOnce, planAge, type Purchase } from './purchase';

const COST_POINTS: INodeProperties = {
	displayName: 'Cost (Points)',
	name: 'costPoints',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: `What the purchase costs, in bonus points (costPoints of the plan). It is refused when the balance no longer covers it, or when it is below the site's price: ${POINTS_PER_GIB} per GiB, ${POINTS_PER_VIP_WEEK} per week of VIP.`,
};

const RESERVE_POINTS: INodeProperties = {
	displayName: 'Reserve (Points)',
	name: 'reservePoints',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 500,
	description: 'Minimum bonus points to keep after the purchase',
};

const PLANNED_AT: INodeProperties = {
	displayName: 'Planned At',
	name: 'plannedAt',
	type: 'string',
	default: '={{ $json.plannedAt }}',
	placeholder: 'e.g. 2026-11-27T12:00:00Z',
	description: 'ISO time of the plan. A plan older than 10 minutes is refused.',
};

/** Fields that every purchase has. */
export const PLAN_FIELDS: INodeProperties[] = [
	COST_POINTS,
	RESERVE_POINTS,
	PLANNED_AT,
	SIMULATE_WARNING,
];

/** What a purchase operation sells, and how its fields become a purchase. */
export interface Goods {
	what: Purchase['what'];
	/** The amount that the fields name, its minimum price in points, and how sentences call it. */
	read(parameters: Parameters): {
		amount: number;
		minPoints: number;
		name: string;
		query: Purchase['query'];
		/** The amount in the result item. */
		shown: IDataObject;
	};
}

function readPlannedAt(parameters: Parameters): Date {
	const plannedAt = new Date(parameters.text(PLANNED_AT));
	if (Number.isNaN(plannedAt.getTime())) {
		parameters.refuse(PLANNED_AT, 'enter the ISO time of the plan, e.g. {{ $now.toISO() }}.');
	}
	return plannedAt;
}

/** The balance is checked against the cost, so one below the site's price is refused. */
function readCost(parameters: Parameters, name: string, minPoints: number): number {
	const costPoints = parameters.number(COST_POINTS);
	if (costPoints < minPoints) {
		parameters.refuse(
			COST_POINTS,
			`the price of ${name} is ${minPoints} points; enter that, or the costPoints of the plan.`,
		);
	}
	return costPoints;
}

/** Makes the purchase of `goods` that one item plans, or says what it would send. */
async function purchase(
	context: IExecuteFunctions,
	{ itemIndex, simulate }: Call,
	goods: Goods,
): Promise<IDataObject> {
	refuseRetryOnFail(context, 'a repeated purchase spends twice');
	const parameters = new Parameters(context, itemIndex);
	const { amount, minPoints, name, query, shown } = goods.read(parameters);
	const costPoints = readCost(parameters, name, minPoints);
	const reservePoints = parameters.number(RESERVE_POINTS);
	const result = { purchase: goods.what, ...shown, costPoints };
	if (simulate) return { ...result, bought: false, simulated: true };
	const plannedAt = readPlannedAt(parameters);
	// Checked once more inside the turn, for which a call may have to wait.
	const tooOld = planAge(plannedAt, new Date());
	if (tooOld !== null) throw failure(context.getNode(), tooOld);
	if (!firstTimeInExecution(context.getExecutionId(), 'bonus points')) {
		throw badParameter(
			context.getNode(),
			'Input',
			'this run has already made a purchase; keep this node out of loops.',
		);
	}
	const after = await withMamSession(
		context,
		itemIndex,
		async (session) =>
			await buyOnce(session, {
				what: goods.what,
				amount,
				costPoints,
				reservePoints,
				plannedAt,
				query,
			}),
	);
	const ratio = after.downloadedBytes === 0 ? null : after.uploadedBytes / after.downloadedBytes;
	return { ...result, bought: true, result: 'bought', ...after, ratio };
}

/**
 * Makes at most one purchase per execution. A plan of the other kind, named by its `purchase`, is skipped before
 * any field is read: both purchase nodes get the same plan.
 */
export function purchaseRun(goods: Goods) {
	return {
		async allItems(
			this: IExecuteFunctions,
			calls: Call[],
		): Promise<Map<number, IDataObject | Error>> {
			const input = this.getInputData();
			const isOther = ({ itemIndex }: Call): boolean => {
				const planned = input[itemIndex].json.purchase;
				return planned !== undefined && planned !== goods.what;
			};
			const results = new Map<number, IDataObject | Error>();
			for (const call of calls.filter(isOther)) {
				const { json } = input[call.itemIndex];
				results.set(call.itemIndex, { ...json, skipped: true, reason: 'other_purchase' });
			}
			const own = calls.filter((call) => !isOther(call));
			if (own.length > 1) {
				const error = badParameter(
					this.getNode(),
					'Input',
					`the node got ${own.length} plans, and a run makes at most one purchase; pass it exactly one.`,
				);
				for (const { itemIndex } of own) results.set(itemIndex, error);
			} else if (own.length === 1) {
				results.set(own[0].itemIndex, await outcomeOf(purchase(this, own[0], goods)));
			}
			return results;
		},
	};
}

async function outcomeOf(result: Promise<IDataObject>): Promise<IDataObject | Error> {
	try {
		return await result;
	} catch (error) {
		return error as Error;
	}
}
