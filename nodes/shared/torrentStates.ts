/** The client's states in the words of qBittorrent 5.x. */

/** To be downloaded, and nobody has stopped it. */
export const DOWNLOADING_STATES: readonly string[] = [
	'downloading',
	'metaDL',
	'forcedMetaDL',
	'queuedDL',
	'stalledDL',
	'forcedDL',
];

/** Complete, and announced as a seeder as far as the client goes. */
export const SEEDING_STATES: readonly string[] = ['uploading', 'stalledUP', 'forcedUP'];

/** In the client's queue, where no tracker hears of them. */
export const QUEUED_STATES: readonly string[] = ['queuedDL', 'queuedUP'];

export const STOPPED_STATES: readonly string[] = ['stoppedDL', 'stoppedUP'];
