import { isRecord } from '../../../shared/json';
import type { ClientTorrent } from '../../../shared/records';
import { clientTorrents, isClientTorrent, isEmptyMarker } from '../records';
import { belongsToMam, siteEvidence } from '../trackers/mamTorrents';

/** At least this many refusals, and half of the answers, mean that the tracker refuses the client. */
const REFUSED_ANSWERS = 3;

/**
 * The list of the client, or why it cannot be trusted: `problem` is sent to the owner and names no torrent,
 * `detail` does.
 */
export type ClientList =
	| { torrents: ClientTorrent[]; unreadable: number }
	| { problem: string; detail?: string };

/** Whether a record that cannot be read may be one of ours: what it does not say, it may be. */
function mayBeOurs(record: unknown, category: string): boolean {
	if (!isRecord(record) || record.error) return true;
	const { category: own, tags, tracker = '', trackers: given } = record;
	if (typeof own !== 'string' || typeof tags !== 'string' || typeof tracker !== 'string')
		return true;
	const trackers = (Array.isArray(given) ? given : [])
		.filter(isRecord)
		.map(({ url }) => ({ url: String(url) }));
	return belongsToMam({ category: own, tags, tracker, trackers }, category);
}

/** All torrents of the client. One that cannot be read is ignored only if it is somebody else's. */
export function readClientList(value: unknown, category: string): ClientList {
	const incomplete = 'The torrent list of the client is incomplete';
	if (!Array.isArray(value) || value.length === 0) return { problem: `${incomplete}.` };
	const records = value.filter((item) => !isEmptyMarker(item));
	const torrents = clientTorrents(records, 'rankCandidates');
	const odd = records.filter((record) => !isClientTorrent(record, 'rankCandidates'));
	const at = odd.findIndex((record) => mayBeOurs(record, category));
	if (at === -1) return { torrents, unreadable: odd.length };
	const ours = odd[at];
	if (!isRecord(ours) || typeof ours.name !== 'string') return { problem: `${incomplete}.` };
	const name = ours.name.slice(0, 100);
	return {
		problem: `${incomplete}: one record cannot be read.`,
		detail: `${incomplete}: the record of "${name}" cannot be read.`,
	};
}

/** What MAM's tracker says of the client. */
export interface ClientAnswers {
	answers: number;
	refused: number;
	/** Whether it refuses the client itself; null with too few answers to tell. */
	isRefused: boolean | null;
}

/** How many torrents MAM's tracker has answered for, and for how many it says one of `refusedMessages`. */
export function answersToClient(
	torrents: ClientTorrent[],
	category: string,
	refusedMessages: string[],
): ClientAnswers {
	const errors = torrents
		.filter((torrent) => belongsToMam(torrent, category))
		.map(siteEvidence)
		.filter(({ given, mouse }) => given && !mouse)
		.map(({ error }) => (error ?? '').toLowerCase());
	const refused = errors.filter((error) =>
		refusedMessages.some((message) => error.includes(message.toLowerCase())),
	).length;
	const answers = errors.length;
	const isMost = refused >= REFUSED_ANSWERS && refused * 2 >= answers;
	return { answers, refused, isRefused: answers < REFUSED_ANSWERS ? null : isMost };
}
