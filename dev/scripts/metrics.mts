import { createRequire } from 'node:module';
import { join } from 'node:path';

import { REPOSITORY } from '../stack/packPackage.mts';
import { writeMarked, type MarkedFile } from './markedFile.mts';

/** Where the table of the metrics stands. */
export const MONITORING: MarkedFile = {
	path: join(REPOSITORY, 'docs', 'monitoring.md'),
	begin: '<!-- metrics: written by npm run metrics -->',
	end: '<!-- end of metrics -->',
};

interface Definitions {
	METRICS: Record<
		string,
		{
			help: string;
			unit: string;
			labels: string[];
			flows: string[];
			groups: string[];
		}
	>;
	METRIC_TYPE: string;
}

const require = createRequire(import.meta.url);

/** The metrics as they were built last (`npm run build`). */
export const { METRICS, METRIC_TYPE } = require(
	join(REPOSITORY, 'dist', 'nodes', 'MamPolicy', 'report', 'definitions.js'),
) as Definitions;

/** Every metric of the definitions, as a Markdown table. */
export function metricsTable(): string {
	const head = ['metric', 'type', 'labels', 'unit', 'set by', 'group', 'what it is'];
	const rows = Object.entries(METRICS).map(([name, { labels, unit, flows, groups, help }]) => [
		`\`${name}\``,
		METRIC_TYPE,
		labels.join(', '),
		unit,
		flows.join(', '),
		groups.join(', '),
		help,
	]);
	const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
	return lines.join('\n');
}

if (import.meta.main) await writeMarked(MONITORING, metricsTable());
