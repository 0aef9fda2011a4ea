import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { markEmptyOption, withEmptyMarker } from '../../../shared/markEmpty';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { LIMITS, readLimit } from '../../../shared/returnAll';
import { fetchAccount, rememberedVipIsFree } from '../../endpoints/jsonLoad';
import { fetchSearchPage, pageSize } from '../../endpoints/search';
import type { SearchPage } from '../../parse/searchPage';
import { withMamSession, type MamSession } from '../../session/mamSession';
import { rawItem } from '../simplify';
import { SIMPLIFY } from './get.operation';
import { FILTER_FIELDS, searchFilter } from './searchFilter';

/** The search type that the class of the account decides. */
const FREE_FOR_ACCOUNT = 'free';

/** More pages than the largest search of the site has. */
const MAX_PAGES = 200;

/** A search over all its pages. */
class PagedSearch {
	private readonly items = new Map<number, INodeExecutionData>();

	readonly unreadable: string[] = [];

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
		private readonly wanted: { filter: IDataObject; limit: number; simplify: boolean },
	) {}

	/**
	 * Asks page by page, until one brings no new torrent: the site's own count may be missing or change between
	 * pages, and so may the number of results on a page. Torrents that move between pages are returned once.
	 */
	async run(): Promise<INodeExecutionData[]> {
		const { limit } = this.wanted;
		let startNumber = 0;
		for (let pages = 0; pages < MAX_PAGES; pages++) {
			const page = await withMamSession(
				this.context,
				this.itemIndex,
				async (session) => await this.page(session, startNumber),
			);
			const before = this.items.size;
			this.add(page);
			startNumber += page.size;
			const isLast = this.items.size === before || startNumber >= (page.found ?? Infinity);
			if (isLast || this.items.size >= limit) break;
		}
		return [...this.items.values()].slice(0, limit);
	}

	private async page(session: MamSession, startNumber: number): Promise<SearchPage> {
		const { filter, limit } = this.wanted;
		let vipIsFree = await rememberedVipIsFree(session);
		const tor: IDataObject = { ...filter, startNumber };
		if (filter.searchType === FREE_FOR_ACCOUNT) {
			if (vipIsFree === null) {
				await fetchAccount(session);
				vipIsFree = await rememberedVipIsFree(session);
			}
			tor.searchType = vipIsFree === true ? 'fl-VIP' : 'fl';
		}
		return await fetchSearchPage(session, tor, pageSize(limit), vipIsFree ?? false);
	}

	private add(page: SearchPage): void {
		page.torrents.forEach((torrent, at) => {
			if (this.items.has(torrent.id)) return;
			const raw = this.wanted.simplify ? undefined : page.raw[at];
			this.items.set(torrent.id, rawItem(torrent, raw, this.itemIndex));
		});
		this.unreadable.push(...page.unreadable);
	}
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
		...LIMITS,
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
			const limit = readLimit(parameters) ?? Infinity;
			const simplify = parameters.flag(SIMPLIFY);
			const markEmpty = parameters.options.flag(markEmptyOption);
			const pages = new PagedSearch(this, itemIndex, { filter, limit, simplify });
			const items = await pages.run();
			reportUnreadable(this, pages.unreadable);
			return withEmptyMarker(items, markEmpty, new Date(), itemIndex);
		},
	},
});
