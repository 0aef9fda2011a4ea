import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { markEmptyOption, withEmptyMarker } from '../../../shared/markEmpty';
import { fetchSearchPage, pageSize } from '../../endpoints/search';
import { withMamSession } from '../../session/mamSession';
import { shownFor } from '../../../shared/display';
import { limitOf, returnAllProperties } from '../../../shared/returnAll';
import { includeRawOption, torrentItem } from './includeRaw';
import { searchProperties, searchQuery } from './searchQuery';

export const description: INodeProperties[] = [
	...shownFor('torrent', 'search', searchProperties),
	...returnAllProperties('torrent', 'search'),
	...shownFor('torrent', 'search', [
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [includeRawOption, markEmptyOption],
		},
	]),
];

interface Found {
	items: INodeExecutionData[];
	unreadable: string[];
}

/** Pages through the results. Torrents that move between pages meanwhile are returned once. */
async function findAll(
	context: IExecuteFunctions,
	itemIndex: number,
	query: IDataObject,
	limit: number,
	includeRaw: boolean,
): Promise<Found> {
	const items = new Map<number, INodeExecutionData>();
	const unreadable: string[] = [];
	const perPage = pageSize(limit);
	for (let startNumber = 0, more = true; more; ) {
		const tor = { ...query, startNumber };
		const page = await withMamSession(
			context,
			itemIndex,
			async (session) => await fetchSearchPage(context, session, tor, perPage),
		);
		page.torrents.forEach((torrent, at) => {
			if (!items.has(torrent.id))
				items.set(torrent.id, torrentItem(torrent, page.raw[at], includeRaw, itemIndex));
		});
		unreadable.push(...page.unreadable);
		startNumber += perPage;
		more = page.size > 0 && startNumber < (page.found ?? Infinity) && items.size < limit;
		if (page.found === null && page.size < perPage) more = false;
	}
	return { items: [...items.values()].slice(0, limit), unreadable };
}

/** Says in the log and in the editor which records were skipped. */
function reportUnreadable(context: IExecuteFunctions, unreadable: string[]): void {
	if (unreadable.length === 0) return;
	const message = `${unreadable.length} of the site's records could not be read and were skipped: ${unreadable.slice(0, 5).join(' ')}`;
	context.logger.warn(message);
	context.addExecutionHints({ message, location: 'outputPane' });
}

export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const query = searchQuery(this, itemIndex);
	const limit = limitOf(this, itemIndex) ?? Infinity;
	const includeRaw = this.getNodeParameter('options.includeRaw', itemIndex, false) === true;
	const markEmpty = this.getNodeParameter('options.markEmpty', itemIndex, false) === true;
	const { items, unreadable } = await findAll(this, itemIndex, query, limit, includeRaw);
	reportUnreadable(this, unreadable);
	return withEmptyMarker(items, markEmpty, new Date(), itemIndex);
}
