import { isRecord } from '../../shared/json';
import { FLOW_NAMES } from './definitions';
import type { FlowName } from './definitions';
import { OUTCOMES } from './reportItem';
import type { OutcomeName } from './reportItem';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The longest that the report looks back. */
export const HISTORY_DAYS = 31;

/** Time between two runs of each flow, as shipped. */
const INTERVAL_MS: Record<FlowName, number> = {
	grabber: 30 * MINUTE_MS,
	janitor: 15 * MINUTE_MS,
	keeper: 30 * MINUTE_MS,
	spender: 6 * 60 * MINUTE_MS,
};

/** One recorded run; what is not known is null. */
export interface Row {
	flow: FlowName;
	outcome: OutcomeName;
	cause: string;
	/** Unix milliseconds. */
	at: number;
	acted: number;
	/** Bonus points of the account, and those that the run spent. */
	points: number | null;
	spent: number;
	seeding: number | null;
	ratio: number | null;
	uploadedGiB: number | null;
	/** What the upload grew by since the row before, without what was bought. */
	gainedGiB: number;
	/** Deletions by reason. */
	deleted: Array<[reason: string, count: number]>;
}

/** A number of a row, whose absence is null. */
function numberOrNull(value: unknown): number | null {
	return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Reads `never_started=2, unregistered=1`. */
function readDeleted(value: unknown): Array<[string, number]> {
	return [...String(value ?? '').matchAll(/([a-z_]+)=(\d+)/g)].map(([, reason, count]) => [
		reason,
		Number(count),
	]);
}

function readRow(json: Record<string, unknown>): Row | null {
	const flow = FLOW_NAMES.find((name) => name === json.flow);
	const outcome = OUTCOMES.find((name) => name === json.outcome);
	const at = json.at instanceof Date ? json.at.getTime() : Date.parse(String(json.at));
	if (flow === undefined || outcome === undefined || Number.isNaN(at)) return null;
	return {
		...{ flow, outcome, at },
		cause: typeof json.cause === 'string' ? json.cause : '',
		acted: numberOrNull(json.acted) ?? 0,
		points: numberOrNull(json.points),
		spent: numberOrNull(json.spent) ?? 0,
		seeding: numberOrNull(json.seeding),
		ratio: numberOrNull(json.ratio),
		uploadedGiB: numberOrNull(json.uploadedGiB),
		gainedGiB: 0,
		deleted: readDeleted(json.deleted),
	};
}

/**
 * Notes what the upload grew by. A row that spent points shows what it bought, and the site may show an older
 * figure for some minutes after that, so only what goes beyond the highest one yet counts.
 */
function withGains(rows: Row[]): Row[] {
	let highest: number | null = null;
	return rows.map((row) => {
		const { uploadedGiB, spent } = row;
		if (uploadedGiB === null) return row;
		const gain = highest === null || spent > 0 ? 0 : Math.max(0, uploadedGiB - highest);
		highest = Math.max(highest ?? uploadedGiB, uploadedGiB);
		return { ...row, gainedGiB: gain };
	});
}

/**
 * The recorded runs of one instance within {@link HISTORY_DAYS} before `now`, oldest first. Dry runs and whatever
 * is not a row are left out.
 */
export function readRows(jsons: unknown[], instance: string, now: Date): Row[] {
	const rows = jsons
		.filter(isRecord)
		.filter((json) => (json.instance ?? '') === instance)
		.map(readRow)
		.filter((row): row is Row => row !== null && row.outcome !== 'dry_run')
		.filter(({ at }) => at <= now.getTime() && at > now.getTime() - HISTORY_DAYS * DAY_MS)
		.sort((a, b) => a.at - b.at);
	return withGains(rows);
}

/** The runs of some days, added up. */
export interface Totals {
	runs: number;
	/** Failed runs by cause. */
	failed: Map<string, number>;
	grabbed: number;
	deleted: Map<string, number>;
	spent: number;
	/** GiB uploaded, without what was bought. */
	gainedGiB: number;
}

/** The rows of the last `days`. */
export function lastDays(rows: Row[], days: number, now: Date): Row[] {
	return rows.filter(({ at }) => at > now.getTime() - days * DAY_MS);
}

function addUp(counts: Array<[string, number]>): Map<string, number> {
	const sums = new Map<string, number>();
	for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
	return sums;
}

/** `rows`, added up. */
export function totalsOf(rows: Row[]): Totals {
	const sum = (of: Row[], field: 'acted' | 'spent' | 'gainedGiB') =>
		of.reduce((total, row) => total + row[field], 0);
	const failed = rows.filter(({ outcome }) => outcome === 'failed');
	return {
		runs: rows.length,
		failed: addUp(failed.map(({ cause }) => [cause || 'unknown', 1])),
		grabbed: sum(
			rows.filter(({ flow }) => flow === 'grabber'),
			'acted',
		),
		deleted: addUp(rows.flatMap(({ deleted }) => deleted)),
		spent: sum(rows, 'spent'),
		gainedGiB: sum(rows, 'gainedGiB'),
	};
}

/** Whether the first row is clearly younger than the {@link HISTORY_DAYS}, so that they are not covered. */
export function beginsLate(rows: Row[], now: Date): boolean {
	return rows.length > 0 && rows[0].at > now.getTime() - (HISTORY_DAYS - 1) * DAY_MS;
}

/** Time within which flows left no rows although they should have run. */
export interface Gap {
	flows: FlowName[];
	from: number;
	to: number;
}

function gapsOf(flow: FlowName, rows: Row[], now: Date): Gap[] {
	const times = [...rows.filter((row) => row.flow === flow).map(({ at }) => at), now.getTime()];
	return times
		.slice(1)
		.map((to, index) => ({ flows: [flow], from: times[index], to }))
		.filter(({ from, to }) => to - from > 2 * INTERVAL_MS[flow]);
}

/**
 * When rows are missing: more than two intervals of a flow without one, from its first row on, oldest first; gaps
 * that overlap are one. A lost row shows nowhere in n8n, so this is how it is noticed.
 */
export function missingRows(rows: Row[], now: Date): Gap[] {
	const gaps: Gap[] = [];
	const found = FLOW_NAMES.flatMap((flow) => gapsOf(flow, rows, now));
	for (const gap of found.sort((a, b) => a.from - b.from)) {
		const open = gaps.find(({ to }) => to > gap.from);
		if (open === undefined) gaps.push(gap);
		else {
			open.to = Math.max(open.to, gap.to);
			open.flows = [...new Set([...open.flows, ...gap.flows])].sort();
		}
	}
	return gaps;
}

/** A calendar day of the report, in its time zone. */
export interface Day {
	/** Such as `23 Nov`. */
	label: string;
	rows: Row[];
}

/** The rows by calendar day in `timeZone`, every day up to `now` from the first row on. */
export function byDay(rows: Row[], now: Date, timeZone: string): Day[] {
	const format = new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short' });
	const labelOf = (at: number) => format.format(at);
	const days = new Map<string, Row[]>();
	// Steps of half a day, so that no day is left out where one has 23 hours.
	for (let at = rows[0]?.at ?? now.getTime(); at < now.getTime(); at += DAY_MS / 2)
		days.set(labelOf(at), []);
	days.set(labelOf(now.getTime()), []);
	for (const row of rows) days.get(labelOf(row.at))?.push(row);
	return [...days].map(([label, own]) => ({ label, rows: own }));
}
