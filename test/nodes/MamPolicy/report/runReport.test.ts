import type { Job } from '../../../../nodes/MamPolicy/report/definitions';
import type { Cause, FailureItem } from '../../../../nodes/shared/types';
import { NOTHING_PLANNED } from '../decisions/builders';
import {
	bought50,
	deletion,
	deletions466,
	failed,
	failure,
	grab,
	grabs5,
	judged501,
	plan50,
	ranked5,
	report,
	summary,
} from './runs';

/** How the download step answers for a torrent that is no longer free. */
const NO_LONGER_FREE = { result: 'no_longer_free', skipped: true, reason: 'no_longer_free' };

function causes(...run: Parameters<typeof report>): Cause[] {
	return report(...run).failures.map(({ cause }) => cause);
}

describe('a run fails', () => {
	it('with cause, sentence, action, deadline, node and operation of the step that failed', () => {
		const item = {
			id: 4,
			error: 'The site refuses calls.',
			message: 'Wait.',
			details: {
				cause: 'rate_limited',
				node: 'Get Account',
				operation: 'account:get',
				until: '2026-11-23T12:30:00.000Z',
			},
		};
		expect(report('freeleech-grabber', [item]).failures).toEqual([
			{
				cause: 'rate_limited',
				message: 'The site refuses calls.',
				action: 'Wait.',
				until: '2026-11-23T12:30:00.000Z',
				node: 'Get Account',
				operation: 'account:get',
			},
		]);
	});

	it("with the step's cause first, before the no_data of the policy after it, in any order", () => {
		const held = summary('judgeTorrents', {
			failure: failure('no_data', 'No records.'),
		});
		const items = [held, failed('client_unreachable')];
		expect(causes('farming-janitor', items)).toEqual(['client_unreachable', 'no_data']);
		expect(causes('farming-janitor', items.reverse())).toEqual(['client_unreachable', 'no_data']);
	});

	it('once, when a policy passes on the failure that reached it', () => {
		const item = failed('client_unreachable') as FailureItem;
		const passed = [summary('reconcilePreferences', { failure: item })];
		const both = [...passed, summary('summarizeTrackers', { failure: item })];
		for (const items of [both, [item, ...both]]) {
			expect(report('client-keeper', items).failures).toMatchObject([
				{ cause: 'client_unreachable', node: 'A step', operation: 'torrent:get' },
			]);
		}
	});

	it('in the name of the report, when a result is missing', () => {
		expect(report('bp-spender', [plan50]).failures).toMatchObject([
			{ cause: 'spend_unknown', node: 'Report Run', operation: 'reportMetrics' },
		]);
	});

	it('when the plan was skipped by the step for the other kind, and nobody else answered', () => {
		const skipped = { purchase: 'upload', skipped: true, reason: 'other_purchase' };
		expect(causes('bp-spender', [plan50, skipped])).toEqual(['spend_unknown']);
		expect(causes('bp-spender', [plan50, skipped, bought50])).toEqual([]);
	});

	it('with what explains it first, when a later step only refuses the failure it was given', () => {
		const items = [failed('no_data'), { error: 'Refused.' }, failed('bad_parameter')];
		expect(causes('freeleech-grabber', items)).toEqual(['bad_parameter', 'unknown', 'no_data']);
	});

	it('when a policy says so', () => {
		const bad = summary('planSpend', {
			failure: failure('bad_parameter', 'pointsPerGiB must be above 0.'),
		});
		expect(report('bp-spender', [bad]).failures).toMatchObject([
			{
				cause: 'bad_parameter',
				message: 'pointsPerGiB must be above 0.',
				action: 'Do this next.',
			},
		]);
	});

	it.each([
		['an error that is an object', { error: { message: 'Refused.' } }, 'Refused.'],
		['an error without details', { error: 'Refused.' }, 'Refused.'],
		['a cause that nobody knows', { error: 'Refused.', details: { cause: 'x"y' } }, 'Refused.'],
		['an error without words', { error: true }, 'A step failed without saying why.'],
	])('as unknown on %s', (_, item, message) => {
		expect(report('bp-spender', [item]).failures).toMatchObject([{ cause: 'unknown', message }]);
	});

	it('when deletions that were planned are missing', () => {
		const [failure] = report('farming-janitor', [judged501(), ...deletions466.slice(6)]).failures;
		expect(failure.cause).toBe('delete_incomplete');
		expect(failure.message).toContain('6 of 466');
	});

	it('when the client did not delete what it should have', () => {
		const items = [
			judged501(),
			...deletions466.slice(1),
			deletion(0, { deleted: false, result: 'failed' }),
		];
		expect(causes('farming-janitor', items)).toEqual(['delete_incomplete']);
	});

	it('when a planned purchase has no result, because silence proves nothing', () => {
		expect(causes('bp-spender', [plan50])).toEqual(['spend_unknown']);
		const planOnItsWay = { purchase: 'upload', amountGiB: 50, plannedAt: '2026-11-23T12:00:00Z' };
		expect(causes('bp-spender', [plan50, planOnItsWay])).toEqual(['spend_unknown']);
	});

	it('when the site refused the purchase', () => {
		const refused = { ...bought50, bought: false, result: 'stale_plan' };
		expect(causes('bp-spender', [plan50, refused])).toEqual(['stale_plan']);
	});

	it('when the site no longer has the page that sells, which is not about one torrent', () => {
		const details = {
			cause: 'gone',
			node: 'Buy Upload',
			operation: 'bonus:buyUpload',
			until: null,
		};
		const missing = { error: 'MyAnonamouse does not have it (HTTP 404).', message: '', details };
		expect(causes('bp-spender', [plan50, missing])).toEqual(['gone']);
	});

	it('when torrents were selected and none came back', () => {
		expect(causes('freeleech-grabber', [ranked5])).toEqual(['unknown']);
	});

	it('when some of the selected torrents came back without a result', () => {
		const [failure] = report('freeleech-grabber', [ranked5, grab(1), failed('gone')]).failures;
		expect(failure.message).toContain('5 torrents were selected, but 3');
	});

	it('when torrents were to be announced again, and none came back', () => {
		const decided = [
			summary('reconcilePreferences'),
			summary('summarizeTrackers', { numbers: { transient_failure: 2 } }),
		];
		expect(causes('client-keeper', decided)).toEqual(['unknown']);
		expect(causes('client-keeper', [...decided, { hash: 'a', result: 'done' }])).toEqual([]);
		expect(causes('client-keeper', [...decided, { hash: 'a', result: 'gone' }])).toEqual([]);
		expect(causes('client-keeper', [decided[0], { ...decided[1], dryRun: true }])).toEqual([]);
	});

	it('once, when the site had nothing but bad files for it', () => {
		const bad = [1, 2, 3, 4, 5].map((id) => failed('bad_torrent', { id }));
		expect(causes('freeleech-grabber', [ranked5, ...bad])).toEqual(['bad_torrent']);
		expect(causes('freeleech-grabber', [ranked5, grab(1), ...bad.slice(1)])).toEqual([]);
		const gone = [1, 2, 3, 4, 5].map((id) => failed('gone', { id }));
		const ranked1 = { ...ranked5, numbers: { ...ranked5.numbers, selected: 1 } };
		expect(causes('freeleech-grabber', [ranked5, ...gone])).toEqual(['gone']);
		expect(causes('freeleech-grabber', [ranked5, gone[0], ...bad.slice(1)])).toEqual(['gone']);
		expect(causes('freeleech-grabber', [ranked5, failed('vip_only'), ...bad])).toEqual([]);
		expect(causes('freeleech-grabber', [ranked1, bad[0]])).toEqual([]);
	});

	it('when the one selected torrent had no file in three runs in a row', () => {
		const ranked1 = { ...ranked5, numbers: { ...ranked5.numbers, selected: 1 } };
		const none = { ...ranked5, numbers: { ...ranked5.numbers, selected: 0 } };
		const runs = [
			[ranked1, failed('gone')],
			[none],
			[ranked1, failed('bad_torrent')],
			[ranked1, grab(1, 'no_longer_free')],
			[ranked1, failed('gone')],
			[ranked1, failed('gone')],
			[ranked1, grab(1)],
			[ranked1, failed('gone')],
		];
		let badFileRuns = 0;
		const seen = runs.map((items) => {
			const outcome = report('freeleech-grabber', items, { badFileRuns });
			({ badFileRuns } = outcome);
			return outcome.failures.map(({ cause, message }) => `${cause}: ${message}`);
		});
		const after = (count: number) => [
			`gone: No .torrent file could be downloaded in ${count} runs in a row. It ended as gone.`,
		];
		expect(seen).toEqual([[], [], [], [], after(3), after(4), [], []]);
	});
});

it('a client that takes no file fails the third run in a row', () => {
	const five = (result: string) => [1, 2, 3, 4, 5].map((id) => grab(id, result));
	let badFileRuns = 0;
	const failuresOf = (items: object[]) => {
		const outcome = report('freeleech-grabber', [ranked5, ...items], { badFileRuns });
		({ badFileRuns } = outcome);
		return outcome.failures.map(({ message }) => message);
	};
	expect(failuresOf(five('invalid'))).toEqual([]);
	expect(failuresOf(five('invalid'))).toEqual([]);
	expect(failuresOf([failed('gone'), ...five('invalid').slice(1)])).toEqual([
		'qBittorrent accepted none of the selected torrents in 3 runs in a row.',
	]);
	expect(failuresOf([grab(1), ...five('invalid').slice(1)])).toEqual([]);
	expect(failuresOf(five('invalid'))).toEqual([]);
	for (let run = 0; run < 3; run++) expect(failuresOf(five('pending'))).toEqual([]);
});

describe('a run without results fails', () => {
	const passed = summary('guardAccount', { counts: { passed: 1 } });

	it.each([
		['freeleech-grabber', [], 'rankCandidates'],
		['freeleech-grabber', [passed], 'rankCandidates'],
		['farming-janitor', [{ timestamp: '2026-11-23T12:00:00.000Z' }], 'judgeTorrents'],
		['bp-spender', [{ empty: true }], 'planSpend'],
		['client-keeper', [summary('reconcilePreferences')], 'summarizeTrackers'],
		[
			'client-keeper',
			[summary('reconcilePreferences'), { drift: [], changed: false, remaining: [] }],
			'summarizeTrackers',
		],
	] as const)('%s %#', (job, items, silent) => {
		const { failures } = report(job, [...items]);
		expect(failures.map(({ cause }) => cause)).toEqual(['no_data']);
		expect(failures[0].message).toContain(`before ${silent}`);
	});
});

describe('a run does not fail', () => {
	it.each([
		['when there was nothing to judge', 'farming-janitor', [summary('judgeTorrents')]],
		[
			'when the guard held, so nobody looked',
			'freeleech-grabber',
			[summary('guardAccount', { counts: { mouse_class: 1 } })],
		],
		['when it did what it planned', 'farming-janitor', [judged501(), ...deletions466]],
		[
			'for torrents that changed or went meanwhile',
			'farming-janitor',
			[
				judged501(),
				...deletions466.slice(3),
				deletion(0, { deleted: false, result: 'changed' }),
				deletion(1, { deleted: false, result: 'gone' }),
				deletion(2, { deleted: false, result: 'partial_selection' }),
			],
		],
		[
			'for one odd torrent',
			'freeleech-grabber',
			[
				ranked5,
				...grabs5.slice(3),
				failed('gone', { id: 1 }),
				failed('vip_only', { id: 2 }),
				failed('bad_torrent', { id: 3 }),
			],
		],
		[
			'when no torrent was free any more, so the add step skipped all',
			'freeleech-grabber',
			[ranked5, ...[1, 2, 3, 4, 5].map((id) => ({ id, ...NO_LONGER_FREE }))],
		],
		['on a dry run without results', 'bp-spender', [{ ...plan50, dryRun: true }]],
		[
			'when the acting step only simulates',
			'farming-janitor',
			[judged501(), ...deletions466.map((item) => ({ ...item, deleted: false, simulated: true }))],
		],
	] as const)('%s', (_, job, items) => {
		expect(report(job, [...items]).failures).toEqual([]);
	});
});

describe('what a run did', () => {
	it('counts additions, not other results', () => {
		const items = [...grabs5, grab(6, 'duplicate'), grab(7, 'pending'), failed('gone', grab(8))];
		const outcome = report('freeleech-grabber', [...items, { id: 9, ...NO_LONGER_FREE }]);
		expect(outcome.grabbed).toBe(5);
		expect([...outcome.skipped]).toEqual([
			['duplicate', 1],
			['pending', 1],
			['no_longer_free', 1],
			['gone', 1],
		]);
	});

	it('counts an item that a step skipped as an answer, by its reason', () => {
		const skipped = [1, 2, 3, 4, 5].map((id) => ({ id, skipped: true, reason: 'wedge_missing' }));
		const outcome = report('freeleech-grabber', [ranked5, ...skipped]);
		expect(outcome.failures).toEqual([]);
		expect([...outcome.skipped]).toEqual([['wedge_missing', 5]]);
	});

	it('is nothing when everything was simulated', () => {
		const simulated = [...grabs5, deletion(1), bought50].map((item) => ({
			...item,
			simulated: true,
		}));
		const outcome = report('bp-spender', simulated);
		expect([outcome.grabbed, outcome.purchases]).toEqual([0, []]);
		expect([...outcome.deleted.values()]).toEqual([0, 0, 0, 0, 0, 0]);
	});

	it('ignores items that tell nothing', () => {
		const record = { id: 3, title: 'A torrent record', sizeBytes: 5, seeders: 3 };
		const outcome = report('freeleech-grabber', [ranked5, ...grabs5, record, {}, null, 7]);
		expect(outcome).toMatchObject({ grabbed: 5, failures: [] });
	});
});

describe('a dry run', () => {
	it('is what the deciding policy says, not how n8n was started', () => {
		expect(report('farming-janitor', [judged501(true)], { manual: false }).dryRun).toBe(true);
		expect(report('farming-janitor', [judged501(false)], { manual: true }).dryRun).toBe(false);
	});

	it('a run in which one policy acts is not a dry run, and what the dry one planned is not missed', () => {
		const acting = summary('summarizeTrackers');
		const dry = summary('reconcilePreferences', { numbers: { max_uploads: 1 }, dryRun: true });
		const outcome = report('client-keeper', [acting, dry]);
		expect([outcome.dryRun, outcome.failures]).toEqual([false, []]);
		expect(report('client-keeper', [{ ...acting, dryRun: true }, dry]).dryRun).toBe(true);
	});

	it('is a manual run whose deciding policy never spoke', () => {
		// The guard has no dry run of its own: its `false` says nothing.
		const guard = summary('guardAccount', { counts: { mouse_class: 1 }, dryRun: false });
		for (const items of [[], [guard], [failed('dead_cookie')]]) {
			expect(report('freeleech-grabber', items, { manual: true }).dryRun).toBe(true);
			expect(report('freeleech-grabber', items, { manual: false }).dryRun).toBe(false);
		}
	});
});

describe('items that lack words', () => {
	const messages = (items: unknown[], job: Job = 'bp-spender') =>
		report(job, items).failures.map(({ message }) => message);

	it('of a purchase that was not made', () => {
		expect(messages([plan50, { ...bought50, bought: false, result: '' }])).toEqual([
			'The planned purchase was not made: no reason given.',
		]);
	});

	it('of a deletion that did not happen', () => {
		const { skipped } = report('farming-janitor', [deletion(1, { deleted: false, result: '' })]);
		expect([...skipped]).toEqual([['unknown', 1]]);
	});

	it('of a Summary with one line only', () => {
		const { summaries } = report('bp-spender', [{ ...plan50, lines: undefined }]);
		expect(summaries[0].lines).toEqual([plan50.line]);
	});
});

describe('what really happened', () => {
	it('counts a deletion only when the torrent is gone', () => {
		const { deleted } = report('farming-janitor', [
			deletion(1),
			deletion(2, { deleted: false, result: 'changed' }),
		]);
		expect(deleted.get('never_started')).toBe(1);
	});

	it('adds the deletions that were refused to those that never came back', () => {
		const refused = deletion(1, { deleted: false, result: 'failed' });
		const planned = summary('judgeTorrents', { planned: { ...NOTHING_PLANNED, never_started: 3 } });
		expect(report('farming-janitor', [planned, refused]).failures[0].message).toBe(
			'3 of 3 planned deletions were not carried out.',
		);
	});

	it('counts no figures of a purchase that was not made', () => {
		const { account } = report('bp-spender', [plan50, { ...bought50, bought: false }]);
		expect(account?.bonusPoints).toBe(plan50.account?.bonusPoints);
	});

	it('calls a planned purchase of VIP without a result unknown, too', () => {
		const vip = summary('planSpend', { numbers: { buyGiB: 0, buyWeeks: 4 } });
		expect(causes('bp-spender', [vip])).toEqual(['spend_unknown']);
		const none = summary('planSpend', { numbers: { buyGiB: 0, buyWeeks: 0 } });
		expect(causes('bp-spender', [none])).toEqual([]);
	});
});
