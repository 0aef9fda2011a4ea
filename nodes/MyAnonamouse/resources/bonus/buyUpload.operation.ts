import type { INodeProperties } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { MIN_UPLOAD_GIB, POINTS_PER_GIB } from '../../../shared/site';
import { PLAN_FIELDS, purchaseRun } from './plan';

const AMOUNT_GIB: INodeProperties = {
	displayName: 'Amount (GiB)',
	name: 'amountGiB',
	type: 'number',
	typeOptions: { minValue: MIN_UPLOAD_GIB, numberPrecision: 0 },
	default: MIN_UPLOAD_GIB,
	description: `Upload credit to buy, in GiB. The site sells no less than ${MIN_UPLOAD_GIB} GiB.`,
};

export const buyUpload = operation({
	value: 'buyUpload',
	name: 'Buy Upload',
	action: 'Buy upload credit',
	description: 'Buy upload credit with bonus points, at most once per run',
	changes: true,
	fields: [AMOUNT_GIB, ...PLAN_FIELDS],
	run: purchaseRun({
		what: 'upload',
		read(parameters) {
			const amount = parameters.number(AMOUNT_GIB);
			return {
				amount,
				minPoints: amount * POINTS_PER_GIB,
				name: `${amount} GiB`,
				query: { spendtype: 'upload', amount },
				shown: { amountGiB: amount },
			};
		},
	}),
});
