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

/** A tracker of a torrent as `torrents/trackers` gives it; DHT, PeX and LSD have tier -1. */
export interface TrackerRecord {
	url: string;
	/** 0 disabled, 1 not contacted yet, 2 working, 3 updating, 4 not working, 5 tracker error, 6 unreachable (5.3). */
	status: number;
	tier: number;
	/** The tracker's own words: a failure reason stands here verbatim. */
	msg: string;
	num_complete?: number;
	num_incomplete?: number;
}

/** A torrent of the client: qBittorrent's own field names, the fields that the policies read. */
export interface ClientTorrent {
	hash: string;
	name: string;
	state: string;
	category: string;
	/** Comma-separated, as qBittorrent stores them. */
	tags: string;
	/** 0 to 1. */
	progress: number;
	/** Bytes. */
	size: number;
	/** Bytes still to be downloaded. */
	amount_left: number;
	/** Bytes downloaded in all, over all sessions. */
	downloaded: number;
	/** Bytes of the content that are on disk and checked. */
	completed: number;
	/** Bytes uploaded in all. */
	uploaded: number;
	/** Unix seconds. */
	added_on: number;
	/** Seconds; the local clock, not the tracker's. */
	seeding_time: number;
	/** Seeders in the swarm as the tracker says; -1 when unknown. */
	num_complete: number;
	num_incomplete: number;
	tracker: string;
	content_path: string;
	save_path: string;
	/** Only from WebAPI 2.11 (5.1). */
	comment?: string;
	/** With `includeTrackers`; absent when this torrent was not asked. */
	trackers?: TrackerRecord[];
}

/** How much of a record to return. */
export type Fields = 'essential' | 'all';
