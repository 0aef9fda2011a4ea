/** The shipped workflows that push metrics: the label `job` is `mam-<job>`. */
export const JOBS = [
	'bp-spender',
	'client-keeper',
	'farming-janitor',
	'freeleech-grabber',
] as const;
export type Job = (typeof JOBS)[number];

/** The flows' names inside metric names. */
export const FLOW_NAMES = ['grabber', 'janitor', 'keeper', 'spender'] as const;
export type FlowName = (typeof FLOW_NAMES)[number];

export const FLOW_OF_JOB: Record<Job, FlowName> = {
	'bp-spender': 'spender',
	'client-keeper': 'keeper',
	'farming-janitor': 'janitor',
	'freeleech-grabber': 'grabber',
};

/**
 * The Pushgateway groups of a run: `flow` holds the last enforcing run, `success` the last one that did
 * not fail, `dry_run` everything that a dry run pushes; `account` and `session` are shared by the flows.
 */
export type GroupName = 'flow' | 'success' | 'dry_run' | 'account' | 'session';

export type Unit =
	| 'Unix seconds'
	| 'bytes'
	| 'GiB'
	| 'bonus points'
	| 'ratio'
	| 'torrents'
	| 'seconds'
	| 'bytes per second'
	| 'nodes'
	| 'preferences'
	| 'items'
	| '0 or 1'
	| 'code'
	| 'wedges';

/** One metric of this package. */
export interface MetricDefinition {
	help: string;
	unit: Unit;
	labels: readonly string[];
	/** The groups that carry it: one, so that no alert fires twice, unless `help` says what each means. */
	groups: readonly GroupName[];
	/** The flows that push it. */
	flows: readonly FlowName[];
}

/** The type of every metric, in every group: the Pushgateway refuses a name pushed with two types. */
export const METRIC_TYPE = 'gauge';

type Maker = (help: string, unit: Unit, labels?: readonly string[]) => MetricDefinition;

const pushedBy =
	(flows: readonly FlowName[], ...groups: GroupName[]): Maker =>
	(help, unit, labels = []) => ({ help, unit, labels, groups, flows });

const grabber = pushedBy(['grabber'], 'flow');
const grabberDryRun = pushedBy(['grabber'], 'dry_run');
const janitor = pushedBy(['janitor'], 'flow');
const janitorDryRun = pushedBy(['janitor'], 'dry_run');
const spender = pushedBy(['spender'], 'flow');
const spenderDryRun = pushedBy(['spender'], 'dry_run');
const keeper = pushedBy(['keeper'], 'flow');
const keeperDryRun = pushedBy(['keeper'], 'dry_run');
const ofTracker = (help: string, unit: Unit) => keeper(help, unit, ['tracker']);
const account = pushedBy(['grabber', 'spender'], 'account');
const session = pushedBy(['grabber', 'spender'], 'session');

const OWN_METRICS = {
	mam_farming_grabbed: grabber('Torrents added to the client by the last run.', 'torrents'),
	mam_farming_total_seeding: grabber(
		'Torrents of the farming category in the client, before the last run added any.',
		'torrents',
	),
	mam_farming_size_bytes: grabber(
		'Size of the farming category in the client, before the last run added any.',
		'bytes',
	),
	mam_grabber_ratio_floor: grabber('Ratio below which the account guard allows no grabs.', 'ratio'),
	mam_grabber_skipped_reason: grabber(
		'1 for the reason why the account guard held the last run; absent when it did not.',
		'0 or 1',
		['reason'],
	),
	mam_grabber_blocked: grabber(
		'1 for the limit that stopped everything that the last run could have grabbed; absent when none did.',
		'0 or 1',
		['reason'],
	),
	mam_grabber_dry_run_candidates: grabberDryRun(
		'Torrents that the last dry run would have added.',
		'torrents',
	),

	mam_janitor_deleted_per_run: janitor('Torrents deleted by the last run, by reason.', 'torrents', [
		'reason',
	]),
	mam_janitor_preserved_hnr: janitor(
		'Completed torrents that the last run kept because of their Hit & Run window.',
		'torrents',
	),
	mam_janitor_skipped_active: janitor(
		'Torrents that the last run kept as in progress, partial, stopped, busy or active.',
		'torrents',
	),
	mam_janitor_tracker_down: janitor(
		'1 while at least half of the torrents get no answer from their tracker, so that nothing is deleted.',
		'0 or 1',
	),
	mam_janitor_stale: janitor(
		'Torrents that have been kept for days for a reason that does not go away by itself, by reason.',
		'torrents',
		['reason'],
	),
	mam_janitor_dry_run: pushedBy(
		['janitor'],
		'flow',
		'dry_run',
	)('1 in the group of dry runs, 0 in the group of runs that delete.', '0 or 1'),
	mam_janitor_dry_run_candidates: janitorDryRun(
		'Torrents that the last dry run would have deleted, by reason.',
		'torrents',
		['reason'],
	),

	mam_bp_spent_gb: spender('Upload credit bought by the last run.', 'GiB'),
	mam_bp_needed_gib: spender('Upload credit needed to reach the target ratio.', 'GiB'),
	mam_bp_affordable_gib: spender('Upload credit that the points above the reserve buy.', 'GiB'),
	mam_bp_reserve: spender('Points to keep after a purchase.', 'bonus points'),
	mam_bp_next_tier: spender(
		'Balance at which the next larger amount of upload credit could be bought, before the last run bought any; absent when the largest could.',
		'bonus points',
	),
	mam_spender_dry_run_buy_gib: spenderDryRun(
		'Upload credit that the last dry run would have bought.',
		'GiB',
	),

	mam_keeper_preferences_changed: keeper(
		'Preferences of the client that the last run changed.',
		'preferences',
	),
	mam_keeper_reannounced: keeper('Torrents that the last run reannounced.', 'torrents'),
	mam_keeper_dry_run_drift: keeperDryRun(
		'Preferences that the last dry run would have changed.',
		'preferences',
	),
	mam_keeper_dry_run_reannounce: keeperDryRun(
		'Torrents that the last dry run would have reannounced.',
		'torrents',
	),
	qbt_preference_drift: keeper(
		'1 for each checked preference that was not as wanted when the last run began.',
		'0 or 1',
		['preference'],
	),
	qbt_connected: keeper(
		'0 when the client is disconnected, or did not answer the last run.',
		'0 or 1',
	),
	qbt_dht_nodes: keeper('DHT nodes that the client knows.', 'nodes'),
	qbt_ul_speed_bytes: keeper('Upload speed of the client.', 'bytes per second'),
	qbt_dl_speed_bytes: keeper('Download speed of the client.', 'bytes per second'),
	qbt_free_space_bytes: keeper('Free space at the default save path.', 'bytes'),
	qbt_tracker_refused: keeper('MAM torrents whose announces the tracker refuses.', 'torrents'),
	qbt_silent_in_hnr_window: keeper(
		'Complete MAM torrents inside their Hit & Run window that do not announce, by state: queued, stopped, missing_files or error.',
		'torrents',
		['state'],
	),
	qbt_tracker_uploaded_bytes: ofTracker('Uploaded, as counted by the client.', 'bytes'),
	qbt_tracker_downloaded_bytes: ofTracker('Downloaded, as counted by the client.', 'bytes'),
	qbt_tracker_ratio: ofTracker('Ratio; absent while nothing has been downloaded.', 'ratio'),
	qbt_tracker_size_bytes: ofTracker('Size of the torrents.', 'bytes'),
	qbt_tracker_torrents_total: ofTracker('Torrents in the client.', 'torrents'),
	qbt_tracker_seeding: ofTracker('Complete torrents that are seeded.', 'torrents'),
	qbt_tracker_downloading: ofTracker('Incomplete torrents.', 'torrents'),
	qbt_tracker_queued: ofTracker('Torrents in the queue of the client.', 'torrents'),
	qbt_tracker_unsatisfied: ofTracker(
		'Torrents that are incomplete or were seeded for less than 72 hours.',
		'torrents',
	),
	qbt_tracker_seed_time_total: ofTracker('Total seeding time.', 'seconds'),

	mam_ratio: account('Ratio; absent while nothing has been downloaded.', 'ratio'),
	mam_class_code: account(
		'Class: Mouse 0, Vole 1, User 2, Power User 3, Elite 4, Torrent Master 5, Power TM 6, Elite TM 7, VIP 8; absent for any other.',
		'code',
		['classname'],
	),
	mam_downloaded_bytes: account('Downloaded, as counted by the site.', 'bytes'),
	mam_uploaded_bytes: account('Uploaded, as counted by the site.', 'bytes'),
	mam_bp_balance: account('Bonus points.', 'bonus points'),
	mam_unsatisfied: account('Torrents inside their Hit & Run window.', 'torrents'),
	mam_unsatisfied_limit: account('How many unsatisfied torrents the class allows.', 'torrents'),
	mam_hit_and_runs: account('Flagged Hit & Runs, by whether they are being seeded.', 'torrents', [
		'kind',
	]),
	mam_unsatisfied_not_seeding: account(
		'Unsatisfied torrents that the site does not see seeding.',
		'torrents',
	),
	mam_vip_until_timestamp: account('End of VIP; absent without VIP.', 'Unix seconds'),
	mam_wedges: account('Freeleech wedges.', 'wedges'),
	mam_connectable: account('Whether the site can reach the client.', '0 or 1'),
	mam_account_fetched_timestamp: account('When the site gave these figures.', 'Unix seconds'),

	mam_farming_cookie_expired: session('1 only while the session is dead.', '0 or 1'),
	mam_session_refused: session(
		'1 for each cause of a refusal by the site in the last run; cause="none" is 0.',
		'0 or 1',
		['cause'],
	),
} satisfies Record<string, MetricDefinition>;

const perFlow = {
	last_run_timestamp: ['flow', 'When the last enforcing run ended.', 'Unix seconds'],
	last_success_timestamp: [
		'success',
		'When the last enforcing run that did not fail ended.',
		'Unix seconds',
	],
	run_failed: [
		'flow',
		'1 for the cause that made the last enforcing run fail; cause="none" is 0.',
		'0 or 1',
		['cause'],
	],
	held: ['flow', 'Items that the last enforcing run left alone, by reason.', 'items', ['reason']],
	dry_run_timestamp: ['dry_run', 'When the last dry run ended.', 'Unix seconds'],
	dry_run_failed: [
		'dry_run',
		'1 for the cause that made the last dry run fail; cause="none" is 0.',
		'0 or 1',
		['cause'],
	],
} as const satisfies Record<string, readonly [GroupName, ...Parameters<Maker>]>;

/** A metric that every flow has under its own name. */
export type FlowMetric = `mam_${FlowName}_${keyof typeof perFlow}`;
export type MetricName = FlowMetric | keyof typeof OWN_METRICS;

const FLOW_METRICS = Object.fromEntries(
	FLOW_NAMES.flatMap((flow) =>
		Object.entries(perFlow).map(([name, [group, help, unit, labels]]) => [
			`mam_${flow}_${name}`,
			pushedBy([flow], group)(help, unit, labels),
		]),
	),
) as Record<FlowMetric, MetricDefinition>;

/** Every metric that the flows push. */
export const METRICS: Readonly<Record<MetricName, MetricDefinition>> = {
	...FLOW_METRICS,
	...OWN_METRICS,
};
