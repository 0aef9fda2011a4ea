import { headline, lines } from '../../../../nodes/MamPolicy/report/lines';
import { MOUSE } from '../decisions/builders';
import {
	bought50,
	deletion,
	deletions466,
	failed,
	grab,
	grabs5,
	judged501,
	plan50,
	ranked5,
	report,
	summary,
} from './runs';

describe('the lines of a run', () => {
	it('of the janitor', () => {
		expect(lines(report('farming-janitor', [...deletions466, judged501()]))).toEqual([
			'Judged 501 torrents',
			'Done: deleted=466 preserved_hnr=0 skipped_active=35 dry_run=False',
			'per reason: unregistered=0 never_started=466 stalled_old=0 graceful_retire=0 zero_demand=0 satisfied_redundant=0',
		]);
	});

	it('of a janitor with nothing to delete', () => {
		const judged = { ...judged501(), planned: {} };
		expect(lines(report('farming-janitor', [judged]))).toContain(
			'Done: deleted=0 preserved_hnr=0 skipped_active=35 dry_run=False',
		);
	});

	it('of a dry janitor name the candidates', () => {
		expect(lines(report('farming-janitor', [judged501(true)])).slice(1)).toEqual([
			'Done: deleted=0 candidates=466 preserved_hnr=0 skipped_active=35 dry_run=True',
			'candidates per reason: unregistered=0 never_started=466 stalled_old=0 graceful_retire=0 zero_demand=0 satisfied_redundant=0',
		]);
	});

	it('say what was left alone at the last moment', () => {
		const items = [deletion(0, { deleted: false, result: 'changed' })];
		expect(lines(report('farming-janitor', items))).toContain('not deleted: changed=1');
	});

	it('of the grabber', () => {
		const items = [ranked5, ...grabs5.slice(1), grab(1, 'no_longer_free')];
		expect(lines(report('freeleech-grabber', items))).toEqual([
			'Ranked 100 candidates',
			'Done: grabbed=4 dry_run=False',
			'not grabbed: no_longer_free=1',
		]);
	});

	it('of a dry grabber name how many it would take', () => {
		expect(lines(report('freeleech-grabber', [{ ...ranked5, dryRun: true }]))).toContain(
			'Done: grabbed=0 candidates=5 dry_run=True',
		);
	});

	it('of the spender', () => {
		expect(lines(report('bp-spender', [plan50, bought50]))).toContain(
			'Done: spent=50 GiB BP=551.5 dry_run=False',
		);
		expect(lines(report('bp-spender', [{ ...plan50, dryRun: true }]))).toContain(
			'Done: spent=0 GiB would_buy_gib=50 would_buy_weeks=0 BP=25551.5 dry_run=True',
		);
		const vip = { purchase: 'vip', bought: true, result: 'bought' };
		expect(lines(report('bp-spender', [vip]))).toContain('Done: spent=0 GiB vip=max dry_run=False');
	});

	it('name each cause of a failed run once, with its first sentence', () => {
		const failures = [1, 2, 3].map((id) => failed('client_unreachable', { id }));
		expect(lines(report('freeleech-grabber', [...failures, failed('dead_cookie')]))).toEqual([
			'Done: grabbed=0 dry_run=False',
			'Failed: cause=client_unreachable (3 times) node="A step" operation=torrent:get It ended as client_unreachable.',
			'Failed: cause=dead_cookie node="A step" operation=torrent:get It ended as dead_cookie.',
		]);
	});

	it('name no torrent', () => {
		const hash = '0123456789abcdef'.repeat(4).slice(0, 40);
		const held = summary('judgeTorrents', { lines: [`Kept ${hash}.`, `${hash}${hash.slice(16)}`] });
		expect(lines(report('farming-janitor', [held])).slice(0, 2)).toEqual([
			'Kept a torrent.',
			'a torrent',
		]);
	});

	it('stay lines whatever text comes in', () => {
		const hostile = `<b>${'x'.repeat(10_000)}\r\n"quoted"\u0000\u202e`;
		const held = summary('judgeTorrents', { lines: ['a\nb', hostile] });
		const [first, second] = lines(report('farming-janitor', [held]));
		expect(first).toBe('a b');
		expect(second).toHaveLength(1000);
	});
});

describe('the headline', () => {
	it('holds the decision and the ending', () => {
		const line = 'Skip grab: ratio=0.0 class=Mouse (floor=1.2) reason=mouse_class';
		const guard = summary('guardAccount', { line, account: MOUSE });
		expect(headline(report('freeleech-grabber', [guard]))).toBe(
			`${line} | Done: grabbed=0 dry_run=False`,
		);
	});

	it('begins with why the run failed', () => {
		expect(headline(report('bp-spender', [failed('dead_cookie')]))).toBe(
			'Failed: cause=dead_cookie node="A step" operation=torrent:get It ended as dead_cookie. | Done: spent=0 GiB dry_run=False',
		);
	});
});
