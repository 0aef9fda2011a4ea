import { NodeApiError } from 'n8n-workflow';
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { factsOf } from '../../shared/failure';
import { Client } from '../client/client';
import { listTorrents, type TorrentQuery } from '../client/torrents';

/** Torrents that the editor shows at once; it asks for more when the user scrolls. */
const PAGE_SIZE = 100;

/** Asks the client for a list. A failure comes as the kind of which the editor shows also what to do. */
async function fromClient<T>(
	context: ILoadOptionsFunctions,
	ask: (client: Client) => Promise<T>,
): Promise<T> {
	let caught: unknown;
	try {
		return await ask(await Client.connect(context));
	} catch (error) {
		caught = error;
	}
	const { sentence: message, action: description } = factsOf(caught);
	throw new NodeApiError(context.getNode(), { message }, { message, description });
}

function namesMatching(names: string[], filter: string): INodeListSearchResult {
	const wanted = filter.toLowerCase();
	const results = names
		.filter((name) => name.toLowerCase().includes(wanted))
		.sort((a, b) => a.localeCompare(b))
		.map((name) => ({ name, value: name }));
	return { results };
}

/** The categories of the client whose names contain `filter`. */
export async function searchCategories(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const categories = await fromClient(
		this,
		async (client) => await client.json<Record<string, unknown>>('torrents/categories'),
	);
	return namesMatching(Object.keys(categories), filter);
}

/** The tags of the client whose names contain `filter`. */
export async function searchTags(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const tags = await fromClient(
		this,
		async (client) => await client.json<string[]>('torrents/tags'),
	);
	return namesMatching(tags, filter);
}

/**
 * The torrents of the client whose name or hash contains `filter`, by name, a page at a time.
 * `paginationToken`: how many were shown before.
 */
export async function searchTorrents(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken = '0',
): Promise<INodeListSearchResult> {
	const start = Number(paginationToken);
	const wanted = filter.toLowerCase();
	// The client itself has no search; without one it need not send the complete list.
	const page: TorrentQuery = wanted === '' ? { offset: start, limit: PAGE_SIZE + 1 } : {};
	const listed = await fromClient(
		this,
		async (client) => await listTorrents(client, { sort: 'name', ...page }),
	);
	const shown =
		wanted === ''
			? listed
			: listed
					.filter(({ hash, name }) => `${String(name)}\n${hash}`.toLowerCase().includes(wanted))
					.slice(start, start + PAGE_SIZE + 1);
	return {
		results: shown
			.slice(0, PAGE_SIZE)
			.map(({ hash, name }) => ({ name: String(name), value: hash })),
		...(shown.length > PAGE_SIZE ? { paginationToken: String(start + PAGE_SIZE) } : {}),
	};
}
