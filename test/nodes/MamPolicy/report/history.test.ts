import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { reportHistory } from '../../../../nodes/MamPolicy/operations/reportHistory.operation';
import { barChart, lineChart } from '../../../../nodes/MamPolicy/report/charts';
import { missingRows, readRows, totalsOf } from '../../../../nodes/MamPolicy/report/history';
import { historyReport } from '../../../../nodes/MamPolicy/report/historyPage';
import { runPlainOperation } from '../../../../nodes/shared/operation';
import { failed } from './runs';
import { monthOfRuns, row } from '../../../../dev/demo/recordedMonth.cjs';

const NOW = new Date('2026-11-27T08:00:00.000Z');
const HOUR = 3_600_000;
const ago = (hours: number) => NOW.getTime() - hours * HOUR;

function reportOn(rows: unknown[], instance = '', timeZone = 'UTC') {
	return historyReport(readRows(rows, instance, NOW), instance, NOW, timeZone);
}

describe('the rows of the record', () => {
	it('are read oldest first, without dry runs, other instances, and what is not a row', () => {
		const rows = readRows(
			[
				row('janitor', ago(1), { deleted: 'never_started=2, unregistered=1' }),
				row('janitor', ago(2)),
				row('janitor', ago(3), { outcome: 'dry_run' }),
				row('janitor', ago(4), { instance: 'seedbox' }),
				row('janitor', ago(32 * 24)),
				row('janitor', ago(-1)),
				row('sweeper', ago(1)),
				row('janitor', ago(1), { outcome: 'odd' }),
				{ ...row('janitor', ago(1)), at: 'yesterday' },
				{},
				null,
				'row',
			],
			'',
			NOW,
		);
		expect(rows.map(({ at }) => at)).toEqual([ago(2), ago(1)]);
		expect(rows[1].deleted).toEqual([
			['never_started', 2],
			['unregistered', 1],
		]);
		expect(
			readRows([row('janitor', ago(4), { instance: 'seedbox' })], 'seedbox', NOW),
		).toHaveLength(1);
	});

	it('count what was uploaded, not what was bought or what the site shows late', () => {
		const upload = (hours: number, uploadedGiB: number, spent = 0) =>
			row(spent > 0 ? 'spender' : 'grabber', ago(hours), { uploadedGiB, spent });
		const rows = [
			upload(6, 10),
			upload(5, 11),
			upload(4, 61, 25_000),
			upload(3, 11),
			upload(2, 62),
		];
		expect(totalsOf(readRows(rows, '', NOW))).toMatchObject({ gainedGiB: 2, spent: 25_000 });
	});

	it('are missed after more than two intervals of their flow, once for all flows', () => {
		const rows = [
			row('janitor', ago(10)),
			row('janitor', ago(9.5)),
			row('janitor', ago(5)),
			row('grabber', ago(9.4)),
			row('grabber', ago(4.9)),
			row('spender', ago(11)),
		];
		expect(missingRows(readRows(rows, '', NOW), NOW)).toEqual([
			{ flows: ['grabber', 'janitor'], from: ago(9.5), to: NOW.getTime() },
		]);
		const later = [...rows, row('janitor', ago(4.6)), row('grabber', ago(4.5))];
		expect(missingRows(readRows(later, '', NOW), new Date(ago(4.4)))).toEqual([
			{ flows: ['grabber', 'janitor'], from: ago(9.5), to: ago(4.9) },
		]);
	});
});

describe('the daily report', () => {
	const month = monthOfRuns(NOW);

	it('says what the last day and week came to, and when rows are missing', () => {
		const { message } = reportOn(month);
		expect(message.split('\n')).toEqual([
			expect.stringMatching(
				/^Last 24 hours: \d+ torrents grabbed; deleted: .+; none of 19\d runs failed\.$/,
			),
			expect.stringMatching(
				/^Last 7 days: \d+ torrents grabbed; deleted: .+; none of 1,\d+ runs failed\.$/,
			),
			expect.stringMatching(/^Now: ratio [\d.]+, [\d,]+ points, \d+ seeding\.$/),
			'No rows of grabber, janitor, keeper from 21 Nov, 22:02 to 22 Nov, 08:12: nothing ran, or the rows were lost.',
		]);
	});

	it.each([
		['32 days', monthOfRuns(NOW, 32), null],
		['30.5 days', [row('spender', ago(30.5 * 24)), row('spender', ago(1))], null],
		['20 days', monthOfRuns(NOW, 20), '7 Nov'],
		['an hour', [row('keeper', ago(1))], '27 Nov'],
		['nothing', [], null],
	])('of %s says when the record begins only if it is younger than the month', (_, rows, day) => {
		const { message, html } = reportOn(rows);
		const said = day === null ? [] : [`The record of the last 31 days begins on ${day}.`];
		expect(message.match(/The record.*/g) ?? []).toEqual(said);
		expect(html.match(/The record[^<]*/g) ?? []).toEqual(said);
	});

	it('has six charts that survive the HTML view of n8n, which drops svg and img', () => {
		const { html } = reportOn(month);
		expect(html.match(/url\('data:image\/svg\+xml,[^']+'\)/g)).toHaveLength(6);
		expect(html).not.toMatch(/<(svg|img|script)/);
		expect(html).not.toMatch(/ (?!class=|style=|lang=|charset=)[a-z-]+="/);
		expect(decodeURIComponent(html)).not.toMatch(/NaN|Infinity|undefined|null/);
		expect(html.length).toBeLessThan(60_000);
	});

	it('shows times in the time zone of the workflow', () => {
		expect(reportOn(month, '', 'Asia/Tokyo').message).toContain('from 22 Nov, 07:02 to');
	});

	it('names what failed, and lists the runs that acted', () => {
		const { message, html } = reportOn([
			row('grabber', ago(2), { outcome: 'failed', cause: 'dead_cookie' }),
			row('grabber', ago(1.5), { outcome: 'failed', cause: 'dead_cookie' }),
			row('spender', ago(1), { outcome: 'acted', acted: 1, spent: 25_000, points: 500 }),
		]);
		expect(message).toContain('failed runs of 3: 2 dead cookie.');
		expect(html).toContain('<td>failed: dead_cookie</td>');
		expect(html).toContain('<td>spent 25,000 points</td>');
	});

	it('is named after the instance', () => {
		expect(reportOn([row('keeper', ago(1), { instance: 'a&b' })], 'a&b').html).toContain(
			'<h1>MAM daily report (a&amp;b)</h1>',
		);
	});

	it('escapes whatever a row holds', () => {
		const cause = '<script>alert(1)</script>';
		const { html } = reportOn([row('grabber', ago(1), { outcome: 'failed', cause })]);
		expect(html).toContain('failed: &lt;script&gt;');
		expect(html).not.toContain('<script');
	});

	it('says what to check when nothing is recorded', () => {
		expect(reportOn([{}]).message).toMatch(
			/^No run is recorded for the last 31 days\. Check that .+, and that Instance in Settings is the one of those workflows\.$/,
		);
	});
});

describe('a chart', () => {
	it.each([[[5]], [[0, 0]], [[-3, null, 2]], [[1e9, 1e-9]]])('draws %j', (values) => {
		const labels = values.map((_, day) => `${day} Nov`);
		expect(lineChart(values, labels)).not.toMatch(/NaN|Infinity/);
		const bars = values.map((value) => Math.max(0, value ?? 0));
		expect(barChart([bars], labels)).not.toMatch(/NaN|Infinity/);
	});
});

describe('reportHistory', () => {
	async function run(items: unknown[], instance: unknown = '') {
		const parameters: Record<string, unknown> = { operation: 'reportHistory', instance };
		const context = {
			getInputData: () => items.map((json) => ({ json: json as IDataObject })),
			getNode: () => ({ name: 'Report History', parameters }),
			getNodeParameter: (name: string) => parameters[name],
			getTimezone: () => 'Europe/Berlin',
		} as unknown as IExecuteFunctions;
		const [output] = await runPlainOperation(context, [reportHistory]);
		expect(output).toHaveLength(1);
		return output[0].json;
	}

	it('returns one message and one page', async () => {
		const item = await run(monthOfRuns(new Date(), 3));
		expect(item).toEqual({
			title: 'MAM daily report',
			message: expect.stringContaining('Last 24 hours'),
			html: expect.stringContaining('<!DOCTYPE html>'),
		});
	});

	it('says why the record could not be read', async () => {
		expect(await run([failed('unknown')])).toMatchObject({
			message: 'The record of the runs could not be read: It ended as unknown. Do this next.',
		});
		expect(await run([], null)).toMatchObject({
			message: expect.stringContaining('Instance'),
		});
	});
});
