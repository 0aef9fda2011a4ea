import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { badParameter } from '../parameters';
import { shownFor } from '../../../shared/display';
import { POINTS_PER_VIP_WEEK } from '../../../shared/site';
import { planPoints, planProperties, purchaseOnce } from './plan';

const WEEKS = ['4', '8', '12', 'max'];

/** "max" adds as many weeks as fit, but the site sells none below one. */
function priceOf(weeks: string): [goods: string, points: number] {
	return weeks === 'max'
		? ['1 week of VIP', POINTS_PER_VIP_WEEK]
		: [`${weeks} weeks of VIP`, Number(weeks) * POINTS_PER_VIP_WEEK];
}

export const description: INodeProperties[] = shownFor('bonus', 'buyVip', [
	{
		displayName: 'Weeks',
		name: 'weeks',
		type: 'options',
		options: [
			{ name: '12 Weeks', value: '12' },
			{ name: '4 Weeks', value: '4' },
			{ name: '8 Weeks', value: '8' },
			{ name: 'As Many as Possible', value: 'max' },
		],
		default: 'max',
		description: 'How long VIP is extended. The site banks about 90 days at most.',
	},
	...planProperties,
]);

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await purchaseOnce(this, () => {
		const weeks = String(this.getNodeParameter('weeks', 0));
		if (!WEEKS.includes(weeks)) badParameter(this, 'weeks', 'Weeks: choose 4, 8, 12 or max.');
		return {
			purchase: {
				what: 'vip',
				amount: weeks === 'max' ? 0 : Number(weeks),
				...planPoints(this, ...priceOf(weeks)),
				query: { spendtype: 'VIP', duration: weeks },
			},
			shown: { purchase: 'vip', weeks },
		};
	});
}
