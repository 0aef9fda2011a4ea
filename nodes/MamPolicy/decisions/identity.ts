import { tagsOf } from './records';
import type { ClientTorrent } from '../../shared/records';

/** The MAM ids that a torrent's comment names, as the site writes them into its files. */
const COMMENT_ID = /myanonamouse\.net\/(?:t\/|\S*[?&]tid=)(\d+)\b/gi;

/**
 * The MAM ids of the torrents in the client, by tag `mam-<id>` or by the comment where the version gives it.
 * Never by title: titles repeat, and an empty one would match everything.
 */
export function mamIdsInClient(torrents: ClientTorrent[]): Set<number> {
	const ids = new Set<number>();
	for (const torrent of torrents) {
		for (const tag of tagsOf(torrent)) {
			const id = /^mam-(\d+)$/.exec(tag)?.[1];
			if (id !== undefined) ids.add(Number(id));
		}
		for (const [, id] of (torrent.comment ?? '').matchAll(COMMENT_ID)) ids.add(Number(id));
	}
	return ids;
}
