/** Classes of the site whose metric code is known (reference deployment), plus any newer name. */
export type ClassName = string;

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
	/** The site's own record, with option `includeRaw`. */
	raw?: unknown;
}
