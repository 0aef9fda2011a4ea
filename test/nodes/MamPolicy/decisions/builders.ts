import type { GuardParameters } from '../../../../nodes/MamPolicy/decisions/guard/guardAccount';
import type { JudgeParameters } from '../../../../nodes/MamPolicy/decisions/judge/parameters';
import type { SpendParameters } from '../../../../nodes/MamPolicy/decisions/spend/parameters';
import type {
	RankContext,
	RankParameters,
} from '../../../../nodes/MamPolicy/decisions/rank/parameters';
import type { SummarizeParameters } from '../../../../nodes/MamPolicy/decisions/trackers/summarizeTrackers';
import type { PolicyResult } from '../../../../nodes/MamPolicy/types';
import type {
	AccountRecord,
	MamTorrentRecord,
	ClientTorrent,
	TrackerRecord,
} from '../../../../nodes/shared/records';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
export const HOUR = 3600;
export const DAY = 24 * HOUR;

export const NOW = new Date('2026-11-23T12:00:00.000Z');
export const NOW_SECONDS = NOW.getTime() / 1000;
export const ENFORCED = { dryRun: false, now: NOW };
export const DRY = { dryRun: true, now: NOW };

/** A failure as an error output merges it with the fields of the step's input. */
export const FAILURE = {
	error: 'The site did not answer.',
	message: 'Wait for the next run.',
	details: { cause: 'timeout', node: 'A step', operation: 'torrent:search', until: null },
};

export const EMPTY_MARKER = { empty: true, fetchedAt: NOW.toISOString() };

/** An account that every guard lets pass. */
export function account(change: Partial<AccountRecord> = {}): AccountRecord {
	return {
		uid: 123456,
		username: 'testuser',
		className: 'Power User',
		classCode: 3,
		ratio: 2.5,
		uploadedBytes: 25 * GIB,
		downloadedBytes: 10 * GIB,
		bonusPoints: 25_551,
		wedges: 1,
		vipUntil: null,
		connectable: true,
		unsatisfied: { count: 4, limit: 50 },
		hitAndRuns: { notSeeding: 0, seeding: 2 },
		seeding: 100,
		leeching: 1,
		fetchedAt: NOW.toISOString(),
		...change,
	};
}

/** 715.55 MiB down, nothing up. */
export const MOUSE = account({
	className: 'Mouse',
	classCode: 0,
	ratio: 0,
	uploadedBytes: 0,
	downloadedBytes: Math.round(715.55 * MIB),
	bonusPoints: 24_551,
});

/** A torrent of the site that the ranking selects. */
export function candidate(id: number, change: Partial<MamTorrentRecord> = {}): MamTorrentRecord {
	return {
		id,
		title: `Book ${id}`,
		sizeBytes: 100 * MIB,
		seeders: 5,
		leechers: 10,
		snatches: 20,
		category: 'Ebooks - Fantasy',
		addedAt: '2026-11-01T00:00:00.000Z',
		isFree: true,
		freeleech: true,
		personalFreeleech: false,
		vip: false,
		vipExpiresAt: null,
		alreadySnatched: false,
		...change,
	};
}

/** A tracker of MAM as the client lists it; 2 is working. */
export function tracker(change: Partial<TrackerRecord> = {}): TrackerRecord {
	return { url: 'https://t.myanonamouse.net/x/announce', status: 2, tier: 0, msg: '', ...change };
}

export const DHT = tracker({ url: '** [DHT] **', status: 2, tier: -1 });
export const UNREGISTERED = tracker({ status: 4, msg: 'Torrent not registered with this tracker' });
export const MOUSE_REFUSAL = tracker({
	status: 4,
	msg: 'User currently mouse rank, you need to get your ratio up!',
});
export const TIMED_OUT = tracker({ status: 4, msg: 'Connection timed out' });

export function hashOf(index: number): string {
	return index.toString(16).padStart(40, '0');
}

let hashes = 0;

/** A completed torrent of the category, added 5 days ago, seeded for 4 days, whose tracker works. */
export function torrent(change: Partial<ClientTorrent> = {}): ClientTorrent {
	hashes += 1;
	return {
		hash: hashOf(hashes),
		name: 'A book',
		state: 'stalledUP',
		category: 'mam-farming',
		tags: 'mam, freeleech',
		progress: 1,
		size: 100 * MIB,
		amount_left: 0,
		downloaded: 100 * MIB,
		completed: 100 * MIB,
		uploaded: 10 * MIB,
		added_on: NOW_SECONDS - 5 * DAY,
		seeding_time: 4 * DAY,
		num_complete: 3,
		deselected_files: 0,
		tracker: 'https://t.myanonamouse.net/x/announce',
		content_path: `/downloads/mam-farming/${hashes}`,
		save_path: '/downloads/mam-farming',
		trackers: [DHT, tracker()],
		...change,
	};
}

/** A completed torrent that was seeded for long enough to be retired. */
export function old(change: Partial<ClientTorrent> = {}): ClientTorrent {
	return torrent({ added_on: NOW_SECONDS - 20 * DAY, seeding_time: 15 * DAY, ...change });
}

/** A completed torrent whose tracker does not answer. */
export function failing(change: Partial<ClientTorrent> = {}): ClientTorrent {
	return torrent({ trackers: [DHT, TIMED_OUT], ...change });
}

/** A torrent of which nothing has come, as its tracker's queue leaves it. */
export function unstarted(hoursOld: number, change: Partial<ClientTorrent> = {}): ClientTorrent {
	return torrent({
		state: 'stalledDL',
		progress: 0,
		amount_left: 100 * MIB,
		downloaded: 0,
		completed: 0,
		uploaded: 0,
		added_on: NOW_SECONDS - hoursOld * HOUR,
		seeding_time: 0,
		...change,
	});
}

/** A torrent of which a part has come. */
export function incomplete(
	hoursOld: number,
	progress: number,
	change: Partial<ClientTorrent> = {},
): ClientTorrent {
	return unstarted(hoursOld, {
		progress,
		amount_left: (1 - progress) * 100 * MIB,
		downloaded: progress * 100 * MIB,
		completed: progress * 100 * MIB,
		...change,
	});
}

export const GUARD: GuardParameters = {
	blockedClasses: ['Mouse'],
	ratioFloor: 1.2,
	maxHitAndRuns: 0,
	requireConnectable: false,
};

export const RANK: RankParameters = {
	category: 'mam-farming',
	tags: ['mam', 'freeleech'],
	savePath: '/downloads/mam-farming',
	maxTorrents: 500,
	minSizeMiB: 50,
	maxSizeMiB: 1024,
	leecherFloor: 1,
	seederCeiling: 50,
	leecherWeight: 3,
	seederWeight: 0.5,
	freeleechBonus: 200,
	grabPerRun: 5,
	unsatisfiedReserve: 5,
	freeSpaceBytes: -1,
	freeSpaceReserveGiB: 10,
	onlyFree: true,
	minProjectedRatio: 0,
	expectedMinTorrents: 0,
	regrabAfterDays: 14,
	maxCategoryGiB: 0,
	maxGrabsPerDay: 0,
	maxGiBPerDay: 0,
	maxActiveDownloads: 0,
	includeWords: [],
	excludeWords: [],
	categories: [],
	languages: [],
	refusedMessages: ['unrecognized host', 'passkey'],
};

/** What the ranking knows: a fine account, a client without torrents, no memory. */
export function context(change: Partial<RankContext> = {}): RankContext {
	return {
		account: account(),
		clientTorrents: [EMPTY_MARKER],
		memory: { added: {}, tried: {} },
		...change,
	};
}

export const JUDGE: JudgeParameters = {
	category: 'mam-farming',
	seedClock: 'client',
	maxSightGapHours: 6,
	trackerHosts: ['myanonamouse.net'],
	retireBelowFreeGiB: 0,
	freeSpaceBytes: -1,
	maxRetiredForSpacePerDay: 20,
	staleDays: 7,
	hnrHours: 72,
	neverStartedHours: 24,
	stalledDays: 3,
	gracefulRetireDays: 14,
	zeroDemandDays: 7,
	satisfiedDays: 3,
	satisfiedSeederFloor: 5,
	protectedTags: ['keep', 'recovery'],
	recoveryHoldDays: 7,
	unregisteredMessages: [
		'torrent not registered with this tracker',
		'unregistered torrent',
		'torrent not found',
		'info hash not authorized',
	],
	maxUnregisteredPerRun: 10,
	trackerClockMarginHours: 24,
	stalledMaxProgressPercent: 10,
	retireOnlyAbove: 0,
	maxCompletedPerRun: 20,
	expectedMinTorrents: 0,
};

export const SPEND: SpendParameters = {
	targetRatio: 2,
	reservePoints: 500,
	pointsPerGiB: 500,
	tiersGiB: [50, 100, 200, 500],
	spendAboveCap: false,
	pointsCap: 99_999,
	capHeadroomPoints: 2000,
	vip: false,
	floorRatio: 1.2,
};

export const SUMMARIZE: SummarizeParameters = {
	category: 'mam-farming',
	hnrHours: 72,
	trackerClockMarginHours: 24,
	transientMessages: ['Timed Out', 'no answer'],
	maxReannouncesPerRun: 2,
};

/** The transfer state of a connected client. */
export const TRANSFER = {
	connection_status: 'connected',
	dht_nodes: 321,
	up_info_speed: 2000,
	dl_info_speed: 1000,
	free_space_on_disk: 5_000_000,
};

/** The plan of the janitor, by reason, when nothing is deleted. */
export const NOTHING_PLANNED = {
	unregistered: 0,
	never_started: 0,
	stalled_old: 0,
	graceful_retire: 0,
	zero_demand: 0,
	satisfied_redundant: 0,
};

/** The reason for each input item, in the order of the input; undefined for an item on no output. */
export function reasons({ act, hold }: PolicyResult): Array<string | undefined> {
	const decided: Array<string | undefined> = [];
	for (const { index, decision } of [...act, ...hold]) decided[index] = decision.reason;
	return decided;
}
