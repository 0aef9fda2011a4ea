import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { REPOSITORY } from '../stack/packPackage.mts';

export const MONITORING = join(REPOSITORY, 'docs', 'monitoring.md');

const BEGIN = '<!-- metrics: written by npm run metrics -->';
const END = '<!-- end of metrics -->';

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
	join(REPOSITORY, 'dist', 'nodes', 'MamPolicy', 'policy', 'metrics', 'definitions.js'),
) as Definitions;

function table(): string {
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

/** docs/monitoring.md as it must be: with every metric of the definitions in its table. */
export async function monitoringText(): Promise<string> {
	const now = await readFile(MONITORING, 'utf8');
	const above = now.slice(0, now.indexOf(BEGIN) + BEGIN.length);
	const text = [above, table(), now.slice(now.indexOf(END))].join('\n\n');
	const config = await resolveConfig(MONITORING);
	return await format(text, { ...config, parser: 'markdown' });
}

if (import.meta.main) await writeFile(MONITORING, await monitoringText());
