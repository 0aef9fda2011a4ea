/** Charts as SVG texts: fixed sizes, no scripts, readable on light and dark. */

const WIDTH = 460;
const HEIGHT = 190;
const LEFT = 52;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 24;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;

/** Mid-tones that stand out on white and on black. */
export const COLOURS = [
	'#3987e5',
	'#e8833a',
	'#2ba36b',
	'#c95bb4',
	'#c9a227',
	'#8a7fe0',
	'#d9534f',
	'#4fb3bf',
];

const STYLE =
	'<style>text{font:12px system-ui,sans-serif;fill:#555}.g{stroke:#8885;stroke-width:1}' +
	'@media(prefers-color-scheme:dark){text{fill:#bbb}}</style>';

/** Escapes a text for HTML and SVG. */
export function escapeMarkup(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;');
}

function fixed(value: number): string {
	return String(Math.round(value * 10) / 10);
}

/** `12`, `1.5`, `12k`, `1.2M`. */
export function short(value: number): string {
	const size = Math.abs(value);
	if (size >= 1e6) return `${fixed(value / 1e6)}M`;
	if (size >= 1e4) return `${Math.round(value / 1e3)}k`;
	return size >= 100 ? String(Math.round(value)) : String(Math.round(value * 100) / 100);
}

/** A step of 1, 2 or 5 times a power of ten that divides `range` into two to five parts. */
function niceStep(range: number): number {
	const raw = range / 4;
	const power = 10 ** Math.floor(Math.log10(raw));
	return power * ([1, 2, 5].find((step) => step * power >= raw) ?? 10);
}

interface Scale {
	ticks: number[];
	y(value: number): number;
}

function scaleOf(low: number, high: number): Scale {
	const span = high > low ? high - low : Math.abs(high) || 1;
	const step = niceStep(span);
	const bottom = Math.floor(low / step) * step;
	const top = Math.max(Math.ceil(high / step) * step, bottom + step);
	const count = Math.round((top - bottom) / step);
	return {
		ticks: Array.from({ length: count + 1 }, (_, index) => bottom + index * step),
		y: (value) => TOP + PLOT_HEIGHT - ((value - bottom) / (top - bottom)) * PLOT_HEIGHT,
	};
}

function svg(body: string): string {
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">${STYLE}${body}</svg>`;
}

function yAxis({ ticks, y }: Scale): string {
	return ticks
		.map((tick) => {
			const at = fixed(y(tick));
			return `<line class="g" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/><text x="${LEFT - 6}" y="${fixed(y(tick) + 4)}" text-anchor="end">${short(tick)}</text>`;
		})
		.join('');
}

/** The labels of the days, as many as have room: always the first and the last. */
function xAxis(labels: string[], x: (index: number) => number): string {
	const every = Math.ceil(labels.length / 6);
	const last = labels.length - 1;
	return labels
		.map((label, index) => {
			const isShown = (last - index) % every === 0;
			const anchor = index === last && labels.length > 1 ? 'end' : 'middle';
			const at = anchor === 'end' ? WIDTH - RIGHT : x(index);
			return isShown
				? `<text x="${fixed(at)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${escapeMarkup(label)}</text>`
				: '';
		})
		.join('');
}

/** A line over `labels`: one point every part of a day, null where nothing is known. `values` are evenly spread. */
export function lineChart(values: Array<number | null>, labels: string[]): string {
	const known = values.filter((value): value is number => value !== null);
	const scale = scaleOf(Math.min(...known), Math.max(...known));
	const x = (index: number) => LEFT + (PLOT_WIDTH * (index + 0.5)) / values.length;
	const perDay = values.length / labels.length;
	const points = values.flatMap((value, index) =>
		value === null ? [] : [`${fixed(x(index))},${fixed(scale.y(value))}`],
	);
	const last = points[points.length - 1].split(',');
	return svg(
		yAxis(scale) +
			xAxis(labels, (day) => x((day + 0.5) * perDay - 0.5)) +
			`<polyline fill="none" stroke="${COLOURS[0]}" stroke-width="2" stroke-linejoin="round" points="${points.join(' ')}"/>` +
			`<circle cx="${last[0]}" cy="${last[1]}" r="3.5" fill="${COLOURS[0]}"/>`,
	);
}

/** Stacked bars, one per day: `series` by what they stand for, each with a value for every label. */
export function barChart(series: number[][], labels: string[]): string {
	const totals = labels.map((_, day) => series.reduce((sum, values) => sum + values[day], 0));
	const scale = scaleOf(0, Math.max(...totals, 1));
	const slot = PLOT_WIDTH / labels.length;
	const width = Math.min(slot * 0.7, 40);
	const x = (day: number) => LEFT + slot * (day + 0.5);
	const bars = labels.flatMap((_, day) => {
		let below = 0;
		return series.map((values, index) => {
			const [from, to] = [below, below + values[day]];
			below = to;
			if (values[day] <= 0) return '';
			const height = scale.y(from) - scale.y(to);
			return `<rect x="${fixed(x(day) - width / 2)}" y="${fixed(scale.y(to))}" width="${fixed(width)}" height="${fixed(height)}" fill="${COLOURS[index % COLOURS.length]}"/>`;
		});
	});
	return svg(yAxis(scale) + xAxis(labels, x) + bars.join(''));
}
