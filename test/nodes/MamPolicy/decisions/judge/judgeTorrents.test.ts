import type { JudgeParameters } from '../../../../../nodes/MamPolicy/decisions/judge/parameters';
import { judgeTorrents } from '../../../../../nodes/MamPolicy/decisions/judge/judgeTorrents';
import {
	DAY,
	DHT,
	DRY,
	EMPTY_MARKER,
	ENFORCED,
	FAILURE,
	HOUR,
	incomplete,
	JUDGE,
	MOUSE_REFUSAL,
	NOTHING_PLANNED,
	NOW_SECONDS,
	old,
	reasons,
	TIMED_OUT,
	torrent,
	tracker,
	UNREGISTERED,
	unstarted,
} from '../builders';
import type { ClientTorrent } from '../../../../../nodes/shared/records';

function judge(records: unknown[], change: Partial<JudgeParameters> = {}, evaluation = ENFORCED) {
	return judgeTorrents(records, { ...JUDGE, ...change }, evaluation);
}

/** The hashes on Act. */
function deleted({ act }: ReturnType<typeof judge>, records: ClientTorrent[]): string[] {
	return act.map(({ index }) => records[index].hash);
}

describe('466 of 501 torrents never started', () => {
	const active = Array.from({ length: 35 }, (_, at) =>
		incomplete(at, 0.5, { state: 'downloading' }),
	);
	const records = [...Array.from({ length: 466 }, () => unstarted(25)), ...active];

	test('enforced, all 466 are deleted', () => {
		const { act, hold, summary } = judge(records);
		expect(act).toHaveLength(466);
		expect(hold).toHaveLength(35);
		expect(summary).toMatchObject({
			line: 'Plan: delete=466 preserved_hnr=0 skipped_active=35 dry_run=False',
			planned: { ...NOTHING_PLANNED, never_started: 466 },
			counts: { never_started: 466, in_progress: 35 },
			numbers: { judged: 501, preserved_hnr: 0, skipped_active: 35, protected: 0 },
		});
		expect(Object.keys(summary.planned ?? {})).toEqual(Object.keys(NOTHING_PLANNED));
	});

	test('a dry run plans the same and deletes nothing', () => {
		const { act, hold, summary } = judge(records, {}, DRY);
		expect(act).toEqual([]);
		expect(hold).toHaveLength(501);
		expect(hold.filter(({ decision }) => decision.verdict === 'delete')).toHaveLength(466);
		expect(summary).toMatchObject({
			lines: [
				'Plan: delete=466 preserved_hnr=0 skipped_active=35 dry_run=True',
				'per reason: unregistered=0 never_started=466 stalled_old=0 graceful_retire=0 zero_demand=0 satisfied_redundant=0',
			],
			planned: { ...NOTHING_PLANNED, never_started: 466 },
			dryRun: true,
		});
	});

	test('run again at once, nothing is left to delete', () => {
		const { act, summary } = judge(active);
		expect(act).toEqual([]);
		expect(summary.planned).toEqual(NOTHING_PLANNED);
		expect(summary.numbers).toMatchObject({ judged: 35, skipped_active: 35 });
	});
});

describe('before progress counts', () => {
	type Row = [string, string, ClientTorrent, Partial<JudgeParameters>?];

	test.each<Row>([
		['tagged keep', 'protected', old({ tags: 'mam, Keep' })],
		['tagged like keep', 'graceful_retire', old({ tags: 'keeper, up-keep' })],
		[
			'tagged with a custom protected tag',
			'protected',
			old({ tags: 'mine' }),
			{ protectedTags: ['mine'] },
		],
		[
			'tagged keep where that does not protect',
			'graceful_retire',
			old({ tags: 'keep' }),
			{ protectedTags: [] },
		],
		[
			'in recovery, seeded for a second less than 7 d',
			'protected',
			old({ tags: 'recovery', seeding_time: 7 * DAY - 1, num_complete: 9 }),
		],
		[
			'in recovery, seeded for 7 d',
			'satisfied_redundant',
			old({ tags: 'recovery', seeding_time: 7 * DAY, num_complete: 9 }),
		],
		[
			'in recovery, kept for shorter',
			'satisfied_redundant',
			torrent({ tags: 'recovery', num_complete: 9 }),
			{ recoveryHoldDays: 4 },
		],
		['past recovery, but tagged keep', 'protected', old({ tags: 'recovery, keep' })],
		['never started, but tagged keep', 'protected', unstarted(100, { tags: 'keep' })],
		['protected before busy', 'protected', old({ tags: 'keep', state: 'error' })],
		['of another category', 'not_ours', old({ category: 'films' })],
		['of no category', 'not_ours', old({ category: '' })],
		['of the category in another case', 'not_ours', old({ category: 'MAM-Farming' })],
		['of the category asked for', 'graceful_retire', old({ category: 'x' }), { category: 'x' }],
	])('%s: %s', (_name, reason, record, parameters = {}) => {
		expect(reasons(judge([record], parameters))).toEqual([reason]);
	});

	test.each([
		'checkingDL',
		'checkingUP',
		'checkingResumeData',
		'moving',
		'allocating',
		'missingFiles',
		'error',
		'unknown',
		'pausedDL',
		'a state of tomorrow',
		'',
	])('accident 20: a torrent in state "%s" is not judged by its progress', (state) => {
		const shownEmpty = unstarted(1000, { state, amount_left: 0 });
		const result = judge([shownEmpty, old({ state })]);
		expect(reasons(result)).toEqual(['busy', 'busy']);
		expect(result.summary.numbers.skipped_active).toBe(2);
	});

	test.each(['downloading', 'metaDL', 'forcedMetaDL', 'queuedDL', 'stalledDL', 'forcedDL'])(
		'in state %s nothing has come: it never started',
		(state) => {
			expect(reasons(judge([unstarted(30, { state })]))).toEqual(['never_started']);
		},
	);

	test.each(['uploading', 'stoppedUP', 'queuedUP', 'stalledUP', 'forcedUP'])(
		'in state %s it is judged by its seeding, and never as one that did not start',
		(state) => {
			const records = [old({ state }), unstarted(30, { state })];
			expect(reasons(judge(records))[0]).toBe('graceful_retire');
			expect(judge(records).summary.planned?.never_started).toBe(0);
		},
	);

	test('content that another torrent of the client has too is kept, whatever its category', () => {
		const path = '/downloads/a';
		const records = [
			old({ content_path: path }),
			old({ content_path: path, category: 'films' }),
			old({ content_path: '/downloads/b' }),
		];
		expect(reasons(judge(records))).toEqual(['shared_content', 'not_ours', 'graceful_retire']);
	});

	test('a list that leaves the paths out says itself which torrents share content', () => {
		const others = { ...old(), content_path: undefined };
		const records = [
			{ ...others, shares_content: true },
			{ ...others, hash: '2'.repeat(40), shares_content: false },
		];
		expect(reasons(judge(records))).toEqual(['shared_content', 'graceful_retire']);
	});

	test.each([
		['a file in the folder of another', '/downloads/a', '/downloads/a/one.m4b'],
		['a file far below in it', '/downloads/a', '/downloads/a/b/c/one.m4b'],
		['the same path with other case and slashes', 'D:\\Books\\A', 'd:/books/a/One.m4b'],
	])('%s is kept, and so is the other', (_what, outer, inner) => {
		const records = [old({ content_path: outer }), old({ content_path: inner })];
		expect(reasons(judge(records))).toEqual(['shared_content', 'shared_content']);
	});

	test('a torrent without a folder of its own keeps no other: deleting compares the real files', () => {
		const records = [
			old({ content_path: '/downloads', save_path: '/downloads/' }),
			old({ content_path: '/downloads/beside', save_path: '/downloads' }),
			old({ content_path: 'D:\\dl\\', save_path: 'D:\\dl' }),
		];
		expect(reasons(judge(records))).toEqual([
			'graceful_retire',
			'graceful_retire',
			'graceful_retire',
		]);
	});

	test('names that only begin alike share nothing', () => {
		const records = [old({ content_path: '/dl/a' }), old({ content_path: '/dl/a book/x.m4b' })];
		expect(reasons(judge(records))).toEqual(['graceful_retire', 'graceful_retire']);
	});

	test('keeps content that a malformed record refers to', () => {
		const records = [old({ content_path: '/downloads/a' }), { content_path: '/downloads/a' }];
		expect(reasons(judge(records))).toEqual(['shared_content', 'no_data']);
	});

	test('an unknown content path is shared with nobody', () => {
		const records = [old({ content_path: '' }), old({ content_path: '' })];
		expect(reasons(judge(records))).toEqual(['graceful_retire', 'graceful_retire']);
	});

	test('keeps both records when a hash is listed twice', () => {
		const record = old({ content_path: '' });
		const result = judge([record, { ...record, seeding_time: 4 * DAY }]);
		expect(result.act).toEqual([]);
		expect(result.hold).toHaveLength(2);
	});
});

describe('what the trackers say', () => {
	type Row = [string, string, ClientTorrent, Partial<JudgeParameters>?];
	const gone = { trackers: [DHT, UNREGISTERED] };

	test.each<Row>([
		[
			'unregistered for 60 min',
			'in_progress',
			incomplete(1, 0.5, { ...gone, state: 'downloading' }),
		],
		[
			'unregistered for longer',
			'unregistered',
			incomplete(1, 0.5, { ...gone, added_on: NOW_SECONDS - HOUR - 1 }),
		],
		['unregistered, never started', 'unregistered', unstarted(25, gone)],
		[
			'unregistered in the words of 5.3',
			'unregistered',
			incomplete(2, 0.5, { trackers: [{ ...UNREGISTERED, status: 5 }] }),
		],
		[
			'unregistered within other words',
			'unregistered',
			incomplete(2, 0.5, { trackers: [tracker({ status: 4, msg: 'Error: TORRENT NOT FOUND!' })] }),
		],
		[
			'unregistered in words that are not asked for',
			'tracker_refused',
			incomplete(2, 0.5, gone),
			{ unregisteredMessages: ['gone'] },
		],
		[
			'unregistered with one, working with another',
			'in_progress',
			incomplete(2, 0.5, { trackers: [UNREGISTERED, tracker()] }),
		],
		[
			'unregistered by DHT only',
			'in_progress',
			incomplete(2, 0.5, { trackers: [{ ...UNREGISTERED, tier: -1 }] }),
		],
		[
			'unregistered with one, a Mouse with another',
			'in_progress',
			incomplete(2, 0.5, { trackers: [UNREGISTERED, MOUSE_REFUSAL] }),
		],
		[
			'unregistered, complete, a second before the end of its window',
			'hnr_window',
			torrent({ ...gone, seeding_time: 96 * HOUR - 1 }),
		],
		[
			'unregistered, complete, but its clock has not begun',
			'hnr_window',
			torrent({ ...gone, seeding_time: 0 }),
		],
		[
			'unregistered, complete, its window over',
			'unregistered',
			torrent({ ...gone, seeding_time: 96 * HOUR }),
		],
		['unregistered, but protected', 'protected', incomplete(2, 0.5, { ...gone, tags: 'keep' })],
		[
			'unregistered, but being checked',
			'busy',
			incomplete(2, 0.5, { ...gone, state: 'checkingDL' }),
		],
		[
			'never started behind an error',
			'tracker_unproven',
			unstarted(100, { trackers: [TIMED_OUT] }),
		],
		[
			'never started behind a silent error',
			'tracker_unproven',
			unstarted(100, { trackers: [tracker({ status: 4 })] }),
		],
		[
			'behind an error of 5.3',
			'tracker_refused',
			unstarted(100, { trackers: [tracker({ status: 5, msg: 'x' })] }),
		],
		[
			'behind an unreachable tracker of 5.3',
			'tracker_unproven',
			unstarted(100, { trackers: [tracker({ status: 6 })] }),
		],
		[
			'behind one error beside a working tracker',
			'tracker_unproven',
			old({ trackers: [tracker(), TIMED_OUT] }),
		],
		[
			'behind an error of DHT',
			'never_started',
			unstarted(100, { trackers: [{ ...TIMED_OUT, tier: -1 }, tracker()] }),
		],
		[
			'never started, tracker not contacted',
			'not_contacted',
			unstarted(100, { comment: '', trackers: [tracker({ status: 1 })] }),
		],
		[
			'never started, nobody asked the tracker',
			'never_started',
			unstarted(100, { trackers: undefined }),
		],
		['never started by a Mouse', 'never_started', unstarted(100, { trackers: [MOUSE_REFUSAL] })],
		[
			'stalled by a Mouse',
			'tracker_unproven',
			incomplete(100, 0.05, { trackers: [MOUSE_REFUSAL] }),
		],
		['downloading by a Mouse', 'in_progress', incomplete(10, 0.05, { trackers: [MOUSE_REFUSAL] })],
		['retired by a Mouse', 'tracker_unproven', old({ trackers: [MOUSE_REFUSAL] })],
		[
			'retired by a Mouse, although another tracker works',
			'tracker_unproven',
			old({ trackers: [tracker(), MOUSE_REFUSAL] }),
		],
		[
			'seeded in its window by a Mouse',
			'hnr_window',
			torrent({ trackers: [MOUSE_REFUSAL], seeding_time: DAY }),
		],
		['retired, but nobody asked the tracker', 'tracker_unproven', old({ trackers: undefined })],
		[
			'retired, but nobody asked the tracker, on a client that lists it anyway',
			'not_contacted',
			old({ trackers: undefined, comment: '' }),
		],
		[
			'retired, tracker not contacted',
			'tracker_unproven',
			old({ trackers: [DHT, tracker({ status: 1 })] }),
		],
		['retired, tracker disabled', 'tracker_unproven', old({ trackers: [tracker({ status: 0 })] })],
		['retired, only DHT works', 'tracker_unproven', old({ trackers: [DHT] })],
		[
			'retired, one of two works',
			'graceful_retire',
			old({ trackers: [tracker({ status: 1 }), tracker()] }),
		],
	])('%s: %s', (_name, reason, record, parameters = {}) => {
		expect(reasons(judge([record], parameters))).toEqual([reason]);
	});

	test.each<[string, string, Partial<ReturnType<typeof tracker>>]>([
		['the refusal before it still stands', 'tracker_refused', { status: 3, msg: 'Denied' }],
		['there is no word yet', 'not_contacted', { status: 3 }],
		['it works, with a remark', 'never_started', { status: 2, msg: 'Please upgrade' }],
	])('while a tracker is asked again and %s: %s', (_name, reason, answer) => {
		expect(reasons(judge([unstarted(100, { comment: '', trackers: [tracker(answer)] })]))).toEqual([
			reason,
		]);
	});

	test('messages are compared without case on both sides', () => {
		const record = incomplete(2, 0.5, { trackers: [tracker({ status: 4, msg: 'gone' })] });
		expect(reasons(judge([record], { unregisteredMessages: ['GONE'] }))).toEqual(['unregistered']);
	});

	test('the tracker is quoted, and its silence called so', () => {
		const details = [TIMED_OUT, tracker({ status: 4 })].map(
			(failing) => judge([unstarted(100, { trackers: [failing] })]).hold[0].decision.detail,
		);
		expect(details[0]).toContain('"Connection timed out"');
		expect(details[1]).toContain('"no answer"');
	});

	test('trackers that were not contacted are no evidence that the others work', () => {
		const records = [
			unstarted(100, { trackers: undefined }),
			...Array.from({ length: 3 }, () => torrent({ trackers: [TIMED_OUT] })),
			...Array.from({ length: 2 }, () => torrent()),
			...Array.from({ length: 10 }, () => torrent({ trackers: [tracker({ status: 1 })] })),
		];
		expect(reasons(judge(records))[0]).toBe('tracker_down');
	});

	test('at most ten unregistered torrents go in one run', () => {
		const records = [
			...Array.from({ length: 12 }, () => incomplete(2, 0.5, gone)),
			...Array.from({ length: 13 }, () => incomplete(2, 0.5)),
		];
		const result = judge(records);
		expect(deleted(result, records)).toEqual(records.slice(0, 10).map(({ hash }) => hash));
		expect(result.summary.counts).toMatchObject({ unregistered: 10, unregistered_capped: 2 });
		expect(judge(records, { maxUnregisteredPerRun: 0 }).act).toEqual([]);
		expect(judge(records, { maxUnregisteredPerRun: 12 }).act).toHaveLength(12);
	});

	test.each([
		['one of three', 1, 2, 'never_started'],
		['two of four', 2, 2, 'after_outage'],
		['two of five', 2, 3, 'never_started'],
		['three of five', 3, 2, 'tracker_down'],
		['three of six', 3, 3, 'tracker_down'],
		['three of seven', 3, 4, 'never_started'],
	])('with errors from %s trackers: %s', (_name, failing, working, reason) => {
		const records = [
			unstarted(100, { trackers: undefined }),
			old({ trackers: undefined }),
			...Array.from({ length: failing }, () => torrent({ trackers: [TIMED_OUT] })),
			...Array.from({ length: working }, () => torrent()),
		];
		const result = judge(records);
		expect(reasons(result)[0]).toBe(reason);
		expect(result.act).toHaveLength(reason === 'never_started' ? 1 : 0);
	});

	test('a tracker that is down is noted, even when nothing would be deleted', () => {
		const healthy = Array.from({ length: 5 }, () => torrent({ seeding_time: DAY }));
		const silent = healthy.map((one) => ({ ...one, trackers: [TIMED_OUT] }));
		expect(judge(healthy).summary.numbers.tracker_down).toBe(0);
		expect(judge(silent).summary.numbers.tracker_down).toBe(1);
		expect(judge(silent).summary.counts).toEqual({ tracker_unproven: 5 });
	});

	test('while the tracker is down nothing is deleted for any reason, and what is kept keeps its reason', () => {
		const records = [
			unstarted(100),
			incomplete(100, 0.05),
			incomplete(2, 0.5, gone),
			old(),
			torrent({ seeding_time: DAY }),
			...Array.from({ length: 5 }, () => torrent({ trackers: [TIMED_OUT] })),
		];
		const result = judge(records);
		expect(result.act).toEqual([]);
		expect(reasons(result).slice(0, 5)).toEqual([
			'tracker_down',
			'tracker_down',
			'tracker_down',
			'tracker_down',
			'hnr_window',
		]);
		expect(result.summary.planned).toEqual(NOTHING_PLANNED);
		expect(result.summary.line).toContain('delete=0');
	});

	test('a Mouse gets refusals everywhere: the tracker is not down', () => {
		const records = Array.from({ length: 10 }, () => unstarted(30, { trackers: [MOUSE_REFUSAL] }));
		expect(judge(records).act).toHaveLength(10);
	});
});

describe('incomplete torrents', () => {
	type Row = [string, string, ClientTorrent, Partial<JudgeParameters>?];

	test.each<Row>([
		['nothing came in 24 h', 'in_progress', unstarted(24)],
		[
			'nothing came in a second more',
			'never_started',
			unstarted(0, { added_on: NOW_SECONDS - DAY - 1 }),
		],
		[
			'nothing came in 3 h, and 2 are allowed',
			'never_started',
			unstarted(3),
			{ neverStartedHours: 2 },
		],
		['something was downloaded', 'in_progress', unstarted(48, { downloaded: 1 })],
		['something is on disk', 'in_progress', unstarted(48, { completed: 1 })],
		['some progress is there', 'in_progress', unstarted(48, { progress: 0.0001 })],
		[
			'without metadata',
			'never_started',
			unstarted(48, { state: 'metaDL', size: 0, amount_left: 0 }),
		],
		['stopped before it began', 'stopped', unstarted(1000, { state: 'stoppedDL' })],
		['stopped on the way', 'stopped', incomplete(1000, 0.05, { state: 'stoppedDL' })],
		['stalled for 3 d', 'in_progress', incomplete(72, 0.05)],
		[
			'stalled for a second more',
			'stalled_old',
			incomplete(0, 0.05, { added_on: NOW_SECONDS - 3 * DAY - 1 }),
		],
		['stalled at 10 %', 'stalled_old', incomplete(100, 0.1)],
		['stalled above 10 %', 'partial_download', incomplete(100, 0.1001)],
		[
			'stalled at 7 % of at most 7',
			'stalled_old',
			incomplete(100, 0.07),
			{ stalledMaxProgressPercent: 7 },
		],
		[
			'stalled above 7 %',
			'partial_download',
			incomplete(100, 0.0701),
			{ stalledMaxProgressPercent: 7 },
		],
		['stalled for 30 h of at most 24', 'stalled_old', incomplete(30, 0.05), { stalledDays: 1 }],
		['slow, but not stalled', 'in_progress', incomplete(1000, 0.05, { state: 'downloading' })],
		['queued on the way', 'in_progress', incomplete(1000, 0.05, { state: 'queuedDL' })],
		['seeding what is chosen of it', 'in_progress', incomplete(1000, 0.5, { state: 'uploading' })],
		['that too, stopped', 'stopped', incomplete(1000, 0.5, { state: 'stoppedUP' })],
		['added in what is now the future', 'in_progress', unstarted(-100)],
	])('%s: %s', (_name, reason, record, parameters = {}) => {
		const result = judge([record], parameters);
		expect(reasons(result)).toEqual([reason]);
		expect(result.summary.numbers.skipped_active).toBe(result.hold.length);
	});

	test('accident 4: what never started goes by its age, not by a seed time that it never gets', () => {
		const full = Array.from({ length: 500 }, () => unstarted(25));
		expect(judge(full).act).toHaveLength(500);
	});

	test('accident 5: a backlog in the queue goes after a day, and is counted until then', () => {
		const waiting = Array.from({ length: 495 }, () => unstarted(23, { state: 'queuedDL' }));
		const { act, summary } = judge([
			...waiting,
			...Array.from({ length: 6 }, () => incomplete(5, 0.5)),
		]);
		expect(act).toEqual([]);
		expect(summary.numbers.skipped_active).toBe(501);
		const dayLater = waiting.map((record) => ({ ...record, added_on: record.added_on - 2 * HOUR }));
		expect(judge(dayLater).summary.planned?.never_started).toBe(495);
	});
});

describe('completed torrents', () => {
	type Row = [string, string, ClientTorrent, Partial<JudgeParameters>?];
	const unwanted = { uploaded: 0, added_on: NOW_SECONDS - 20 * DAY };

	test.each<Row>([
		[
			'a second before 72 h and the margin',
			'hnr_window',
			torrent({ ...unwanted, seeding_time: 96 * HOUR - 1 }),
		],
		['72 h and the margin', 'zero_demand', torrent({ ...unwanted, seeding_time: 96 * HOUR })],
		[
			'72 h without a margin',
			'zero_demand',
			torrent({ ...unwanted, seeding_time: 72 * HOUR }),
			{ trackerClockMarginHours: 0 },
		],
		[
			'a second less without a margin',
			'hnr_window',
			torrent({ ...unwanted, seeding_time: 72 * HOUR - 1 }),
			{ trackerClockMarginHours: 0 },
		],
		[
			'a longer window',
			'hnr_window',
			torrent({ ...unwanted, seeding_time: 120 * HOUR }),
			{ hnrHours: 100 },
		],
		['seeded for 14 d', 'active', old({ seeding_time: 14 * DAY })],
		['seeded for a second more', 'graceful_retire', old({ seeding_time: 14 * DAY + 1 })],
		[
			'seeded for 6 d of at most 5',
			'graceful_retire',
			old({ seeding_time: 6 * DAY }),
			{ gracefulRetireDays: 5 },
		],
		['no upload in 7 d', 'active', torrent({ uploaded: 0, added_on: NOW_SECONDS - 7 * DAY })],
		[
			'no upload in a second more',
			'zero_demand',
			torrent({ uploaded: 0, added_on: NOW_SECONDS - 7 * DAY - 1 }),
		],
		['a byte of upload', 'active', torrent({ uploaded: 1, added_on: NOW_SECONDS - 12 * DAY })],
		[
			'no upload in 5 d of at most 4',
			'zero_demand',
			torrent({ uploaded: 0 }),
			{ zeroDemandDays: 4 },
		],
		['5 seeders', 'active', torrent({ num_complete: 5 })],
		['6 seeders', 'satisfied_redundant', torrent({ num_complete: 6 })],
		['an unknown number of seeders', 'active', torrent({ num_complete: -1 })],
		[
			'6 seeders, seeded for as long as asked',
			'active',
			torrent({ num_complete: 6 }),
			{ satisfiedDays: 4 },
		],
		[
			'6 seeders, seeded for longer',
			'satisfied_redundant',
			torrent({ num_complete: 6, seeding_time: 4 * DAY + 1 }),
			{ satisfiedDays: 4 },
		],
		[
			'4 seeders of at least 3',
			'satisfied_redundant',
			torrent({ num_complete: 4 }),
			{ satisfiedSeederFloor: 3 },
		],
		['retired before unwanted', 'graceful_retire', old({ uploaded: 0, num_complete: 9 })],
		['unwanted before redundant', 'zero_demand', torrent({ ...unwanted, num_complete: 9 })],
		['stopped', 'graceful_retire', old({ state: 'stoppedUP' })],
	])('%s: %s', (_name, reason, record, parameters = {}) => {
		expect(reasons(judge([record], parameters))).toEqual([reason]);
	});

	test.each([
		[71 * HOUR, 'hnr_window'],
		[72 * HOUR, 'graceful_retire'],
	])('accident 13: with %p s of seeding by the tracker’s count: %s', (seedTimeSeconds, reason) => {
		expect(reasons(judge([{ ...old(), seedTimeSeconds }]))).toEqual([reason]);
	});

	test('accident 13: seeded by the local clock, but queued and never announced, nothing is deleted', () => {
		const queued = { state: 'queuedUP', tracker: '', num_complete: 9 };
		const records = [
			old({ ...queued, trackers: [tracker({ status: 1 })] }),
			old({ ...queued, trackers: undefined }),
			torrent({ ...queued, seeding_time: 80 * HOUR }),
			torrent({ tags: 'mam, recovery', seeding_time: 5 * DAY, num_complete: 9 }),
		];
		const result = judge(records);
		expect(result.act).toEqual([]);
		expect(reasons(result)).toEqual(['not_contacted', 'not_contacted', 'hnr_window', 'protected']);
		expect(result.summary.numbers).toMatchObject({ preserved_hnr: 1, protected: 1 });
	});

	/** Longest seeded, and most seeders, last. */
	function retirees(many: number): ClientTorrent[] {
		return Array.from({ length: many }, (_, at) =>
			old({ seeding_time: 15 * DAY + at, num_complete: at }),
		);
	}

	test('a run deletes twenty, the longest seeded first', () => {
		const records = retirees(25);
		const result = judge(records);
		expect(deleted(result, records)).toEqual(records.slice(5).map(({ hash }) => hash));
		expect(result.summary.counts).toEqual({ graceful_retire: 20, run_capped: 5 });
		expect(result.summary.planned?.graceful_retire).toBe(20);
	});

	test.each([
		[0, 25],
		[1, 1],
		[25, 25],
		[30, 25],
	])('with a cap of %p, %p of 25 go', (maxCompletedPerRun, gone) => {
		expect(judge(retirees(25), { maxCompletedPerRun }).act).toHaveLength(gone);
	});

	test('the cap leaves what never started alone', () => {
		const records = [...Array.from({ length: 30 }, () => unstarted(100)), ...retirees(3)];
		expect(judge(records, { maxCompletedPerRun: 1 }).summary.counts).toEqual({
			never_started: 30,
			graceful_retire: 1,
			run_capped: 2,
		});
	});

	test('the cap counts completed torrents of every reason', () => {
		const records = [
			...Array.from({ length: 3 }, () => old({ trackers: [UNREGISTERED] })),
			...retirees(3),
		];
		expect(judge(records, { maxCompletedPerRun: 2 }).act).toHaveLength(2);
	});

	test('every rule that retires waits for the surplus', () => {
		const records = [
			old({ seeding_time: 5 * DAY, uploaded: 0 }),
			torrent({ seeding_time: 5 * DAY, num_complete: 6 }),
			old(),
		];
		const { counts, numbers } = judge(records, { retireOnlyAbove: 3 }).summary;
		expect(counts).toEqual({ active: 3 });
		expect(numbers.skipped_active).toBe(3);
	});

	test('the cap does not count completed torrents that stay', () => {
		const records = [torrent(), torrent(), ...retirees(1)];
		expect(judge(records, { maxCompletedPerRun: 1 }).summary.counts).toEqual({
			active: 2,
			graceful_retire: 1,
		});
	});

	test.each([
		[10, 0],
		[9, 1],
		[7, 3],
		[1, 4],
	])('kept down to %p of ten torrents, %p of four are retired', (retireOnlyAbove, retired) => {
		const records = [...retirees(4), ...Array.from({ length: 6 }, () => torrent())];
		const result = judge(records, { retireOnlyAbove });
		const fewestPoints = records.slice(4 - retired, 4).map(({ hash }) => hash);
		expect(deleted(result, records)).toEqual(fewestPoints);
		expect(result.summary.counts.active).toBe(10 - retired);
	});

	test('what goes for other reasons makes room before any is retired', () => {
		const records = [...retirees(4), ...Array.from({ length: 6 }, () => unstarted(100))];
		expect(judge(records, { retireOnlyAbove: 4 }).summary.counts).toEqual({
			never_started: 6,
			active: 4,
		});
		expect(judge(records, { retireOnlyAbove: 3 }).summary.planned?.graceful_retire).toBe(1);
	});

	test('torrents of other categories do not count towards the number', () => {
		const others = Array.from({ length: 9 }, () => torrent({ category: 'films' }));
		expect(judge([...retirees(2), ...others], { retireOnlyAbove: 2 }).act).toEqual([]);
	});
});

describe('what cannot be trusted', () => {
	test.each<[string, unknown]>([
		['a failure', FAILURE],
		['a torrent merged with a failure', { ...unstarted(100), ...FAILURE }],
		['without a state', { ...unstarted(100), state: undefined }],
		['without its progress', { ...unstarted(100), progress: null }],
		['with more progress than there is', { ...old(), progress: 1.5 }],
		['without what was downloaded', { ...unstarted(100), downloaded: undefined }],
		['without what is on disk', { ...unstarted(100), completed: undefined }],
		['without its uploads', { ...old(), uploaded: undefined }],
		['without its seed time', { ...old(), seeding_time: '1296000' }],
		['without its age', { ...unstarted(100), added_on: 0 }],
		['without tags', { ...unstarted(100), tags: null }],
		['without a category', { ...unstarted(100), category: undefined }],
		['without a hash', { ...unstarted(100), hash: 'all' }],
		['with two hashes', { ...unstarted(100), hash: `${'a'.repeat(40)}|${'b'.repeat(40)}` }],
		['with trackers that are a text', { ...old(), trackers: 'working' }],
		['with a tracker that is none', { ...old(), trackers: [tracker(), null] }],
		['with a seed time of the tracker that is none', { ...old(), seedTimeSeconds: '1296000' }],
		['nothing', null],
	])('%s is kept as no_data', (_name, record) => {
		const result = judge([record, torrent()]);
		expect(reasons(result)).toEqual(['no_data', 'active']);
		expect(result.summary.failure).toBeUndefined();
	});

	test('a list that failed fails the run', () => {
		expect(judge([FAILURE]).summary.failure?.cause).toBe('no_data');
	});

	test('a proven empty client is not a failure', () => {
		const result = judge([EMPTY_MARKER]);
		expect(reasons(result)).toEqual([]);
		expect(result.summary.failure).toBeUndefined();
		expect(result.summary.planned).toEqual(NOTHING_PLANNED);
	});
});

test('Act and Hold keep the order of the input', () => {
	const records = [torrent(), FAILURE, unstarted(30), old({ category: 'x' }), torrent(), old()];
	const { act, hold } = judge(records);
	expect(act.map(({ index }) => index)).toEqual([2, 5]);
	expect(hold.map(({ index }) => index)).toEqual([0, 1, 3, 4]);
});

test('the verdict is delete or keep, and details carry the numbers that decided', () => {
	const { act, hold } = judge([unstarted(30), torrent({ seeding_time: DAY })]);
	expect(act[0].decision).toEqual({
		verdict: 'delete',
		reason: 'never_started',
		detail: 'Nothing was downloaded in 30.0 h; the limit is 24 h.',
	});
	expect(hold[0].decision).toEqual({
		verdict: 'keep',
		reason: 'hnr_window',
		detail: 'Seeded for 24.0 h; kept until 72 h and a margin of 24 h.',
	});
});

test.each([
	[2, 'list_too_short', 'no_data'],
	[3, 'never_started', undefined],
])('a list of %p where 3 are expected: %s', (length, reason, cause) => {
	const records = Array.from({ length }, (_, at) => unstarted(30, { hash: String(at).repeat(40) }));
	const result = judge([...records, EMPTY_MARKER], { expectedMinTorrents: 3 });
	expect(new Set(reasons(result))).toEqual(new Set([reason]));
	expect(result.act).toHaveLength(cause === undefined ? length : 0);
	expect(result.summary.failure?.cause).toBe(cause);
});
