/** When a torrent is deleted. */
export interface JudgeParameters {
	category: string;
	/** Whose clock proves the Hit & Run window: the janitor's own sights, or the client's seeding_time. */
	seedClock: 'observed' | 'client';
	hnrHours: number;
	trackerClockMarginHours: number;
	/** The longest time between two sights that counts in full. */
	maxSightGapHours: number;
	neverStartedHours: number;
	stalledDays: number;
	stalledMaxProgressPercent: number;
	gracefulRetireDays: number;
	zeroDemandDays: number;
	satisfiedDays: number;
	satisfiedSeederFloor: number;
	/** Lower case. */
	protectedTags: string[];
	recoveryHoldDays: number;
	unregisteredMessages: string[];
	/** Where a torrent has trackers of these hosts, only those speak for it. */
	trackerHosts: string[];
	maxUnregisteredPerRun: number;
	/** 0: no cap. */
	maxCompletedPerRun: number;
	/** Retire only above this number of torrents; 0: not set. */
	retireOnlyAbove: number;
	/** Retire only below this free space; 0: not set. */
	retireBelowFreeGiB: number;
	/** Free bytes where the client saves; -1 or null: unknown. */
	freeSpaceBytes: number | null;
	maxRetiredForSpacePerDay: number;
	/** Days after which what is kept and does not get better by itself is reported. */
	staleDays: number;
	/** In the client's list. */
	expectedMinTorrents: number;
}

/** The Hit & Run window and its margin in seconds. */
export function windowSeconds({ hnrHours, trackerClockMarginHours }: JudgeParameters): number {
	return (hnrHours + trackerClockMarginHours) * 3600;
}
