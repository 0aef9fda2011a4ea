import fc from 'fast-check';

import { JOBS, METRICS } from '../../../../nodes/MamPolicy/report/definitions';
import type { MetricName } from '../../../../nodes/MamPolicy/report/definitions';
import { headline, lines } from '../../../../nodes/MamPolicy/report/lines';
import { gatewayUrl, pushes } from '../../../../nodes/MamPolicy/report/pushes';
import { reportItem } from '../../../../nodes/MamPolicy/report/reportItem';
import { parseExposition } from './parseExposition';
import { MOUSE } from '../decisions/builders';
import {
	account,
	AT_SECONDS,
	bought50,
	deletions466,
	failed,
	grab,
	grabs5,
	judged501,
	plan50,
	planned466,
	pushed,
	ranked5,
	report,
	summary,
} from './runs';

const guardPassed = summary('guardAccount', {
	account,
	counts: { passed: 1 },
	numbers: { ratioFloor: 1.2 },
});

describe('the groups of a grabber run', () => {
	it('go to the addresses of flow, success, account and session', () => {
		const outcome = report('freeleech-grabber', [guardPassed, ranked5, ...grabs5]);
		expect(pushes(outcome, 'http://gateway').map(({ group, url }) => [group, url])).toEqual([
			['flow', 'http://gateway/metrics/job/mam-freeleech-grabber'],
			['success', 'http://gateway/metrics/job/mam-freeleech-grabber/kind/success'],
			['account', 'http://gateway/metrics/job/mam-account'],
			['session', 'http://gateway/metrics/job/mam-session'],
		]);
	});

	it('say what was added, what was held and why, and how the account stands', () => {
		const outcome = report('freeleech-grabber', [
			...grabs5.slice(1),
			grab(1, 'duplicate'),
			ranked5,
			guardPassed,
			failed('vip_only', { id: 9, title: 'A torrent record' }),
		]);
		const { flow, success, account: profile, session } = pushed(outcome);
		expect(flow).toEqual({
			mam_grabber_last_run_timestamp: AT_SECONDS,
			'mam_grabber_run_failed{cause="none"}': 0,
			'mam_grabber_held{reason="above_seeder_ceiling"}': 90,
			'mam_grabber_held{reason="too_large"}': 5,
			'mam_grabber_held{reason="duplicate"}': 1,
			'mam_grabber_held{reason="vip_only"}': 1,
			mam_farming_grabbed: 4,
			mam_farming_total_seeding: 120,
			mam_farming_size_bytes: 5e10,
			mam_grabber_ratio_floor: 1.2,
		});
		expect(success).toEqual({ mam_grabber_last_success_timestamp: AT_SECONDS });
		expect(profile).toEqual({
			mam_ratio: 2.5,
			'mam_class_code{classname="Power User"}': 3,
			mam_downloaded_bytes: 1_073_741_824,
			mam_uploaded_bytes: 2_684_354_560,
			mam_bp_balance: 25_551.5,
			mam_unsatisfied: 4,
			mam_unsatisfied_limit: 50,
			'mam_hit_and_runs{kind="not_seeding"}': 0,
			'mam_hit_and_runs{kind="seeding"}': 2,
			mam_wedges: 1,
			mam_connectable: 1,
			mam_account_fetched_timestamp: 1_795_435_198,
		});
		expect(session).toEqual({
			mam_farming_cookie_expired: 0,
			'mam_session_refused{cause="none"}': 0,
		});
	});

	it('of a Mouse account show the class, the reason and a healthy run', () => {
		const guard = summary('guardAccount', { account: MOUSE, counts: { mouse_class: 1 } });
		const outcome = report('freeleech-grabber', [guard]);
		const { flow, success, account: profile } = pushed(outcome);
		expect(flow).toMatchObject({
			'mam_grabber_skipped_reason{reason="mouse_class"}': 1,
			'mam_grabber_held{reason="mouse_class"}': 1,
			mam_farming_grabbed: 0,
		});
		expect(flow).not.toHaveProperty('mam_farming_total_seeding');
		expect(profile).toMatchObject({ 'mam_class_code{classname="Mouse"}': 0, mam_ratio: 0 });
		expect(success).toBeDefined();
	});

	it('leave out what the site did not say', () => {
		const bare = {
			...account,
			ratio: null,
			classCode: null,
			wedges: null,
			connectable: null,
			unsatisfied: null,
			hitAndRuns: null,
		};
		const outcome = report('freeleech-grabber', [summary('guardAccount', { account: bare })]);
		expect(Object.keys(pushed(outcome).account ?? {})).toEqual([
			'mam_downloaded_bytes',
			'mam_uploaded_bytes',
			'mam_bp_balance',
			'mam_account_fetched_timestamp',
		]);
	});
});

describe('what stands still is a number', () => {
	it('of a grabber that one limit blocks', () => {
		const blocked = { reason: 'disk_space' as const, detail: 'The disk is full.' };
		const { flow } = pushed(report('freeleech-grabber', [guardPassed, { ...ranked5, blocked }]));
		expect(flow).toMatchObject({ 'mam_grabber_blocked{reason="disk_space"}': 1 });
		const free = pushed(report('freeleech-grabber', [guardPassed, ranked5, ...grabs5]));
		expect(Object.keys(free.flow ?? {}).join()).not.toContain('mam_grabber_blocked');
	});

	it('of torrents that the janitor keeps for days', () => {
		const judged = { ...judged501(), planned: planned466, stale: { stopped: 2 } };
		const { flow } = pushed(report('farming-janitor', [judged, ...deletions466]));
		expect(flow).toMatchObject({ 'mam_janitor_stale{reason="stopped"}': 2 });
	});

	it('of the account: what does not seed, and when VIP ends', () => {
		const seen = { ...account, inactiveUnsatisfied: 2, vipUntil: '2026-12-01T00:00:00.000Z' };
		const { account: profile } = pushed(
			report('freeleech-grabber', [summary('guardAccount', { account: seen })]),
		);
		expect(profile).toMatchObject({
			mam_unsatisfied_not_seeding: 2,
			mam_vip_until_timestamp: Date.UTC(2026, 11, 1) / 1000,
		});
	});
});

describe('the groups of a janitor run', () => {
	it('accident 12: count what really was deleted, all six reasons in one body, and call no MAM', () => {
		const groupsOf501 = pushed(report('farming-janitor', [judged501(), ...deletions466]));
		expect(Object.keys(groupsOf501)).toEqual(['flow', 'success']);
		expect(groupsOf501.flow).toEqual({
			mam_janitor_last_run_timestamp: AT_SECONDS,
			'mam_janitor_run_failed{cause="none"}': 0,
			'mam_janitor_held{reason="in_progress"}': 35,
			'mam_janitor_deleted_per_run{reason="unregistered"}': 0,
			'mam_janitor_deleted_per_run{reason="never_started"}': 466,
			'mam_janitor_deleted_per_run{reason="stalled_old"}': 0,
			'mam_janitor_deleted_per_run{reason="graceful_retire"}': 0,
			'mam_janitor_deleted_per_run{reason="zero_demand"}': 0,
			'mam_janitor_deleted_per_run{reason="satisfied_redundant"}': 0,
			mam_janitor_preserved_hnr: 0,
			mam_janitor_skipped_active: 35,
			mam_janitor_tracker_down: 0,
			mam_janitor_dry_run: 0,
		});
	});

	it('of a dry run are one group with names of its own', () => {
		const groupsOf501 = pushed(report('farming-janitor', [judged501(true)]));
		expect(groupsOf501).toEqual({
			dry_run: {
				mam_janitor_dry_run_timestamp: AT_SECONDS,
				'mam_janitor_dry_run_failed{cause="none"}': 0,
				...Object.fromEntries(
					Object.entries(planned466).map(([reason, number]) => [
						`mam_janitor_dry_run_candidates{reason="${reason}"}`,
						number,
					]),
				),
				mam_janitor_dry_run: 1,
			},
		});
	});

	it('of a failed run keep the last success, and claim no figures', () => {
		const outcome = report('farming-janitor', [failed('client_unreachable')]);
		const { flow, ...others } = pushed(outcome);
		expect(others).toEqual({});
		expect(flow).toMatchObject({ 'mam_janitor_run_failed{cause="client_unreachable"}': 1 });
		expect(flow).not.toHaveProperty('mam_janitor_skipped_active');
	});
});

describe('the groups of a spender run', () => {
	it('show the account after the purchase', () => {
		const { flow, account: profile } = pushed(report('bp-spender', [bought50, plan50]));
		expect(flow).toMatchObject({
			mam_bp_spent_gb: 50,
			mam_bp_needed_gib: 3,
			mam_bp_affordable_gib: 50,
			mam_bp_reserve: 500,
			mam_bp_next_tier: 50_500,
			'mam_spender_run_failed{cause="none"}': 0,
		});
		expect(profile).toMatchObject({
			mam_bp_balance: 551.5,
			mam_uploaded_bytes: 56_371_445_760,
			mam_ratio: 52.5,
		});
	});

	it('of a dry run show what would be bought, and the account group stays as it was', () => {
		const simulated = { ...bought50, bought: false, simulated: true };
		const groupsOfRun = pushed(report('bp-spender', [{ ...plan50, dryRun: true }, simulated]));
		expect(Object.keys(groupsOfRun)).toEqual(['dry_run']);
		expect(groupsOfRun.dry_run).toMatchObject({ mam_spender_dry_run_buy_gib: 50 });
	});
});

it('each flow pushes the metrics that are defined for it, in the groups that are defined for them', () => {
	const runs = [
		report('freeleech-grabber', [guardPassed, ranked5, ...grabs5]),
		report('freeleech-grabber', [{ ...ranked5, dryRun: true }]),
		report('farming-janitor', [judged501(), ...deletions466]),
		report('farming-janitor', [judged501(true)]),
		report('bp-spender', [plan50, bought50]),
		report('bp-spender', [{ ...plan50, dryRun: true }]),
		report('client-keeper', []),
		report('client-keeper', [], { manual: true }),
	];
	for (const outcome of runs) {
		for (const { group, body } of pushes(outcome, '')) {
			for (const name of Object.keys(parseExposition(body))) {
				const definition = METRICS[name as MetricName];
				expect([name, definition.groups]).toEqual([name, expect.arrayContaining([group])]);
				expect([name, definition.flows]).toEqual([name, expect.arrayContaining([outcome.flow])]);
			}
		}
	}
});

describe('the session group', () => {
	it('reads expired for a dead cookie', () => {
		const { session, account: profile } = pushed(report('bp-spender', [failed('dead_cookie')]));
		expect(session).toEqual({
			mam_farming_cookie_expired: 1,
			'mam_session_refused{cause="dead_cookie"}': 1,
		});
		expect(profile).toBeUndefined();
	});

	it.each([
		'rate_limited',
		'download_freeze',
		'not_json',
		'empty_body',
		'login_redirect',
		'session_refused',
	] as const)('tells %s as a refusal', (cause) => {
		expect(pushed(report('bp-spender', [failed(cause)])).session).toEqual({
			mam_farming_cookie_expired: 0,
			[`mam_session_refused{cause="${cause}"}`]: 1,
		});
	});

	it('accident 18: does not read expired for a disabled account', () => {
		const { session } = pushed(report('bp-spender', [failed('account_disabled')]));
		expect(session).toEqual({
			mam_farming_cookie_expired: 0,
			'mam_session_refused{cause="account_disabled"}': 1,
		});
	});

	it.each(['timeout', 'unreachable', 'client_unreachable', 'bad_parameter'] as const)(
		'stays as it was after %s, which says nothing of the session',
		(cause) => {
			expect(pushed(report('bp-spender', [failed(cause)])).session).toBeUndefined();
		},
	);
});

describe('any items at all', () => {
	const hostile = fc.oneof(
		fc.string({ unit: 'binary', maxLength: 300 }),
		fc.constantFrom(
			'"} 1\n# TYPE x counter',
			'={{ $json }}',
			'__proto__',
			'\u0000'.repeat(9),
			'x'.repeat(10_000),
		),
	);
	const garbage = fc.anything({ maxDepth: 2, values: [hostile, fc.double(), fc.constant(null)] });
	const keys = fc.constantFrom(
		...[
			'summary',
			'error',
			'message',
			'details',
			'deleted',
			'bought',
			'simulated',
			'result',
			'reason',
		],
		...[
			'counts',
			'numbers',
			'planned',
			'account',
			'failure',
			'lines',
			'line',
			'dryRun',
			'amountGiB',
			'weeks',
		],
	);
	const operation = fc.constantFrom('guardAccount', 'rankCandidates', 'judgeTorrents', 'planSpend');
	const nearlySummary = fc
		.tuple(
			operation,
			fc.record(
				{
					counts: fc.dictionary(hostile, fc.double()),
					numbers: fc.dictionary(fc.constantFrom('selected', 'buyGiB', 'preserved_hnr'), garbage),
					planned: fc.dictionary(hostile, fc.double()),
					account: fc.dictionary(fc.constantFrom(...Object.keys(account)), garbage),
					lines: garbage,
					failure: garbage,
				},
				{ requiredKeys: [] },
			),
		)
		.map(([name, fields]) => ({ summary: name, ...fields }));
	const item = fc.oneof(
		garbage,
		fc.dictionary(keys, garbage),
		nearlySummary,
		fc.constantFrom(...grabs5),
	);

	it('make a report: well-formed bodies of known metrics, and always the group of the run', () => {
		fc.assert(
			fc.property(fc.constantFrom(...JOBS), fc.boolean(), fc.array(item), (job, manual, items) => {
				const outcome = report(job, items, { manual });
				const groups = pushes(outcome, 'http://gateway');
				const first = outcome.dryRun ? 'dry_run' : 'flow';
				expect(groups[0].group).toBe(first);
				for (const { group, body } of groups) {
					for (const [name, { type }] of Object.entries(parseExposition(body))) {
						const definition = METRICS[name as MetricName];
						expect(definition.groups).toContain(group);
						expect(type).toBe('gauge');
					}
				}
				for (const line of lines(outcome)) expect(line).toMatch(/^[^\n\r]{0,1000}$/);
				expect(headline(outcome)).toContain('Done:');
				const { message, sentences } = reportItem(outcome);
				expect(message).not.toBe('');
				for (const sentence of sentences) expect(sentence).toMatch(/^[^\n\r]{0,1000}$/);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('gatewayUrl', () => {
	it.each([
		['http://pushgateway:9091', 'http://pushgateway:9091'],
		['http://pushgateway:9091/', 'http://pushgateway:9091'],
		['https://monitoring.example/push//', 'https://monitoring.example/push'],
		['http://[::1]:9091', 'http://[::1]:9091'],
	])('takes %p', (value, url) => {
		expect(gatewayUrl(value)).toEqual({ url });
	});

	it('pushes nowhere without an address', () => {
		expect(gatewayUrl('')).toEqual({ url: null });
	});

	it.each([
		'pushgateway:9091',
		'not an address',
		'ftp://pushgateway',
		'http://user:secret@pushgateway:9091',
		'http://pushgateway:9091/?x=1',
		'http://pushgateway:9091/#x',
	])('refuses %p with a fix that does not repeat it', (value) => {
		expect(gatewayUrl(value)).toEqual({ fix: expect.not.stringContaining('secret') });
	});
});

test.each<[string, string]>([
	[
		'pushgateway',
		'enter an address such as http://pushgateway:9091, or leave it empty to push nothing.',
	],
	['ftp://pushgateway', 'enter an address that starts with http:// or https://.'],
	[
		'http://user@pushgateway',
		'leave user and password out of the address; set them on the step that pushes.',
	],
	[
		'http://:word@pushgateway',
		'leave user and password out of the address; set them on the step that pushes.',
	],
	['http://pushgateway?a', 'leave out everything from the ? or # on.'],
	['http://pushgateway#a', 'leave out everything from the ? or # on.'],
])('%p says what to do: %s', (address, fix) => {
	expect(gatewayUrl(address)).toEqual({ fix });
});
