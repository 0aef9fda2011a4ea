/** More pages than the longest list of the site has. */
const MAX_PAGES = 200;

/** What one page brought. */
export interface FoundPage<T> {
	found: T[];
	/** Whether the site says that no other page follows. */
	isLast: boolean;
}

/**
 * A list of the site, page by page, at most `limit` records of it. It ends at the first page without a new id: the
 * site's own count may be missing or change between pages, and so may the number of records on a page. A record that
 * moves between pages is returned once.
 */
export async function readPages<T extends { id: number }>(
	readPage: (at: number) => Promise<FoundPage<T>>,
	limit = Infinity,
): Promise<T[]> {
	const known = new Map<number, T>();
	for (let at = 0; at < MAX_PAGES; at++) {
		const { found, isLast } = await readPage(at);
		const before = known.size;
		for (const one of found) if (!known.has(one.id)) known.set(one.id, one);
		if (isLast || known.size === before || known.size >= limit) break;
	}
	return [...known.values()].slice(0, limit);
}
