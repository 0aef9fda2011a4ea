/** States of a torrent, in the names of qBittorrent 5.x (4.x `pausedDL` reads `stoppedDL`). */
export type TorrentState =
	| 'error'
	| 'missingFiles'
	| 'uploading'
	| 'stoppedUP'
	| 'queuedUP'
	| 'stalledUP'
	| 'checkingUP'
	| 'forcedUP'
	| 'allocating'
	| 'downloading'
	| 'metaDL'
	| 'forcedMetaDL'
	| 'stoppedDL'
	| 'queuedDL'
	| 'stalledDL'
	| 'checkingDL'
	| 'forcedDL'
	| 'checkingResumeData'
	| 'moving'
	| 'unknown';

/** How much of a record to return. */
export type Fields = 'essential' | 'all';
