import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { numberParameter } from '../parameters';
import { shownFor } from '../../../shared/display';
import { POINTS_PER_GIB } from '../../../shared/site';
import { planPoints, planProperties, purchaseOnce } from './plan';

/** The site's words: "Automated spenders are limited to buying at least 50 GB of upload at a time". */
const LEAST_UPLOAD_GIB = 50;

export const description: INodeProperties[] = shownFor('bonus', 'buyUpload', [
	{
		displayName: 'Amount (GiB)',
		name: 'amountGiB',
		type: 'number',
		typeOptions: { minValue: LEAST_UPLOAD_GIB },
		default: LEAST_UPLOAD_GIB,
		description: 'Upload credit to buy, in GiB. The site sells 50 GiB at least.',
	},
	...planProperties,
]);

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await purchaseOnce(this, () => {
		const amount = numberParameter(this, 'amountGiB', 0, {
			label: 'Amount (GiB)',
			min: LEAST_UPLOAD_GIB,
			integer: true,
		});
		return {
			purchase: {
				what: 'upload',
				amount,
				...planPoints(this, `${amount} GiB`, amount * POINTS_PER_GIB),
				query: { spendtype: 'upload', amount },
			},
			shown: { purchase: 'upload', amountGiB: amount },
		};
	});
}
