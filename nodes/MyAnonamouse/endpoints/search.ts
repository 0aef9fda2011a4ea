import type { IDataObject } from 'n8n-workflow';

import { failure } from '../../shared/failure';
import type { MamTorrentRecord } from '../../shared/records';
import { refusalFacts } from '../parse/refusal';
import { parseSearchPage, type SearchPage } from '../parse/searchPage';
import { parseTorrent } from '../parse/torrent';
import type { MamSession } from '../session/mamSession';

/** The site's page sizes, from its API pages. Some answers hold fewer than was asked for. */
const MIN_PER_PAGE = 5;
const MAX_PER_PAGE = 1000;

/** The page size to request for `wanted` results. */
export function pageSize(wanted: number): number {
	return Math.max(MIN_PER_PAGE, Math.min(MAX_PER_PAGE, wanted));
}

/**
 * One page of at most `perPage` results. `tor` holds the site's own filter names; `vipIsFree` says whether VIP
 * torrents count as free.
 */
export async function fetchSearchPage(
	session: MamSession,
	tor: IDataObject,
	perPage: number,
	vipIsFree: boolean,
): Promise<SearchPage> {
	const answer = await session.json({
		path: '/tor/js/loadSearchJSONbasic.php',
		method: 'POST',
		// The site reads the page size at the root only; inside `tor` it is ignored and 20 come back.
		body: { perpage: pageSize(perPage), tor },
	});
	const parsed = parseSearchPage(answer, vipIsFree);
	if ('unreadable' in parsed) {
		throw failure(session.node, { ...refusalFacts('unknown'), sentence: parsed.unreadable });
	}
	return parsed.record;
}

/** One torrent of the site. */
export interface FoundTorrent {
	/** VIP counts as free with `vipIsFree` only. */
	torrent: MamTorrentRecord;
	/** Whether it is free for accounts that VIP makes free. */
	isFreeAsVip: boolean;
	/** The site's own record. */
	raw: unknown;
}

/** One torrent by its id. Throws `gone` when the site no longer has it. */
export async function fetchTorrent(
	session: MamSession,
	id: number,
	vipIsFree: boolean,
): Promise<FoundTorrent> {
	const tor = { id, searchType: 'all', searchIn: 'torrents', startNumber: 0 };
	const page = await fetchSearchPage(session, tor, 1, vipIsFree);
	const at = page.torrents.findIndex((torrent) => torrent.id === id);
	if (at !== -1) {
		const asVip = parseTorrent(page.raw[at], true);
		const isFreeAsVip = 'record' in asVip && asVip.record.isFree;
		return { torrent: page.torrents[at], isFreeAsVip, raw: page.raw[at] };
	}
	const facts =
		page.unreadable.length === 0
			? refusalFacts('gone')
			: { ...refusalFacts('no_data'), sentence: page.unreadable[0] };
	throw failure(session.node, facts);
}
