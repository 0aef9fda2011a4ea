import type { IDataObject } from 'n8n-workflow';

import type { Client } from './client';

/** The categories of the client by their names. */
export async function listCategories(client: Client): Promise<Map<string, IDataObject>> {
	return new Map(
		Object.entries(await client.json<Record<string, IDataObject>>('torrents/categories')),
	);
}
