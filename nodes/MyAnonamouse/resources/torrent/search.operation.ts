import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { markEmptyOption, withEmptyMarker } from '../../../shared/markEmpty';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { LIMITS, readLimit } from '../../../shared/returnAll';
import { fetchAccount, rememberedVipIsFree } from '../../endpoints/jsonLoad';
import { fetchSearchPage, pageSize } from '../../endpoints/search';
import type { SearchPage } from '../../parse/searchPage';
import { withMamSession, type MamSession } from '../../session/mamSession';
import { readPages } from '../pages';
import { rawItem } from '../simplify';
import { SIMPLIFY } from './get.operation';
import { FILTER_FIELDS, searchFilter } from './searchFilter';

/** The search type that the class of the account decides. */
const FREE_FOR_ACCOUNT = 'free';

/** A search over all its pages, each in a turn of its own. */
class PagedSearch {
	readonly unreadable: string[] = [];

	private startNumber = 0;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
		private readonly wanted: { filter: IDataObject; limit: number; simplify: boolean },
	) {}

	async run(): Promise<INodeExecutionData[]> {
		const found = await readPages(async () => await this.nextPage(), this.wanted.limit);
		return found.map(({ item }) => item);
	}

	private async nextPage() {
		const { context, itemIndex, wanted } = this;
		const page = await withMamSession(
			context,
			itemIndex,
			async (session) => await this.page(session),
		);
		this.startNumber += page.size;
		this.unreadable.push(...page.unreadable);
		const found = page.torrents.map((torrent, at) => {
			const raw = wanted.simplify ? undefined : page.raw[at];
			return { id: torrent.id, item: rawItem(torrent, raw, itemIndex) };
		});
		return { found, isLast: this.startNumber >= (page.found ?? Infinity) };
	}

	private async page(session: MamSession): Promise<SearchPage> {
		const { filter, limit } = this.wanted;
		let vipIsFree = await rememberedVipIsFree(session);
		const tor: IDataObject = { ...filter, startNumber: this.startNumber };
		if (filter.searchType === FREE_FOR_ACCOUNT) {
			if (vipIsFree === null) {
				await fetchAccount(session);
				vipIsFree = await rememberedVipIsFree(session);
			}
			tor.searchType = vipIsFree === true ? 'fl-VIP' : 'fl';
		}
		return await fetchSearchPage(session, tor, pageSize(limit), vipIsFree ?? false);
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
