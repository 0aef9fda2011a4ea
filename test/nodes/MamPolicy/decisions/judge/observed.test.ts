import { judgeTorrents } from '../../../../../nodes/MamPolicy/decisions/judge/judgeTorrents';
import {
	decodeSeen,
	NO_MEMORY,
	readJudgeMemory,
	type JudgeMemory,
} from '../../../../../nodes/MamPolicy/decisions/judge/memory';
import type { JudgeParameters } from '../../../../../nodes/MamPolicy/decisions/judge/parameters';
import type { ClientTorrent } from '../../../../../nodes/shared/records';
import {
	DAY,
	GIB,
	HOUR,
	incomplete,
	JUDGE,
	MIB,
	MOUSE_REFUSAL,
	NOW_SECONDS,
	old,
	TIMED_OUT,
	torrent,
	tracker,
	UNREGISTERED,
	unstarted,
} from '../builders';

const OBSERVED: JudgeParameters = { ...JUDGE, seedClock: 'observed' };
const REFUSED = tracker({ status: 4, msg: 'Unrecognized host/PassKey' });

/** A janitor that remembers from run to run. */
class Janitor {
	memory: JudgeMemory = NO_MEMORY;

	now = NOW_SECONDS;

	constructor(private readonly change: Partial<JudgeParameters> = {}) {}

	/** One run over `records`; the reasons in their order. */
	run(records: ClientTorrent[], change: Partial<JudgeParameters> = {}) {
		const at = new Date(this.now * 1000);
		const result = judgeTorrents(
			records,
			{ ...OBSERVED, ...this.change, ...change },
			{ dryRun: false, now: at },
			// Through JSON, as n8n stores it.
			{
				memory: readJudgeMemory(JSON.parse(JSON.stringify(this.memory))),
				listedAt: at,
			},
		);
		this.memory = result.memory;
		const reasons: string[] = [];
		for (const { index, decision } of [...result.act, ...result.hold])
			reasons[index] = decision.reason;
		return { ...result, reasons };
	}

	/** Runs every `stepHours` for `hours`, while the torrents seed; the last result. */
	seed(records: ClientTorrent[], hours: number, stepHours = 1) {
		let result = this.run(records);
		for (let passed = 0; passed < hours; passed += stepHours) {
			this.now += stepHours * HOUR;
			for (const record of records) record.seeding_time += stepHours * HOUR;
			result = this.run(records);
		}
		return result;
	}
}

/** A torrent that the client says has seeded for long enough to be retired. */
const long = (change: Partial<ClientTorrent> = {}) =>
	old({ added_on: NOW_SECONDS - 40 * DAY, seeding_time: 20 * DAY, ...change });

function detailOf(result: ReturnType<Janitor['run']>): string {
	return [...result.act, ...result.hold][0].decision.detail;
}

describe('a completed torrent goes only after the janitor itself saw it seed for the window and the margin', () => {
	test('whatever the client says', () => {
		const result = new Janitor().run([long()]);
		expect(result.reasons).toEqual(['hnr_window']);
		expect(detailOf(result)).toBe(
			'The client says 480.0 h; the janitor has seen it seed for 0.0 h of 96 h.',
		);
	});

	test('after 95 h it stays, after 96 h it goes', () => {
		const janitor = new Janitor();
		const record = long();
		expect(janitor.seed([record], 95).reasons).toEqual(['hnr_window']);
		expect(janitor.seed([record], 1).reasons).toEqual(['graceful_retire']);
	});

	test.each<[string, Partial<ClientTorrent>]>([
		['every announce is refused', { trackers: [REFUSED] }],
		['the tracker does not answer', { trackers: [TIMED_OUT] }],
		['it is queued', { state: 'queuedUP' }],
		['it is stopped', { state: 'stoppedUP' }],
		['it is incomplete after a recheck', { progress: 0.5, state: 'stalledDL' }],
	])('the time in which %s does not count', (_what, change) => {
		const janitor = new Janitor();
		const record = long();
		janitor.seed([record], 48);
		const away = { ...record, ...change };
		janitor.now += HOUR;
		janitor.seed([away], 72);
		const back = { ...record, seeding_time: away.seeding_time };
		expect(janitor.seed([back], 47).reasons).toEqual(['hnr_window']);
		expect(janitor.seed([back], 1).reasons).toEqual(['graceful_retire']);
	});

	test('a run that did not read its tracker neither counts nor breaks the row', () => {
		const janitor = new Janitor();
		const record = long();
		janitor.seed([record], 94);
		janitor.now += 2 * HOUR;
		record.seeding_time += 2 * HOUR;
		expect(janitor.run([{ ...record, trackers: undefined }]).reasons).toEqual(['hnr_window']);
		expect(janitor.run([record]).reasons).toEqual(['graceful_retire']);
	});

	test('of a long gap between two runs, six hours count', () => {
		const janitor = new Janitor();
		const record = long();
		janitor.seed([record], 95);
		janitor.now += 3 * DAY;
		record.seeding_time += 3 * DAY;
		expect(janitor.run([record]).reasons).toEqual(['graceful_retire']);

		const seldom = new Janitor();
		const other = long();
		expect(seldom.seed([other], 15 * 24, 24).reasons).toEqual(['hnr_window']);
		expect(seldom.seed([other], 24, 24).reasons).toEqual(['graceful_retire']);
	});

	test('a clock that jumps proves nothing: the client must have seeded for as long', () => {
		const janitor = new Janitor();
		const record = long();
		for (let run = 0; run < 40; run++) {
			janitor.now += 6 * HOUR;
			record.seeding_time += HOUR;
			expect(janitor.run([record]).reasons).toEqual(['hnr_window']);
		}
		janitor.now -= 5 * DAY;
		expect(janitor.run([record]).reasons).toEqual(['hnr_window']);
	});

	test.each<[string, (record: ClientTorrent) => Partial<ClientTorrent>]>([
		['added again', ({ added_on }) => ({ added_on: added_on + 1 })],
		['whose seeding time fell', ({ seeding_time }) => ({ seeding_time: seeding_time - HOUR })],
	])('a torrent that was %s starts over', (_what, change) => {
		const janitor = new Janitor();
		const record = long();
		janitor.seed([record], 95);
		janitor.now += HOUR;
		const again = { ...record, ...change(record) };
		expect(janitor.run([again]).reasons).toEqual(['hnr_window']);
		expect(janitor.seed([again], 95).reasons).toEqual(['hnr_window']);
		expect(janitor.seed([again], 1).reasons).toEqual(['graceful_retire']);
	});

	test('once proven it stays proven, through an outage and a recheck that resets its clock', () => {
		const janitor = new Janitor();
		const record = torrent({ num_complete: 3 });
		expect(janitor.seed([record], 96).reasons).toEqual(['active']);
		janitor.now += DAY;
		janitor.run([{ ...record, trackers: [TIMED_OUT] }]);
		const wanted = { ...record, num_complete: 9, seeding_time: 4 * DAY };
		expect(janitor.run([wanted]).reasons).toEqual(['satisfied_redundant']);
	});

	test('after a lost memory it only takes longer', () => {
		const janitor = new Janitor();
		const record = long();
		janitor.seed([record], 90);
		janitor.memory = NO_MEMORY;
		expect(janitor.seed([record], 95).reasons).toEqual(['hnr_window']);
	});

	test.each<[unknown]>([
		[null],
		['x'],
		['abcdef,+?1'],
		['abcdef.12345'],
		['x abcdef'],
		[{ seen: { [long().hash]: 7 } }],
		[{ seen: [] }],
		['abcdef,1,+'],
	])('a memory of %j is none', (stored) => {
		expect(readJudgeMemory({ seen: stored })).toMatchObject({ lastOutage: null, retired: null });
		expect(decodeSeen(stored)).toBeUndefined();
	});

	test("the tracker's own count decides alone", () => {
		const counted = (hours: number) =>
			Object.assign(long({ seeding_time: 20 * DAY }), { seedTimeSeconds: hours * HOUR });
		expect(new Janitor().run([counted(71)]).reasons).toEqual(['hnr_window']);
		expect(new Janitor().run([counted(72)]).reasons).toEqual(['graceful_retire']);
	});
});

test('30 torrents whose announces were refused for 3 days: nothing goes when the tracker works again', () => {
	const janitor = new Janitor();
	const records = Array.from({ length: 30 }, () =>
		torrent({ seeding_time: 97 * HOUR, num_complete: 9 }),
	);
	expect(janitor.run(records.map((one) => ({ ...one, trackers: [REFUSED] }))).act).toEqual([]);
	janitor.now += HOUR;
	expect(janitor.run(records).summary.counts).toEqual({ hnr_window: 30 });
});

test('40 torrents of a recovered Mouse that uploaded nothing are not unwanted yet', () => {
	const janitor = new Janitor();
	const records = Array.from({ length: 40 }, () =>
		torrent({ uploaded: 0, added_on: NOW_SECONDS - 8 * DAY, seeding_time: 7 * DAY }),
	);
	janitor.run(records.map((one) => ({ ...one, trackers: [MOUSE_REFUSAL] })));
	janitor.now += HOUR;
	expect(janitor.run(records).summary.counts).toEqual({ hnr_window: 40 });
});

describe('what was complete once', () => {
	const lost = (change: Partial<ClientTorrent> = {}) =>
		unstarted(10 * 24, { seeding_time: 50 * HOUR, uploaded: 5 * MIB, ...change });

	test('seen by the janitor, although the client has lost its clock: data_missing', () => {
		const janitor = new Janitor();
		const record = torrent();
		janitor.run([record]);
		const away = unstarted(30, { hash: record.hash, added_on: record.added_on });
		expect(janitor.run([away]).reasons).toEqual(['data_missing']);
		expect(janitor.run([away]).reasons).toEqual(['data_missing']);
	});

	test('63 torrents whose drive is away, at 0 % after a recheck, are kept', () => {
		const records = Array.from({ length: 63 }, () => lost());
		const result = new Janitor().run(records);
		expect(result.summary.counts).toEqual({ data_missing: 63 });
		expect(detailOf(result)).toBe(
			'It was complete once and seeded for 50.0 h, but 0.0 % of its data is there: check the disk, then recheck it.',
		);
	});

	test.each<[string, Partial<ClientTorrent>]>([
		[
			'by its completion, on a client that keeps no seeding time',
			{ seeding_time: 0, completion_on: 1 },
		],
		['at 8 %', { progress: 0.08, downloaded: MIB }],
		['at 60 %, stopped', { progress: 0.6, state: 'stoppedDL' }],
		['at 60 %, stalled', { progress: 0.6 }],
	])('%s: data_missing', (_what, change) => {
		expect(new Janitor().run([lost(change)]).reasons).toEqual(['data_missing']);
	});

	test.each([0, -1])('completion_on %i is that of one that never was', (completion_on) => {
		expect(new Janitor().run([unstarted(30, { completion_on })]).reasons).toEqual([
			'never_started',
		]);
	});

	test('once proven it goes, under the cap of completed ones', () => {
		const janitor = new Janitor({ maxCompletedPerRun: 2 });
		const records = Array.from({ length: 3 }, () => torrent());
		janitor.seed(records, 96);
		const away = records.map((record) => ({
			...record,
			state: 'stalledDL',
			progress: 0,
			downloaded: 0,
			completed: 0,
		}));
		expect(janitor.run(away).summary.counts).toEqual({ never_started: 2, run_capped: 1 });
	});
});

test('a torrent that seeded for longer than it exists is not believed', () => {
	const record = torrent({ added_on: NOW_SECONDS - 30 * HOUR, seeding_time: 480 * HOUR });
	const result = new Janitor().run([record], { seedClock: 'client' });
	expect(result.reasons).toEqual(['impossible_clock']);
	expect(detailOf(result)).toBe(
		'The client says that it has seeded for 480.0 h, but it was added 30.0 h ago: its clock is not believed.',
	);
	const within = torrent({ added_on: NOW_SECONDS - 5 * DAY, seeding_time: 5 * DAY + HOUR });
	expect(new Janitor().run([within], { seedClock: 'client' }).reasons).toEqual(['active']);
	const beyond = { ...within, seeding_time: within.seeding_time + 1 };
	expect(new Janitor().run([beyond], { seedClock: 'client' }).reasons).toEqual([
		'impossible_clock',
	]);
});

describe('a completed torrent that is unregistered', () => {
	const gone = () => long({ trackers: [UNREGISTERED] });

	test('goes when every run of 24 h has seen it so', () => {
		const janitor = new Janitor();
		const record = gone();
		const early = janitor.seed([record], 23);
		expect(early.reasons).toEqual(['tracker_unproven']);
		expect(detailOf(early)).toBe(
			'The tracker says "Torrent not registered with this tracker". The janitor has seen that for 23.0 h of 24 h.',
		);
		expect(janitor.seed([record], 1).reasons).toEqual(['unregistered']);
	});

	test('starts over when one run sees something else', () => {
		const janitor = new Janitor();
		const record = gone();
		janitor.seed([record], 23);
		janitor.now += HOUR;
		janitor.run([{ ...record, trackers: [tracker()] }]);
		expect(janitor.seed([record], 23).reasons).toEqual(['tracker_unproven']);
	});

	test('starts over when one run gets no answer', () => {
		const janitor = new Janitor();
		const record = gone();
		janitor.seed([record], 23);
		janitor.now += HOUR;
		janitor.run([{ ...record, trackers: [TIMED_OUT] }]);
		expect(janitor.seed([record], 23).reasons).toEqual(['tracker_unproven']);
	});

	test('stays in its window by the clock of the client', () => {
		const janitor = new Janitor();
		const record = torrent({ trackers: [UNREGISTERED], seeding_time: 0 });
		expect(janitor.seed([record], 95).reasons).toEqual(['hnr_window']);
		expect(janitor.seed([record], 1).reasons).toEqual(['unregistered']);
	});

	test('goes at once by the clock of the client, where that one is trusted', () => {
		expect(new Janitor().run([gone()], { seedClock: 'client' }).reasons).toEqual(['unregistered']);
	});
});

test('a partial that is unregistered goes after 24 h of the same answer, one without data at once', () => {
	const janitor = new Janitor();
	const trackers = [UNREGISTERED];
	const known = Array.from({ length: 9 }, () => long());
	const partial = incomplete(48, 0.9, { state: 'downloading', trackers });
	const records = [partial, unstarted(48, { trackers }), ...known];
	expect(janitor.run(records).reasons.slice(0, 2)).toEqual(['tracker_unproven', 'unregistered']);
	const after = (hours: number) => {
		let reasons: string[] = [];
		for (let hour = 0; hour < hours; hour++) {
			janitor.now += HOUR;
			({ reasons } = janitor.run([partial, ...known]));
		}
		return reasons[0];
	};
	expect(after(23)).toBe('tracker_unproven');
	expect(after(1)).toBe('unregistered');
});

test('a partial whose data was lost counts by what was downloaded', () => {
	const lost = (mib: number) => unstarted(4 * 24, { downloaded: mib * MIB });
	expect(new Janitor().run([lost(11), lost(10)]).reasons).toEqual([
		'partial_download',
		'stalled_old',
	]);
});

test('a tracker that does not know half of the torrents is not believed: nothing goes', () => {
	const janitor = new Janitor();
	const gone = Array.from({ length: 5 }, () => long({ trackers: [UNREGISTERED] }));
	const loading = unstarted(30, { trackers: [UNREGISTERED] });
	const known = Array.from({ length: 6 }, () => long());
	janitor.seed([...gone, ...known], 23);
	janitor.now += HOUR;
	const records = [...gone, loading, ...known];
	const lost = janitor.run(records);
	expect(lost.reasons.slice(0, 6)).toEqual(Array(6).fill('tracker_refused'));
	expect(lost.hold[0].decision.detail).toBe(
		'The tracker does not know 6 of the 12 torrents that it answered for, so it is not believed.',
	);
	// With one more that it knows, they are less than half: the site has removed them.
	const more = janitor.run([...records, long()]);
	expect(more.reasons.slice(0, 6)).toEqual(Array(6).fill('unregistered'));
});

test.each([
	['3 of 5 answers', 3, 2, 0, 'tracker_refused'],
	['2 of 4 answers, which are too few to tell', 2, 2, 0, 'unregistered'],
	['5 of 10 answers, beside 10 that were not asked', 5, 5, 10, 'tracker_refused'],
])('unregistered by %s: %p', (_what, unknown, known, silent, reason) => {
	const result = new Janitor({ seedClock: 'client' }).run([
		...Array.from({ length: unknown }, () => long({ trackers: [UNREGISTERED] })),
		...Array.from({ length: known }, () => long()),
		...Array.from({ length: silent }, () => long({ trackers: undefined })),
	]);
	expect(result.reasons.slice(0, unknown)).toEqual(Array(unknown).fill(reason));
});

describe('after an outage', () => {
	const empty = () => unstarted(80);
	const part = () =>
		unstarted(80, { progress: 0.08, downloaded: MIB, completed: MIB, amount_left: MIB });
	const records = (tracker_: ClientTorrent['trackers']) =>
		[empty(), part()].map((record) => ({ ...record, trackers: tracker_ }));

	test.each<[string, ClientTorrent['trackers']]>([
		['the tracker was away', [TIMED_OUT]],
		['every announce was refused', [REFUSED]],
		['no tracker was contacted', [tracker({ status: 1 })]],
	])('in which %s, what has not begun gets its time again', (_what, answer) => {
		const janitor = new Janitor();
		const away = records(answer).map((record) => ({ ...record, comment: '' }));
		janitor.run(away);
		const back = away.map((record) => ({ ...record, trackers: [tracker()] }));
		janitor.now += 23 * HOUR;
		const soon = janitor.run(back);
		expect(soon.reasons).toEqual(['after_outage', 'after_outage']);
		expect(detailOf(soon)).toBe(
			'The tracker was away or refused many torrents 23.0 h ago; this torrent gets another 24 h.',
		);
		janitor.now += HOUR;
		expect(janitor.run(back).reasons).toEqual(['never_started', 'stalled_old']);
	});

	test('the refusal of a Mouse is not an outage', () => {
		const janitor = new Janitor();
		janitor.run(records([MOUSE_REFUSAL]));
		janitor.now += HOUR;
		expect(janitor.run(records([tracker()])).reasons).toEqual(['never_started', 'stalled_old']);
	});

	test('a clock that was set back does not make it longer than it is', () => {
		const janitor = new Janitor();
		janitor.memory = { ...NO_MEMORY, lastOutage: janitor.now + 400 * DAY };
		expect(janitor.run([empty()]).reasons).toEqual(['after_outage']);
		janitor.now += 25 * HOUR;
		expect(janitor.run([empty()]).reasons).toEqual(['never_started']);
	});
});

describe('while no tracker was contacted since the client started', () => {
	const waiting = { comment: '', trackers: [tracker({ status: 1 })] };
	const elsewhere = torrent();

	test('nothing that announces is judged by what it has not done', () => {
		const result = new Janitor().run(
			[
				unstarted(120, waiting),
				unstarted(120, { ...waiting, progress: 0.05 }),
				long(waiting),
				elsewhere,
			],
			{ seedClock: 'client' },
		);
		expect(result.reasons.slice(0, 3)).toEqual(['not_contacted', 'not_contacted', 'not_contacted']);
	});

	test('what waits in the queue may have never started', () => {
		const queued = unstarted(120, { ...waiting, state: 'queuedDL' });
		expect(new Janitor().run([queued, elsewhere]).reasons[0]).toBe('never_started');
	});

	test('what is queued or stopped announces nothing, so its silence is no outage', () => {
		const queued = unstarted(120, { ...waiting, state: 'queuedDL' });
		const stopped = unstarted(120, { ...waiting, state: 'stoppedDL' });
		expect(new Janitor().run([queued, stopped]).reasons).toEqual(['never_started', 'stopped']);
	});

	test('before 5.1 the tracker in the list is a contact', () => {
		const asked = unstarted(120, { trackers: undefined, tracker: 'http://t.example/' });
		const silent = unstarted(120, { trackers: undefined, tracker: '' });
		expect(new Janitor().run([asked, silent, elsewhere]).reasons.slice(0, 2)).toEqual([
			'never_started',
			'not_contacted',
		]);
	});

	test('the refusal of a Mouse explains the silence of all', () => {
		const silent = unstarted(120, { trackers: undefined, tracker: '' });
		const refused = unstarted(120, { trackers: [MOUSE_REFUSAL], tracker: '' });
		expect(new Janitor().run([silent, refused]).reasons).toEqual([
			'never_started',
			'never_started',
		]);
	});
});

describe('a torrent with deselected files', () => {
	const partial = (change: Partial<ClientTorrent> = {}) => long({ deselected_files: 1, ...change });

	test.each<[string, ClientTorrent]>([
		['complete by the client', partial()],
		['unregistered', partial({ trackers: [UNREGISTERED] })],
		['that never started', unstarted(30, { deselected_files: 1 })],
		['that stalled', unstarted(120, { progress: 0.05, deselected_files: 1 })],
	])('%s is kept, whichever clock counts, and says what to do', (_what, record) => {
		for (const seedClock of ['client', 'observed'] as const) {
			const result = new Janitor().run([record], { seedClock });
			expect(result.reasons).toEqual(['partial_selection']);
			expect(detailOf(result)).toBe(
				'Some of its files are deselected. MAM forbids partial downloads and counts no seed time for them: select all files again.',
			);
		}
	});

	test('proves nothing meanwhile: its whole window starts once all files are selected', () => {
		const janitor = new Janitor();
		const record = partial();
		expect(janitor.seed([record], 200).reasons).toEqual(['partial_selection']);
		const whole = { ...record, deselected_files: 0, size: 2 * record.size };
		expect(janitor.seed([whole], 95).reasons).toEqual(['hnr_window']);
		expect(janitor.seed([whole], 1).reasons).toEqual(['graceful_retire']);
	});

	test('is known for as long as its size stays, also by runs that did not ask', () => {
		const janitor = new Janitor();
		const record = long();
		janitor.seed([record], 96);
		const notAsked = { ...record, deselected_files: null };
		janitor.now += DAY;
		expect(janitor.run([notAsked]).reasons).toEqual(['graceful_retire']);
		const smaller = { ...notAsked, size: record.size - 1 };
		expect(janitor.run([smaller]).reasons).toEqual(['partial_selection']);
		expect(janitor.run([{ ...smaller, deselected_files: 3 }]).reasons).toEqual([
			'partial_selection',
		]);
		expect(detailOf(janitor.run([smaller]))).toMatch(/^Some of its files are deselected/);
		expect(janitor.run([notAsked]).reasons).toEqual(['partial_selection']);
		janitor.now += DAY;
		expect(janitor.run([{ ...notAsked, deselected_files: 0 }]).reasons).toEqual([
			'graceful_retire',
		]);
	});

	test('may be one that no run has asked about, so that one is kept, and its time does not count', () => {
		const janitor = new Janitor();
		const record = long({ deselected_files: null });
		const result = janitor.seed([record], 96);
		expect(result.reasons).toEqual(['partial_selection']);
		expect(detailOf(result)).toBe(
			'Whether some of its files are deselected is not known yet; the list asks for the files of at most 20 torrents per run.',
		);
		record.deselected_files = 0;
		expect(janitor.seed([record], 95).reasons).toEqual(['hnr_window']);
		record.deselected_files = null;
		expect(janitor.seed([record], 1).reasons).toEqual(['graceful_retire']);
	});
});

describe("only MAM's trackers speak for a torrent that has one", () => {
	const silent = tracker({ status: 1 });
	const elsewhere = { url: 'https://tracker.example/announce' };
	const gone = { ...UNREGISTERED, ...elsewhere };
	const working = tracker(elsewhere);

	test.each<[string, string, ClientTorrent['trackers']]>([
		['is silent and another says unregistered', 'not_contacted', [silent, gone]],
		['is silent and another works', 'not_contacted', [silent, working]],
		['does not answer and another says unregistered', 'tracker_unproven', [TIMED_OUT, gone]],
		['does not answer and another works', 'tracker_unproven', [TIMED_OUT, working]],
		['refuses and another says unregistered', 'tracker_refused', [REFUSED, gone]],
		['refuses and another works', 'tracker_refused', [REFUSED, working]],
		['works and another says unregistered', 'graceful_retire', [tracker(), gone]],
		['works and another fails', 'graceful_retire', [tracker(), { ...TIMED_OUT, ...elsewhere }]],
		['says unregistered and another works', 'unregistered', [UNREGISTERED, working]],
	])('if MAM %s: %s', (_what, reason, trackers) => {
		const records = [
			long({ comment: '', trackers }),
			long({ comment: '', trackers: [...trackers!].reverse() }),
			...Array.from({ length: 3 }, () => torrent()),
		];
		const { reasons } = new Janitor().run(records, { seedClock: 'client' });
		expect(reasons.slice(0, 2)).toEqual([reason, reason]);
	});
});

test('5 dead torrents with words that nobody knows do not keep 5 others', () => {
	const dead = Array.from({ length: 5 }, () => long({ trackers: [REFUSED] }));
	const fine = Array.from({ length: 5 }, () => long());
	const result = new Janitor().run([...dead, ...fine], { seedClock: 'client' });
	expect(result.summary.counts).toEqual({ tracker_refused: 5, graceful_retire: 5 });
});

describe('retiring under pressure', () => {
	const client = { seedClock: 'client' as const };
	const sized = (gib: number, num_complete: number) => long({ size: gib * GIB, num_complete });

	test('above a number, those that earn the fewest points go first', () => {
		const records = [sized(1, 5), sized(3, 9), sized(2, 9), sized(1, 7)];
		const result = new Janitor(client).run(records, { retireOnlyAbove: 2 });
		expect(result.act.map(({ index }) => index)).toEqual([1, 2]);
		expect(new Janitor(client).run(records, { retireOnlyAbove: 3 }).act[0].index).toBe(2);
	});

	test('below a free space, only as many as lift it, large ones first', () => {
		const records = [sized(1, 9), sized(4, 9), sized(4, 3), sized(2, 9)];
		const space = { retireBelowFreeGiB: 20, freeSpaceBytes: 15 * GIB };
		const result = new Janitor(client).run(records, space);
		expect(result.act.map(({ index }) => index)).toEqual([1, 3]);
		expect(result.hold[0].decision).toEqual({
			verdict: 'keep',
			reason: 'active',
			detail:
				'Retired only below 20 GiB of free space (15.00 GiB now), those that earn least first.',
		});
	});

	test('what started torrents still need counts as taken, what stopped ones need does not', () => {
		const loading = unstarted(1, { state: 'downloading', amount_left: 6 * GIB });
		const stopped = unstarted(1, { state: 'stoppedDL', amount_left: 6 * GIB });
		const space = { retireBelowFreeGiB: 20, freeSpaceBytes: 25 * GIB };
		expect(new Janitor(client).run([sized(4, 3), loading], space).act).toHaveLength(1);
		expect(new Janitor(client).run([sized(4, 3), stopped], space).act).toEqual([]);
	});

	test.each([
		['enough', 20 * GIB],
		['unknown', -1],
		['unknown to the client', null],
	])('free space that is %s makes no pressure', (_what, freeSpaceBytes) => {
		const result = new Janitor(client).run([sized(4, 3)], {
			retireBelowFreeGiB: 20,
			freeSpaceBytes,
		});
		expect(result.reasons).toEqual(['active']);
	});

	test('a full disk does', () => {
		const space = { retireBelowFreeGiB: 20, freeSpaceBytes: 0 };
		expect(new Janitor(client).run([sized(4, 3)], space).reasons).toEqual(['graceful_retire']);
	});

	test('number and space together: the number first, then what is still missing', () => {
		const records = [sized(4, 9), sized(4, 5), sized(4, 1)];
		const limits = { retireOnlyAbove: 2, retireBelowFreeGiB: 20, freeSpaceBytes: 13 * GIB };
		expect(new Janitor(client).run(records, limits).act.map(({ index }) => index)).toEqual([0, 1]);
	});

	describe('run after run', () => {
		const space = { ...client, retireBelowFreeGiB: 20, freeSpaceBytes: 10 * GIB };
		const many = () => Array.from({ length: 30 }, (_, at) => sized(1, at));

		test('when deleting frees nothing, the next run stops and says why', () => {
			const janitor = new Janitor(space);
			const records = many();
			const gone = janitor.run(records).act.map(({ index }) => index);
			expect(gone).toHaveLength(10);
			janitor.now += HOUR;
			const rest = records.filter((_, index) => !gone.includes(index));
			const stuck = janitor.run(rest);
			expect(stuck.act).toEqual([]);
			expect(stuck.summary.counts).toEqual({ freed_nothing: 20 });
			expect(detailOf(stuck)).toContain(
				'should have freed 10.00 GiB, but the free space has not risen',
			);
			janitor.now += HOUR;
			expect(janitor.run(rest).act).toEqual([]);
			janitor.now += HOUR;
			expect(janitor.run(rest, { freeSpaceBytes: 15 * GIB }).act).toHaveLength(5);
		});

		test('what the client did not delete is not expected to free anything: others are deleted in its place', () => {
			const janitor = new Janitor(space);
			const records = many();
			const planned = janitor.run(records).act.map(({ index }) => index);
			janitor.now += HOUR;
			const next = janitor.run(records);
			expect(next.act).toHaveLength(10);
			expect(next.act.filter(({ index }) => planned.includes(index))).toEqual([]);
			// Half of these went, and their space did not appear.
			janitor.now += HOUR;
			const gone = next.act.slice(0, 5).map(({ index }) => index);
			const stuck = janitor.run(records.filter((_, index) => !gone.includes(index)));
			expect(stuck.act).toEqual([]);
			expect(detailOf(stuck)).toContain('should have freed 5.00 GiB, but');
		});

		test('one that the client never deletes does not use up the day, and is tried again the next day', () => {
			const janitor = new Janitor(space);
			const records = many();
			const refused = records[29];
			let left = records;
			let free = 10;
			const tried: number[] = [];
			for (let run = 0; run < 30; run++) {
				const act = janitor
					.run(left, { freeSpaceBytes: free * GIB })
					.act.map(({ index }) => left[index]);
				if (act.includes(refused)) tried.push(run);
				const gone = act.filter((record) => record !== refused);
				free += gone.length;
				left = left.filter((record) => !gone.includes(record));
				janitor.now += HOUR;
			}
			expect(free).toBe(20);
			expect(tried).toEqual([0]);
			const short = janitor.run(left, { freeSpaceBytes: 19 * GIB });
			expect(short.act.map(({ index }) => left[index])).toEqual([refused]);
		});

		test('when nothing was deleted and the space falls, others are deleted in its place', () => {
			const janitor = new Janitor(space);
			const records = many();
			janitor.run(records);
			janitor.now += HOUR;
			expect(janitor.run(records, { freeSpaceBytes: 9 * GIB }).act).toHaveLength(10);
		});

		test('one that was not deleted and has another category now was not to free anything', () => {
			const janitor = new Janitor(space);
			const records = many();
			const [{ index }] = janitor.run(records.slice(0, 1)).act;
			janitor.now += HOUR;
			const moved = { ...records[index], category: 'mine' };
			expect(janitor.run([moved, ...records.slice(1)]).act).toHaveLength(10);
		});

		test.each([
			['meanwhile', HOUR - 60],
			['in the second of that run, after its list', 0],
		])('what was added %s explains the space that is missing', (_when, seconds) => {
			const janitor = new Janitor(space);
			const records = many();
			const gone = janitor.run(records).act.map(({ index }) => index);
			const grabbed = torrent({
				added_on: janitor.now + seconds,
				seeding_time: 30,
				size: 10 * GIB,
			});
			janitor.now += HOUR;
			const rest = records.filter((_, index) => !gone.includes(index));
			expect(janitor.run([...rest, grabbed]).act).toHaveLength(10);
		});

		test('no more than the day allows', () => {
			const janitor = new Janitor({ ...space, maxRetiredForSpacePerDay: 12 });
			const records = many();
			const gone = janitor.run(records).act.map(({ index }) => index);
			const rest = records.filter((_, index) => !gone.includes(index));
			janitor.now += HOUR;
			const freed = { freeSpaceBytes: 15 * GIB };
			expect(janitor.run(rest, freed).act).toHaveLength(2);
			janitor.now += HOUR;
			const more = { freeSpaceBytes: 17 * GIB };
			expect(janitor.run(rest.slice(2), more).act).toEqual([]);
			janitor.now += 22 * HOUR;
			expect(janitor.run(rest.slice(2), more).act).toHaveLength(3);
		});

		test('what a cap left alone was not to free anything', () => {
			const janitor = new Janitor({ ...space, maxCompletedPerRun: 1 });
			const records = many();
			const [{ index }] = janitor.run(records).act;
			janitor.now += HOUR;
			const rest = records.filter((_, at) => at !== index);
			expect(janitor.run(rest, { freeSpaceBytes: 11 * GIB }).act).toHaveLength(1);
		});

		test('what a cap left alone was not tried, and does not use up the day', () => {
			const janitor = new Janitor({ ...space, maxCompletedPerRun: 1, maxRetiredForSpacePerDay: 2 });
			const records = many();
			expect(janitor.run(records).act).toHaveLength(1);
			janitor.now += HOUR;
			const result = janitor.run(records);
			expect(result.act).toHaveLength(1);
			expect(result.summary.counts.run_capped ?? 0).toBe(0);
		});
	});
});

describe('torrents that the client still lists after they were deleted', () => {
	const batch = (make: () => ClientTorrent) => Array.from({ length: 20 }, make);
	const gone = { progress: 0.5, trackers: [UNREGISTERED] };
	type Row = [string, Partial<JudgeParameters>, ClientTorrent[], ClientTorrent[], ClientTorrent[]];

	test.each<Row>([
		[
			'the number',
			{ seedClock: 'client', retireOnlyAbove: 10 },
			batch(() => long({ num_complete: 9 })),
			batch(() => long()),
			[],
		],
		[
			'the free space',
			{ seedClock: 'client', retireBelowFreeGiB: 30, maxRetiredForSpacePerDay: 100 },
			batch(() => long({ size: GIB, num_complete: 9 })),
			batch(() => long({ size: GIB })),
			[],
		],
		[
			'the cap of completed ones',
			{ seedClock: 'client', maxCompletedPerRun: 20 },
			batch(() => long({ seeding_time: 30 * DAY })),
			batch(() => long()),
			[],
		],
		[
			'the cap of unregistered ones',
			{ maxUnregisteredPerRun: 10 },
			batch(() => unstarted(30, gone)),
			batch(() => unstarted(30, gone)),
			Array.from({ length: 41 }, () => torrent()),
		],
	])('take no place of others under %s', (_limit, parameters, refused, others, rest) => {
		const janitor = new Janitor(parameters);
		let left = others;
		const run = () => {
			const records = [...refused, ...left, ...rest];
			const result = janitor.run(records, { freeSpaceBytes: (20 - left.length) * GIB });
			const deleted = result.act.map(({ index }) => records[index]);
			left = left.filter((record) => !deleted.includes(record));
			janitor.now += HOUR;
			return { ...result, deleted };
		};
		for (let runs = 0; runs < 5; runs++) run();
		expect(left).toEqual([]);
		const { deleted, summary } = run();
		expect(deleted).toEqual([]);
		expect(summary.counts.not_deleted).toBe(20);
		// After a day they are tried again.
		janitor.now += 19 * HOUR;
		const again = run().deleted;
		expect(again.length).toBeGreaterThan(0);
		expect(refused).toEqual(expect.arrayContaining(again));
	});

	test('are held with what to look at', () => {
		const janitor = new Janitor({ seedClock: 'client' });
		const records = [long()];
		expect(janitor.run(records).reasons).toEqual(['graceful_retire']);
		janitor.now += 24 * HOUR - 1;
		const held = janitor.run(records);
		expect(held.reasons).toEqual(['not_deleted']);
		expect(detailOf(held)).toBe(
			'A run in the last 24 h tried to delete it, but the client still lists it: the result of that run says why. It is tried again after those 24 h.',
		);
		janitor.now += 1;
		expect(janitor.run(records).reasons).toEqual(['graceful_retire']);
	});

	test('are reported after 7 days, although each day tries them again', () => {
		const janitor = new Janitor({ seedClock: 'client' });
		const records = [long()];
		const staleAfter = (hours: number) => {
			for (let passed = 0; passed < hours; passed += 6) {
				janitor.now += 6 * HOUR;
				janitor.run(records);
			}
			return janitor.run(records).summary.stale;
		};
		janitor.run(records);
		expect(staleAfter(7 * 24)).toBeUndefined();
		expect(staleAfter(12)).toEqual({ not_deleted: 1 });
	});

	test('are tried again at once after a lost memory, and when the clock was set back', () => {
		const janitor = new Janitor({ seedClock: 'client' });
		const records = [long()];
		janitor.run(records);
		janitor.memory = NO_MEMORY;
		expect(janitor.run(records).reasons).toEqual(['graceful_retire']);
		janitor.now -= HOUR;
		expect(janitor.run(records).reasons).toEqual(['graceful_retire']);
	});

	test('are no longer remembered once they are gone, but for a list with odd records', () => {
		const janitor = new Janitor({ seedClock: 'client' });
		const records = [long(), long()];
		janitor.run(records);
		janitor.run([records[0], { ...records[1], size: -1 }]);
		expect(Object.keys(janitor.memory.tried)).toHaveLength(2);
		janitor.run([records[0]]);
		expect(Object.keys(janitor.memory.tried)).toEqual([records[0].hash]);
	});

	test('do not wait where a run deletes any number of their kind', () => {
		const janitor = new Janitor();
		const records = Array.from({ length: 466 }, () => unstarted(30));
		expect(janitor.run(records).act).toHaveLength(466);
		janitor.now += HOUR;
		expect(janitor.run(records).act).toHaveLength(466);
	});
});

describe('what does not get better by itself', () => {
	test.each<[string, Partial<ClientTorrent>]>([
		['stopped', { state: 'stoppedUP' }],
		['error', { state: 'error' }],
		['missingFiles', { state: 'missingFiles' }],
		['tracker_refused', { trackers: [REFUSED] }],
		['data_missing', { state: 'stalledDL', progress: 0.2 }],
		['partial_selection', { deselected_files: 1 }],
		['partial', { state: 'stalledDL', progress: 0.6, seeding_time: 0 }],
	])('%s is reported after 7 days, and still kept', (reason, change) => {
		const janitor = new Janitor();
		const record = torrent({ added_on: NOW_SECONDS - 10 * DAY, ...change });
		expect(janitor.run([record]).summary).not.toHaveProperty('stale');
		janitor.now += 7 * DAY;
		expect(janitor.run([record]).summary).not.toHaveProperty('stale');
		janitor.now += 1;
		const result = janitor.run([record]);
		expect(result.act).toEqual([]);
		expect(result.summary.stale).toEqual({ [reason]: 1 });
		expect(result.summary.lines).toContain(`stale: ${reason}=1`);
		janitor.run([torrent({ hash: record.hash, added_on: record.added_on })]);
		expect(janitor.run([record]).summary).not.toHaveProperty('stale');
	});
});

describe('the memory', () => {
	const bytes = (memory: JudgeMemory) =>
		JSON.stringify(memory.seen).length / Object.keys(memory.seen).length;

	test('takes at most 120 bytes per torrent inside its window, and 60 once proven', () => {
		const janitor = new Janitor();
		const records = Array.from({ length: 100 }, () => long());
		janitor.seed(records, 95);
		expect(bytes(janitor.memory)).toBeLessThanOrEqual(120);
		janitor.seed(records, 1);
		expect(bytes(janitor.memory)).toBeLessThanOrEqual(60);
	});

	test('with every field in use, too', () => {
		const janitor = new Janitor();
		const record = long({ state: 'stoppedUP', trackers: [UNREGISTERED] });
		janitor.seed([long({ hash: record.hash })], 90);
		janitor.now += HOUR;
		janitor.seed([{ ...record, seeding_time: 30 * DAY }], 20);
		expect(bytes(janitor.memory)).toBeLessThanOrEqual(120);
	});

	test('forgets what is no longer listed, but not because of a list with odd records', () => {
		const janitor = new Janitor();
		const records = [long(), long()];
		janitor.run(records);
		const other = torrent({ category: 'films' });
		janitor.run([records[0], { ...records[1], size: -1 }, other]);
		expect(Object.keys(janitor.memory.seen)).toHaveLength(2);
		janitor.run([records[0], other]);
		expect(Object.keys(janitor.memory.seen)).toEqual([records[0].hash]);
	});

	test('of what was retired is whole or none, and of what was tried each time counts alone', () => {
		const retired = { at: 1, space: 2, freed: 3, since: 4, count: 5 };
		expect(readJudgeMemory({ retired }).retired).toEqual(retired);
		expect(readJudgeMemory({ retired: { ...retired, count: null } }).retired).toBeNull();
		expect(readJudgeMemory({ tried: { a: 1, b: 'soon' } }).tried).toEqual({ a: 1 });
	});

	test('stays as it is while the list is too short', () => {
		const janitor = new Janitor();
		janitor.run([long(), long()]);
		const before = janitor.memory;
		janitor.run([], { expectedMinTorrents: 1 });
		expect(janitor.memory).toEqual(before);
	});
});
