import { operation } from '../../../shared/operation';
import { POINTS_PER_VIP_WEEK } from '../../../shared/site';
import { PLAN_FIELDS, purchaseRun } from './plan';

export const buyVip = operation({
	value: 'buyVip',
	name: 'Buy VIP',
	action: 'Buy VIP time',
	description:
		'Buy as much VIP time as the site sells (at most about 90 days in advance), at most once per run',
	changes: true,
	fields: PLAN_FIELDS,
	run: purchaseRun({
		what: 'vip',
		read: () => ({
			amount: 0,
			// "max" adds as many weeks as fit, and the site sells no less than one.
			minPoints: POINTS_PER_VIP_WEEK,
			name: '1 week of VIP',
			query: { spendtype: 'VIP', duration: 'max' },
			shown: { weeks: 'max' },
		}),
	}),
});
