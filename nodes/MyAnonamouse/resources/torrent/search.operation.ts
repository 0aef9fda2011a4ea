import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { markEmptyOption, withEmptyMarker } from '../../../shared/markEmpty';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { fetchSearchPage, pageSize } from '../../endpoints/search';
import { withMamSession } from '../../session/mamSession';
import { rawItem } from '../simplify';
import { SIMPLIFY } from './get.operation';
import { FILTER_FIELDS, searchFilter } from './searchFilter';

const RETURN_ALL: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

const LIMIT: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

interface Found {
	items: INodeExecutionData[];
	unreadable: string[];
}

/** Pages through the results. Torrents that move between pages meanwhile are returned once. */
async function findAll(
	context: IExecuteFunctions,
	itemIndex: number,
	filter: IDataObject,
	limit: number,
	simplify: boolean,
): Promise<Found> {
	const items = new Map<number, INodeExecutionData>();
	const unreadable: string[] = [];
	const perPage = pageSize(limit);
	for (let startNumber = 0, more = true; more; ) {
		const tor = { ...filter, startNumber };
		const page = await withMamSession(
			context,
			itemIndex,
			async (session) => await fetchSearchPage(session, tor, perPage),
		);
		page.torrents.forEach((torrent, at) => {
			if (items.has(torrent.id)) return;
			const raw = simplify ? undefined : page.raw[at];
			items.set(torrent.id, rawItem(torrent, raw, itemIndex));
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

export const search = operation({
	value: 'search',
	name: 'Search',
	action: 'Search torrents',
	description: 'Search torrents; filtering and sorting happen on the site',
	changes: false,
	fields: [
		...FILTER_FIELDS,
		RETURN_ALL,
		LIMIT,
		SIMPLIFY,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [markEmptyOption],
		},
	],
	run: {
		async perItem({ itemIndex }) {
			const parameters = new Parameters(this, itemIndex);
			const filter = searchFilter(parameters);
			const limit = parameters.flag(RETURN_ALL) ? Infinity : parameters.number(LIMIT);
			const simplify = parameters.flag(SIMPLIFY);
			const markEmpty = parameters.options.flag(markEmptyOption);
			const { items, unreadable } = await findAll(this, itemIndex, filter, limit, simplify);
			reportUnreadable(this, unreadable);
			return withEmptyMarker(items, markEmpty, new Date(), itemIndex);
		},
	},
});
