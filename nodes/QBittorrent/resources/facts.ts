import type { FailureFacts } from '../../shared/failure';

/** The facts of a `hash` parameter that names no single torrent. */
export function badHashFacts(hash: string): FailureFacts {
	return {
		cause: 'bad_parameter',
		sentence: `"${hash.slice(0, 80)}" is not the hash of one torrent; nothing was done with this item.`,
		action:
			'Choose "Torrent" from the list, or give it the 40 (or 64) hex digits of one torrent, e.g. {{ $json.hash }} of a listed torrent.',
	};
}

/** The facts of a hash that the client does not list. */
export function goneFacts(hash: string): FailureFacts {
	return {
		cause: 'gone',
		sentence: `qBittorrent has no torrent ${hash}.`,
		action: 'It was deleted or never added. List the torrents anew instead of using an old hash.',
	};
}
