import { isRecord, type JsonObject } from '../../shared/json';
import type {
	AccountRecord,
	ClientTorrent,
	MamTorrentRecord,
	TransferRecord,
} from '../../shared/records';
import { STOPPED_STATES } from '../../shared/torrentStates';

/** A record of an earlier node that did not fail: one with `error` is a failure, whatever else it carries. */
function isProper(value: unknown): value is JsonObject {
	return isRecord(value) && !value.error;
}

/** Whether every field of `names` is a number of at least `minimum` that can be counted with exactly. */
function haveNumbers(record: JsonObject, names: string[], minimum = 0): boolean {
	return names.every((name) => isCount(record[name], minimum));
}

/** The item that stands for a proven empty list. */
export function isEmptyMarker(value: unknown): boolean {
	return isProper(value) && value.empty === true;
}

function isPair(value: unknown, names: string[]): boolean {
	return value === null || (isRecord(value) && haveNumbers(value, names));
}

function isPurchase(value: unknown): boolean {
	return (
		value === null || (isRecord(value) && isText(value.at) && typeof value.shown === 'boolean')
	);
}

/** Whether `value` is a complete account record: guards and money depend on every one of these fields. */
export function isAccount(value: unknown): value is AccountRecord {
	return (
		isProper(value) &&
		isText(value.className) &&
		value.className !== '' &&
		haveNumbers(value, ['uploadedBytes', 'downloadedBytes']) &&
		haveNumbers(value, ['bonusPoints'], Number.MIN_SAFE_INTEGER) &&
		isPurchase(value.lastPurchase ?? null) &&
		(value.ratio === null || haveNumbers(value, ['ratio'])) &&
		typeof (value.vipUntil ?? '') === 'string' &&
		isPair(value.unsatisfied ?? null, ['count', 'limit']) &&
		isPair(value.hitAndRuns ?? null, ['notSeeding', 'seeding'])
	);
}

/** Whether `value` is a torrent of the site with all that the ranking decides by. */
export function isMamTorrent(value: unknown): value is MamTorrentRecord {
	return (
		isProper(value) &&
		haveNumbers(value, ['seeders', 'leechers']) &&
		haveNumbers(value, ['id', 'sizeBytes'], 1) &&
		Number.isInteger(value.id) &&
		['isFree', 'freeleech', 'personalFreeleech', 'alreadySnatched'].every(
			(name) => typeof value[name] === 'boolean',
		)
	);
}

function isTrackerList(value: unknown): boolean {
	return (
		Array.isArray(value) &&
		value.every(
			(tracker) =>
				isRecord(tracker) &&
				haveNumbers(tracker, ['status']) &&
				haveNumbers(tracker, ['tier'], -1) &&
				isText(tracker.msg),
		)
	);
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isCount = (value: unknown, minimum = 0): boolean =>
	typeof value === 'number' && value >= minimum && value <= Number.MAX_SAFE_INTEGER;
const isHash = (value: unknown): boolean =>
	typeof value === 'string' && /^([\da-f]{40}|[\da-f]{64})$/i.test(value);

/** What each field of a client's torrent must be where it is given. */
const TORRENT_FIELDS: Record<keyof ClientTorrent | 'seedTimeSeconds', (value: unknown) => boolean> =
	{
		hash: isHash,
		name: () => true,
		state: isText,
		category: isText,
		tags: isText,
		progress: (value) => isCount(value) && (value as number) <= 1,
		size: (value) => isCount(value),
		amount_left: (value) => isCount(value),
		downloaded: (value) => isCount(value),
		completed: (value) => isCount(value),
		uploaded: (value) => isCount(value),
		added_on: (value) => isCount(value, 1),
		seeding_time: (value) => isCount(value),
		completion_on: () => true,
		num_complete: (value) => isCount(value, -1),
		tracker: () => true,
		content_path: isText,
		save_path: () => true,
		shares_content: isFlag,
		deselected_files: (value) => value === null || isCount(value),
		comment: isText,
		trackers: isTrackerList,
		seedTimeSeconds: (value) => isCount(value),
	};

/** Built once, not for each torrent of a large client. */
const CHECKS = Object.entries(TORRENT_FIELDS);

/** The fields of a client's torrent that each policy cannot do without. */
export const NEEDED_FIELDS = {
	rankCandidates: [
		'state',
		'category',
		'tags',
		'progress',
		'size',
		'amount_left',
		'added_on',
		'seeding_time',
	],
	judgeTorrents: [
		'hash',
		'state',
		'category',
		'tags',
		'progress',
		'size',
		'amount_left',
		'downloaded',
		'completed',
		'uploaded',
		'added_on',
		'seeding_time',
		'num_complete',
		'deselected_files',
	],
	summarizeTrackers: [
		'hash',
		'state',
		'category',
		'tags',
		'progress',
		'size',
		'downloaded',
		'uploaded',
		'seeding_time',
	],
} as const satisfies Record<string, ReadonlyArray<keyof ClientTorrent>>;

/** Whether `value` is a torrent of the client with all that `policy` decides by, and with nothing malformed. */
export function isClientTorrent(
	value: unknown,
	policy: keyof typeof NEEDED_FIELDS,
): value is ClientTorrent {
	if (!isProper(value)) return false;
	const needed: readonly string[] = NEEDED_FIELDS[policy];
	// One of the two says whether other torrents have the same files, which a deletion would take.
	const hasPlace = value.content_path !== undefined || value.shares_content !== undefined;
	if (policy === 'judgeTorrents' && !hasPlace) return false;
	return CHECKS.every(([field, isValid]) =>
		value[field] === undefined ? !needed.includes(field) : isValid(value[field]),
	);
}

/** The records that {@link isClientTorrent} accepts. */
export function clientTorrents(
	records: unknown[],
	policy: keyof typeof NEEDED_FIELDS,
): ClientTorrent[] {
	return records.filter((record): record is ClientTorrent => isClientTorrent(record, policy));
}

/** Whether `value` holds the client's preferences; which of them there are depends on its version. */
export function isPreferences(value: unknown): value is JsonObject {
	return (
		isProper(value) &&
		typeof value.queueing_enabled === 'boolean' &&
		haveNumbers(value, ['max_active_downloads', 'max_active_uploads', 'max_active_torrents'], -1)
	);
}

/** Whether `value` is the client's transfer record. */
export function isTransfer(value: unknown): value is TransferRecord {
	return (
		isProper(value) &&
		isText(value.connection_status) &&
		haveNumbers(value, ['dht_nodes', 'up_info_speed', 'dl_info_speed']) &&
		(value.free_space_on_disk === null || haveNumbers(value, ['free_space_on_disk']))
	);
}

/** The tags of a torrent in lower case. */
export function tagsOf(torrent: Pick<ClientTorrent, 'tags'>): string[] {
	return torrent.tags
		.split(',')
		.map((tag) => tag.trim().toLowerCase())
		.filter((tag) => tag !== '');
}

/** Free bytes that are left once all started torrents are complete: a stopped one takes no space until it is started. */
export function spaceAfterDownloads(freeBytes: number, torrents: ClientTorrent[]): number {
	return torrents
		.filter(({ state }) => !STOPPED_STATES.includes(state))
		.reduce((space, { amount_left: left }) => space - left, freeBytes);
}
