import type { INode, IWorkflowBase } from 'n8n-workflow';

import spender from '../../workflows/bonus-spender.json';
import keeper from '../../workflows/client-keeper.json';
import dailyReport from '../../workflows/daily-report.json';
import janitor from '../../workflows/farming-janitor.json';
import grabber from '../../workflows/freeleech-grabber.json';
import whatIf from '../../workflows/what-if.json';

export type WorkflowFile = Pick<IWorkflowBase, 'id' | 'name' | 'nodes' | 'connections' | 'settings'>;

/** A shipped flow and what is expected of it. */
export interface Shipped {
	file: string;
	workflow: WorkflowFile;
	name: string;
	/** Cron expression of the schedule, with seconds. */
	cron: string;
	/** Seconds between two runs. */
	intervalSeconds: number;
}

/** The flows: what runs on a schedule, acts, and ends in a report. */
export const SHIPPED: Shipped[] = [
	{
		file: 'freeleech-grabber.json',
		workflow: grabber as unknown as WorkflowFile,
		name: 'Grab freeleech torrents in demand',
		cron: '0 2,32 * * * *',
		intervalSeconds: 30 * 60,
	},
	{
		file: 'farming-janitor.json',
		workflow: janitor as unknown as WorkflowFile,
		name: 'Clean up MAM torrents',
		cron: '0 7,22,37,52 * * * *',
		intervalSeconds: 15 * 60,
	},
	{
		file: 'bonus-spender.json',
		workflow: spender as unknown as WorkflowFile,
		name: 'Buy upload credit with bonus points',
		cron: '0 17 */6 * * *',
		intervalSeconds: 6 * 3600,
	},
	{
		file: 'client-keeper.json',
		workflow: keeper as unknown as WorkflowFile,
		name: 'Keep qBittorrent announcing',
		cron: '0 12,42 * * * *',
		intervalSeconds: 30 * 60,
	},
];

export const DAILY_REPORT = dailyReport as unknown as WorkflowFile;
export const WHAT_IF = whatIf as unknown as WorkflowFile;

/** Every shipped workflow, including those that are not flows. */
export const ALL = [
	...SHIPPED.map(({ file, workflow }) => ({ file, workflow })),
	{ file: 'daily-report.json', workflow: DAILY_REPORT },
	{ file: 'what-if.json', workflow: WHAT_IF },
];

/** A wire of the canvas. */
export interface Wire {
	from: string;
	output: number;
	to: string;
	input: number;
}

/** All wires of a workflow. */
export function wires(workflow: WorkflowFile): Wire[] {
	return Object.entries(workflow.connections).flatMap(([from, { main }]) =>
		main.flatMap((targets, output) =>
			(targets ?? []).map(({ node, index }) => ({ from, output, to: node, input: index })),
		),
	);
}

/** The short type of one of the package's own nodes, or null. */
export function ownType(node: INode): string | null {
	return /^n8n-nodes-myanonamouse\.(.+)$/.exec(node.type)?.[1] ?? null;
}
