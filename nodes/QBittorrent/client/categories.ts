import type { IDataObject } from 'n8n-workflow';

import type { Client } from './client';

/** What a category may be called. */
export const CATEGORY_RULE =
	'use a name without a backslash and without a leading, trailing or doubled slash.';

/** Whether qBittorrent accepts `name`; '' stands for no category. */
export function isCategoryName(name: string): boolean {
	return !/\\|^\/|\/$|\/\//.test(name);
}

/** The categories of the client by their names. */
export async function listCategories(client: Client): Promise<Map<string, IDataObject>> {
	return new Map(
		Object.entries(await client.json<Record<string, IDataObject>>('torrents/categories')),
	);
}
