import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { withoutSecrets, type Preferences } from '../../parse/preferences';
import { clientOf } from '../../transport/client';

/** One item: the preferences in qBittorrent's names; passwords and keys in them are left out. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const client = await clientOf(this);
	const preferences = await client.json<Preferences>('app/preferences');
	return [{ json: withoutSecrets(preferences), pairedItem: { item: itemIndex } }];
}
