import { guardAccount } from '../../../../../nodes/MamPolicy/decisions/guard/guardAccount';
import type { GuardParameters } from '../../../../../nodes/MamPolicy/decisions/guard/guardAccount';
import { account, EMPTY_MARKER, ENFORCED, FAILURE, GUARD, MOUSE, reasons } from '../builders';
import type { AccountRecord } from '../../../../../nodes/shared/records';

function guard(record: unknown, change: Partial<GuardParameters> = {}) {
	return guardAccount([record], { ...GUARD, ...change }, ENFORCED);
}

test('accident 1: a Mouse has no permission to look, and the run is none the worse', () => {
	const { act, hold, summary } = guard(MOUSE);
	expect(act).toEqual([]);
	expect(hold[0].decision).toMatchObject({ verdict: 'hold', reason: 'mouse_class' });
	expect(summary.line).toBe('Skip grab: ratio=0.0 class=Mouse (floor=1.2) reason=mouse_class');
	expect(summary.lines).toEqual([summary.line]);
	expect(summary.counts).toEqual({ mouse_class: 1 });
	expect(summary.failure).toBeUndefined();
	expect(summary.account).toEqual(MOUSE);
});

test('an account in order may look', () => {
	const { act, hold, summary } = guard(account());
	expect(act).toHaveLength(1);
	expect(hold).toEqual([]);
	expect(act[0].decision).toEqual({
		verdict: 'act',
		reason: 'passed',
		detail: 'Class Power User and ratio 2.5 (floor 1.2) may grab.',
	});
	expect(summary).toMatchObject({
		summary: 'guardAccount',
		line: 'Pass: ratio=2.5 class=Power User (floor=1.2)',
		dryRun: false,
		at: ENFORCED.now.toISOString(),
	});
});

type Row = [string, string, Partial<AccountRecord>, Partial<GuardParameters>?];

test.each<Row>([
	['a blocked class, whatever its case', 'mouse_class', { className: 'MOUSE' }],
	['another blocked class', 'blocked_class', { className: 'User' }, { blockedClasses: ['user'] }],
	['a Mouse that nobody blocks', 'passed', { className: 'Mouse' }, { blockedClasses: [] }],
	['a class whose name only contains a blocked one', 'passed', { className: 'Mouseketeer' }],
	['a ratio just below the floor', 'low_ratio', { ratio: 1.1999 }],
	['a ratio on the floor', 'passed', { ratio: 1.2 }],
	['the ratio 0', 'low_ratio', { ratio: 0 }],
	['nothing downloaded yet', 'passed', { ratio: null, downloadedBytes: 0, uploadedBytes: 0 }],
	['a missing ratio in spite of downloads', 'no_data', { ratio: null }],
	['a Hit & Run that is not seeding', 'hit_and_run', { hitAndRuns: { notSeeding: 1, seeding: 0 } }],
	['Hit & Runs that all seed', 'passed', { hitAndRuns: { notSeeding: 0, seeding: 9 } }],
	[
		'as many Hit & Runs as allowed',
		'passed',
		{ hitAndRuns: { notSeeding: 2, seeding: 0 } },
		{ maxHitAndRuns: 2 },
	],
	[
		'one Hit & Run more than allowed',
		'hit_and_run',
		{ hitAndRuns: { notSeeding: 3, seeding: 0 } },
		{ maxHitAndRuns: 2 },
	],
	['no word of Hit & Runs', 'no_data', { hitAndRuns: null }],
	['unconnectable, not asked for', 'passed', { connectable: false }],
	['connectable, asked for', 'passed', { connectable: true }, { requireConnectable: true }],
	['unconnectable', 'not_connectable', { connectable: false }, { requireConnectable: true }],
	[
		'no word of connectability',
		'not_connectable',
		{ connectable: null },
		{ requireConnectable: true },
	],
	['a Mouse before its ratio', 'mouse_class', { className: 'Mouse', ratio: 0, hitAndRuns: null }],
	[
		'the ratio before the rest',
		'low_ratio',
		{ ratio: 1, hitAndRuns: { notSeeding: 1, seeding: 0 }, connectable: false },
		{ requireConnectable: true },
	],
	[
		'Hit & Runs before connectability',
		'hit_and_run',
		{ hitAndRuns: { notSeeding: 1, seeding: 0 }, connectable: false },
		{ requireConnectable: true },
	],
])('%s: %s', (_name, reason, change, parameters = {}) => {
	const result = guard(account(change), parameters);
	expect(reasons(result)).toEqual([reason]);
	expect(result.act).toHaveLength(reason === 'passed' ? 1 : 0);
	expect(result.summary.line).toContain(reason === 'passed' ? 'Pass: ' : `reason=${reason}`);
});

test('the numbers tell the floor, whatever was decided', () => {
	expect(guard(account(), { ratioFloor: 1.5 }).summary.numbers).toEqual({ ratioFloor: 1.5 });
	expect(guard(account({ ratio: 0.75 })).summary.numbers).toEqual({ ratioFloor: 1.2 });
});

test('details carry the numbers that decided', () => {
	expect(guard(account({ ratio: 0.75 })).hold[0].decision.detail).toBe(
		'The ratio is 0.75, below the floor of 1.2. Buy upload credit.',
	);
	expect(guard(account({ ratio: 1 })).hold[0].decision.detail).toBe(
		'The ratio is 1.0, below the floor of 1.2. Buy upload credit. Free grabs cannot lower it: set the floor to 1.0 to keep grabbing.',
	);
	const hnr = account({ hitAndRuns: { notSeeding: 3, seeding: 0 } });
	expect(guard(hnr).hold[0].decision.detail).toContain('3 Hit & Runs are not seeding');
});

test('a ratio below the floor never reads as the floor', () => {
	expect(guard(account({ ratio: 1.1999 })).summary.line).toBe(
		'Skip grab: ratio=1.19 class=Power User (floor=1.2) reason=low_ratio',
	);
});

test.each<[string, unknown]>([
	['a failure of the step before', FAILURE],
	['an account merged with a failure', { ...account(), ...FAILURE }],
	['a proven empty list, which is not an account', EMPTY_MARKER],
	['an account without a class', account({ className: '' })],
	['an account without downloads', { ...account(), downloadedBytes: undefined }],
	['an account whose ratio is a text', { ...account(), ratio: '2.5' }],
	['an account whose Hit & Runs are a number', { ...account(), hitAndRuns: 0 }],
	['an account with half of its Hit & Runs', { ...account(), hitAndRuns: { notSeeding: 0 } }],
	['nothing', null],
])('%s is held as no_data, and the run fails', (_name, record) => {
	const result = guard(record);
	expect(reasons(result)).toEqual(['no_data']);
	expect(result.act).toEqual([]);
	expect(result.summary.failure?.cause).toBe('no_data');
	expect(result.summary.account).toBeUndefined();
	expect(result.summary.line).toBe(
		'Skip grab: ratio=unknown class=unknown (floor=1.2) reason=no_data',
	);
});

test('an account that lacks what the guard needs fails the run, so that the silence is noticed', () => {
	const { summary } = guard(account({ hitAndRuns: null }));
	expect(summary.failure?.cause).toBe('no_data');
	expect(summary.account?.className).toBe('Power User');
});

test('a ratio that does not exist reads none', () => {
	const fresh = account({ ratio: null, downloadedBytes: 0 });
	expect(guard(fresh).summary.line).toBe('Pass: ratio=none class=Power User (floor=1.2)');
});
