import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { isSimulated, simulateProperties } from '../../../shared/acting';
import { failure, requireProperItem } from '../../../shared/failure';
import { claimOnce } from '../../session/claims';
import { withMamSession } from '../../session/mamSession';
import { buyOnce, type Purchase } from '../../endpoints/bonusBuy';
import { badParameter, numberParameter, refuseRetryOnFail } from '../parameters';

const MINUTE_MS = 60_000;

/** A plan is made from a balance and an account that change; older ones are made anew. */
const OLDEST_PLAN_MS = 10 * MINUTE_MS;

/** Fields that every purchase has. */
export const planProperties: INodeProperties[] = [
	{
		displayName: 'Cost (Points)',
		name: 'costPoints',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			'What the purchase costs, in bonus points (costPoints of the plan). It is refused when the balance no longer covers it, or when it is below the price of the site: 500 a GiB, 1250 a week of VIP (As Many as Possible: one week at least).',
	},
	{
		displayName: 'Reserve (Points)',
		name: 'reservePoints',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 500,
		description: 'Bonus points that must be left after the purchase',
	},
	{
		displayName: 'Planned At',
		name: 'plannedAt',
		type: 'string',
		default: '={{ $json.plannedAt }}',
		description: 'ISO time of the plan. A plan older than 10 minutes is refused.',
	},
	...simulateProperties,
];

function requireFreshPlan(context: IExecuteFunctions): void {
	const plannedAt = Date.parse(String(context.getNodeParameter('plannedAt', 0)));
	if (Number.isNaN(plannedAt)) {
		badParameter(
			context,
			'plannedAt',
			'Planned At: enter the ISO time of the plan, e.g. {{ $now.toISO() }}.',
		);
	}
	const ageMs = Date.now() - plannedAt;
	if (ageMs <= OLDEST_PLAN_MS && ageMs >= -MINUTE_MS) return;
	throw failure(context.getNode(), {
		cause: 'stale_plan',
		sentence: `The plan was not made within the last 10 minutes (planned at ${new Date(plannedAt).toISOString()}); nothing was bought.`,
		action: 'Start the workflow anew, so that it plans with the present balance.',
	});
}

function requireSinglePurchase(context: IExecuteFunctions): void {
	const count = context.getInputData().length;
	if (count !== 1) {
		badParameter(
			context,
			'input',
			`The node got ${count} items, and a run makes one purchase at most; pass it exactly one plan.`,
		);
	}
	requireProperItem(context, 0);
	refuseRetryOnFail(context, 'a repeated purchase spends twice');
}

/**
 * Cost and reserve as set on the node. The balance is checked against the cost, so one below the site's price
 * is refused: `goods` names what is bought for `pricePoints` at least.
 */
export function planPoints(
	context: IExecuteFunctions,
	goods: string,
	pricePoints: number,
): Pick<Purchase, 'costPoints' | 'reservePoints'> {
	const costPoints = numberParameter(context, 'costPoints', 0, { label: 'Cost (Points)' });
	if (costPoints < pricePoints) {
		badParameter(
			context,
			'costPoints',
			`Cost (Points): the price of ${goods} is ${pricePoints} points; enter that, or the costPoints of the plan.`,
		);
	}
	return {
		costPoints,
		reservePoints: numberParameter(context, 'reservePoints', 0, { label: 'Reserve (Points)' }),
	};
}

/** Makes the one purchase of a run, or says what it would send. `shown` describes it in the result item. */
export async function purchaseOnce(
	context: IExecuteFunctions,
	readPurchase: () => {
		purchase: Purchase;
		shown: { purchase: string; amountGiB?: number; weeks?: string };
	},
): Promise<INodeExecutionData[]> {
	requireSinglePurchase(context);
	const { purchase, shown } = readPurchase();
	const { costPoints } = purchase;
	if (isSimulated(context, 0)) {
		return [
			{ json: { ...shown, costPoints, bought: false, simulated: true }, pairedItem: { item: 0 } },
		];
	}
	requireFreshPlan(context);
	if (!claimOnce(context.getExecutionId(), 'bonus points')) {
		badParameter(
			context,
			'input',
			'This run has made a purchase already; keep this node out of loops.',
		);
	}
	const after = await withMamSession(
		context,
		0,
		async (session) => await buyOnce(context, session, purchase),
	);
	const ratio = after.downloadedBytes === 0 ? null : after.uploadedBytes / after.downloadedBytes;
	return [
		{
			json: { ...shown, costPoints, bought: true, result: 'bought', ...after, ratio },
			pairedItem: { item: 0 },
		},
	];
}
