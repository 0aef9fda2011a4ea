import { parseTorrent } from './torrent';
import { asCount, asRecord, type Parsed } from './values';
import type { MamTorrentRecord } from '../../shared/records';

/** One page of a search. */
export interface SearchPage {
	torrents: MamTorrentRecord[];
	/** The site's own records of `torrents`, in the same order. */
	raw: unknown[];
	/** Why single records of the page could not be read. */
	unreadable: string[];
	/** Records on the page, readable or not. */
	size: number;
	/** All results of the search, as the site counts them; null when it does not say. */
	found: number | null;
}

const NOTHING_FOUND: SearchPage = { torrents: [], raw: [], unreadable: [], size: 0, found: 0 };

/**
 * A page of `loadSearchJSONbasic.php`. Nothing found is an empty page, in the site's words "Nothing returned,
 * out of N". One odd record is listed under `unreadable` and never fails the page.
 */
export function parseSearchPage(answer: unknown, vipIsFree: boolean): Parsed<SearchPage> {
	const top = asRecord(answer);
	if (top === null) return { unreadable: 'The answer is not a list of torrents.' };
	if (typeof top.error === 'string') {
		if (top.error.startsWith('Nothing returned')) return { record: NOTHING_FOUND };
		return { unreadable: 'The site refused the search.' };
	}
	if (!Array.isArray(top.data)) return { unreadable: 'The answer holds no list of torrents.' };
	const page: SearchPage = {
		...NOTHING_FOUND,
		torrents: [],
		raw: [],
		unreadable: [],
		size: top.data.length,
		found: asCount(top.total_found) ?? asCount(top.found),
	};
	for (const value of top.data as unknown[]) {
		const parsed = parseTorrent(value, vipIsFree);
		if ('unreadable' in parsed) page.unreadable.push(parsed.unreadable);
		else {
			page.torrents.push(parsed.record);
			page.raw.push(value);
		}
	}
	return { record: page };
}
