import type { IExecuteFunctions } from 'n8n-workflow';

import { failure } from '../../shared/failure';
import { refusalFacts } from '../parse/refusal';
import { fetchSearchPage } from './search';
import type { MamSession } from '../session/mamSession';
import type { MamTorrentRecord } from '../../shared/records';

/** Reads one torrent by its id, and the site's own record of it. Throws `gone` when the site has it no more. */
export async function fetchTorrent(
	context: IExecuteFunctions,
	session: MamSession,
	id: number,
): Promise<{ torrent: MamTorrentRecord; raw: unknown }> {
	const tor = { id, searchType: 'all', searchIn: 'torrents', startNumber: 0 };
	const page = await fetchSearchPage(context, session, tor, 1);
	const at = page.torrents.findIndex((torrent) => torrent.id === id);
	if (at !== -1) return { torrent: page.torrents[at], raw: page.raw[at] };
	const facts =
		page.unreadable.length === 0
			? refusalFacts('gone')
			: { ...refusalFacts('no_data'), sentence: page.unreadable[0] };
	throw failure(context.getNode(), facts);
}
