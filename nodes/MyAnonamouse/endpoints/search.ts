import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { failure } from '../../shared/failure';
import { refusalFacts } from '../parse/refusal';
import { parseSearchPage, type SearchPage } from '../parse/searchPage';
import type { MamSession } from '../session/mamSession';

/** The site's page sizes: fewer than 5 or more than 100 are not served. */
const LEAST_PER_PAGE = 5;
const MOST_PER_PAGE = 100;

/** The page size to ask for when `wanted` results are. */
export function pageSize(wanted: number): number {
	return Math.max(LEAST_PER_PAGE, Math.min(MOST_PER_PAGE, wanted));
}

/** Asks for one page of at most `perPage` results. `tor` holds the site's own filter names. */
export async function fetchSearchPage(
	context: IExecuteFunctions,
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
		throw failure(context.getNode(), { ...refusalFacts('unknown'), sentence: parsed.unreadable });
	}
	return parsed.record;
}
