import {
	isAccount,
	isClientTorrent,
	isEmptyMarker,
	isMamTorrent,
	NEEDED_FIELDS,
	tagsOf,
} from '../../../../nodes/MamPolicy/decisions/records';
import { account, candidate, EMPTY_MARKER, FAILURE, torrent, tracker } from './builders';

test.each<[string, (value: unknown) => boolean, object]>([
	['an account', isAccount, account()],
	['a torrent of the site', isMamTorrent, candidate(1)],
	['a torrent of the client', (value) => isClientTorrent(value, 'judgeTorrents'), torrent()],
	['an empty list', isEmptyMarker, EMPTY_MARKER],
])('%s is one, until it is merged with a failure', (_name, is, record) => {
	expect(is(record)).toBe(true);
	expect(is({ ...record, ...FAILURE })).toBe(false);
	expect(is([record])).toBe(false);
});

test.each([
	{ className: null },
	{ ratio: Number.NaN },
	{ ratio: undefined },
	{ bonusPoints: '24551' },
	{ uploadedBytes: -1 },
	{ unsatisfied: { count: 1 } },
	{ hitAndRuns: { notSeeding: '0', seeding: 0 } },
	{ vipUntil: 1_800_000_000 },
	{ lastPurchase: 1_800_000_000 },
	{ lastPurchase: { shown: true } },
	{ lastPurchase: { at: '2026-11-23T12:00:00.000Z' } },
])('an account with %p is none', (change) => {
	expect(isAccount({ ...account(), ...change })).toBe(false);
});

test.each([
	{ hash: 'all' },
	{ hash: undefined },
	{ hash: ['a'.repeat(40)] },
	{ state: 4 },
	{ category: null },
	{ progress: 1.5 },
	{ progress: '1' },
	{ added_on: 0 },
	{ seeding_time: -1 },
	{ num_complete: -2 },
	{ comment: 77 },
	{ deselected_files: 'all' },
	{ seedTimeSeconds: Number.NaN },
	{ seedTimeSeconds: null },
	{ trackers: 'https://t.myanonamouse.net' },
	{ trackers: [null] },
	{ trackers: [{ ...tracker(), msg: undefined }] },
	{ trackers: [{ ...tracker(), status: '2' }] },
	{ trackers: [{ ...tracker(), tier: '' }] },
])('a torrent of the client with %p is none', (change) => {
	expect(isClientTorrent({ ...torrent(), ...change }, 'judgeTorrents')).toBe(false);
});

test.each([
	{ hash: '0F'.repeat(32) },
	{ num_complete: -1 },
	{ deselected_files: null },
	{ completion_on: -1 },
	{ trackers: [] },
])('a torrent of the client with %p is one', (change) => {
	expect(isClientTorrent({ ...torrent(), ...change }, 'judgeTorrents')).toBe(true);
});

test('a torrent without tags has none, not an empty one', () => {
	expect(tagsOf({ tags: '' })).toEqual([]);
	expect(tagsOf({ tags: ' A,,b c , ' })).toEqual(['a', 'b c']);
});

test.each(Object.entries(NEEDED_FIELDS))(
	'%s needs no other fields of a torrent',
	(policy, needed) => {
		const only = (fields: readonly string[]) =>
			Object.fromEntries(Object.entries(torrent()).filter(([field]) => fields.includes(field)));
		const is = (value: unknown) => isClientTorrent(value, policy as keyof typeof NEEDED_FIELDS);
		const place = policy === 'judgeTorrents' ? { shares_content: false } : {};
		expect(is({ ...only(needed), ...place })).toBe(true);
		for (const field of needed) {
			expect(is({ ...only(needed.filter((other) => other !== field)), ...place })).toBe(false);
		}
	},
);

test('a torrent is judged only where it is known whether others have its files', () => {
	const { content_path: path, ...others } = torrent();
	expect(path).toBeDefined();
	expect(isClientTorrent(others, 'judgeTorrents')).toBe(false);
	expect(isClientTorrent({ ...others, shares_content: 1 }, 'judgeTorrents')).toBe(false);
	expect(isClientTorrent({ ...others, shares_content: true }, 'judgeTorrents')).toBe(true);
});
