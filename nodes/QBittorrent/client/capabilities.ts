/** What differs between the versions of qBittorrent's WebAPI. */
export interface Capabilities {
	/** e.g. `2.8.19` (qBittorrent 4.5.2) or `2.11.4` (5.1.0). */
	webApiVersion: string;
	/** Last part of the path that stops and starts torrents. */
	stopAction: 'pause' | 'stop';
	startAction: 'resume' | 'start';
	/** The parameter of `torrents/add` that adds a torrent stopped; the other name is ignored and it would start. */
	stoppedParameter: 'paused' | 'stopped';
	/** Values of `filter` that mean stopped and running; an unknown value would list everything. */
	stoppedFilter: 'paused' | 'stopped';
	runningFilter: 'resumed' | 'running';
	/** Whether `torrents/info` gives the trackers of all torrents in one answer. */
	includeTrackers: boolean;
	/** Whether a torrent can have a limit of its inactive seeding time; older versions silently ignore it. */
	inactiveSeedingLimit: boolean;
	/** Whether answers of `sync/maindata` are numbered consecutively; older versions start again for every reader of the session. */
	numbersAnswers: boolean;
	/** Whether the client may move deleted files to its trash. */
	contentTrash: boolean;
	/** Whether `torrents/export` exists. */
	exportTorrent: boolean;
	/** Whether `torrents/setTags` exists. */
	setTags: boolean;
	/** Whether `torrents/add` takes a cookie for the address to fetch; newer versions silently ignore it. */
	cookieOfAdd: boolean;
	/** Whether `torrents/removeTrackers` takes each address percent-encoded, because `|` separates them. */
	decodesTrackers: boolean;
	/** Whether it measures its free space by itself; others begin to when they are asked for it. */
	measuresFreeSpace: boolean;
	/** Whether the free space of any folder can be asked for, not only that of the default save path. */
	freeSpaceOfPath: boolean;
}

/** Whether the dotted `version` is `minimum` or newer. A part that is not a number counts as 0. */
export function isAtLeast(version: string, minimum: string): boolean {
	const parts = (text: string) => text.split('.').map((part) => Number.parseInt(part, 10) || 0);
	const have = parts(version);
	const need = parts(minimum);
	for (let index = 0; index < need.length; index++) {
		const difference = (have[index] ?? 0) - need[index];
		if (difference !== 0) return difference > 0;
	}
	return true;
}

/** The capabilities of a client that calls its WebAPI `webApiVersion`. */
export function capabilitiesOf(webApiVersion: string): Capabilities {
	// qBittorrent 5.0 (WebAPI 2.11.0) renamed pausing to stopping.
	const stops = isAtLeast(webApiVersion, '2.11.0');
	return {
		webApiVersion,
		stopAction: stops ? 'stop' : 'pause',
		startAction: stops ? 'start' : 'resume',
		stoppedParameter: stops ? 'stopped' : 'paused',
		stoppedFilter: stops ? 'stopped' : 'paused',
		runningFilter: stops ? 'running' : 'resumed',
		// qBittorrent 5.1.
		includeTrackers: isAtLeast(webApiVersion, '2.11.4'),
		// qBittorrent 4.6; the last 4.5 has WebAPI 2.8.19.
		inactiveSeedingLimit: isAtLeast(webApiVersion, '2.9.0'),
		// qBittorrent 5.0.
		contentTrash: stops,
		numbersAnswers: stops,
		// qBittorrent 4.5; the last 4.4 has WebAPI 2.8.5.
		exportTorrent: isAtLeast(webApiVersion, '2.8.6'),
		// qBittorrent 5.1.
		setTags: isAtLeast(webApiVersion, '2.11.4'),
		// qBittorrent 5.1 has cookies of its own instead.
		cookieOfAdd: !isAtLeast(webApiVersion, '2.11.3'),
		// qBittorrent 5.1.
		decodesTrackers: isAtLeast(webApiVersion, '2.11.4'),
		// qBittorrent 4.6.1.
		measuresFreeSpace: isAtLeast(webApiVersion, '2.9.3'),
		// qBittorrent 5.3.
		freeSpaceOfPath: isAtLeast(webApiVersion, '2.15.2'),
	};
}
