import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import type { FinishedRun } from '../engine/engine';
import { Fixture, GRABBER, JANITOR, KEEPER, SPENDER, HOUR, MIB, MOUSE, NEVER_STARTED, WORKING, candidate, hashOf, torrent } from './fixture';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: async () => {} }));

function expectOneReport(run: FinishedRun, fixture: Fixture, groups: string[]): void {
	expect(run.times('Report Run')).toBe(1);
	expect(fixture.groups).toEqual(groups.map((group) => `/metrics/job/${group}`).sort());
}

const gateway = (url: string) => ({ 'Report Run': { parameters: { pushgatewayUrl: url } } });

/** Where nothing listens. */
const NOBODY = 'http://127.0.0.1:9';

/** Calls `at` at each of these hours from now, on a clock that is set to them. */
async function atHours(hours: number[], at: (hour: number) => Promise<void>): Promise<void> {
	jest.useFakeTimers({ now: Date.now(), advanceTimers: true });
	try {
		// The janitor counts in whole seconds, so no run may begin near the end of one.
		const start = Math.ceil(Date.now() / 1000) * 1000;
		for (const hour of hours) {
			jest.setSystemTime(start + hour * HOUR * 1000);
			await at(hour);
		}
	} finally {
		jest.useRealTimers();
	}
}

/** From 0 to `last`. */
const hoursTo = (last: number, step: number) =>
	Array.from({ length: last / step + 1 }, (_, index) => index * step);

describe('grabber', () => {
	const FLOW = 'mam-freeleech-grabber';

	test('accident 1: a Mouse grabs nothing, the run succeeds and says so', async () => {
		const fixture = new Fixture();
		fixture.account = MOUSE;
		const run = await fixture.run(GRABBER);
		expect(run.failed).toBe(false);
		expect(run.items('Guard Account', 2)[0].line).toBe(
			'Skip grab: ratio=0.0 class=Mouse (floor=1.2) reason=mouse_class',
		);
		expect(fixture.site.accepted).toEqual(['/jsonLoad.php']);
		expect(fixture.client.calls).toEqual([]);
		expectOneReport(run, fixture, [FLOW, `${FLOW}/kind/success`, 'mam-account', 'mam-session']);
		expect(fixture.samples('mam_class_code')).toEqual(['mam_class_code{classname="Mouse"} 0']);
		expect(fixture.samples('mam_grabber_skipped_reason')).toContain(
			'mam_grabber_skipped_reason{reason="mouse_class"} 1',
		);
	});

	test('the five best are grabbed with category, tags and path, and the next run grabs none twice', async () => {
		const fixture = new Fixture();
		fixture.results = Array.from({ length: 8 }, (_, at) => candidate(at + 1));
		const run = await fixture.run(GRABBER);
		expect(run.failed).toBe(false);
		const added = [...fixture.client.torrents.values()];
		expect(added.map(({ name }) => name).sort()).toEqual([
			'book-4',
			'book-5',
			'book-6',
			'book-7',
			'book-8',
		]);
		expect(added[0]).toMatchObject({
			category: 'mam-farming',
			tags: 'mam, freeleech, mam-8',
			save_path: '/downloads/mam-farming',
		});
		expectOneReport(run, fixture, [FLOW, `${FLOW}/kind/success`, 'mam-account', 'mam-session']);
		expect(fixture.samples('mam_farming_grabbed')).toEqual(['mam_farming_grabbed 5']);

		for (const entry of fixture.client.torrents.values())
			Object.assign(entry, torrent(1, { seeding_time: 0 }));
		await fixture.run(GRABBER);
		expect([...fixture.client.torrents.values()].map(({ name }) => name).length).toBe(8);
	});

	test('the disk of the save path decides, not that of the default save path', async () => {
		const fixture = new Fixture();
		fixture.results = [candidate(1)];
		fixture.client.freeSpaceAt.set('/downloads/mam-farming', 1);
		const run = await fixture.run(GRABBER);
		expect(fixture.client.torrents.size).toBe(0);
		expect(run.items('Rank Candidates', 1)).toMatchObject([{ decision: { reason: 'disk_space' } }]);
	});

	test('a manual run shows the verdicts and changes nothing', async () => {
		const fixture = new Fixture();
		fixture.results = [candidate(1), candidate(2, { seeders: 51 })];
		const run = await fixture.run(GRABBER, 'manual');
		expect(run.failed).toBe(false);
		expect(run.items('Rank Candidates', 0)).toEqual([]);
		expect(
			run
				.items('Rank Candidates', 1)
				.map(({ dryRun, decision }) => [dryRun, (decision as IDataObject).reason]),
		).toEqual([
			[true, 'selected'],
			[true, 'above_seeder_ceiling'],
		]);
		expect(fixture.client.torrents.size).toBe(0);
		expect(fixture.site.accepted).not.toContain('/tor/download.php');
		expectOneReport(run, fixture, [`${FLOW}/kind/dry_run`]);
	});

	test('accident 11: nothing worth grabbing is a success', async () => {
		const fixture = new Fixture();
		const run = await fixture.run(GRABBER);
		expect(run.failed).toBe(false);
		expectOneReport(run, fixture, [FLOW, `${FLOW}/kind/success`, 'mam-account', 'mam-session']);
	});

	test('a torrent whose freeleech ended is left, and the others are grabbed', async () => {
		const fixture = new Fixture();
		fixture.results = [candidate(1), candidate(2)];
		let searches = 0;
		fixture.site.on('/tor/js/loadSearchJSONbasic.php', ({ body }) => {
			const { tor } = body as { tor: IDataObject };
			searches++;
			const data = fixture.results
				.filter(({ id }) => tor.id === undefined || tor.id === id)
				.map((result) => (tor.id === 2 ? { ...result, free: 0 } : result));
			return { body: { found: data.length, data } };
		});
		const run = await fixture.run(GRABBER);
		expect(run.failed).toBe(false);
		expect(searches).toBe(3);
		expect([...fixture.client.torrents.values()].map(({ name }) => name)).toEqual(['book-1']);
		expectOneReport(run, fixture, [FLOW, `${FLOW}/kind/success`, 'mam-account', 'mam-session']);
	});

	test.each([
		['the account is refused', 403, '/jsonLoad.php', 'ip_lock'],
		['the search is refused', 403, '/tor/js/loadSearchJSONbasic.php', 'ip_lock'],
	])('%s: one report, the run is red, no further call', async (_what, status, path, cause) => {
		const fixture = new Fixture();
		fixture.site.on(path, () => ({ status, body: 'Invalid session - IP mismatch' }));
		const run = await fixture.run(GRABBER);
		expect(run.failed).toBe(true);
		expect(run.errorMessage).toContain(cause);
		expect(run.times('Report Run')).toBe(1);
		expect(fixture.samples('mam_grabber_run_failed')).toEqual([
			`mam_grabber_run_failed{cause="${cause}"} 1`,
		]);
		expect(fixture.site.accepted.at(-1)).toBe(path);
		expect(fixture.groups).not.toContain(`/metrics/job/${FLOW}/kind/success`);
	});

	test('accident 18: a dead session is reported once, and the next run does not call', async () => {
		const fixture = new Fixture();
		fixture.site.current = 'something else';
		const run = await fixture.run(GRABBER);
		expect(run.failed).toBe(true);
		expect(run.errorMessage).toContain('paste its value');
		expect(fixture.samples('mam_farming_cookie_expired')).toEqual(['mam_farming_cookie_expired 1']);
		expect(fixture.site.refused).toHaveLength(1);
		expect((await fixture.run(GRABBER)).failed).toBe(true);
		expect(fixture.site.refused).toHaveLength(1);
	});

	test('the client is down: one report, red', async () => {
		const fixture = new Fixture();
		fixture.credentials.qBittorrentWebApi.url = NOBODY;
		const run = await fixture.run(GRABBER);
		expect(run.failed).toBe(true);
		expect(run.errorMessage).toContain('client_unreachable');
		expect(run.times('Report Run')).toBe(1);
		expect(fixture.site.accepted).toEqual(['/jsonLoad.php']);
	});

	test('a bad threshold holds every torrent, names the field, and the run is red', async () => {
		const fixture = new Fixture();
		fixture.results = [candidate(1)];
		const run = await fixture.run(GRABBER, 'trigger', { 'Rank Candidates': { parameters: { grabPerRun: -1 } } });
		expect(run.failed).toBe(true);
		expect(run.errorMessage).toContain('Grab per Run');
		expect(fixture.client.torrents.size).toBe(0);
		expect(run.times('Report Run')).toBe(1);
	});

	test('a Pushgateway that is down fails no run', async () => {
		const fixture = new Fixture();
		nock.removeInterceptor({ hostname: 'pushgateway', port: 9091, path: /.*/ as never });
		const run = await fixture.run(GRABBER, 'trigger', gateway(NOBODY));
		expect([run.failed, run.errorMessage]).toEqual([false, '']);
	});
});

describe('janitor', () => {
	const FLOW = 'mam-farming-janitor';

	test('accident 4: 466 that never started go, 35 in progress stay; at once again nothing goes', async () => {
		const fixture = new Fixture();
		for (let at = 0; at < 466; at++) {
			fixture.client.list(hashOf(at), torrent(30, NEVER_STARTED));
			fixture.client.setTrackers(hashOf(at), WORKING);
		}
		for (let at = 466; at < 501; at++) {
			fixture.client.list(
				hashOf(at),
				torrent(30, { state: 'downloading', progress: 0.5, seeding_time: 0 }),
			);
		}
		const dry = await fixture.run(JANITOR, 'manual');
		expect(dry.failed).toBe(false);
		expect(dry.items('Judge Torrents', 2)[0].planned).toEqual({
			unregistered: 0,
			never_started: 466,
			stalled_old: 0,
			graceful_retire: 0,
			zero_demand: 0,
			satisfied_redundant: 0,
		});
		expect(fixture.client.callsOf('torrents/delete')).toEqual([]);
		expectOneReport(dry, fixture, [`${FLOW}/kind/dry_run`]);

		const run = await fixture.run(JANITOR);
		expect(run.failed).toBe(false);
		expect(fixture.client.callsOf('torrents/delete')).toHaveLength(1);
		expect(run.items('Report Run', 0)[0].lines).toContain(
			'Done: deleted=466 preserved_hnr=0 skipped_active=35 dry_run=False',
		);
		expectOneReport(run, fixture, [FLOW, `${FLOW}/kind/success`]);
		const again = await fixture.run(JANITOR);
		expect(again.items('Report Run', 0)[0].lines).toContain(
			'Done: deleted=0 preserved_hnr=0 skipped_active=35 dry_run=False',
		);
	});

	test('accident 13: the Hit & Run window has a margin, and only a proven torrent goes', async () => {
		const fixture = new Fixture();
		const working = WORKING;
		const cases: Array<[string, number, IDataObject, IDataObject[]]> = [
			['hnr_window', 71, {}, working],
			['hnr_window', 95, {}, working],
			['satisfied_redundant', 97, {}, working],
			['protected', 97, { tags: 'keep' }, working],
			['not_ours', 97, { category: 'books' }, working],
			[
				'tracker_refused',
				97,
				{},
				[{ url: 'http://t/a', status: 4, tier: 0, msg: 'Unrecognized host/PassKey' }],
			],
		];
		cases.forEach(([, hoursOld, change, trackers], at) => {
			fixture.client.list(
				hashOf(at),
				torrent(hoursOld, { state: 'stalledUP', progress: 1, ...change }),
			);
			fixture.client.setTrackers(hashOf(at), trackers);
		});
		const run = await fixture.run(JANITOR, 'trigger', {
			'Judge Torrents': { parameters: { seedClock: 'client', options: {} } },
		});
		expect(run.items('Delete Torrents').map(({ hash }) => hash)).toEqual([hashOf(2)]);
		expect(
			run.items('Judge Torrents', 1).map(({ decision }) => (decision as IDataObject).reason),
		).toEqual(cases.map(([reason]) => reason).filter((reason) => reason !== 'satisfied_redundant'));
	});

	const GIB = 1024 * MIB;

	test.each([
		['there is room', 1024 * GIB, 0],
		['the disk is short of 100 MiB', 20 * GIB - 100 * MIB, 1],
		['the disk is short of 200 MiB', 20 * GIB - 200 * MIB, 2],
		['the client does not know its free space', -1, 0],
	])('satisfied torrents keep seeding until they are in the way: %s', async (_what, free, goes) => {
		const fixture = new Fixture();
		for (let at = 0; at < 3; at++) {
			fixture.client.list(hashOf(at), torrent(400, { state: 'stalledUP', progress: 1 }));
			fixture.client.setTrackers(hashOf(at), WORKING);
		}
		fixture.client.freeSpace = free;
		const run = await fixture.run(JANITOR, 'trigger', {
			'Judge Torrents': { parameters: { seedClock: 'client' } },
		});
		expect([run.failed, run.errorMessage]).toEqual([false, '']);
		expect(fixture.client.torrents.size).toBe(3 - goes);
	});

	test('a download that stalled with data is kept: deleted it may count as a Hit & Run', async () => {
		const fixture = new Fixture();
		fixture.client.list(
			hashOf(1),
			torrent(200, { ...NEVER_STARTED, progress: 0.01, completed: MIB, downloaded: MIB }),
		);
		fixture.client.setTrackers(hashOf(1), WORKING);
		const run = await fixture.run(JANITOR);
		expect(run.items('Judge Torrents', 1)).toMatchObject([
			{ decision: { reason: 'partial_download' } },
		]);
		expect(fixture.client.torrents.size).toBe(1);
	});

	test('an empty client is a success', async () => {
		const fixture = new Fixture();
		const run = await fixture.run(JANITOR);
		expect(run.failed).toBe(false);
		expectOneReport(run, fixture, [FLOW, `${FLOW}/kind/success`]);
	});

	test('a torrent that the client does not let go is reported as such, and the run is red', async () => {
		const fixture = new Fixture();
		fixture.client.list(hashOf(1), torrent(30, NEVER_STARTED));
		fixture.client.setTrackers(hashOf(1), WORKING);
		fixture.client.undeletable.add(hashOf(1));
		const run = await fixture.run(JANITOR);
		expect(run.failed).toBe(true);
		expect(run.errorMessage).toContain('delete_incomplete');
	});
});

describe('spender', () => {
	const FLOW = 'mam-bp-spender';

	test('accident 2: what is missing for the smallest tier is said, and nothing is bought', async () => {
		const fixture = new Fixture();
		fixture.account = { ...MOUSE, seedbonus: 24551 };
		const run = await fixture.run(SPENDER);
		expect(run.failed).toBe(false);
		expect(run.items('Plan Spend', 2)[0].line).toContain(
			'deficit=1.40 GiB needed=3 affordable=48 buy=0',
		);
		expect(run.items('Plan Spend', 1)[0].decision).toMatchObject({
			reason: 'cannot_afford',
			detail: expect.stringContaining('949 more points are needed'),
		});
		expect(fixture.purchases).toEqual([]);
		expectOneReport(run, fixture, [FLOW, `${FLOW}/kind/success`, 'mam-account', 'mam-session']);
	});

	test('with enough points the smallest tier is bought once', async () => {
		const fixture = new Fixture();
		fixture.account = { ...MOUSE, seedbonus: 25551 };
		const run = await fixture.run(SPENDER);
		expect(run.failed).toBe(false);
		expect(fixture.purchases).toEqual(['50']);
		expect(fixture.samples('mam_bp_spent_gb')).toEqual(['mam_bp_spent_gb 50']);
		expect(fixture.samples('mam_bp_balance')).toEqual(['mam_bp_balance 551']);
		expectOneReport(run, fixture, [FLOW, `${FLOW}/kind/success`, 'mam-account', 'mam-session']);
	});

	test('a manual run plans and buys nothing', async () => {
		const fixture = new Fixture();
		fixture.account = { ...MOUSE, seedbonus: 25551 };
		const run = await fixture.run(SPENDER, 'manual');
		expect(run.failed).toBe(false);
		expect(fixture.purchases).toEqual([]);
		expectOneReport(run, fixture, [`${FLOW}/kind/dry_run`]);
	});

	test('a purchase whose end is not known is reported, red, and not repeated by the next run', async () => {
		const fixture = new Fixture();
		fixture.account = { ...MOUSE, seedbonus: 25551 };
		fixture.site.on('/json/bonusBuy.php/', ({ query }) => {
			fixture.purchases.push(String(query.get('amount')));
			return { status: 504, body: '' };
		});
		const first = await fixture.run(SPENDER);
		expect(first.failed).toBe(true);
		expect(first.errorMessage).toContain('spend_unknown');
		const second = await fixture.run(SPENDER);
		expect(second.items('Plan Spend', 1)).toMatchObject([
			{ decision: { reason: 'stale_account' } },
		]);
		expect(fixture.purchases).toEqual(['50']);
	});
});

describe('keeper', () => {
	const FLOW = 'mam-client-keeper';

	/** As the client comes, and with a ratio limit of its owner. */
	const DRIFTED = {
		queueing_enabled: true,
		max_active_downloads: 3,
		max_active_uploads: 3,
		max_active_torrents: 5,
		dont_count_slow_torrents: false,
		max_ratio_enabled: true,
		max_ratio: 2,
		max_seeding_time_enabled: false,
		max_seeding_time: -1,
		listen_port: 50_000,
	};

	function keeperFixture(): Fixture {
		const fixture = new Fixture();
		fixture.client.preferences = { ...DRIFTED };
		return fixture;
	}

	/** A torrent whose tracker failed with `msg`. */
	function failing(fixture: Fixture, at: number, msg: string): void {
		fixture.client.list(hashOf(at), torrent(10, { state: 'stalledUP', seeding_time: 10 * HOUR }));
		fixture.client.setTrackers(hashOf(at), [{ url: 'http://t/a', status: 4, tier: 0, msg }]);
	}

	test('only what differs is sent, each drift is reported with the value it had, and the next run sends nothing', async () => {
		const fixture = keeperFixture();
		const run = await fixture.run(KEEPER);
		expect([run.failed, run.errorMessage]).toEqual([false, '']);
		const [sent] = fixture.client.callsOf('app/setPreferences');
		expect(JSON.parse(String(sent.fields.json))).toEqual({
			max_active_downloads: 20,
			max_active_uploads: -1,
			max_active_torrents: -1,
			dont_count_slow_torrents: true,
			max_ratio_enabled: false,
		});
		expect(run.items('Report Run', 0)[0].lines).toEqual(
			expect.arrayContaining([
				'Drift: max_ratio_enabled is true (2), wanted false',
				'Drift: max_active_downloads is 3, wanted 20',
				'Done: changed=5 reannounced=0 dry_run=False',
			]),
		);
		expectOneReport(run, fixture, [FLOW, `${FLOW}/kind/success`]);
		expect(fixture.samples('qbt_preference_drift{preference="max_ratio_enabled"')).toEqual([
			'qbt_preference_drift{preference="max_ratio_enabled"} 1',
		]);

		const again = await fixture.run(KEEPER);
		expect(again.failed).toBe(false);
		expect(fixture.client.callsOf('app/setPreferences')).toHaveLength(1);
		expect(fixture.samples('mam_keeper_preferences_changed')).toEqual([
			'mam_keeper_preferences_changed 0',
		]);
	});

	test('a limit of the owner stays when its switch is off', async () => {
		const fixture = keeperFixture();
		await fixture.run(KEEPER, 'trigger', { 'Reconcile Preferences': { parameters: { removeRatioLimit: false } } });
		expect(fixture.client.preferences).toMatchObject({ max_ratio_enabled: true, max_ratio: 2 });
		expect(fixture.samples('qbt_preference_drift').join()).not.toContain('max_ratio');
	});

	test('a manual run shows drift and announces, and changes nothing', async () => {
		const fixture = keeperFixture();
		failing(fixture, 1, 'Connection timed out');
		const run = await fixture.run(KEEPER, 'manual');
		expect(run.failed).toBe(false);
		expect(fixture.client.preferences).toEqual(DRIFTED);
		expect(fixture.client.callsOf('torrents/reannounce')).toEqual([]);
		expect(run.items('Reconcile Preferences', 1)[0]).toMatchObject({
			dryRun: true,
			decision: { reason: 'drift' },
		});
		expect(run.items('Summarize Trackers', 1)[0].decision).toMatchObject({
			reason: 'transient_failure',
		});
		expectOneReport(run, fixture, [`${FLOW}/kind/dry_run`]);
	});

	test('Update IP, once activated, registers the address that client and n8n share, and the line goes on', async () => {
		const fixture = keeperFixture();
		failing(fixture, 1, 'Connection timed out');
		fixture.site
			.on('/json/jsonIp.php', () => ({ body: { ip: '203.0.113.7' } }))
			.on('/json/dynamicSeedbox.php', () => ({ body: { Success: true, msg: 'Completed' } }));
		const activated = (expectedIp: string) => ({
			'Update IP': { disabled: false, parameters: { expectedIp } },
		});
		const run = await fixture.run(KEEPER, 'trigger', activated('203.0.113.7'));
		expect([run.failed, run.errorMessage]).toEqual([false, '']);
		expect(fixture.site.accepted).toEqual(['/json/jsonIp.php', '/json/dynamicSeedbox.php']);
		expect(fixture.client.callsOf('torrents/reannounce')).toHaveLength(1);

		// The client has another address, behind a VPN for example.
		const other = await fixture.run(KEEPER, 'trigger', activated('198.51.100.1'));
		expect([other.failed, other.errorMessage]).toEqual([true, expect.stringContaining('different public addresses')]);
		expect(fixture.site.accepted).toHaveLength(2);
	});

	test('a failure that passes is announced again, a refusal is not', async () => {
		const fixture = keeperFixture();
		failing(fixture, 1, 'Connection timed out');
		failing(fixture, 2, 'Unrecognized host/PassKey');
		failing(fixture, 3, 'torrent not registered with this tracker');
		const run = await fixture.run(KEEPER);
		expect(run.failed).toBe(false);
		expect(fixture.client.callsOf('torrents/reannounce').map(({ fields }) => fields.hashes)).toEqual([
			hashOf(1),
		]);
		expect(fixture.samples('mam_keeper_reannounced')).toEqual(['mam_keeper_reannounced 1']);
		expect(fixture.samples('mam_keeper_held{reason="tracker_refused"}')).toEqual([
			'mam_keeper_held{reason="tracker_refused"} 2',
		]);
	});

	test('accident 6: a queued torrent without a tracker counts for mam, and none for unknown', async () => {
		const fixture = keeperFixture();
		fixture.client.list(hashOf(1), torrent(10, { state: 'queuedDL', progress: 0, tracker: '' }));
		fixture.client.list(hashOf(2), torrent(10, { category: '', tags: 'mam-7', tracker: '' }));
		await fixture.run(KEEPER);
		expect(fixture.samples('qbt_tracker_torrents_total')).toEqual([
			'qbt_tracker_torrents_total{tracker="mam"} 2',
		]);
		expect(fixture.samples('qbt_tracker_queued')).toEqual(['qbt_tracker_queued{tracker="mam"} 1']);
	});

	test('accident 13: complete torrents that do not announce in their window are named', async () => {
		const fixture = keeperFixture();
		fixture.client.list(hashOf(1), torrent(80, { state: 'queuedUP' }));
		fixture.client.list(hashOf(2), torrent(97, { state: 'queuedUP' }));
		fixture.client.list(hashOf(3), torrent(5, { state: 'stoppedUP' }));
		fixture.client.list(hashOf(4), torrent(5, { state: 'missingFiles', progress: 0 }));
		const run = await fixture.run(KEEPER);
		expect(run.failed).toBe(false);
		const held = run.items('Summarize Trackers', 1).map(({ decision }) => decision as IDataObject);
		expect(held.map(({ reason }) => reason)).toEqual([
			'queued_in_hnr_window',
			'not_announcing',
			'stopped_in_hnr_window',
			'missing_files_in_hnr_window',
		]);
		expect(held[0].detail).toMatch(/seeded for 80\.0 h of 96 h.*Hit & Run/);
		expect(fixture.samples('qbt_silent_in_hnr_window')).toEqual([
			'qbt_silent_in_hnr_window{state="queued"} 1',
			'qbt_silent_in_hnr_window{state="stopped"} 1',
			'qbt_silent_in_hnr_window{state="missing_files"} 1',
			'qbt_silent_in_hnr_window{state="error"} 0',
		]);
		expect(fixture.client.callsOf('torrents/start')).toEqual([]);
	});

	test('the client is down: both halves say so in one report, red, and it reads as disconnected', async () => {
		const fixture = keeperFixture();
		fixture.credentials.qBittorrentWebApi.url = NOBODY;
		const run = await fixture.run(KEEPER);
		expect(run.failed).toBe(true);
		expect(run.errorMessage).toContain('client_unreachable');
		expectOneReport(run, fixture, [FLOW]);
		expect(fixture.samples('qbt_connected')).toEqual(['qbt_connected 0']);
	});

	test('a half that fails does not silence the other one, and the run is red', async () => {
		const fixture = keeperFixture();
		fixture.client.overrides.set('app/preferences', [500, '']);
		failing(fixture, 1, 'Connection timed out');
		const run = await fixture.run(KEEPER);
		expect(run.failed).toBe(true);
		expect(fixture.client.callsOf('app/setPreferences')).toEqual([]);
		expect(fixture.client.callsOf('torrents/reannounce')).toHaveLength(1);
		expectOneReport(run, fixture, [FLOW]);
		expect(fixture.samples('qbt_tracker_torrents_total')).toHaveLength(1);
	});

	test('a number of 0 would stop every torrent: nothing is changed, red', async () => {
		const fixture = keeperFixture();
		const run = await fixture.run(KEEPER, 'trigger', { 'Reconcile Preferences': { parameters: { maxActiveUploads: 0 } } });
		expect(run.failed).toBe(true);
		expect(run.errorMessage).toContain('Max Active Uploads: enter -1 for no limit, or at least 1.');
		expect(fixture.client.preferences).toEqual(DRIFTED);
	});
});

describe('a push that fails', () => {
	const SENTENCE = 'clear the address in Settings if you have no Pushgateway';
	const toldBy = (run: FinishedRun) => {
		expect([run.failed, run.times('Report Run')]).toEqual([false, 1]);
		const [{ message, sentences }] = run.items('Report Run', 0);
		expect((sentences as string[]).join(' ')).toBe(message);
		return String(message).split(SENTENCE).length - 1;
	};

	test.each([GRABBER, JANITOR, SPENDER, KEEPER])(
		'$file: the run is green, and the next report says it once, until a push arrives again',
		async (flow) => {
			const fixture = new Fixture();
			const told: number[] = [];
			for (const url of [NOBODY, NOBODY, '', ''])
				told.push(toldBy(await fixture.run(flow, 'trigger', gateway(url))));
			expect(told).toEqual([0, 1, 0, 0]);
			const again = [];
			for (const changes of [gateway(NOBODY), {}, {}])
				again.push(toldBy(await fixture.run(flow, 'trigger', changes)));
			expect(again).toEqual([0, 1, 0]);
		},
	);
});

describe.each([
	['hands its static data to each run', false],
	['hands no static data to a run, as n8n 2.40 and 2.41 in queue mode', true],
])('n8n %s:', (_what, forgetsStaticData) => {
	function newFixture(): Fixture {
		const fixture = new Fixture();
		fixture.forgetsStaticData = forgetsStaticData;
		return fixture;
	}

	const messagesOf = (run: FinishedRun) => run.items('Report Run', 2).map(({ event }) => event);

	test.each([GRABBER, SPENDER])(
		'$file: what begins is told once, and once that it is over',
		async (flow) => {
			const fixture = newFixture();
			const told = [];
			for (const holds of [true, true, true, false, false]) {
				const mouse = holds ? MOUSE : {};
				fixture.account = flow === GRABBER ? mouse : { vip_until: daysAhead(holds ? 1 : 30) };
				told.push(messagesOf(await fixture.run(flow)));
			}
			const [begins, ends] =
				flow === GRABBER ? ['mouse', 'out_of_mouse'] : ['vip_ending', 'vip_ending_over'];
			expect(told).toEqual([[begins], [], [], [ends], []]);
		},
	);

	/** As the site writes a time. */
	function daysAhead(days: number): string {
		const iso = new Date(Date.now() + days * 24 * HOUR * 1000).toISOString();
		return iso.slice(0, 19).replace('T', ' ');
	}

	test.each([GRABBER, JANITOR, SPENDER, KEEPER])(
		'$file: a retry of an old run and a run by hand change nothing of it',
		async (flow) => {
			const fixture = newFixture();
			fixture.account = MOUSE;
			const away = gateway(NOBODY);
			await fixture.run(flow, 'trigger', away);
			const remembered = () => JSON.stringify([fixture.staticData, fixture.tables.mam_memory]);
			const before = remembered();
			for (const mode of ['manual', 'retry'] as const)
				for (const changes of [{}, away]) {
					const run = await fixture.run(flow, mode, changes);
					expect(run.items('Report Run', 2)).toEqual([]);
				}
			expect(remembered()).toBe(before);
		},
	);

	test('the janitor deletes a completed torrent once it has seen it seed for its window and margin', async () => {
		const fixture = newFixture();
		const kept: number[] = [];
		await atHours(hoursTo(96, 4), async (hour) => {
			fixture.client.list(hashOf(1), torrent(hour, { state: 'stalledUP', progress: 1 }));
			fixture.client.setTrackers(hashOf(1), WORKING);
			const run = await fixture.run(JANITOR, 'trigger', {
				'Judge Torrents': { parameters: { options: {} } },
			});
			if (run.items('Delete Torrents').length === 0) kept.push(hour);
		});
		expect(kept).toEqual(hoursTo(92, 4));
	});

	test('a push that failed is told by the next run', async () => {
		const fixture = newFixture();
		await fixture.run(KEEPER, 'trigger', gateway(NOBODY));
		const [{ message }] = (await fixture.run(KEEPER)).items('Report Run', 0);
		expect(message).toContain('did not reach the Pushgateway');
	});

	const tellMe = (url: string) => ({
		'Tell Me': { disabled: false, parameters: { url, body: '={{ $json.event }}' } },
	});

	/** The events of the messages that arrive at a receiver, which answers each with `status`. */
	function receiver(status = 200): { url: string; arrived: string[] } {
		const arrived: string[] = [];
		nock('http://receiver')
			.post('/', (body) => arrived.push(String(body)) > 0)
			.times(100)
			.reply(status, {});
		return { url: 'http://receiver', arrived };
	}

	test('a message that could not be sent comes with the next run that can send it', async () => {
		const fixture = newFixture();
		const { url, arrived } = receiver();
		fixture.account = MOUSE;
		for (const to of [NOBODY, url, url])
			await fixture.run(GRABBER, 'trigger', tellMe(to));
		expect(arrived).toEqual(['mouse']);
	});

	test('a receiver that takes a message but answers with an error does not get it with each run', async () => {
		const fixture = newFixture();
		const { url, arrived } = receiver(504);
		fixture.account = MOUSE;
		for (let run = 0; run < 8; run++) await fixture.run(GRABBER, 'trigger', tellMe(url));
		expect(arrived).toEqual(['mouse', 'mouse']);
	});

	test.each([
		['a busy table', 'busy'],
		['a table that is gone for a while', undefined],
	] as const)(
		'%s: one run that cannot read it costs nothing of what the row holds',
		async (_what, away) => {
			const fixture = newFixture();
			fixture.account = MOUSE;
			await fixture.run(GRABBER);
			const { mam_memory: rows } = fixture.tables;
			const before = JSON.stringify(rows);
			const readsNothing = { dataTableId: { value: 'away' } };
			if (away === 'busy') fixture.tables.away = away;
			// The read fails, and a moment later the write would not.
			await fixture.run(GRABBER, 'trigger', { 'Read Memory': { parameters: readsNothing } });
			expect(JSON.stringify(rows)).toBe(before);
			expect(messagesOf(await fixture.run(GRABBER))).toEqual([]);
		},
	);

	test('after a night without a receiver, the beginning comes before its end', async () => {
		const fixture = newFixture();
		const { url, arrived } = receiver();
		await atHours(hoursTo(10, 0.5), async (hour) => {
			fixture.account = hour < 8 ? MOUSE : {};
			await fixture.run(GRABBER, 'trigger', tellMe(hour < 7.5 ? NOBODY : url));
		});
		expect(arrived).toEqual(['mouse', 'out_of_mouse']);
	});

	test('without the tables every flow runs, and each run that remembers nothing says so', async () => {
		const fixture = newFixture();
		delete fixture.tables.mam_memory;
		delete fixture.tables.mam_runs;
		for (const flow of [GRABBER, JANITOR, SPENDER, KEEPER]) {
			// Each flow has a static data of its own.
			for (const key of Object.keys(fixture.staticData)) delete fixture.staticData[key];
			const told = [];
			for (let run = 0; run < 3; run++) {
				const ran = await fixture.run(flow);
				expect([ran.failed, ran.times('Report Run')]).toEqual([false, 1]);
				expect(ran.items('Recall Memory')[0].note).toContain('mam_memory');
				told.push(String(ran.items('Report Run', 0)[0].message).includes('mam_memory'));
			}
			expect(told).toEqual([true, forgetsStaticData, forgetsStaticData]);
		}
	});
});

test('where n8n keeps the static data, the row comes to hold no more than a count', async () => {
	const fixture = new Fixture();
	fixture.account = MOUSE;
	for (let run = 0; run < 12; run++) await fixture.run(GRABBER);
	expect(fixture.tables.mam_memory).toEqual([
		{ workflow: GRABBER.workflow.id, name: GRABBER.name, memory: '{"runs":12,"kept":11}' },
	]);
});
