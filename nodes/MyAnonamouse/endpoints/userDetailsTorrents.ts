import { failure } from '../../shared/failure';
import { refusalFacts } from '../parse/refusal';
import { parseSnatches, type SnatchRecord } from '../parse/snatch';
import type { MamSession } from '../session/mamSession';

/** Rows on a full page of the site. */
const ROWS_PER_PAGE = 250;

/** One page of one of the site's lists (`unsat`, `sSat` …) of the torrents that the account snatched. */
export async function fetchSnatchPage(
	session: MamSession,
	uid: number,
	list: string,
	iteration: number,
): Promise<{ found: SnatchRecord[]; isLast: boolean }> {
	const cacheTime = Math.floor(Date.now() / 1000);
	const answer = await session.json({
		host: 'cdn',
		path: '/json/loadUserDetailsTorrents.php',
		qs: { uid, iteration, type: list, cacheTime },
	});
	const parsed = parseSnatches(answer);
	if ('unreadable' in parsed) {
		throw failure(session.node, { ...refusalFacts('unknown'), sentence: parsed.unreadable });
	}
	const { snatches, size } = parsed.record;
	return { found: snatches, isLast: size < ROWS_PER_PAGE };
}
