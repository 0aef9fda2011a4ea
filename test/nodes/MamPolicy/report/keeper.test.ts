import { pushes } from '../../../../nodes/MamPolicy/report/pushes';
import { lines } from '../../../../nodes/MamPolicy/report/lines';
import { AT_SECONDS, failed, pushed, report, summary } from './runs';

const drifted = summary('reconcilePreferences', {
	counts: { drift: 1 },
	numbers: { queueing_enabled: 0, max_active_downloads: 1, max_ratio: 1 },
});

const trackers = summary('summarizeTrackers', {
	counts: { transient_failure: 2 },
	numbers: {
		connected: 1,
		dht_nodes: 300,
		ul_speed_bytes: 20,
		dl_speed_bytes: 10,
		free_space_bytes: 5000,
		queued_in_hnr_window: 3,
		stopped_in_hnr_window: 4,
		transient_failure: 2,
		tracker_refused: 6,
	},
	trackers: {
		mam: { torrents_total: 7, ratio: 1.5 },
		'other.test': { torrents_total: 1 },
	} as never,
});

/** What Set Preferences gives back. */
const set = (remaining: unknown[] = [], more: object = {}) => ({
	changed: true,
	drift: [{ key: 'max_active_downloads' }, { key: 'max_ratio' }],
	remaining,
	...more,
});

const announced = [
	{ hash: 'a', result: 'done' },
	{ hash: 'b', result: 'gone' },
];

function keeper(items: unknown[], facts = {}) {
	return report('client-keeper', items, facts);
}

describe('the client keeper', () => {
	it('pushes what it saw and what it changed', () => {
		const outcome = keeper([drifted, trackers, set(), ...announced]);
		expect(outcome.failures).toEqual([]);
		const { flow, success } = pushed(outcome);
		expect(flow).toMatchObject({
			mam_keeper_last_run_timestamp: AT_SECONDS,
			'mam_keeper_run_failed{cause="none"}': 0,
			mam_keeper_preferences_changed: 2,
			mam_keeper_reannounced: 1,
			'qbt_preference_drift{preference="queueing_enabled"}': 0,
			'qbt_preference_drift{preference="max_active_downloads"}': 1,
			'qbt_preference_drift{preference="max_ratio"}': 1,
			qbt_connected: 1,
			qbt_dht_nodes: 300,
			qbt_ul_speed_bytes: 20,
			qbt_dl_speed_bytes: 10,
			qbt_free_space_bytes: 5000,
			qbt_tracker_refused: 6,
			'qbt_silent_in_hnr_window{state="queued"}': 3,
			'qbt_silent_in_hnr_window{state="stopped"}': 4,
			'qbt_tracker_torrents_total{tracker="mam"}': 7,
			'qbt_tracker_ratio{tracker="mam"}': 1.5,
			'qbt_tracker_torrents_total{tracker="other.test"}': 1,
		});
		expect(success).toEqual({ mam_keeper_last_success_timestamp: AT_SECONDS });
		expect(lines(outcome).at(-1)).toBe('Done: changed=2 reannounced=1 dry_run=False');
	});

	it('in a dry run pushes what it would do, and nothing else', () => {
		const dry = [drifted, trackers].map((item) => ({ ...item, dryRun: true }));
		const dryGroups = pushed(keeper([...dry, set([], { simulated: true })], { manual: true }));
		expect(Object.keys(dryGroups)).toEqual(['dry_run']);
		expect(dryGroups.dry_run).toMatchObject({
			mam_keeper_dry_run_drift: 2,
			mam_keeper_dry_run_reannounce: 2,
			'mam_keeper_dry_run_failed{cause="none"}': 0,
		});
	});

	it('keeps a dry run in a group of its own', () => {
		const outcome = keeper([], { manual: true });
		expect(pushes(outcome, 'http://gateway').map(({ url }) => url)).toEqual([
			'http://gateway/metrics/job/mam-client-keeper/kind/dry_run',
		]);
	});

	it.each(['client_unreachable', 'client_auth', 'client_banned'] as const)(
		'reads the client as lost after %s',
		(cause) => {
			expect(pushed(keeper([failed(cause)])).flow).toMatchObject({ qbt_connected: 0 });
		},
	);

	it('says nothing of the connection after another failure', () => {
		expect(pushed(keeper([failed('unknown')])).flow).not.toHaveProperty('qbt_connected');
	});
});

describe('what the keeper planned and did not get', () => {
	const nothing = summary('reconcilePreferences', { numbers: { max_ratio: 0 } });
	const quiet = summary('summarizeTrackers', { numbers: { transient_failure: 0 } });

	it.each<[string, unknown[], string[]]>([
		['nothing to do', [nothing, quiet], []],
		[
			'preferences that the client did not take',
			[drifted, quiet, set(['max_ratio', 'max_active_downloads'])],
			['The client did not accept these preferences: max_ratio, max_active_downloads.'],
		],
		[
			'no result of its preferences',
			[drifted, quiet],
			['2 preferences should have been changed, but no result arrived.'],
		],
		[
			'no result of its announces',
			[nothing, trackers],
			['2 torrents should have been reannounced, but no result arrived.'],
		],
		[
			'a failed step, which says it all',
			[drifted, trackers, failed('timeout')],
			['It ended as timeout.'],
		],
	])('%s: %j', (_name, items, messages) => {
		const { failures } = keeper(items);
		expect(failures.map(({ message }) => message)).toEqual(messages);
		for (const { action } of failures) expect(action).toMatch(/\.$/);
	});

	it('counts only the preferences that were taken', () => {
		expect(keeper([drifted, quiet, set(['max_ratio'])]).preferencesChanged).toBe(1);
		expect(keeper([drifted, quiet, set([], { changed: false })]).preferencesChanged).toBe(0);
		expect(keeper([drifted, quiet, { ...set(), remaining: undefined }]).preferencesChanged).toBe(2);
	});
});
