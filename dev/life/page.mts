import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeMarked, type MarkedFile } from '../scripts/markedFile.mts';
import { REPOSITORY } from '../stack/packPackage.mts';
import { daysChart, pointsChart, type Named } from './chart.mts';
import { untoldDays, type Life } from './life.mts';
import { SCENARIOS } from './scenarios.mts';

/** The lives under one set of rules: by scenario, then by seed. */
export interface Lived {
	/** For file names. */
	id: string;
	name: string;
	lives: Life[][];
}

/** Where the table and the charts of the documentation stand. */
const PAGE: MarkedFile = {
	path: join(REPOSITORY, 'docs', 'thresholds.md'),
	begin: '<!-- life: written by npm run life -- --write -->',
	end: '<!-- end of life -->',
};
const IMAGES = join(REPOSITORY, 'docs', 'images');

/** Where charts and lives go that are not part of the documentation. */
export const ARTEFACTS = join(REPOSITORY, 'artefacts', 'life');

const heldBy = (life: Life, isCounted: (reason: string) => boolean) =>
	life.days.filter((day) => day.heldBy !== '' && isCounted(day.heldBy)).length;

const FIGURES: Array<[string, (life: Life) => number]> = [
	['H&Rs by the flows', (life) => life.hitAndRunsByFlows],
	['freezes', (life) => life.freezes],
	['days as Mouse', ({ days }) => days.filter(({ className }) => className === 'Mouse').length],
	['days held', (life) => heldBy(life, () => true)],
	['of them unreported', (life) => untoldDays(life).length],
	['by the disk', (life) => heldBy(life, (reason) => reason === 'disk_space')],
	['points of the farm', (life) => life.farmPoints],
	['points lost', (life) => life.pointsLost],
	['of them unreported', (life) => life.pointsLostUntold],
	['last ratio', ({ days }) => days.at(-1)!.ratio ?? NaN],
];

function figure(value: number): string {
	if (Number.isNaN(value)) return '-';
	const digits = Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0;
	return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function mean(lives: Life[], of: (life: Life) => number): number {
	return lives.reduce((sum, life) => sum + of(life), 0) / lives.length;
}

/** A row per scenario; in each cell the means over its seeds, rule after rule. */
export function table(rules: Lived[]): string {
	const head = ['life', ...FIGURES.map(([name]) => name)];
	const rows = SCENARIOS.map(({ name }, scenario) => [
		name,
		...FIGURES.map(([, of]) => {
			const cells = rules.map(({ lives }) => figure(mean(lives[scenario], of)));
			return new Set(cells).size === 1 ? cells[0] : cells.join(' / ');
		}),
	]);
	return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** What the page says of lives of `days` days. */
export function pageText(rules: Lived[], days: number): string {
	const seeds = rules[0].lives[0].length;
	const names = rules.map(({ name }) => `_${name}_`).join(' / ');
	const means = seeds === 1 ? 'one seed' : `means over ${seeds} seeds`;
	return `${days} days, ${means}: ${names}; one number where all are equal.\n\n${table(rules)}`;
}

/** Writes the charts, and with `isForDocs` also the page of the documentation. */
export async function write(rules: Lived[], days: number, isForDocs: boolean): Promise<string> {
	const first = ({ lives }: Lived): Named[] =>
		lives.map(([life], at) => ({ name: SCENARIOS[at].name, life }));
	const charts: Array<[string, string, string]> = [
		...rules.map((rule): [string, string, string] => {
			const title = `What the grabber did each day: ${rule.name} (first seed)`;
			return [`life-${rule.id}.svg`, title, daysChart(title, first(rule))];
		}),
		[
			'life-points.svg',
			`Bonus points that the farm earned in ${days} days (logarithmic)`,
			pointsChart(
				`Bonus points that the farm earned in ${days} days (logarithmic)`,
				SCENARIOS.map(({ name }) => name),
				rules.map(({ name, lives }) => ({
					name,
					points: lives.map((all) => mean(all, ({ farmPoints }) => farmPoints)),
				})),
			),
		],
	];
	const folder = isForDocs ? IMAGES : ARTEFACTS;
	await mkdir(folder, { recursive: true });
	for (const [name, , chart] of charts) await writeFile(join(folder, name), chart);
	if (isForDocs) {
		const images = charts.map(([name, title]) => `![${title}](images/${name})`);
		await writeMarked(PAGE, [pageText(rules, days), ...images].join('\n\n'));
	}
	return folder;
}
