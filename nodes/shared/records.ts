/** The records that the nodes hand to each other. */

/** Classes of the site whose metric code is known, plus any newer name. */
export type ClassName = string;

/** The last purchase with bonus points. */
export interface LastPurchase {
	what: 'upload' | 'vip';
	/** GiB of upload; 0 for VIP. */
	amount: number;
	/** ISO time. */
	at: string;
	/** Whether the account shows it. */
	shown: boolean;
}

/** One MAM account, as `account: get` returns it. All sizes in bytes, all times ISO 8601 UTC. */
export interface AccountRecord {
	uid: number;
	username: string;
	className: ClassName;
	/** Metric code of the class; null when the class is unknown, never 0 for a guess. */
	classCode: number | null;
	/** Uploaded divided by downloaded; null when nothing was downloaded. */
	ratio: number | null;
	uploadedBytes: number;
	downloadedBytes: number;
	bonusPoints: number;
	/** Freeleech wedges; null when the site did not say. */
	wedges: number | null;
	/** End of VIP; null without VIP. */
	vipUntil: string | null;
	/** Whether the site can reach the client; null when not given. */
	connectable: boolean | null;
	/** Torrents inside their H&R window; null when not given. */
	unsatisfied: { count: number; limit: number } | null;
	/** Flagged Hit & Runs; null when not given. */
	hitAndRuns: { notSeeding: number; seeding: number } | null;
	/** Unsatisfied torrents that are not seeding: the next Hit & Runs; null when not given. */
	inactiveUnsatisfied?: number | null;
	/** The last purchase that was sent, as the session remembers it; null without one. */
	lastPurchase?: LastPurchase | null;
	seeding: number | null;
	leeching: number | null;
	/** When the record was read. */
	fetchedAt: string;
}

/** One torrent of the site, as `torrent: search` and `torrent: get` return it. */
export interface MamTorrentRecord {
	id: number;
	title: string;
	sizeBytes: number;
	seeders: number;
	leechers: number;
	snatches: number;
	category: string;
	/** The site's number: 13 audiobooks, 14 e-books, 15 musicology, 16 radio; null when not given. */
	mainCategory?: number | null;
	/** The site's code, such as ENG; null when not given. */
	language?: string | null;
	/** ISO 8601 UTC; null when the site gave no readable date. */
	addedAt: string | null;
	/** Free for this account, VIP included. */
	isFree: boolean;
	freeleech: boolean;
	personalFreeleech: boolean;
	vip: boolean;
	/** ISO 8601 UTC; null for permanent VIP or no VIP. */
	vipExpiresAt: string | null;
	alreadySnatched: boolean;
	/** The site's own record, with `simplify` off. */
	raw?: unknown;
}

/** A tracker of a torrent as `torrents/trackers` gives it; DHT, PeX and LSD have tier -1. */
export interface TrackerRecord {
	url: string;
	/** 0 disabled, 1 not contacted yet, 2 working, 3 updating, 4 not working, 5 tracker error, 6 unreachable (5.3). */
	status: number;
	tier: number;
	/** The tracker's own words, such as a failure reason, verbatim. */
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
	/** Unix seconds; of what was never complete 0 on 4.5 and -1 on 5.x. */
	completion_on?: number;
	/** Seeders in the swarm as the tracker says; -1 when unknown. */
	num_complete: number;
	tracker: string;
	content_path?: string;
	save_path?: string;
	/** In place of the paths: whether another listed torrent has content at the same place. */
	shares_content?: boolean;
	/** How many files are not to be downloaded; null when the list did not ask this torrent. */
	deselected_files?: number | null;
	/** Only from WebAPI 2.11 (5.1). */
	comment?: string;
	/** With `includeTrackers`; absent when this torrent was not asked. */
	trackers?: TrackerRecord[];
}

/** What the client transfers, in its own names. */
export interface TransferRecord {
	connection_status: string;
	dht_nodes: number;
	/** Bytes per second. */
	up_info_speed: number;
	dl_info_speed: number;
	/** Bytes; null when the client does not know. */
	free_space_on_disk: number | null;
	/** The folder at which it was measured; null = the default save path. */
	free_space_path?: string | null;
}
