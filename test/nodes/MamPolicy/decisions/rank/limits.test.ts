import type {
	RankContext,
	RankParameters,
} from '../../../../../nodes/MamPolicy/decisions/rank/parameters';
import type { ClientTorrent } from '../../../../../nodes/shared/records';
import { rankCandidates } from '../../../../../nodes/MamPolicy/decisions/rank/rankCandidates';
import {
	account,
	candidate,
	context,
	DAY,
	EMPTY_MARKER,
	ENFORCED,
	GIB,
	HOUR,
	incomplete,
	MIB,
	MOUSE_REFUSAL,
	NOW_SECONDS,
	RANK,
	reasons,
	TIMED_OUT,
	torrent,
	tracker,
	unstarted,
} from '../builders';

const candidates = (many: number, change = {}) =>
	Array.from({ length: many }, (_, at) => candidate(at + 1, { leechers: 100 - at, ...change }));

function rank(
	parameters: Partial<RankParameters>,
	known: Partial<RankContext> = {},
	list = candidates(4),
) {
	return rankCandidates(list, context(known), { ...RANK, ...parameters }, ENFORCED);
}

const old = (change = {}) => torrent({ added_on: NOW_SECONDS - 3 * DAY, ...change });
const new_ = (change = {}) => torrent({ added_on: NOW_SECONDS - HOUR, ...change });
const off = { ...RANK, grabPerRun: 9 };

test('a tracker that is away for a night lets no grab pass the limit of unsatisfied torrents', () => {
	const limit = 20;
	const clientTorrents: ClientTorrent[] = [];
	for (let run = 0; run < 16; run++) {
		const now = NOW_SECONDS + run * (HOUR / 2);
		const { act } = rankCandidates(
			candidates(100),
			context({
				account: account({ unsatisfied: { count: 0, limit } }),
				clientTorrents: [EMPTY_MARKER, ...clientTorrents],
			}),
			RANK,
			{ dryRun: false, now: new Date(now * 1000) },
		);
		for (const { index } of act) {
			const tags = `mam,mam-${index + 1}`;
			clientTorrents.push(unstarted(0, { tags, added_on: now, trackers: [TIMED_OUT] }));
		}
	}
	expect(clientTorrents).toHaveLength(limit - RANK.unsatisfiedReserve);
});

describe('limits that are off unless they are set', () => {
	test.each<[string, Partial<RankParameters>, Partial<RankContext>, number, string]>([
		[
			'a quota without room',
			{ maxCategoryGiB: 1 },
			{ clientTorrents: [old({ size: GIB })] },
			0,
			'category_quota',
		],
		[
			'a quota for two',
			{ maxCategoryGiB: 1 },
			{ clientTorrents: [old({ size: GIB - 200 * MIB })] },
			2,
			'category_quota',
		],
		[
			'a quota that others fill',
			{ maxCategoryGiB: 1 },
			{ clientTorrents: [old({ size: GIB, category: 'x' })] },
			4,
			'',
		],
		['two grabs a day', { maxGrabsPerDay: 2 }, {}, 2, 'daily_limit'],
		[
			'three a day, one in the client',
			{ maxGrabsPerDay: 3 },
			{ clientTorrents: [new_(), old(), old()] },
			2,
			'daily_limit',
		],
		[
			'three a day, one in the client since a day',
			{ maxGrabsPerDay: 3 },
			{ clientTorrents: [torrent({ added_on: NOW_SECONDS - DAY })] },
			3,
			'daily_limit',
		],
		[
			'two a day, while both grabs are of a clock that was ahead',
			{ maxGrabsPerDay: 2, maxGiBPerDay: 1 },
			{
				clientTorrents: [new_({ size: GIB, added_on: NOW_SECONDS + 9 * DAY })],
				memory: { added: { 91: NOW_SECONDS + 9 * DAY, 92: NOW_SECONDS + 9 * DAY }, tried: {} },
			},
			2,
			'daily_limit',
		],
		[
			'three a day, two remembered',
			{ maxGrabsPerDay: 3 },
			{
				memory: {
					added: { 91: NOW_SECONDS - HOUR, 92: NOW_SECONDS - DAY + 1, 93: NOW_SECONDS - DAY },
					tried: {},
				},
			},
			1,
			'daily_limit',
		],
		['300 MiB a day', { maxGiBPerDay: 300 / 1024 }, {}, 3, 'daily_limit'],
		[
			'300 MiB a day, 100 grabbed',
			{ maxGiBPerDay: 300 / 1024 },
			{ clientTorrents: [new_(), old()] },
			2,
			'daily_limit',
		],
		[
			'two active downloads',
			{ maxActiveDownloads: 2 },
			{ clientTorrents: [incomplete(80, 0.5)] },
			1,
			'active_downloads',
		],
		[
			'stopped ones are not active',
			{ maxActiveDownloads: 2 },
			{ clientTorrents: [incomplete(80, 0.5, { state: 'stoppedDL' }), old()] },
			2,
			'active_downloads',
		],
	])('%s', (_what, parameters, known, taken, reason) => {
		const result = rank(parameters, known);
		expect(result.act).toHaveLength(taken);
		expect(result.summary.counts).toEqual({
			...(taken > 0 && { selected: taken }),
			...(taken < 4 && { [reason]: 4 - taken }),
		});
		const without = rankCandidates(candidates(4), context(known), off, ENFORCED);
		expect(without.act).toHaveLength(4);
	});

	test.each<[string, Partial<RankParameters>, object, string]>([
		[
			'a word that is asked for',
			{ includeWords: ['epic', 'dragon'] },
			{ title: 'The DRAGON' },
			'selected',
		],
		['none of them', { includeWords: ['epic', 'dragon'] }, { title: 'The Mouse' }, 'wrong_words'],
		[
			'a word that is not wanted',
			{ excludeWords: ['abridged'] },
			{ title: 'X (Abridged)' },
			'wrong_words',
		],
		[
			'one of the categories',
			{ categories: ['audiobooks', 'ebooks'] },
			{ category: 'Ebooks - Fantasy' },
			'selected',
		],
		[
			'another category',
			{ categories: ['audiobooks'] },
			{ category: 'Ebooks - Fantasy' },
			'wrong_category',
		],
		['a language', { languages: ['eng', 'ger'] }, { language: 'ENG' }, 'selected'],
		['another language', { languages: ['eng'] }, { language: 'GER' }, 'wrong_language'],
		['no language', { languages: ['eng'] }, { language: null }, 'wrong_language'],
	])('%s', (_what, parameters, change, reason) => {
		expect(reasons(rank(parameters, {}, [candidate(1, change)]))).toEqual([reason]);
	});
});

describe('the free space', () => {
	const space = { freeSpaceBytes: 10 * GIB + 250 * MIB };

	test('is not needed by stopped torrents, of whatever category', () => {
		const stopped = torrent({
			category: 'films',
			state: 'stoppedDL',
			progress: 0.1,
			amount_left: 2048 * GIB,
		});
		expect(rank(space, { clientTorrents: [stopped] }).act).toHaveLength(2);
	});
});

describe('a torrent of somebody else that cannot be read', () => {
	const odd = {
		...torrent({ category: 'films', tags: '', tracker: 'http://x.test/' }),
		added_on: -1,
	};

	test('holds nothing, and is counted', () => {
		const { summary } = rank({}, { clientTorrents: [torrent(), odd] });
		expect(summary.counts.selected).toBe(4);
		expect(summary.numbers.unreadable).toBe(1);
		expect(summary.failure).toBeUndefined();
	});

	test.each([
		['of ours by its category', { category: 'mam-farming' }],
		['of ours by its tag', { tags: 'mam-7' }],
		['of ours by its tracker', { tracker: 'https://t.myanonamouse.net/' }],
		['that does not say whose it is', { category: undefined }],
		['that does not say its tags', { tags: undefined }],
		['that does not say its tracker', { tracker: 7 }],
	])('but one %s holds everything, by name', (_what, change) => {
		const { act, hold, summary } = rank({}, { clientTorrents: [torrent(), { ...odd, ...change }] });
		expect(act).toEqual([]);
		expect(hold[0].decision.detail).toBe(
			'The torrent list of the client is incomplete: the record of "A book" cannot be read.',
		);
		// The failure is sent to the owner, and names no torrent.
		expect(summary.failure?.sentence).toBe(
			'The torrent list of the client is incomplete: one record cannot be read.',
		);
		expect(JSON.stringify(summary)).not.toContain('A book');
	});

	test('is named by the first 100 characters of its name', () => {
		const long = { ...odd, category: 'mam-farming', name: 'x'.repeat(101) };
		expect(rank({}, { clientTorrents: [long] }).hold[0].decision.detail).toContain(
			`the record of "${'x'.repeat(100)}" cannot`,
		);
	});

	test('has to be a record at all', () => {
		expect(rank({}, { clientTorrents: [torrent(), 'x'] }).summary.failure?.sentence).toBe(
			'The torrent list of the client is incomplete.',
		);
	});
});

describe('while the tracker refuses the client', () => {
	const refused = (change = {}) =>
		old({ trackers: [tracker({ status: 4, msg: 'Unrecognized Host/PassKey' })], ...change });
	const heard = () => old();

	test.each<[string, object[], string]>([
		['3 of 3', [refused(), refused(), refused()], 'client_refused'],
		['3 of 6', [refused(), refused(), refused(), heard(), heard(), heard()], 'client_refused'],
		['3 of 7', [refused(), refused(), refused(), heard(), heard(), heard(), heard()], 'selected'],
		['2 of 2', [refused(), refused()], 'selected'],
		['2 of 3', [refused(), refused(), heard()], 'selected'],
		[
			'3, and silence of the others',
			[
				refused(),
				refused(),
				refused(),
				...Array.from({ length: 9 }, () => old({ trackers: undefined })),
			],
			'client_refused',
		],
		[
			'3 beside as a Mouse',
			[
				refused(),
				refused(),
				refused(),
				...Array.from({ length: 9 }, () => old({ trackers: [MOUSE_REFUSAL] })),
			],
			'client_refused',
		],
		[
			'3 of others',
			Array.from({ length: 3 }, () => refused({ category: 'x', tags: '', tracker: '' })),
			'selected',
		],
		['3 unreachable', Array.from({ length: 3 }, () => old({ trackers: [TIMED_OUT] })), 'selected'],
	])('%s', (_what, clientTorrents, reason) => {
		const known = { clientTorrents, account: account({ unsatisfied: { count: 0, limit: 100 } }) };
		expect(reasons(rank({}, known, [candidate(1)]))).toEqual([reason]);
	});

	test('the Hold says what to do, and all of it is blocked', () => {
		const { summary } = rank({}, { clientTorrents: [refused(), refused(), refused()] });
		expect(summary.counts).toEqual({ client_refused: 4 });
		expect(summary.blocked).toEqual({
			reason: 'client_refused',
			detail:
				"The tracker refuses 3 of the 3 MAM torrents that it answered for: register the client's public address on the site, or check its VPN.",
		});
	});

	test.each([
		['refused', [refused(), refused(), refused()], 1],
		['heard', [heard(), heard(), heard()], 0],
		['not known from two answers', [refused(), heard()], undefined],
	])('without anything to grab, the client is still %s', (_what, clientTorrents, expected) => {
		expect(rank({}, { clientTorrents }, []).summary.numbers.clientRefused).toBe(expected);
	});

	test('the words are a parameter', () => {
		const known = { clientTorrents: [refused(), refused(), refused()] };
		expect(rank({ refusedMessages: [] }, known).act).toHaveLength(4);
	});
});

describe('Summary.blocked', () => {
	const full = { account: account({ unsatisfied: { count: 50, limit: 50 } }) };

	test('names the limit that stopped all that there was to grab', () => {
		const list = [...candidates(3), candidate(9, { leechers: 0 })];
		expect(rank({}, full, list).summary.blocked?.reason).toBe('unsatisfied_limit');
	});

	test('names the limit of the best candidate where each has its own', () => {
		const list = [candidate(1, { sizeBytes: 500 * MIB }), candidate(2, { leechers: 3 })];
		const tight = { maxCategoryGiB: 0.2, freeSpaceBytes: 10 * GIB };
		expect(rank(tight, {}, list).summary.blocked?.reason).toBe('category_quota');
	});

	test.each<[string, Partial<RankParameters>, Partial<RankContext>, object[]]>([
		['something was selected', { grabPerRun: 1 }, {}, candidates(4)],
		['all was selected', {}, {}, candidates(4)],
		['there was nothing to grab', {}, full, [candidate(1, { leechers: 0 })]],
		['nothing was found', {}, full, [EMPTY_MARKER]],
		['nothing is to be grabbed', { grabPerRun: 0 }, {}, candidates(4)],
	])('is absent when %s', (_what, parameters, known, list) => {
		const { summary } = rankCandidates(list, context(known), { ...RANK, ...parameters }, ENFORCED);
		expect(summary).not.toHaveProperty('blocked');
	});
});
