import { lacksMetadata } from '../../parse/torrent';
import { postTo, torrentAction } from './batch';

/** Rechecks the data of all items on disk; `no_metadata` where a magnet link has no files yet. */
export const recheck = torrentAction({
	value: 'recheck',
	name: 'Recheck',
	action: 'Recheck torrents',
	description: 'Recheck the data of the torrents of all input items',
	posts: postTo('torrents/recheck'),
	// qBittorrent answers a success and does nothing.
	impossible: (torrent) => (lacksMetadata(torrent) ? 'no_metadata' : null),
});
