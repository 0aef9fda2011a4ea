import { barChart, COLOURS, escapeMarkup, lineChart } from './charts';
import { beginsLate, byDay, HISTORY_DAYS, lastDays, missingRows, totalsOf } from './history';
import type { Day, Row, Totals } from './history';
import { sumOf } from './items';
import { counted, reasonList, reasonWords, thousands } from './sentences';

/** Points of a line within a day. */
const POINTS_PER_DAY = 4;

/** The newest runs that are listed one by one. */
const LISTED_RUNS = 25;

/** Gaps that are listed one by one, the newest. */
const LISTED_GAPS = 5;

/** The daily report. */
export interface HistoryReport {
	title: string;
	message: string;
	html: string;
}

function decimals(value: number): string {
	return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** A figure under a chart: without decimals where they would say nothing. */
function figure(value: number): string {
	return value >= 1000 ? thousands(value) : decimals(value);
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The last known value of `field`; null without one. */
function latest(rows: Row[], field: 'ratio' | 'points' | 'seeding'): number | null {
	return rows.flatMap((row) => row[field] ?? []).slice(-1)[0] ?? null;
}

/** Whose count of seeding torrents is shown: the keeper's, which is MAM's share of the client, or else the site's. */
function seedingRows(rows: Row[]): Row[] {
	const own = rows.filter(({ flow, seeding }) => flow === 'keeper' && seeding !== null);
	return own.length > 0 ? own : rows;
}

function periodSentence(
	name: string,
	{ failed, runs, grabbed, deleted, spent, gainedGiB }: Totals,
) {
	const deletions = reasonList(deleted);
	const parts = [
		`${counted(grabbed, 'torrent')} grabbed`,
		deletions === '' ? 'none deleted' : `deleted: ${deletions}`,
		...(spent > 0 ? [`${thousands(spent)} points spent`] : []),
		...(gainedGiB > 0 ? [`${decimals(gainedGiB)} GiB uploaded`] : []),
		failed.size === 0
			? `none of ${thousands(runs)} runs failed`
			: `failed runs of ${thousands(runs)}: ${reasonList(failed)}`,
	];
	return `${name}: ${parts.join('; ')}.`;
}

function nowSentence(rows: Row[]): string[] {
	const [ratio, points] = [latest(rows, 'ratio'), latest(rows, 'points')];
	const seeding = latest(seedingRows(rows), 'seeding');
	const parts = [
		...(ratio === null ? [] : [`ratio ${decimals(ratio)}`]),
		...(points === null ? [] : [`${thousands(points)} points`]),
		...(seeding === null ? [] : [`${thousands(seeding)} seeding`]),
	];
	return parts.length === 0 ? [] : [`Now: ${parts.join(', ')}.`];
}

class Page {
	private readonly days: Day[];

	private readonly labels: string[];

	private readonly time: Intl.DateTimeFormat;

	constructor(
		private readonly rows: Row[],
		private readonly instance: string,
		private readonly now: Date,
		timeZone: string,
	) {
		this.days = byDay(rows, now, timeZone);
		this.labels = this.days.map(({ label }) => label);
		this.time = new Intl.DateTimeFormat('en-GB', {
			timeZone,
			...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
		});
	}

	report(): HistoryReport {
		const sentences = this.sentences();
		const parts =
			this.rows.length === 0
				? []
				: [
						this.totalsTable(),
						`<div class="charts">${this.charts().join('')}</div>`,
						this.runsTable(),
					];
		return page(this.instance, sentences, parts);
	}

	private sentences(): string[] {
		if (this.rows.length === 0) {
			return [
				`No run is recorded for the last ${HISTORY_DAYS} days. Check that the workflows are published, that the table exists, that Keep Record is active, and that Instance in Settings is the one of those workflows.`,
			];
		}
		return [
			periodSentence('Last 24 hours', totalsOf(lastDays(this.rows, 1, this.now))),
			periodSentence('Last 7 days', totalsOf(lastDays(this.rows, 7, this.now))),
			...nowSentence(this.rows),
			...this.beginSentence(),
			...this.gapSentences(),
		];
	}

	private beginSentence(): string[] {
		if (!beginsLate(this.rows, this.now)) return [];
		return [`The record of the last ${HISTORY_DAYS} days begins on ${this.labels[0]}.`];
	}

	private gapSentences(): string[] {
		const gaps = missingRows(this.rows, this.now);
		const listed = gaps
			.slice(-LISTED_GAPS)
			.map(
				({ flows, from, to }) =>
					`No rows of ${flows.join(', ')} from ${this.time.format(from)} to ${this.time.format(to)}: nothing ran, or the rows were lost.`,
			);
		const more = gaps.length - listed.length;
		return more > 0 ? [...listed, `${counted(more, 'earlier gap')} not listed.`] : listed;
	}

	/** Day, week and month side by side. */
	private totalsTable(): string {
		const periods = [1, 7, HISTORY_DAYS].map((days) =>
			totalsOf(lastDays(this.rows, days, this.now)),
		);
		const line = (name: string, cell: (totals: Totals) => string) =>
			`<tr><th>${escapeMarkup(name)}</th>${periods.map((totals) => `<td>${escapeMarkup(cell(totals))}</td>`).join('')}</tr>`;
		const reasons = [...totalsOf(this.rows).deleted.keys()];
		return [
			'<table><tr><th></th><th>24 hours</th><th>7 days</th><th>31 days</th></tr>',
			line('Torrents grabbed', ({ grabbed }) => thousands(grabbed)),
			...reasons.map((reason) =>
				line(`Deleted: ${reasonWords(reason)}`, ({ deleted }) =>
					thousands(deleted.get(reason) ?? 0),
				),
			),
			line('Uploaded', ({ gainedGiB }) => `${decimals(gainedGiB)} GiB`),
			line('Points spent', ({ spent }) => thousands(spent)),
			line('Runs', ({ runs }) => thousands(runs)),
			line('Failed runs', ({ failed }) => thousands(sumOf(failed))),
			'</table>',
		].join('');
	}

	private charts(): string[] {
		const perDay = (value: (rows: Row[]) => number) => this.days.map(({ rows }) => value(rows));
		const reasons = [...totalsOf(this.rows).deleted.keys()];
		const deletions = reasons.map((reason) =>
			perDay((rows) => totalsOf(rows).deleted.get(reason) ?? 0),
		);
		return [
			this.line('Ratio', 'ratio', this.rows),
			this.line('Bonus points', 'points', this.rows),
			this.line('Torrents seeding', 'seeding', seedingRows(this.rows)),
			this.bars('Uploaded per day (GiB, without bought credit)', [
				perDay((rows) => totalsOf(rows).gainedGiB),
			]),
			this.bars('Deletions per day', deletions, reasons.map(reasonWords)),
			this.bars('Points spent per day', [perDay((rows) => totalsOf(rows).spent)]),
		];
	}

	private line(title: string, field: 'ratio' | 'points' | 'seeding', rows: Row[]): string {
		const own = new Set(rows);
		const values = this.days.flatMap((day) => {
			const known = day.rows.filter((row) => own.has(row) && row[field] !== null);
			return Array.from({ length: POINTS_PER_DAY }, (_, part) => {
				const [from, to] = [part, part + 1].map((at) =>
					Math.floor((known.length * at) / POINTS_PER_DAY),
				);
				return known.slice(from, to).pop()?.[field] ?? null;
			});
		});
		const known = values.filter((value): value is number => value !== null);
		if (known.length === 0) return card(title, '<p>Not recorded yet.</p>');
		const [first, last] = [known[0], known[known.length - 1]];
		const note = `Now ${figure(last)}; ${figure(first)} at the start.`;
		return card(title, `<p>${note}</p>${picture(lineChart(values, this.labels))}`);
	}

	private bars(title: string, series: number[][], names: string[] = []): string {
		const total = series.flat().reduce((sum, value) => sum + value, 0);
		if (total === 0) return card(title, '<p>None.</p>');
		const legend = names.map(
			(name, index) =>
				`<span class="key" style="border-color:${COLOURS[index % COLOURS.length]}">${escapeMarkup(name)}</span>`,
		);
		const note = legend.length > 0 ? legend.join(' ') : `${figure(total)} in all.`;
		return card(title, `<p>${note}</p>${picture(barChart(series, this.labels))}`);
	}

	/** The newest runs that did something or failed. */
	private runsTable(): string {
		const runs = this.rows.filter(({ outcome }) => outcome === 'acted' || outcome === 'failed');
		const lines = runs
			.slice(-LISTED_RUNS)
			.reverse()
			.map(
				(row) =>
					`<tr><td>${this.time.format(row.at)}</td><td>${capital(row.flow)}</td><td>${escapeMarkup(whatHappened(row))}</td></tr>`,
			);
		if (lines.length === 0) return '<h2>Runs that acted</h2><p>None.</p>';
		const heading =
			runs.length > LISTED_RUNS ? `, the latest ${LISTED_RUNS} of ${runs.length}` : '';
		return `<h2>Runs that acted or failed${heading}</h2><table class="runs">${lines.join('')}</table>`;
	}
}

function page(instance: string, sentences: string[], parts: string[]): HistoryReport {
	const title = `MAM daily report${instance === '' ? '' : ` (${instance})`}`;
	const text = sentences.map((sentence) => `<p>${escapeMarkup(sentence)}</p>`);
	const body = [`<h1>${escapeMarkup(title)}</h1>`, ...text, ...parts].join('');
	return {
		title,
		message: sentences.join('\n'),
		html: `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title><style>${CSS}</style></head><body><div class="page">${body}</div></body></html>`,
	};
}

function whatHappened({ flow, outcome, cause, acted, deleted, spent }: Row): string {
	if (outcome === 'failed') return `failed: ${cause}`;
	if (flow === 'grabber') return `grabbed ${counted(acted, 'torrent')}`;
	if (flow === 'janitor') return `deleted ${reasonList(deleted)}`;
	if (flow === 'spender') return `spent ${thousands(spent)} points`;
	return `corrected ${acted} settings or announces`;
}

function card(title: string, body: string): string {
	return `<div class="card"><h2>${escapeMarkup(title)}</h2>${body}</div>`;
}

/** A chart as a background: n8n's HTML view and some mail programs drop svg and img elements. */
function picture(svg: string): string {
	return `<div class="chart" style="background-image:url('data:image/svg+xml,${encodeURIComponent(svg).replace(/'/g, '%27')}')"></div>`;
}

const CSS = [
	':root{color-scheme:light dark}',
	'body{margin:0;background:Canvas;color:CanvasText;font:15px/1.45 system-ui,sans-serif}',
	'.page{max-width:980px;margin:0 auto;padding:16px}',
	'h1{font-size:22px;margin:0 0 8px}h2{font-size:15px;margin:16px 0 4px}p{margin:4px 0}',
	'table{border-collapse:collapse;margin:12px 0}td,th{padding:3px 12px 3px 0;text-align:right;font-weight:normal}',
	'th:first-child{text-align:left}.runs td{text-align:left;border-top:1px solid #8884}',
	'.charts{display:flex;flex-wrap:wrap;gap:16px}.card{flex:1 1 400px;border:1px solid #8884;border-radius:8px;padding:4px 12px 8px}',
	'.card h2{margin-top:6px}.chart{aspect-ratio:460/190;background-repeat:no-repeat;background-size:contain}',
	'.key{border-left:10px solid;padding-left:5px;margin-right:10px;white-space:nowrap}',
].join('');

/** The report when the record could not be read. */
export function unreadableRecord(
	instance: string,
	sentence: string,
	action: string,
): HistoryReport {
	return page(instance, [`The record of the runs could not be read: ${sentence} ${action}`], []);
}

/** The report over the recorded `rows`, newest last, for a person in `timeZone`. */
export function historyReport(
	rows: Row[],
	instance: string,
	now: Date,
	timeZone: string,
): HistoryReport {
	return new Page(rows, instance, now, timeZone).report();
}
