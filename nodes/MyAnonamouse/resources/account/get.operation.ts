import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { fetchAccount } from '../../endpoints/account';
import { withMamSession } from '../../session/mamSession';

export const description: INodeProperties[] = [];

export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const account = await withMamSession(
		this,
		itemIndex,
		async (session) => await fetchAccount(this, session),
	);
	return [{ json: { ...account }, pairedItem: { item: itemIndex } }];
}
