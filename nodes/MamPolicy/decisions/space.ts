import type { ClientTorrent } from '../../shared/records';
import { STOPPED_STATES } from '../../shared/torrentStates';

/** Free bytes that are left once all started torrents are complete: a stopped one takes no space until it is started. */
export function spaceAfterDownloads(freeBytes: number, torrents: ClientTorrent[]): number {
	return torrents
		.filter(({ state }) => !STOPPED_STATES.includes(state))
		.reduce((space, { amount_left: left }) => space - left, freeBytes);
}
