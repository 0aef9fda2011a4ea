import type { IDataObject } from 'n8n-workflow';

import { failure } from '../../shared/failure';
import type { MamTorrentRecord } from '../../shared/records';
import { refusalFacts } from '../parse/refusal';
import { parseSearchPage, type SearchPage } from '../parse/searchPage';
import type { MamSession } from '../session/mamSession';

/** The site's page sizes: fewer than 5 or more than 100 are not served. */
const MIN_PER_PAGE = 5;
const MAX_PER_PAGE = 100;

/** The page size to request for `wanted` results. */
export function pageSize(wanted: number): number {
	return Math.max(MIN_PER_PAGE, Math.min(MAX_PER_PAGE, wanted));
}

/** One page of at most `perPage` results. `tor` holds the site's own filter names. */
export async function fetchSearchPage(
	session: MamSession,
	tor: IDataObject,
	perPage: number,
): Promise<SearchPage> {
	const { className } = await session.state();
	const answer = await session.json({
		path: '/tor/js/loadSearchJSONbasic.php',
		method: 'POST',
		// The site reads the page size at the root only; inside `tor` it is ignored and 20 come back.
		body: { perpage: pageSize(perPage), tor },
	});
	const parsed = parseSearchPage(answer, className);
	if ('unreadable' in parsed) {
		throw failure(session.node, { ...refusalFacts('unknown'), sentence: parsed.unreadable });
	}
	return parsed.record;
}

/** One torrent by its id, and the site's own record of it. Throws `gone` when the site no longer has it. */
export async function fetchTorrent(
	session: MamSession,
	id: number,
): Promise<{ torrent: MamTorrentRecord; raw: unknown }> {
	const tor = { id, searchType: 'all', searchIn: 'torrents', startNumber: 0 };
	const page = await fetchSearchPage(session, tor, 1);
	const at = page.torrents.findIndex((torrent) => torrent.id === id);
	if (at !== -1) return { torrent: page.torrents[at], raw: page.raw[at] };
	const facts =
		page.unreadable.length === 0
			? refusalFacts('gone')
			: { ...refusalFacts('no_data'), sentence: page.unreadable[0] };
	throw failure(session.node, facts);
}
