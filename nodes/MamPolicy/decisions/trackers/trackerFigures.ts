import { QUEUED_STATES, SEEDING_STATES } from '../../../shared/torrentStates';
import type { TrackerFigures } from '../../types';
import { belongsToMam, isUnsatisfied } from './mamTorrents';
import type { ClientTorrent } from '../../../shared/records';

/** The label of MAM's torrents, whatever their tracker field holds. */
const MAM = 'mam';

/**
 * The tracker that a torrent counts for. MAM's are known by category, tag or announce; others go by their
 * category, then by their tracker's host. A queued torrent has no tracker in the client's list.
 */
function trackerLabel(torrent: ClientTorrent, category: string): string {
	if (belongsToMam(torrent, category)) return MAM;
	if (torrent.category !== '') return torrent.category;
	return (URL.canParse(torrent.tracker) && new URL(torrent.tracker).hostname) || 'unknown';
}

function addUp(torrents: ClientTorrent[]): TrackerFigures {
	const sum = (field: 'uploaded' | 'downloaded' | 'size' | 'seeding_time') =>
		torrents.reduce((total, torrent) => total + torrent[field], 0);
	const count = (is: (torrent: ClientTorrent) => boolean) => torrents.filter(is).length;
	const uploaded = sum('uploaded');
	const downloaded = sum('downloaded');
	return {
		torrents_total: torrents.length,
		seeding: count(({ state }) => SEEDING_STATES.includes(state)),
		downloading: count(({ progress }) => progress < 1),
		queued: count(({ state }) => QUEUED_STATES.includes(state)),
		unsatisfied: count(isUnsatisfied),
		uploaded_bytes: uploaded,
		downloaded_bytes: downloaded,
		size_bytes: sum('size'),
		seed_time_total: sum('seeding_time'),
		// As on the site: no ratio while nothing was downloaded.
		...(downloaded > 0 && { ratio: uploaded / downloaded }),
	};
}

/** The figures of each tracker's torrents; MAM's always, so that none reads as zero and not as unknown. */
export function trackerFigures(
	torrents: ClientTorrent[],
	category: string,
): Record<string, TrackerFigures> {
	const byLabel = new Map<string, ClientTorrent[]>([[MAM, []]]);
	for (const torrent of torrents) {
		const label = trackerLabel(torrent, category);
		byLabel.set(label, [...(byLabel.get(label) ?? []), torrent]);
	}
	return Object.fromEntries([...byLabel].map(([label, members]) => [label, addUp(members)]));
}
