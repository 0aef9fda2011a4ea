import fc from 'fast-check';

import {
	account,
	candidate,
	DAY,
	EMPTY_MARKER,
	FAILURE,
	GIB,
	hashOf,
	HOUR,
	MIB,
	MOUSE_REFUSAL,
	NOW_SECONDS,
	TIMED_OUT,
	torrent,
	tracker,
	UNREGISTERED,
} from './builders';

/** What no policy may decide by: failures, foreign items, and anything at all. */
export const junk = fc.oneof(
	fc.constant(FAILURE),
	fc.constant({ ...torrent(), ...FAILURE }),
	fc.constant({ ...candidate(1), ...FAILURE }),
	fc.constant({ ...account(), ...FAILURE }),
	fc.anything(),
);

/** A whole record of `builder`, or one with a field that anything may stand in. */
function oddity(record: object) {
	return fc
		.tuple(fc.constantFrom(...Object.keys(record)), fc.anything())
		.map(([field, value]) => ({ ...record, [field]: value }));
}

/** Lists as a flow may hand them to any policy, mostly broken. */
export const anyRecords = fc.array(
	fc.oneof(
		junk,
		fc.constant(EMPTY_MARKER),
		fc.constant(account()),
		fc.constant(candidate(7)),
		fc.constant(torrent()),
		oddity(account()),
		oddity(candidate(8)),
		oddity(torrent()),
	),
	{ maxLength: 8 },
);

const STATES = [
	'error',
	'missingFiles',
	'uploading',
	'stoppedUP',
	'queuedUP',
	'stalledUP',
	'checkingUP',
	'forcedUP',
	'allocating',
	'downloading',
	'metaDL',
	'forcedMetaDL',
	'stoppedDL',
	'queuedDL',
	'stalledDL',
	'checkingDL',
	'forcedDL',
	'checkingResumeData',
	'moving',
	'unknown',
	'aStateOfTomorrow',
];

const ANSWERS = [[tracker()], [UNREGISTERED], [MOUSE_REFUSAL], [TIMED_OUT], [], undefined];

/** Torrents of the client around every threshold; hashes differ, content paths may not. */
export const clientTorrents = fc
	.array(
		fc.record({
			state: fc.oneof(
				fc.constantFrom('stalledUP', 'stalledDL', 'queuedDL'),
				fc.constantFrom(...STATES),
			),
			category: fc.constantFrom('mam-farming', 'mam-farming', 'mam-farming', 'books', ''),
			tags: fc.constantFrom('', 'mam, mam-7', 'keep', 'MAM,Keep', 'recovery', 'keepsake'),
			progress: fc.constantFrom(0, 0, 0.1, 0.11, 0.99, 1, 1, 1),
			downloaded: fc.constantFrom(0, 0, 1, 100 * MIB),
			completed: fc.constantFrom(0, 0, 1, 100 * MIB),
			amount_left: fc.constantFrom(0, 100 * MIB, 5 * GIB),
			uploaded: fc.constantFrom(0, 1, 10 * MIB),
			added_on: fc
				.constantFrom(0, HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY)
				.chain((age) => fc.integer({ min: -2, max: 2 }).map((edge) => NOW_SECONDS - age + edge)),
			seeding_time: fc
				.constantFrom(2, 72 * HOUR, 96 * HOUR, 7 * DAY, 14 * DAY, 20 * DAY)
				.chain((seeded) => fc.integer({ min: -2, max: 2 }).map((edge) => seeded + edge)),
			num_complete: fc.constantFrom(-1, 0, 5, 6, 100),
			deselected_files: fc.constantFrom(0, 0, 0, 0, 0, 0, null, 1),
			content_path: fc.constantFrom(
				'',
				'/same',
				'/same/inside',
				'/3/4/5',
				...Array.from({ length: 30 }, (_, at) => `/${at}`),
			),
			trackers: fc.oneof(fc.constant(ANSWERS[0]), fc.constantFrom(...ANSWERS)),
		}),
		{ maxLength: 25 },
	)
	.map((list) => list.map((change, index) => torrent({ ...change, hash: hashOf(index + 1) })));

/** Results of a search, some of them twice. */
export const candidates = fc.array(
	fc
		.record({
			id: fc.integer({ min: 1, max: 40 }),
			sizeBytes: fc.constantFrom(50 * MIB - 1, 50 * MIB, 100 * MIB, GIB, GIB + 1),
			seeders: fc.constantFrom(0, 1, 5, 50, 51, 700),
			leechers: fc.integer({ min: 0, max: 12 }),
			isFree: fc.boolean(),
			freeleech: fc.boolean(),
			personalFreeleech: fc.boolean(),
			alreadySnatched: fc.constantFrom(false, false, false, true),
		})
		.map(({ id, ...change }) => candidate(id, change)),
	{ maxLength: 30 },
);

/** Accounts rich and poor, of any class. */
export const accounts = fc
	.record({
		className: fc.constantFrom('Mouse', 'User', 'Power User', 'VIP', 'Elite VIP'),
		bonusPoints: fc.oneof(
			fc.integer({ min: 0, max: 120_000 }),
			fc.constantFrom(25_499, 25_500, 97_999, 98_000),
		),
		uploadedBytes: fc.integer({ min: 0, max: 600 * GIB }),
		downloadedBytes: fc.integer({ min: 0, max: 300 * GIB }),
		vipUntil: fc.constantFrom(
			null,
			'2026-11-24T00:00:00.000Z',
			'2027-02-14T12:00:00.000Z',
			'2099-01-01T00:00:00.000Z',
		),
	})
	.map((change) => {
		const { uploadedBytes, downloadedBytes } = change;
		const ratio = downloadedBytes === 0 ? null : uploadedBytes / downloadedBytes;
		return account({ ...change, ratio });
	});
