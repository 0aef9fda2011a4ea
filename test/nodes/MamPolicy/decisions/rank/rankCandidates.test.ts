import { rankCandidates } from '../../../../../nodes/MamPolicy/decisions/rank/rankCandidates';
import type {
	RankContext,
	RankParameters,
} from '../../../../../nodes/MamPolicy/decisions/rank/parameters';
import {
	account,
	candidate,
	context,
	DAY,
	DRY,
	EMPTY_MARKER,
	ENFORCED,
	FAILURE,
	GIB,
	HOUR,
	incomplete,
	MIB,
	NOW_SECONDS,
	RANK,
	reasons,
	torrent,
	unstarted,
} from '../builders';
import type { MamTorrentRecord, ClientTorrent } from '../../../../../nodes/shared/records';

function rank(
	records: unknown[],
	known: Partial<RankContext> = {},
	change: Partial<RankParameters> = {},
) {
	return rankCandidates(records, context(known), { ...RANK, ...change }, ENFORCED);
}

/** The ids on Act, in their order. */
function grabbed({ act }: ReturnType<typeof rank>, records: unknown[]): number[] {
	return act.map(({ index }) => (records[index] as MamTorrentRecord).id);
}

/** `many` candidates, the most wanted first. */
function candidates(many: number): MamTorrentRecord[] {
	return Array.from({ length: many }, (_, at) => candidate(at + 1, { leechers: 100 - at }));
}

describe('what a candidate is like', () => {
	type Row = [string, string, Partial<MamTorrentRecord>, Partial<RankParameters>?];

	test.each<Row>([
		['a byte below the minimum size', 'too_small', { sizeBytes: 50 * MIB - 1 }],
		['the minimum size', 'selected', { sizeBytes: 50 * MIB }],
		['the largest size', 'selected', { sizeBytes: 1024 * MIB }],
		['a byte above the maximum size', 'too_large', { sizeBytes: 1024 * MIB + 1 }],
		['no leecher', 'below_leecher_floor', { leechers: 0 }],
		['one leecher', 'selected', { leechers: 1 }],
		['no leecher where none is asked for', 'selected', { leechers: 0 }, { leecherFloor: 0 }],
		['a single seeder', 'selected', { seeders: 1 }],
		['seeders on the ceiling', 'selected', { seeders: 50 }],
		['a seeder above the ceiling', 'above_seeder_ceiling', { seeders: 51 }],
		['not free', 'not_free', { isFree: false, freeleech: false }],
		['not free, and that is fine', 'selected', { isFree: false }, { onlyFree: false }],
		['free for VIP only', 'selected', { freeleech: false, vip: true }],
		['snatched before', 'already_snatched', { alreadySnatched: true }],
	])('%s: %s', (_name, reason, change, parameters = {}) => {
		expect(reasons(rank([candidate(1, change)], {}, parameters))).toEqual([reason]);
	});

	test('accident 19: 0 seeders are none, not an unknown number', () => {
		expect(reasons(rank([candidate(1, { seeders: 0 })]))).toEqual(['no_seeders']);
	});

	test('the detail carries the numbers that decided', () => {
		const { hold, act } = rank([
			candidate(1, { seeders: 51, leechers: 12 }),
			candidate(2, { sizeBytes: 2048 * MIB }),
			candidate(3, { leechers: 12 }),
		]);
		expect(hold.map(({ decision }) => decision.detail)).toEqual([
			'12 leechers, 51 seeders: above the ceiling of 50.',
			'2048.0 MiB: above the maximum size of 1024.0 MiB.',
		]);
		expect(act[0].decision.detail).toBe('Score 233.5: 12 leechers, 5 seeders, 0.10 GiB.');
	});

	test('what is selected says where and how to add it, and nothing else does', () => {
		const parameters = { category: 'books', tags: ['a', 'b'], savePath: '/books', grabPerRun: 1 };
		const { act, hold } = rank(candidates(2), {}, parameters);
		expect(act[0].extraFields).toEqual({
			score: 497.5,
			category: 'books',
			tags: 'a,b,mam-1',
			savePath: '/books',
		});
		expect(hold[0].extraFields).toEqual({ score: 494.5 });
	});
});

describe('the order', () => {
	test('accident 3: demand comes first, not rarity', () => {
		const records = [
			candidate(1, { leechers: 1, seeders: 1 }),
			candidate(2, { leechers: 40, seeders: 50 }),
		];
		const result = rank(records);
		expect(grabbed(result, records)).toEqual([2, 1]);
		expect(result.act.map(({ extraFields }) => extraFields)).toMatchObject([
			{ score: 295 },
			{ score: 202.5 },
		]);
	});

	test.each<[string, number, Partial<MamTorrentRecord>]>([
		['freeleech', 227.5, { freeleech: true }],
		['personal freeleech', 227.5, { freeleech: false, personalFreeleech: true }],
		['both', 227.5, { freeleech: true, personalFreeleech: true }],
		['free for VIP only', 27.5, { freeleech: false, vip: true }],
	])('the score of a torrent that is %s is %p', (_name, score, change) => {
		expect(rank([candidate(1, change)]).act[0].extraFields).toMatchObject({ score });
	});

	test('weights and bonus are the parameters', () => {
		const parameters = { leecherWeight: 1, seederWeight: 2, freeleechBonus: 7 };
		expect(rank([candidate(1)], {}, parameters).act[0].extraFields).toMatchObject({ score: 7 });
	});

	test('equal scores: more leechers, then the smaller, then the lower id', () => {
		const records = [
			candidate(9),
			candidate(8),
			candidate(7, { sizeBytes: 99 * MIB }),
			candidate(6, { leechers: 11, seeders: 11 }),
		];
		expect(grabbed(rank(records), records)).toEqual([6, 7, 8, 9]);
	});
});

describe('the limits', () => {
	const queued = () => unstarted(80, { state: 'queuedDL' });

	test('a run grabs its five best and holds the rest', () => {
		const records = candidates(7).reverse();
		const result = rank(records);
		expect(grabbed(result, records)).toEqual([1, 2, 3, 4, 5]);
		expect(result.summary.counts).toEqual({ selected: 5, beyond_run_limit: 2 });
	});

	test('grabbing none a run holds all', () => {
		expect(rank(candidates(2), {}, { grabPerRun: 0 }).act).toEqual([]);
	});

	test.each([
		[498, 2],
		[499, 1],
		[500, 0],
		[501, 0],
	])('with %p torrents of the category of at most 500, %p of 3 are taken', (have, taken) => {
		const clientTorrents = Array.from({ length: have }, () => torrent());
		const result = rank(candidates(3), { clientTorrents });
		expect(result.act).toHaveLength(taken);
		expect(result.summary.counts.at_capacity).toBe(3 - taken);
		expect(result.summary.numbers).toMatchObject({
			categoryTorrents: have,
			categorySizeBytes: have * 100 * MIB,
		});
	});

	test('torrents of other categories take no place', () => {
		const clientTorrents = [torrent({ category: 'films' }), torrent({ category: '' })];
		expect(rank([candidate(1)], { clientTorrents }, { maxTorrents: 1 }).act).toHaveLength(1);
	});

	test.each([
		['the site counts few', 40, [], 5],
		['one is left above the reserve', 44, [], 1],
		['none is left above the reserve', 45, [], 0],
		['the limit is passed', 60, [], 0],
		['the client has just added some', 30, Array.from({ length: 14 }, () => unstarted(0.5)), 1],
		['the client has queued some', 0, Array.from({ length: 44 }, () => queued()), 1],
	])('unsatisfied: %s', (_name, count, clientTorrents, taken) => {
		const result = rank(candidates(6), {
			account: account({ unsatisfied: { count, limit: 50 } }),
			clientTorrents: [EMPTY_MARKER, ...clientTorrents],
		});
		expect(result.act).toHaveLength(taken);
		expect(result.summary.counts.unsatisfied_limit ?? 0).toBe(taken === 5 ? 0 : 6 - taken);
		expect(result.summary.numbers).toMatchObject({
			unsatisfiedSite: count,
			unsatisfiedUncounted: clientTorrents.length,
			unsatisfiedLimit: 50,
		});
	});

	test('unsatisfied: 15 stopped and broken torrents do not fill the limit of 20', () => {
		const clientTorrents = ['stoppedDL', 'error', 'missingFiles'].flatMap((state) =>
			Array.from({ length: 5 }, () => incomplete(80, 0.5, { state })),
		);
		const known = { account: account({ unsatisfied: { count: 0, limit: 20 } }), clientTorrents };
		expect(rank(candidates(3), known).act).toHaveLength(3);
	});

	test.each<[string, number, Partial<ClientTorrent>]>([
		['incomplete', 1, { progress: 0.5, seeding_time: 0 }],
		['seeded for a second less than 72 h', 1, { seeding_time: 72 * HOUR - 1 }],
		['seeded for 72 h', 0, { seeding_time: 72 * HOUR }],
		['incomplete, although its clock says more', 1, { progress: 0.99, seeding_time: 9 * DAY }],
		['of no category, tagged mam', 1, { category: '', tags: 'x, MAM-12', seeding_time: 0 }],
		[
			'of no category, announced to MAM',
			1,
			{ category: '', tags: '', tracker: 'https://t.myanonamouse.net/x', seeding_time: 0 },
		],
		[
			'announced to the bare host',
			1,
			{ category: '', tags: '', tracker: 'https://myanonamouse.net/x', seeding_time: 0 },
		],
		[
			'announced elsewhere',
			0,
			{ category: '', tags: 'linux', tracker: 'https://notmyanonamouse.net/x', seeding_time: 0 },
		],
		['announced nowhere', 0, { category: '', tags: '', tracker: '', seeding_time: 0 }],
	])('a torrent of the client, queued, %s, counts as %p unsatisfied', (_name, counted, change) => {
		const clientTorrents = [torrent({ state: 'queuedUP', ...change })];
		const { numbers } = rank([candidate(1)], { clientTorrents }).summary;
		expect(numbers.unsatisfiedUncounted).toBe(counted);
	});

	test('the reserve is a parameter', () => {
		const known = { account: account({ unsatisfied: { count: 48, limit: 50 } }) };
		expect(rank(candidates(3), known, { unsatisfiedReserve: 0 }).act).toHaveLength(2);
	});

	test.each([
		['not judged', -1, 3],
		['unknown', null, 0],
		['none', 0, 0],
		['a byte short of one', 10 * GIB + 250 * MIB - 1, 0],
		['enough for one', 10 * GIB + 250 * MIB, 1],
		['enough for two', 10 * GIB + 350 * MIB, 2],
	])(
		'disk space is %s: beside the reserve and what is still to come',
		(_name, freeSpaceBytes, taken) => {
			const clientTorrents = [
				incomplete(1, 0.5),
				incomplete(1, 0, { category: 'films', tags: '', tracker: '' }),
			];
			const result = rank(candidates(3), { clientTorrents }, { freeSpaceBytes });
			expect(result.act).toHaveLength(taken);
			expect(result.summary.counts.disk_space ?? 0).toBe(3 - taken);
		},
	);

	test('a disk that is fuller than its reserve allows has nothing free, not less', () => {
		const { hold } = rank([candidate(1)], {}, { freeSpaceBytes: GIB });
		expect(hold[0].decision.detail).toBe(
			'0.10 GiB: only 0.00 GiB is free after the reserve and pending downloads.',
		);
	});

	test('a smaller candidate may still fit where a better one does not', () => {
		const records = [candidate(1, { leechers: 90, sizeBytes: 900 * MIB }), candidate(2)];
		const result = rank(records, {}, { freeSpaceBytes: 10 * GIB + 100 * MIB });
		expect(grabbed(result, records)).toEqual([2]);
		expect(reasons(result)).toEqual(['disk_space', 'selected']);
	});

	describe('the ratio afterwards', () => {
		const paid = { isFree: false, freeleech: false, sizeBytes: 1024 * MIB };
		const known = { account: account({ uploadedBytes: 24 * GIB, downloadedBytes: 10 * GIB }) };

		test.each([
			['not judged', 0, 3],
			['met by two', 2, 2],
			['met by one', 2.1, 1],
			['met by none', 2.19, 0],
		])('%s', (_name, minProjectedRatio, taken) => {
			const records = [1, 2, 3].map((id) => candidate(id, paid));
			const result = rank(records, known, { onlyFree: false, minProjectedRatio });
			expect(result.act).toHaveLength(taken);
			expect(result.summary.counts.projected_ratio ?? 0).toBe(3 - taken);
		});

		test('free torrents do not touch it', () => {
			const records = candidates(5);
			expect(rank(records, known, { onlyFree: false, minProjectedRatio: 9 }).act).toHaveLength(5);
		});

		test('free torrents before one that is not free do not count', () => {
			const records = [candidate(1, { sizeBytes: 1024 * MIB }), candidate(2, paid)];
			expect(rank(records, known, { onlyFree: false, minProjectedRatio: 2.1 }).act).toHaveLength(2);
		});
	});
});

describe('identity', () => {
	test.each<[string, string, Partial<ClientTorrent>]>([
		['has its tag', 'already_in_client', { tags: 'mam, mam-77' }],
		['has its tag in another case', 'already_in_client', { tags: 'MAM-77' }],
		['has its tag in another category', 'already_in_client', { tags: 'mam-77', category: 'x' }],
		['has the tag of a longer id', 'selected', { tags: 'mam-770,mam-7' }],
		['has the tag of another site', 'selected', { tags: 'xmam-77,mam-77x' }],
		[
			'names it in its comment',
			'already_in_client',
			{ tags: '', comment: 'https://www.myanonamouse.net/t/77' },
		],
		[
			'names its download in its comment',
			'already_in_client',
			{ tags: '', comment: 'https://www.myanonamouse.net/tor/download.php?tid=77' },
		],
		[
			'names a longer id in its comment',
			'selected',
			{ tags: '', comment: 'https://www.myanonamouse.net/t/770' },
		],
		['has another site in its comment', 'selected', { tags: '', comment: 'https://x.test/t/77' }],
	])('a torrent of the client %s: %s', (_name, reason, change) => {
		const clientTorrents = [torrent({ category: 'other', ...change })];
		expect(reasons(rank([candidate(77)], { clientTorrents }))).toEqual([reason]);
	});

	test('accident 19: a title, short or empty or the same, matches nothing', () => {
		const clientTorrents = ['', 'A', 'Book 77', 'The Book 77 and others'].map((name) =>
			torrent({ name, tags: 'mam' }),
		);
		const records = [candidate(77), candidate(78, { title: '' })];
		expect(reasons(rank(records, { clientTorrents }))).toEqual(['selected', 'selected']);
	});

	test.each([
		['added 14 days ago', 'added', 14 * DAY, 'grabbed_recently'],
		['added a second more ago', 'added', 14 * DAY + 1, 'selected'],
		['added in what is now the future', 'added', -DAY, 'grabbed_recently'],
		['added by a clock that was weeks ahead', 'added', -15 * DAY, 'selected'],
		['tried 24 h ago', 'tried', DAY, 'tried_recently'],
		['tried by a clock that was days ahead', 'tried', -2 * DAY, 'selected'],
		['tried a second more ago', 'tried', DAY + 1, 'selected'],
	])('accident 19: %s', (_name, list, ago, reason) => {
		const memory = { added: {}, tried: {}, [list]: { '1': NOW_SECONDS - ago } };
		expect(reasons(rank([candidate(1), candidate(2)], { memory }))).toEqual([reason, 'selected']);
	});

	test('how long it is not grabbed again is a parameter', () => {
		const memory = { added: { '1': NOW_SECONDS - 2 * DAY }, tried: {} };
		expect(rank([candidate(1)], { memory }, { regrabAfterDays: 1 }).act).toHaveLength(1);
	});

	test('a torrent that the search gives twice is grabbed once', () => {
		const result = rank([candidate(1), candidate(1)]);
		expect(reasons(result)).toEqual(['selected', 'duplicate_result']);
	});
});

describe('what cannot be trusted', () => {
	test.each<[string, Partial<RankContext>]>([
		['the account is missing', { account: undefined }],
		['the account is a failure', { account: FAILURE }],
		['the account is merged with a failure', { account: { ...account(), ...FAILURE } }],
		['the account is a text', { account: 'account' }],
		['the site counts no unsatisfied', { account: account({ unsatisfied: null }) }],
		['the list is missing', { clientTorrents: undefined }],
		['the list is one torrent', { clientTorrents: torrent() }],
		['the list is empty without saying so', { clientTorrents: [] }],
		['the list holds a failure', { clientTorrents: [torrent(), FAILURE] }],
		['the list holds nothing in place of a torrent', { clientTorrents: [torrent(), undefined] }],
		[
			'the list holds an odd torrent with a tag of ours',
			{ clientTorrents: [torrent(), { ...torrent({ category: 'films' }), size: -1 }] },
		],
		...['state', 'category', 'tags', 'progress', 'size', 'amount_left', 'seeding_time'].map(
			(field): [string, Partial<RankContext>] => [
				`the list holds a torrent without ${field}`,
				{ clientTorrents: [torrent(), { ...torrent(), [field]: undefined }] },
			],
		),
		[
			'the site tells half of its unsatisfied',
			{ account: { ...account(), unsatisfied: { count: 0 } } },
		],
	])('%s: all is held, and the run fails', (_name, known) => {
		const result = rank([candidate(1), candidate(2), FAILURE], known);
		expect(reasons(result)).toEqual(['no_data', 'no_data', 'no_data']);
		expect(result.act).toEqual([]);
		expect(result.summary.failure?.cause).toBe('no_data');
	});

	test.each([
		[2, 'list_too_short'],
		[3, 'selected'],
		[4, 'selected'],
	])('a list of %p where 3 are expected: %s', (length, reason) => {
		const clientTorrents = Array.from({ length }, () => torrent());
		const result = rank([candidate(1)], { clientTorrents }, { expectedMinTorrents: 3 });
		expect(reasons(result)).toEqual([reason]);
		expect(result.summary.failure?.cause).toBe(length < 3 ? 'no_data' : undefined);
	});

	test('a proven empty client is not a failure', () => {
		const result = rank([candidate(1)], { clientTorrents: [EMPTY_MARKER] });
		expect(reasons(result)).toEqual(['selected']);
		expect(result.summary.failure).toBeUndefined();
	});

	test('accident 9: one odd result is held alone', () => {
		const odd = { ...candidate(2), sizeBytes: '1,002.9 MiB' };
		const result = rank([candidate(1), odd, candidate(3), { ...candidate(4), ...FAILURE }]);
		expect(reasons(result)).toEqual(['selected', 'no_data', 'selected', 'no_data']);
		expect(result.summary.failure).toBeUndefined();
		expect(result.summary.numbers.candidates).toBe(2);
	});

	test.each<[string, object]>([
		['without seeders', { seeders: null }],
		['with less than no leechers', { leechers: -1 }],
		['without an id', { id: 0 }],
		['with half an id', { id: 1.5 }],
		['that does not say whether it is free', { isFree: undefined }],
		['that does not say whether it was snatched', { alreadySnatched: 0 }],
		['with an endless size', { sizeBytes: Number.POSITIVE_INFINITY }],
	])('a result %s: no_data', (_name, change) => {
		expect(reasons(rank([{ ...candidate(1), ...change }]))).toEqual(['no_data']);
	});

	test('a search that failed fails the run', () => {
		const result = rank([FAILURE]);
		expect(reasons(result)).toEqual(['no_data']);
		expect(result.summary.failure?.cause).toBe('no_data');
	});
});

test('accident 11: grabbing nothing is not a failure', () => {
	const nothing = rank([EMPTY_MARKER]);
	expect(reasons(nothing)).toEqual([]);
	expect(nothing.summary.failure).toBeUndefined();
	const unwanted = rank([candidate(1, { leechers: 0 })]);
	expect(unwanted.act).toEqual([]);
	expect(unwanted.summary.failure).toBeUndefined();
});

test('the Summary counts, and its lines say what was seen', () => {
	const clientTorrents = [torrent(), unstarted(1)];
	const records = [candidate(1), candidate(2, { seeders: 60 }), FAILURE];
	const { summary } = rank(records, { clientTorrents });
	expect(summary).toMatchObject({
		summary: 'rankCandidates',
		lines: [
			'Rank: selected=1 candidates=2 in_category=2 unsatisfied=4+0/50 dry_run=False',
			'per reason: selected=1 above_seeder_ceiling=1 no_data=1',
		],
		counts: { selected: 1, above_seeder_ceiling: 1, no_data: 1 },
		account: account(),
		dryRun: false,
	});
	expect(summary.line).toBe(summary.lines[0]);
});

test('a dry run shows on Hold what it would grab', () => {
	const result = rankCandidates(candidates(6), context(), RANK, DRY);
	expect(result.act).toEqual([]);
	expect(result.hold.filter(({ decision }) => decision.verdict === 'act')).toHaveLength(5);
	expect(result.summary.numbers.selected).toBe(5);
	expect(result.summary.dryRun).toBe(true);
	expect(result.summary.line).toContain('dry_run=True');
});
