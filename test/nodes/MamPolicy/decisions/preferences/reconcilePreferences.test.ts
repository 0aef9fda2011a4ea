import { reconcilePreferences } from '../../../../../nodes/MamPolicy/decisions/preferences/reconcilePreferences';
import { DRY, EMPTY_MARKER, ENFORCED, FAILURE, reasons } from '../builders';

const preferences = {
	queueing_enabled: true,
	max_active_downloads: 5,
	max_active_uploads: -1,
	max_active_torrents: 8,
	max_ratio: 2,
};

const wanted = { queueing_enabled: true, max_active_downloads: 20, max_active_torrents: -1 };

test('what has drifted is put right in one item, and only that', () => {
	const { act, hold, summary } = reconcilePreferences([preferences], wanted, ENFORCED);
	expect(hold).toEqual([]);
	expect(act).toHaveLength(1);
	expect(act[0].extraFields).toEqual({
		preferences: { max_active_downloads: 20, max_active_torrents: -1 },
		drift: [
			{ key: 'max_active_downloads', from: 5, to: 20 },
			{ key: 'max_active_torrents', from: 8, to: -1 },
		],
	});
	expect(act[0].decision).toEqual({
		verdict: 'act',
		reason: 'drift',
		detail:
			'Drift: max_active_downloads is 5, wanted 20; Drift: max_active_torrents is 8, wanted -1.',
	});
	expect(summary.lines).toEqual([
		'Preferences: checked=3 drifted=2 dry_run=False',
		'Drift: max_active_downloads is 5, wanted 20',
		'Drift: max_active_torrents is 8, wanted -1',
	]);
	expect(summary.numbers).toEqual({
		queueing_enabled: 0,
		max_active_downloads: 1,
		max_active_torrents: 1,
	});
	expect(summary.failure).toBeUndefined();
});

test('a limit that is to be switched off is reported with its value', () => {
	const current = { ...preferences, max_ratio_enabled: true };
	const { summary } = reconcilePreferences([current], { max_ratio_enabled: false }, ENFORCED);
	expect(summary.lines[1]).toBe('Drift: max_ratio_enabled is true (2), wanted false');
});

test('a switch that limits nothing is reported without a value', () => {
	const current = { ...preferences, queueing_enabled: false };
	const { summary } = reconcilePreferences([current], { queueing_enabled: true }, ENFORCED);
	expect(summary.lines[1]).toBe('Drift: queueing_enabled is false, wanted true');
});

test('a dry run shows the drift and puts nothing right', () => {
	const { act, hold, summary } = reconcilePreferences([preferences], wanted, DRY);
	expect(act).toEqual([]);
	expect(hold[0].decision.reason).toBe('drift');
	expect(summary.line).toBe('Preferences: checked=3 drifted=2 dry_run=True');
});

test('nothing is done when all preferences are as wanted', () => {
	const { act, hold } = reconcilePreferences(
		[preferences],
		{ queueing_enabled: true, max_ratio: 2 },
		ENFORCED,
	);
	expect(act).toEqual([]);
	expect(hold[0].decision).toEqual({
		verdict: 'hold',
		reason: 'as_wanted',
		detail: 'All 2 preferences match.',
	});
});

test.each<[string, Record<string, boolean | number>]>([
	['does not have', { max_inactive_seeding_time: 10 }],
	['holds as another type', { max_ratio: true }],
])('a preference that this version %s is not sent', (_name, foreign) => {
	const { act, summary } = reconcilePreferences([preferences], foreign, ENFORCED);
	expect(act).toEqual([]);
	expect(summary.counts).toEqual({ as_wanted: 1 });
	expect(summary.numbers.max_inactive_seeding_time).toBeUndefined();
});

test.each<[string, unknown]>([
	['a failure', { ...preferences, ...FAILURE }],
	['nothing', undefined],
	['an empty list', EMPTY_MARKER],
	['queueing that is neither on nor off', { ...preferences, queueing_enabled: 'yes' }],
	['no number of downloads', { ...preferences, max_active_downloads: undefined }],
	['no number of uploads', { ...preferences, max_active_uploads: null }],
	['a number of torrents below "no limit"', { ...preferences, max_active_torrents: -2 }],
])('%s instead of preferences changes nothing and fails the run', (_name, record) => {
	const result = reconcilePreferences([record], wanted, ENFORCED);
	expect(result.act).toEqual([]);
	expect(reasons(result)).toEqual(['no_data']);
	expect(result.summary.line).toBe('Preferences: unknown');
	expect(result.summary.failure?.cause).toBe('no_data');
});
