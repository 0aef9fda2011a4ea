/** States of a torrent, in the names of qBittorrent 5.x (4.x calls `stoppedDL` `pausedDL`). */
export const TORRENT_STATES = [
	'allocating',
	'checkingDL',
	'checkingResumeData',
	'checkingUP',
	'downloading',
	'error',
	'forcedDL',
	'forcedMetaDL',
	'forcedUP',
	'metaDL',
	'missingFiles',
	'moving',
	'queuedDL',
	'queuedUP',
	'stalledDL',
	'stalledUP',
	'stoppedDL',
	'stoppedUP',
	'unknown',
	'uploading',
] as const;

export type TorrentState = (typeof TORRENT_STATES)[number];

/** The state in the words of qBittorrent 5.x. */
export function normaliseState(state: unknown): string {
	if (state === 'pausedDL') return 'stoppedDL';
	if (state === 'pausedUP') return 'stoppedUP';
	return typeof state === 'string' ? state : 'unknown';
}

/** To be downloaded, and nobody has stopped it. */
export const DOWNLOADING_STATES: readonly string[] = [
	'downloading',
	'metaDL',
	'forcedMetaDL',
	'queuedDL',
	'stalledDL',
	'forcedDL',
];

/** Complete, and announced as a seeder as far as the client goes: a queued one is not. */
export const SEEDING_STATES: readonly string[] = ['uploading', 'stalledUP', 'forcedUP'];

/** In the client's queue, where no tracker hears of them. */
export const QUEUED_STATES: readonly string[] = ['queuedDL', 'queuedUP'];

export const STOPPED_STATES: readonly string[] = ['stoppedDL', 'stoppedUP'];

const KINDS = {
	stopped: STOPPED_STATES,
	downloading: DOWNLOADING_STATES,
	seeding: [...SEEDING_STATES, 'queuedUP'],
};

/** Whose files cannot be read or written. */
export const BROKEN_STATES: readonly string[] = ['error', 'missingFiles'];

/** Coarser than the state: does not change when peers come and go. */
export type StateKind = keyof typeof KINDS | 'busy';

/** The kind of a state. Checking, moving, errored and unknown states are all `busy`. */
export function stateKind(state: unknown): StateKind {
	const name = normaliseState(state);
	for (const [kind, states] of Object.entries(KINDS)) {
		if (states.includes(name)) return kind as StateKind;
	}
	return 'busy';
}
