import type { Life } from './life.mts';

/** A life and what it is called. */
export interface Named {
	name: string;
	life: Life;
}

const WIDTH = 900;
const LEFT = 230;
const ROW = 22;

/** What a day was like, with its colour in light and dark pages alike. */
const KINDS = [
	{ name: 'grabbed', colour: '#2e9d5b' },
	{ name: 'nothing worth grabbing', colour: '#c9d1d9' },
	{ name: 'held by a limit', colour: '#d9a520' },
	{ name: 'held by the guard', colour: '#d95f30' },
	{ name: 'Mouse', colour: '#8b1a2b' },
	{ name: 'held, no message sent', colour: '#7d3fc9' },
];

/** Colours of the rules, from the oldest. */
const RULES = ['#c9d1d9', '#8b949e', '#2e9d5b'];

const GUARDS = ['low_ratio', 'hit_and_run', 'blocked_class', 'not_connectable'];

function kindOf({ className, heldBy, grabbed, told }: Life['days'][number]): number {
	if (className === 'Mouse') return 4;
	if (grabbed > 0) return 0;
	if (heldBy === '') return 1;
	if (GUARDS.includes(heldBy)) return 3;
	return told || heldBy === 'client_off' ? 2 : 5;
}

function text(x: number, y: number, content: string, anchor = 'start'): string {
	return `<text x="${x}" y="${y}" text-anchor="${anchor}">${content.replace(/&/g, '&amp;')}</text>`;
}

function svg(height: number, title: string, parts: string[]): string {
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" shape-rendering="crispEdges" role="img" aria-label="${title}">`,
		`<rect width="100%" height="100%" fill="#ffffff"/>`,
		`<g fill="#24292f">`,
		text(10, 20, title),
		...parts,
		'</g></svg>\n',
	].join('\n');
}

/** Each life as a row of days, coloured by what the grabber did. */
export function daysChart(title: string, lives: Named[]): string {
	const days = Math.max(...lives.map(({ life }) => life.days.length));
	const step = (WIDTH - LEFT - 20) / days;
	const rows = lives.flatMap(({ name, life }, row) => {
		const y = 40 + row * ROW;
		return [
			text(LEFT - 8, y + 12, name, 'end'),
			...life.days.map((day, at) => {
				const { colour } = KINDS[kindOf(day)];
				return `<rect x="${(LEFT + at * step).toFixed(1)}" y="${y}" width="${(step + 0.1).toFixed(1)}" height="${ROW - 6}" fill="${colour}"/>`;
			}),
		];
	});
	const bottom = 40 + lives.length * ROW;
	const axis = [0, 30, 60, 90, 120, 150, 180]
		.filter((day) => day <= days)
		.map((day) => text(LEFT + day * step, bottom + 12, `${day} d`, 'middle'));
	const legend = KINDS.flatMap(({ name, colour }, at) => {
		const x = 10 + (at % 3) * 290;
		const y = bottom + 24 + Math.floor(at / 3) * 20;
		return [
			`<rect x="${x}" y="${y}" width="12" height="12" fill="${colour}"/>`,
			text(x + 18, y + 11, name),
		];
	});
	return svg(bottom + 70, title, [...rows, ...axis, ...legend]);
}

/** The points of each named life under each of some rules as bars, on a logarithmic scale. */
export function pointsChart(
	title: string,
	names: string[],
	rules: Array<{ name: string; points: number[] }>,
): string {
	const most = Math.max(...rules.flatMap(({ points }) => points), 10);
	const length = (points: number) =>
		((WIDTH - LEFT - 120) * Math.log10(Math.max(1, points))) / Math.log10(most);
	const high = 10 * rules.length + 10;
	const rows = names.flatMap((name, row) => {
		const y = 36 + row * high;
		return [
			text(LEFT - 8, y + high / 2, name, 'end'),
			...rules.flatMap(({ points }, at) => {
				const wide = length(points[row]);
				return [
					`<rect x="${LEFT}" y="${y + 10 * at}" width="${wide.toFixed(1)}" height="9" fill="${RULES[at]}"/>`,
					`<g font-size="10">${text(LEFT + wide + 6, y + 10 * at + 9, Math.round(points[row]).toLocaleString('en-US'))}</g>`,
				];
			}),
		];
	});
	const bottom = 40 + names.length * high;
	const legend = rules.flatMap(({ name }, at) => [
		`<rect x="${LEFT + at * 160}" y="${bottom}" width="12" height="12" fill="${RULES[at]}"/>`,
		text(LEFT + at * 160 + 18, bottom + 11, name),
	]);
	return svg(bottom + 24, title, [...rows, ...legend]);
}
