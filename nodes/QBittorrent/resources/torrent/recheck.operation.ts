import type { RawTorrent } from '../../parse/torrent';
import { torrentAction } from './batch';

/** Whether a magnet link's files are not known yet. */
function lacksMetadata({ state, total_size, has_metadata }: RawTorrent): boolean {
	return /metaDL$/i.test(String(state)) || total_size === -1 || has_metadata === false;
}

/** Rechecks the data of all items on disk; `no_metadata` where a magnet link has no files yet. */
export const recheck = torrentAction({
	value: 'recheck',
	name: 'Recheck',
	action: 'Recheck torrents',
	description: 'Recheck the data of the torrents of all input items',
	path: () => 'torrents/recheck',
	// qBittorrent answers a success and does nothing.
	impossible: (torrent) => (lacksMetadata(torrent) ? 'no_metadata' : null),
});
