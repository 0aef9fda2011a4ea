import { refusalFacts } from '../../../../nodes/MyAnonamouse/parse/refusal';
import {
	firstTimeInExecution,
	noteRefusal,
	refusalOfExecution,
} from '../../../../nodes/MyAnonamouse/session/execution';

test('a run spends once on each thing, and 200 runs at once are told apart', () => {
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

test('after a refusal its run calls no more, and 200 runs at once are told apart', () => {
	const runs = Array.from({ length: 200 }, (_, at) => `refused-${at}`);
	expect(refusalOfExecution('refused-0')).toBeNull();
	for (const run of runs) noteRefusal(run, refusalFacts('rate_limited'));
	expect(runs.map((run) => refusalOfExecution(run)?.cause)).toEqual(runs.map(() => 'rate_limited'));
	expect(refusalOfExecution(undefined)).toBeNull();
	expect(refusalOfExecution('another')).toBeNull();
});

test.each(['gone', 'vip_only', 'bad_torrent', 'bad_parameter'] as const)(
	'%s concerns one torrent and does not end the run',
	(cause) => {
		noteRefusal('one-torrent', refusalFacts(cause));
		expect(refusalOfExecution('one-torrent')).toBeNull();
	},
);
