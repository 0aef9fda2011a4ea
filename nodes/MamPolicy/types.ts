import type { Cause } from '../shared/types';
import type { AccountRecord } from '../shared/records';

export type Verdict = 'act' | 'hold' | 'delete' | 'keep';

/** The six reasons to delete, in the order in which judgeTorrents applies them. */
export const DELETE_REASONS = [
	'unregistered',
	'never_started',
	'stalled_old',
	'graceful_retire',
	'zero_demand',
	'satisfied_redundant',
] as const;

/**
 * Why a policy acts: guardAccount `passed`, rankCandidates `selected`, planSpend the next three,
 * reconcilePreferences `drift`, summarizeTrackers `transient_failure`, judgeTorrents the rest. Every other reason in a Summary's counts is one to hold, and becomes `mam_<flow>_held{reason}`.
 */
export const ACT_REASONS: readonly string[] = [
	'passed',
	'selected',
	'deficit',
	'cap_loss',
	'vip',
	'drift',
	'transient_failure',
	...DELETE_REASONS,
];

/** Why an item was acted on or left alone. */
export interface Decision {
	verdict: Verdict;
	/** One word of the public list of reasons, e.g. `above_seeder_ceiling`. */
	reason: string;
	/** A sentence with the numbers that decided. */
	detail: string;
}

export type SummaryOperation =
	| 'guardAccount'
	| 'rankCandidates'
	| 'judgeTorrents'
	| 'planSpend'
	| 'reconcilePreferences'
	| 'summarizeTrackers';

/** The one item of a policy's Summary output. */
export interface Summary {
	summary: SummaryOperation;
	/** The log line of this policy. */
	line: string;
	/** All log lines, `line` first. */
	lines: string[];
	/** Hold and Act reasons with their counts. */
	counts: Record<string, number>;
	/** The figures that become metrics; see the `…Numbers` interfaces below. */
	numbers: Record<string, number>;
	/** judgeTorrents only: planned deletions by reason, all six, zero included. */
	planned?: Record<string, number>;
	/** summarizeTrackers only: figures by tracker label, `mam` always. */
	trackers?: Record<string, TrackerFigures>;
	/** The account the policy saw, for the account group of the metrics. */
	account?: AccountRecord;
	/** Set when the run must be marked failed. */
	failure?: { cause: Cause; message: string };
	dryRun: boolean;
	/** ISO time of the evaluation. */
	at: string;
}

/** One decided input: which input item it was, and what was decided. */
export interface Decided {
	/** Index of the input item. */
	index: number;
	decision: Decision;
	/** Fields that the item gains beside its decision, e.g. the score or the plan of a purchase. */
	gains?: Record<string, unknown>;
}

/** What a pure policy returns; the action turns it into items. */
export interface PolicyResult {
	act: Decided[];
	hold: Decided[];
	summary: Summary;
}

/** Figures in the Summary of guardAccount. */
export interface GuardNumbers {
	ratioFloor: number;
}

/** Figures in the Summary of rankCandidates. */
export interface RankNumbers {
	/** Proper torrent records that came in. */
	candidates: number;
	/** How many passed every rule within the limits (also in a dry run). */
	selected: number;
	/** Torrents of the category in the client. */
	categoryTorrents: number;
	/** Their sizes added up. */
	categorySizeBytes: number;
	/** Unsatisfied torrents: the site's count, the client's own, the site's limit. */
	unsatisfiedSite: number;
	unsatisfiedClient: number;
	unsatisfiedLimit: number;
}

/** What the torrents of one tracker come to. Bytes, seconds and numbers of torrents. */
export interface TrackerFigures {
	torrents_total: number;
	seeding: number;
	downloading: number;
	/** Waiting in the client's queue, where no tracker hears of them. */
	queued: number;
	/** Incomplete, or seeded for less than 72 hours. */
	unsatisfied: number;
	uploaded_bytes: number;
	downloaded_bytes: number;
	size_bytes: number;
	seed_time_total: number;
	/** Absent while nothing was downloaded. */
	ratio?: number;
}

/** Figures in the Summary of summarizeTrackers, beside its counts of announces. */
export interface KeeperNumbers {
	/** 0 when the client says that it is disconnected. */
	connected: number;
	dht_nodes: number;
	ul_speed_bytes: number;
	dl_speed_bytes: number;
	/** Absent when the client does not know. */
	free_space_bytes?: number;
}

/** Figures in the Summary of judgeTorrents. */
export interface JudgeNumbers {
	/** Torrents of the category that were judged. */
	judged: number;
	/** Completed torrents inside their H&R window. */
	preserved_hnr: number;
	/** in_progress, partial_download, stopped, busy and active together. */
	skipped_active: number;
	protected: number;
}

/** Figures in the Summary of planSpend. GiB are binary; points are bonus points. */
export interface SpendNumbers {
	deficitGiB: number;
	neededGiB: number;
	affordableGiB: number;
	/** What is planned to be bought, 0 when nothing. */
	buyGiB: number;
	buyWeeks: number;
	bonusPoints: number;
	/** Points missing for the smallest tier after the reserve; 0 when affordable. */
	missingPoints: number;
	/** Points that a purchase leaves. */
	reservePoints: number;
	/** Balance at which the next larger tier is affordable; absent when the largest is. */
	nextTierPoints?: number;
}

/** What the grabber did lately, in the workflow's static data under `grabs`. MAM id -> Unix seconds. */
export interface GrabMemory {
	/** Torrents added to the client. */
	added: Record<string, number>;
	/** Torrents that cannot be grabbed for now: duplicate, VIP only, gone or invalid. */
	tried: Record<string, number>;
}
