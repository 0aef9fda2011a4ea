import * as fc from 'fast-check';

import { parseSearchPage, type SearchPage } from '../../../../nodes/MyAnonamouse/parse/searchPage';

const item = {
	id: 1001,
	title: 'Tea &amp; Sympathy',
	size: '1,002.9 MiB',
	seeders: '12',
	leechers: 3,
	times_completed: '40',
	numfiles: 1,
	added: '2026-11-01 10:00:00',
	category: '39',
	catname: 'Audiobooks - General',
	main_cat: 13,
	lang_code: 'ENG',
	free: '1',
	personal_freeleech: 0,
	vip: 0,
	fl_vip: 1,
	my_snatched: '0',
	vip_expire: 0,
	author_info: '{"1":"broken',
};

function page(answer: unknown, vipIsFree = false): SearchPage {
	const parsed = parseSearchPage(answer, vipIsFree);
	if ('unreadable' in parsed) throw new Error(parsed.unreadable);
	return parsed.record;
}

test('reads a record in the mix of strings and numbers that the site sends', () => {
	expect(page({ found: '1', data: [item] }).torrents).toEqual([
		{
			id: 1001,
			title: 'Tea & Sympathy',
			sizeBytes: Math.round(1002.9 * 1024 * 1024),
			seeders: 12,
			leechers: 3,
			snatches: 40,
			category: 'Audiobooks - General',
			mainCategory: 13,
			language: 'ENG',
			addedAt: '2026-11-01T10:00:00.000Z',
			isFree: true,
			freeleech: true,
			personalFreeleech: false,
			vip: false,
			vipExpiresAt: null,
			alreadySnatched: false,
		},
	]);
});

test.each<[object, string | null]>([
	[{ lang_code: 'ENG', language: 1 }, 'ENG'],
	[{ lang_code: undefined, language: 1 }, '1'],
	[{ lang_code: undefined }, null],
])('the language of %p is %p', (fields, language) => {
	expect(page({ data: [{ ...item, ...fields }] }).torrents[0].language).toBe(language);
});

test.each([
	['{"error":"Nothing returned, out of 1300"}'],
	['{"error":"Nothing returned, out of 0"}'],
	['{"perpage":100,"start":0,"total":0,"found":0,"data":[]}'],
])('nothing found is an empty page: %s', (answer) => {
	expect(page(JSON.parse(answer))).toMatchObject({ torrents: [], size: 0, found: 0 });
});

test.each([
	[{ total_found: 7, found: 5 }, 7],
	[{ found: '5' }, 5],
	[{ total: 9 }, null],
])('all results by %j are %p', (counts, found) => {
	expect(page({ ...counts, data: [item] }).found).toBe(found);
});

test('figures that a page does not give are not made up', () => {
	const { found, torrents } = page({
		data: [{ ...item, title: null, catname: null, category: null, times_completed: null }],
	});
	expect(found).toBeNull();
	expect(torrents[0]).toMatchObject({ title: '', category: '', snatches: 0 });
	const named = page({ data: [{ ...item, title: null, name: 'N', catname: null }] }).torrents[0];
	expect(named).toMatchObject({ title: 'N', category: '39' });
});

test('every unreadable record says what it lacks', () => {
	const records = [
		'x',
		{ ...item, id: 0 },
		{ ...item, leechers: null },
		{ ...item, seeders: '-1' },
	];
	expect(page({ data: records }).unreadable).toEqual([
		'A record is not an object.',
		'A record has no readable id.',
		'Torrent 1001 has no readable number of leechers.',
		'Torrent 1001 has no readable number of seeders.',
	]);
});

test('an error that is not "nothing returned" is not an empty page', () => {
	expect(parseSearchPage({ error: 'Bad request' }, false)).toEqual({
		unreadable: 'The site refused the search.',
	});
	expect(parseSearchPage({ data: 'none' }, false)).toEqual({
		unreadable: 'The answer holds no list of torrents.',
	});
	expect(parseSearchPage([], false)).toEqual({
		unreadable: 'The answer is not a list of torrents.',
	});
});

test('accident 9: one odd record is named and skipped, the others are read', () => {
	const read = page({
		found: 4,
		data: [
			item,
			{ ...item, id: null },
			{ ...item, id: 7, size: 'huge' },
			{ ...item, id: '1002', title: 1984 },
		],
	});
	expect(read.torrents.map(({ id, title }) => [id, title])).toEqual([
		[1001, 'Tea & Sympathy'],
		[1002, '1984'],
	]);
	expect(read.unreadable).toEqual([
		'A record has no readable id.',
		'Torrent 7 has no readable size.',
	]);
	expect(read.size).toBe(4);
	expect(read.raw).toEqual([item, { ...item, id: '1002', title: 1984 }]);
	expect(read.found).toBe(4);
});

test('accident 19: 0 seeders stay 0, and missing seeders are no number at all', () => {
	expect(page({ data: [{ ...item, seeders: 0 }] }).torrents[0].seeders).toBe(0);
	expect(page({ data: [{ ...item, seeders: undefined }] }).unreadable).toHaveLength(1);
});

test.each([
	[false, { free: 0, fl_vip: 1 }, false],
	[true, { free: 0, fl_vip: 1 }, true],
	[true, { free: 0, vip: '1', fl_vip: 0 }, true],
	[true, { free: 0, vip: 0, fl_vip: 0 }, false],
	[false, { free: 0, personal_freeleech: true, fl_vip: 0 }, true],
])('where VIP is free: %p, %p is free: %p', (vipIsFree, flags, isFree) => {
	expect(page({ data: [{ ...item, ...flags }] }, vipIsFree).torrents[0].isFree).toBe(isFree);
});

test('never throws, whatever the site answers', () => {
	const odd = fc.record(Object.fromEntries(Object.keys(item).map((key) => [key, fc.jsonValue()])), {
		requiredKeys: [],
	});
	fc.assert(
		fc.property(
			fc.oneof(fc.jsonValue(), fc.record({ data: fc.array(odd), found: fc.jsonValue() })),
			(answer) => {
				expect(() => parseSearchPage(answer, true)).not.toThrow();
			},
		),
	);
});
