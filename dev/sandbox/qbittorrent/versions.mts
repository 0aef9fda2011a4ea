/** The versions that the stand-in can play. */
export type Version = '4.5.2' | '5.1.0' | '5.3.0';

/** What differs between them. */
export interface Traits {
	webApi: string;
	/** Since 5.2 a sign-in is answered by status alone, and the cookie carries the port. */
	signInByStatus: boolean;
	/** Since 5.2 there are API keys. */
	apiKeys: boolean;
	/** Since 5.2 adding is answered with JSON, a duplicate with 409. */
	addsInJson: boolean;
	/** What 5.0 renamed from pausing to stopping. */
	words: { stop: string; start: string; stopped: string; running: string };
	/** Since 5.1 `torrents/info` has comments and, when asked, trackers. */
	newFields: boolean;
	/** Status of a tracker that refuses. */
	refusedStatus: number;
	/** Form fields that `setShareLimits` cannot do without. */
	shareLimits: string[];
	/** Since 5.2 a 400 says which fields are missing. */
	namesMissing: boolean;
	/** Since 5.2 an edit of a category may change nothing, and one of an unknown category is 404. */
	editsToTheSame: boolean;
	/** Since 5.2 always, in 5.1 with subcategories enabled: subcategories go with their category. */
	removesSubcategories: boolean;
	/** The preference by which added torrents do not start. */
	stopsAddedPreference: string;
	/** What the log says of a delete, and of the files that went with it or stayed. '' where the latter says it all. */
	removalMessages: { removed: string; contentRemoved: string; contentLeft: string };
	/** Up to 4.5 each full answer of `sync/maindata` is number 1 again. */
	restartsNumbering: boolean;
	/** Since 5.1 tags can be replaced, and `torrents/add` no longer takes a cookie. */
	setsTags: boolean;
	/** Since 5.2 the current address of a tracker to edit is called `url`. */
	currentTracker: 'origUrl' | 'url';
	/** Since 5.1 (seen; not in 4.5) the addresses of trackers to remove are percent-decoded. */
	decodesTrackers: boolean;
	/** Since 5.2 adding or removing trackers of an unknown torrent is silently ignored. */
	ignoresUnknownForTrackers: boolean;
	/** Since 5.2 some newer calls are answered with 204. */
	answersNoContent: boolean;
	/** Since 5.3 the free space of any folder can be asked for. */
	freeSpaceOfPath: boolean;
	/** What it was built with. */
	buildInfo: Record<string, unknown>;
	/** Fields of a torrent in `torrents/info` that nothing here depends on. */
	otherFields: Record<string, unknown>;
	/** The same of a tracker where `torrents/info` lists it, of a category, and of `transfer/info`. */
	listedTrackerFields: Record<string, unknown>;
	categoryFields: Record<string, unknown>;
	transferFields: Record<string, unknown>;
	/** Preferences that not every version has. */
	otherPreferences: Record<string, unknown>;
	/** Body of a 404 for an unknown endpoint. */
	unknownEndpoint: string;
}

const PAUSE = { stop: 'pause', start: 'resume', stopped: 'paused', running: 'resumed' };
const STOP = { stop: 'stop', start: 'start', stopped: 'stopped', running: 'running' };
const TWO_LIMITS = ['ratioLimit', 'seedingTimeLimit'];
const THREE_LIMITS = [...TWO_LIMITS, 'inactiveSeedingTimeLimit'];

const ONE_MESSAGE = {
	removed: '',
	contentRemoved: 'Removed torrent and deleted its content.',
	contentLeft: 'Removed torrent but failed to delete its content.',
};
const TWO_MESSAGES = {
	removed: 'Torrent removed.',
	contentRemoved: 'Torrent content removed.',
	contentLeft: 'Failed to remove torrent content.',
};

const FIELDS_4_5 = {
	auto_tmm: false,
	availability: 0,
	dl_limit: 0,
	dlspeed: 0,
	download_path: '',
	downloaded_session: 0,
	eta: 8640000,
	f_l_piece_prio: false,
	force_start: false,
	infohash_v2: '',
	last_activity: 0,
	max_ratio: -1,
	max_seeding_time: -1,
	priority: 0,
	ratio_limit: -2,
	seeding_time_limit: -2,
	seen_complete: -1,
	seq_dl: false,
	super_seeding: false,
	time_active: 0,
	trackers_count: 1,
	up_limit: 0,
	uploaded_session: 0,
	upspeed: 0,
};
const FIELDS_5_1 = {
	...FIELDS_4_5,
	has_metadata: true,
	inactive_seeding_time_limit: -2,
	max_inactive_seeding_time: -1,
	popularity: 0,
	private: true,
	reannounce: 0,
	root_path: '',
};
const FIELDS_5_3 = {
	...FIELDS_5_1,
	connections_count: 0,
	connections_limit: 100,
	created_by: '',
	creation_date: 0,
	piece_size: 16_384,
	pieces_have: 0,
	pieces_num: 3,
	share_limit_action: 'Default',
	share_limits_mode: 'Default',
	total_wasted: 0,
};
const TRACKER_5_3 = { endpoints: [], min_announce: 0, next_announce: 0, updating: false };
const CATEGORY_5_3 = {
	download_path: null,
	inactive_seeding_time_limit: -2,
	ratio_limit: -2,
	seeding_time_limit: -2,
	share_limit_action: 'Default',
	share_limits_mode: 'Default',
};
const PREFERENCES_5 = {
	add_stopped_enabled: false,
	torrent_content_remove_option: 'Delete',
	max_inactive_seeding_time_enabled: false,
	max_inactive_seeding_time: -1,
};
const TRANSFER_4_5 = {
	connection_status: 'connected',
	dht_nodes: 0,
	dl_info_data: 0,
	dl_info_speed: 0,
	dl_rate_limit: 0,
	up_info_data: 0,
	up_info_speed: 0,
	up_rate_limit: 0,
};
const TRANSFER_5_1 = {
	...TRANSFER_4_5,
	last_external_address_v4: '',
	last_external_address_v6: '',
};

const BUILD_4_5 = {
	bitness: 64,
	boost: '1.74.0',
	libtorrent: '2.0.8.0',
	openssl: '3.0.19',
	qt: '5.15.8',
	zlib: '1.2.13',
};
const BUILD_5 = {
	bitness: 64,
	boost: '1.83.0',
	libtorrent: '2.0.11.0',
	openssl: '3.5.9',
	platform: 'linux',
	qt: '6.8.2',
	zlib: '1.3.1',
};

export const TRAITS: Record<Version, Traits> = {
	'4.5.2': {
		webApi: '2.8.19',
		signInByStatus: false,
		apiKeys: false,
		addsInJson: false,
		words: PAUSE,
		newFields: false,
		refusedStatus: 4,
		shareLimits: TWO_LIMITS,
		namesMissing: false,
		editsToTheSame: false,
		removesSubcategories: false,
		stopsAddedPreference: 'start_paused_enabled',
		removalMessages: ONE_MESSAGE,
		restartsNumbering: true,
		setsTags: false,
		decodesTrackers: false,
		currentTracker: 'origUrl',
		ignoresUnknownForTrackers: false,
		answersNoContent: false,
		freeSpaceOfPath: false,
		buildInfo: BUILD_4_5,
		otherFields: FIELDS_4_5,
		listedTrackerFields: {},
		categoryFields: {},
		transferFields: TRANSFER_4_5,
		otherPreferences: { start_paused_enabled: false },
		unknownEndpoint: 'Not Found',
	},
	'5.1.0': {
		webApi: '2.11.4',
		signInByStatus: false,
		apiKeys: false,
		addsInJson: false,
		words: STOP,
		newFields: true,
		refusedStatus: 4,
		shareLimits: THREE_LIMITS,
		namesMissing: false,
		editsToTheSame: false,
		removesSubcategories: false,
		stopsAddedPreference: 'add_stopped_enabled',
		removalMessages: TWO_MESSAGES,
		restartsNumbering: false,
		setsTags: true,
		decodesTrackers: true,
		currentTracker: 'origUrl',
		ignoresUnknownForTrackers: false,
		answersNoContent: false,
		freeSpaceOfPath: false,
		buildInfo: BUILD_5,
		otherFields: FIELDS_5_1,
		listedTrackerFields: {},
		categoryFields: {},
		transferFields: TRANSFER_5_1,
		otherPreferences: PREFERENCES_5,
		unknownEndpoint: 'Not Found',
	},
	'5.3.0': {
		webApi: '2.16.2',
		signInByStatus: true,
		apiKeys: true,
		addsInJson: true,
		words: STOP,
		newFields: true,
		refusedStatus: 5,
		shareLimits: [...THREE_LIMITS, 'shareLimitAction', 'shareLimitsMode'],
		namesMissing: true,
		editsToTheSame: true,
		removesSubcategories: true,
		stopsAddedPreference: 'add_stopped_enabled',
		removalMessages: TWO_MESSAGES,
		restartsNumbering: false,
		setsTags: true,
		decodesTrackers: true,
		currentTracker: 'url',
		ignoresUnknownForTrackers: true,
		answersNoContent: true,
		freeSpaceOfPath: true,
		buildInfo: BUILD_5,
		otherFields: FIELDS_5_3,
		listedTrackerFields: TRACKER_5_3,
		categoryFields: CATEGORY_5_3,
		transferFields: TRANSFER_5_1,
		otherPreferences: PREFERENCES_5,
		unknownEndpoint: 'Endpoint does not exist',
	},
};
