import type { AccountRecord } from '../shared/records';
import type { FailureFacts, FailureItem } from '../shared/types';

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

export type DeleteReason = (typeof DELETE_REASONS)[number];

/** Why a policy acts. Every other reason in a Summary's counts is one to hold, and becomes `mam_<flow>_held{reason}`. */
export const ACT_REASONS = [
	// guardAccount
	'passed',
	// rankCandidates
	'selected',
	// planSpend
	'deficit',
	'cap_loss',
	'vip',
	// reconcilePreferences
	'drift',
	// summarizeTrackers
	'transient_failure',
	// judgeTorrents
	...DELETE_REASONS,
] as const;

/** Why a policy leaves an item alone. */
export const HOLD_REASONS = [
	// Any policy.
	'bad_parameter',
	'no_data',
	'step_failed',
	'list_too_short',
	'not_ours',
	'beyond_run_limit',
	// guardAccount
	'mouse_class',
	'blocked_class',
	'low_ratio',
	'hit_and_run',
	'not_connectable',
	// rankCandidates
	'too_small',
	'too_large',
	'below_leecher_floor',
	'no_seeders',
	'above_seeder_ceiling',
	'not_free',
	'wrong_words',
	'wrong_category',
	'wrong_language',
	'already_snatched',
	'already_in_client',
	'grabbed_recently',
	'tried_recently',
	'duplicate_result',
	'at_capacity',
	'category_quota',
	'daily_limit',
	'active_downloads',
	'unsatisfied_limit',
	'disk_space',
	'projected_ratio',
	'client_refused',
	// judgeTorrents
	'protected',
	'busy',
	'shared_content',
	'tracker_unproven',
	'tracker_refused',
	'tracker_down',
	'not_contacted',
	'after_outage',
	'data_missing',
	'partial_selection',
	'impossible_clock',
	'in_progress',
	'partial_download',
	'stopped',
	'hnr_window',
	'active',
	'unregistered_capped',
	'run_capped',
	'not_deleted',
	'freed_nothing',
	// planSpend
	'stale_account',
	'cannot_afford',
	'class_not_eligible',
	'no_deficit',
	// reconcilePreferences
	'as_wanted',
	// summarizeTrackers
	'queued_in_hnr_window',
	'stopped_in_hnr_window',
	'missing_files_in_hnr_window',
	'error_in_hnr_window',
	'not_announcing',
	'no_evidence',
	'announced',
] as const;

/** Why a torrent is kept without getting better by itself: a person must look at it. */
export const STALE_REASONS = [
	'stopped',
	'partial',
	'error',
	'missingFiles',
	'data_missing',
	'tracker_refused',
	'partial_selection',
	'not_deleted',
] as const;

export type StaleReason = (typeof STALE_REASONS)[number];

export type HoldReason = (typeof HOLD_REASONS)[number];

/** The public list of reasons: users branch on them, and metrics carry them as labels. */
export type Reason = (typeof ACT_REASONS)[number] | HoldReason;

/** Items by why they were acted on or held. */
export type ReasonCounts = Partial<Record<Reason, number>>;

/** Why an item was acted on or left alone. */
export interface Decision {
	verdict: Verdict;
	reason: Reason;
	/** A sentence with the numbers that decided. */
	detail: string;
}

/** The figures of each policy's Summary, which become metrics. */
export interface NumbersOf {
	guardAccount: GuardNumbers;
	rankCandidates: RankNumbers;
	judgeTorrents: JudgeNumbers;
	planSpend: SpendNumbers;
	/** By preference: 1 when it has drifted, otherwise 0. */
	reconcilePreferences: Record<string, number>;
	summarizeTrackers: KeeperNumbers;
}

export type PolicyName = keyof NumbersOf;

/** What one policy's Summary has beside the common fields. */
export interface ExtrasOf {
	guardAccount: object;
	rankCandidates: object;
	judgeTorrents: {
		/** Planned deletions by reason: all six, zero included. */
		planned?: Record<DeleteReason, number>;
		/** Torrents that a person should look at, because nothing gets better by itself for days; none without them. */
		stale?: Partial<Record<StaleReason, number>>;
	};
	planSpend: {
		/** What a person can buy in the site's store while the API cannot help. */
		byHand?: ByHand;
	};
	reconcilePreferences: object;
	summarizeTrackers: {
		/** Figures by tracker label, `mam` always. */
		trackers?: Record<string, TrackerFigures>;
	};
}

interface SummaryFields<P extends PolicyName> {
	/** The policy whose Summary this is. */
	summary: P;
	/** The log line of this policy. */
	line: string;
	/** All log lines, `line` first. */
	lines: string[];
	/** Hold and Act reasons with their counts. */
	counts: ReasonCounts;
	/** Empty when the policy could not decide. */
	numbers: Partial<NumbersOf[P]>;
	/** The account that the policy saw, for the account group of the metrics. */
	account?: AccountRecord;
	/** Set when the run must be marked failed: the failure that arrived, unchanged, or this policy's own. */
	failure?: FailureItem;
	/** Set when a limit stopped everything that there was to do: that of the best candidate. */
	blocked?: Blocked;
	dryRun: boolean;
	/** ISO time of the evaluation. */
	at: string;
}

/** The Summary of the policies `P`. */
export type SummaryOf<P extends PolicyName> = {
	[K in P]: SummaryFields<K> & ExtrasOf[K];
}[P];

/** The one item of a policy's Summary output; `summary` says whose it is. */
export type Summary = SummaryOf<PolicyName>;

/** A limit that stops everything. */
export interface Blocked {
	reason: HoldReason;
	/** What the limit is, and the way out. */
	detail: string;
}

/** Upload credit that a person can buy in the site's store. */
export interface ByHand {
	/** The amount to buy; 0 when no amount is affordable. */
	amountGiB: number;
	costPoints: number;
	/** The ratio after the purchase; null while nothing is downloaded. */
	ratioAfter: number | null;
	/** Whether the ratio then reaches the floor. */
	enough: boolean;
	/** Points that are missing for the smallest amount; 0 when one is affordable. */
	missingPoints: number;
}

/** One decided input: which input item it was, and what was decided. */
export interface Decided {
	/** Index of the input item. */
	index: number;
	decision: Decision;
	/** Fields that the item gets beside its decision, e.g. the score or the plan of a purchase. */
	extraFields?: Record<string, unknown>;
}

/** What a pure policy returns; the operation turns it into items. */
export interface PolicyResult<P extends PolicyName = PolicyName> {
	act: Decided[];
	hold: Decided[];
	/** A pure policy does not know the node that it runs in, so its failure is not a record yet. */
	summary: Omit<SummaryOf<P>, 'failure'> & { failure?: FailureFacts };
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
	/** Records of other torrents in the client's list that cannot be read. */
	unreadable: number;
	/** Unsatisfied torrents: the site's count, what of the client it does not count yet, the site's limit. */
	unsatisfiedSite: number;
	unsatisfiedUncounted: number;
	unsatisfiedLimit: number;
	/** 1 while the tracker refuses the client, whether or not there is anything to grab; absent with too few answers to tell. */
	clientRefused?: number;
}

/** The torrents of one tracker, added up. Bytes, seconds and numbers of torrents. */
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

/** Figures in the Summary of summarizeTrackers. */
export interface KeeperNumbers {
	/** 0 when the client says that it is disconnected. */
	connected: number;
	dht_nodes: number;
	ul_speed_bytes: number;
	dl_speed_bytes: number;
	/** Absent when the client does not know. */
	free_space_bytes?: number;
	/** Torrents by the result of their announces. */
	queued_in_hnr_window: number;
	stopped_in_hnr_window: number;
	missing_files_in_hnr_window: number;
	error_in_hnr_window: number;
	transient_failure: number;
	tracker_refused: number;
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
	/** 1 while at least half of the torrents get no answer from their tracker, whatever would be deleted otherwise. */
	tracker_down: number;
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
