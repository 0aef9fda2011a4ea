import * as fc from 'fast-check';

import { parseAccount } from '../../../../nodes/MyAnonamouse/parse/account';
import type { AccountRecord } from '../../../../nodes/shared/records';

const now = new Date('2026-11-23T12:00:00Z');

const bare = {
	classname: 'VIP',
	downloaded: '1.00 GiB',
	downloaded_bytes: 1073741824,
	ratio: 10.0,
	seedbonus: 5000,
	uid: 123456,
	uploaded: '10.00 GiB',
	uploaded_bytes: 10737418240,
	username: 'testuser',
	vip_until: '2099-01-01 00:00:00',
	wedges: 1,
};

const counters = {
	connectable: 'yes',
	unsat: { count: 3, limit: 50, size: null },
	inactHnr: { count: 1, name: 'inactHnr', size: null },
	seedHnr: { count: 2, name: 'seedHnr', size: null },
	seedUnsat: { count: 3, name: 'seedUnsat', size: null },
	inactUnsat: { count: 6, name: 'inactUnsat', size: null },
	sSat: { count: 40, name: 'sSat', size: null },
	upAct: { count: 0, name: 'upAct', size: null },
	leeching: { count: 4, name: 'leeching', size: null },
};

function record(answer: unknown): AccountRecord {
	const parsed = parseAccount(answer, now);
	if ('unreadable' in parsed) throw new Error(parsed.unreadable);
	return parsed.record;
}

test('reads a bare answer; what it does not give is null, not zero', () => {
	expect(record(bare)).toEqual({
		uid: 123456,
		username: 'testuser',
		className: 'VIP',
		classCode: 8,
		ratio: 10,
		uploadedBytes: 10737418240,
		downloadedBytes: 1073741824,
		bonusPoints: 5000,
		wedges: 1,
		vipUntil: '2099-01-01T00:00:00.000Z',
		connectable: null,
		unsatisfied: null,
		hitAndRuns: null,
		inactiveUnsatisfied: null,
		seeding: null,
		leeching: null,
		fetchedAt: '2026-11-23T12:00:00.000Z',
	});
});

test('both shapes of the snatch summary read the same', () => {
	const nested = record({ ...bare, snatch_summary: counters });
	const red = Object.fromEntries(
		Object.entries(counters).map(([key, value]) => [
			key,
			typeof value === 'string' ? value : { ...value, red: false },
		]),
	);
	expect(record({ ...bare, ...red })).toEqual(nested);
	expect(nested.unsatisfied).toEqual({ count: 3, limit: 50 });
	expect(nested.hitAndRuns).toEqual({ notSeeding: 1, seeding: 2 });
	expect(nested.inactiveUnsatisfied).toBe(6);
	expect(nested.leeching).toBe(4);
	expect(nested.connectable).toBe(true);
	expect(nested.seeding).toBe(45);
});

test.each<[string, keyof AccountRecord, object]>([
	['no count of unsatisfied torrents', 'unsatisfied', { unsat: { limit: 50 } }],
	['no limit of unsatisfied torrents', 'unsatisfied', { unsat: { count: 3 } }],
	['no Hit & Runs that seed', 'hitAndRuns', { seedHnr: null }],
	['no Hit & Runs that do not seed', 'hitAndRuns', { inactHnr: null }],
	['another word for connectable', 'connectable', { connectable: 'maybe' }],
	['no number of downloads', 'leeching', { leeching: null }],
])('with %s, %s is null: half a figure is none', (_name, field, change) => {
	expect(record({ ...bare, snatch_summary: { ...counters, ...change } })[field]).toBeNull();
});

test.each([
	['yes', true],
	['No', false],
	['offline', false],
])('connectable "%s" is %p', (connectable, expected) => {
	expect(record({ ...bare, connectable }).connectable).toBe(expected);
});

test('what seeds is counted from the counters that are given', () => {
	expect(record({ ...bare, sSat: { count: 40 }, upAct: 2 }).seeding).toBe(42);
});

test('a class has the code that dashboards know it by', () => {
	const names = ['Mouse', 'Vole', 'User', 'Power User', 'Elite', 'Torrent Master'];
	const codes = [...names, 'Power TM', 'Elite TM', 'VIP'].map(
		(classname) => record({ ...bare, classname }).classCode,
	);
	expect(codes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('an account without a name is read, one without a class is not', () => {
	expect(record({ ...bare, username: null }).username).toBe('');
	expect(parseAccount({ ...bare, classname: '' }, now)).toEqual({
		unreadable: 'The account has no readable class.',
	});
});

test.each([null, [], 'text', 5])('%p is not an account', (answer) => {
	expect(parseAccount(answer, now)).toEqual({ unreadable: 'The answer is not an account.' });
});

test.each([
	['Inf.', 0, null],
	['∞', 0, null],
	['94,186.97', 100, 5],
	[null, 100, 5],
])(
	'the ratio comes from the bytes, whatever the site prints (%p)',
	(ratio, downloaded_bytes, expected) => {
		expect(record({ ...bare, ratio, downloaded_bytes, uploaded_bytes: 500 }).ratio).toBe(expected);
	},
);

test('figures that come as text, some with thousands commas, read the same as numbers', () => {
	const texts = {
		...bare,
		uid: '123456',
		uploaded_bytes: '10737418240',
		downloaded_bytes: '1,073,741,824',
		ratio: '∞',
		seedbonus: '5,000.0',
		wedges: '1',
		unsat: { count: '3', limit: '50' },
		leeching: '4',
	};
	const numbers = { ...bare, unsat: { count: 3, limit: 50 }, leeching: 4 };
	expect(record(texts)).toEqual(record(numbers));
});

test('a class that is not known has no code: it never reads as Mouse', () => {
	expect(record({ ...bare, classname: 'Mouseketeer' }).classCode).toBeNull();
	expect(record({ ...bare, classname: 'Mouse' }).classCode).toBe(0);
	expect(record({ ...bare, classname: 'constructor' }).classCode).toBeNull();
});

test.each(['uid', 'classname', 'uploaded_bytes', 'downloaded_bytes', 'seedbonus'])(
	'an account without %s is unreadable and says so',
	(field) => {
		expect(parseAccount({ ...bare, [field]: null }, now)).toEqual({
			unreadable: expect.stringContaining(field === 'classname' ? 'class' : field),
		});
	},
);

test('never throws, whatever the site answers', () => {
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			expect(() => parseAccount(value, now)).not.toThrow();
		}),
	);
	fc.assert(
		fc.property(
			fc.dictionary(
				fc.constantFrom(...Object.keys(bare), 'snatch_summary', 'unsat'),
				fc.jsonValue(),
			),
			(value) => {
				expect(() => parseAccount(value, now)).not.toThrow();
			},
		),
	);
});
