import { refusalFacts } from '../../../../nodes/MyAnonamouse/parse/refusal';
import { claimOnce } from '../../../../nodes/MyAnonamouse/session/claims';
import { noteRefusal, refusalInRun } from '../../../../nodes/MyAnonamouse/session/refusedRuns';

test('a run spends once on each thing, and 200 runs at once are told apart', () => {
	const runs = Array.from({ length: 200 }, (_, at) => `buying-${at}`);
	for (const spending of ['points', 'a wedge']) {
		expect(runs.map((run) => claimOnce(run, spending))).toEqual(runs.map(() => true));
	}
	for (const spending of ['points', 'a wedge']) {
		expect(runs.map((run) => claimOnce(run, spending))).toEqual(runs.map(() => false));
	}
});

test('a run without an id is not counted', () => {
	expect([claimOnce(undefined, 'x'), claimOnce(undefined, 'x')]).toEqual([true, true]);
});

test('after a refusal its run calls no more, and 200 runs at once are told apart', () => {
	const runs = Array.from({ length: 200 }, (_, at) => `refused-${at}`);
	expect(refusalInRun('refused-0')).toBeNull();
	for (const run of runs) noteRefusal(run, refusalFacts('rate_limited'));
	expect(runs.map((run) => refusalInRun(run)?.cause)).toEqual(runs.map(() => 'rate_limited'));
	expect(refusalInRun(undefined)).toBeNull();
	expect(refusalInRun('another')).toBeNull();
});

test.each(['gone', 'vip_only', 'bad_torrent', 'bad_parameter'] as const)(
	'%s concerns one torrent and does not end the run',
	(cause) => {
		noteRefusal('one-torrent', refusalFacts(cause));
		expect(refusalInRun('one-torrent')).toBeNull();
	},
);
