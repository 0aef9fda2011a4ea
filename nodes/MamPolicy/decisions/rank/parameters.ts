import type { GrabMemory } from '../../types';

/** What makes a torrent worth grabbing, and the limits. */
export interface RankParameters {
	category: string;
	/** What is grabbed gets these, and `mam-<id>`. */
	tags: string[];
	/** Empty: the one of the category. */
	savePath: string;
	/** Of the category, in the client. */
	maxTorrents: number;
	minSizeMiB: number;
	maxSizeMiB: number;
	leecherFloor: number;
	seederCeiling: number;
	leecherWeight: number;
	seederWeight: number;
	freeleechBonus: number;
	grabPerRun: number;
	/** Unsatisfied torrents kept free below the site's limit. */
	unsatisfiedReserve: number;
	/** Free bytes where the client saves; -1: not judged; null: unknown, which holds. */
	freeSpaceBytes: number | null;
	freeSpaceReserveGiB: number;
	onlyFree: boolean;
	/** Of what is not free; 0: not judged. */
	minProjectedRatio: number;
	/** In the client's list. */
	expectedMinTorrents: number;
	regrabAfterDays: number;
	/** 0: no limit, for each of the next four. */
	maxCategoryGiB: number;
	maxGrabsPerDay: number;
	maxGiBPerDay: number;
	maxActiveDownloads: number;
	/** Lower case; a title must have one of them. Empty: any title. */
	includeWords: string[];
	/** Lower case; a title may have none of them. */
	excludeWords: string[];
	/** Categories of the site, lower case. Empty: any. */
	categories: string[];
	/** The site's codes of languages, lower case. Empty: any, and those without one. */
	languages: string[];
	/** What the tracker says to a client whose address the site does not know. */
	refusedMessages: string[];
}

/** What the ranking knows beside the candidates. */
export interface RankContext {
	/** An account record, or whatever the expression gave. */
	account: unknown;
	/** All torrents of the client, or whatever the expression gave. */
	clientTorrents: unknown;
	memory: GrabMemory;
}
