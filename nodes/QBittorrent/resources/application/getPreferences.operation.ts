import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { shownFor } from '../../../shared/display';
import { essentialPreferences, withoutSecrets, type Preferences } from '../../parse/preferences';
import { clientOf } from '../../client/client';
import { fieldsProperty, readFields } from '../recordFields';

export const description = shownFor('application', 'getPreferences', [
	fieldsProperty('Folders, ports, speed limits, the queue, and what ends seeding', 'all'),
]);

/** One item: the preferences in qBittorrent's names; passwords and keys in them are left out. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const client = await clientOf(this);
	const preferences = await client.json<Preferences>('app/preferences');
	const read = readFields(this, itemIndex) === 'all' ? withoutSecrets : essentialPreferences;
	return [{ json: read(preferences), pairedItem: { item: itemIndex } }];
}
