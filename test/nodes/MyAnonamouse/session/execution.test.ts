import { refusalFacts } from '../../../../nodes/MyAnonamouse/parse/refusal';
import {
	firstTimeInExecution,
	noteRefusal,
	refusalOfExecution,
} from '../../../../nodes/MyAnonamouse/session/execution';

const NOW = Date.parse('2026-11-23T12:00:00Z');

test('a run spends once on each thing, and 200 runs at once do not mix', () => {
	const runs = Array.from({ length: 200 }, (_, at) => `buying-${at}`);
	for (const spending of ['points', 'a wedge']) {
		expect(runs.map((run) => firstTimeInExecution(run, spending))).toEqual(runs.map(() => true));
	}
	for (const spending of ['points', 'a wedge']) {
		expect(runs.map((run) => firstTimeInExecution(run, spending))).toEqual(runs.map(() => false));
	}
});

test('a run without an id is not counted', () => {
	expect([firstTimeInExecution(undefined, 'x'), firstTimeInExecution(undefined, 'x')]).toEqual([
		true,
		true,
	]);
});

test('after a refusal its run stops calling, and 200 runs at once do not mix', () => {
	const runs = Array.from({ length: 200 }, (_, at) => `refused-${at}`);
	expect(refusalOfExecution('refused-0', NOW)).toBeNull();
	for (const run of runs) noteRefusal(run, refusalFacts('rate_limited'), NOW);
	expect(runs.map((run) => refusalOfExecution(run, NOW)?.cause)).toEqual(
		runs.map(() => 'rate_limited'),
	);
	expect(refusalOfExecution(undefined, NOW)).toBeNull();
	expect(refusalOfExecution('another', NOW)).toBeNull();
});

test.each(['gone', 'vip_only', 'bad_torrent', 'bad_parameter'] as const)(
	'%s concerns one torrent and does not end the run',
	(cause) => {
		noteRefusal('one-torrent', refusalFacts(cause), NOW);
		expect(refusalOfExecution('one-torrent', NOW)).toBeNull();
	},
);

test.each([
	['its deadline', { until: new Date(NOW + 3_600_000).toISOString() }, 3_600_000],
	['10 minutes without one', {}, 600_000],
])('a refusal ends its run until %s, even where the run waits for it', (_what, more, length) => {
	const run = `waiting-${length}`;
	noteRefusal(run, { ...refusalFacts('timeout'), ...more }, NOW);
	expect(refusalOfExecution(run, NOW + length - 1)).not.toBeNull();
	expect(refusalOfExecution(run, NOW + length)).toBeNull();
	expect(refusalOfExecution(run, NOW - 1)).toBeNull();
});
