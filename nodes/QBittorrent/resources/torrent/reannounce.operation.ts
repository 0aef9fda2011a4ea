import { stateKind } from '../../../shared/torrentStates';
import { postTo, torrentAction } from './batch';

/** Announces the torrents of all items to their trackers now; `stopped` for those that do not announce. */
export const reannounce = torrentAction({
	value: 'reannounce',
	name: 'Reannounce',
	action: 'Reannounce torrents',
	description: 'Announce the torrents of all input items to their trackers now',
	posts: postTo('torrents/reannounce'),
	// qBittorrent answers a success and does nothing.
	impossible: ({ state }) => (stateKind(state) === 'stopped' ? 'stopped' : null),
});
