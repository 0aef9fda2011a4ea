import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { textOf } from '../../client/answer';
import { clientOf } from '../../client/client';

/** One item: the version of qBittorrent and of its WebAPI. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const client = await clientOf(this);
	const version = textOf(await client.send({ path: 'app/version' }));
	return [
		{
			json: { version, webApiVersion: client.capabilities.webApiVersion },
			pairedItem: { item: itemIndex },
		},
	];
}
