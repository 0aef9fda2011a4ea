import { METRICS, METRIC_TYPE } from './definitions';
import type { MetricName } from './definitions';

/** One number of a metric. A value that is not a finite number is unknown, and is left out. */
export interface Sample {
	metric: MetricName;
	value: number | null | undefined;
	/** Label values as they came: {@link exposition} cleans and escapes them. */
	labels?: Record<string, unknown>;
}

/** Longest label value in characters: reasons and classes are short, anything longer is not one. */
const LABEL_LIMIT = 100;

/** `value` as a label: without control, format and broken characters, at most 100 characters, never empty. */
function labelText(value: unknown): string {
	const text = typeof value === 'string' ? value : '';
	const clean = text.replace(/[^\P{C}\n]/gu, '');
	return [...clean].slice(0, LABEL_LIMIT).join('') || 'unknown';
}

function escapeText(text: string): string {
	return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}

function labelPart(labels: Record<string, unknown>): string {
	const pairs = Object.entries(labels).map(
		([name, value]) => `${name}="${escapeText(labelText(value)).replace(/"/g, '\\"')}"`,
	);
	return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/**
 * The samples in Prometheus' text format: HELP and TYPE once a metric, its series together, a final
 * newline; empty without samples. Series that read the same after cleaning are one, added up: only
 * counts by a free text can meet like that.
 */
export function exposition(samples: Sample[]): string {
	const metrics = new Map<MetricName, Map<string, number>>();
	for (const { metric, value, labels = {} } of samples) {
		if (typeof value !== 'number' || !Number.isFinite(value)) continue;
		const series = metrics.get(metric) ?? new Map<string, number>();
		const key = labelPart(labels);
		const sum = (series.get(key) ?? 0) + value;
		// Two huge values may add up to more than a number holds; the format knows no such series.
		if (!Number.isFinite(sum)) continue;
		series.set(key, sum);
		metrics.set(metric, series);
	}
	const lines = [...metrics].flatMap(([metric, series]) => [
		`# HELP ${metric} ${escapeText(METRICS[metric].help)}`,
		`# TYPE ${metric} ${METRIC_TYPE}`,
		...[...series].map(([labels, value]) => `${metric}${labels} ${value}`),
	]);
	return lines.map((line) => `${line}\n`).join('');
}
