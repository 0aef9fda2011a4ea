import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REPOSITORY } from './packPackage.mts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A node of a workflow. */
export interface WorkflowNode {
	name: string;
	type: string;
	disabled?: boolean;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string | null; name: string }>;
}

/** A workflow file as it is shipped. */
export interface WorkflowFile {
	id: string;
	name: string;
	nodes: WorkflowNode[];
	/** By node: for each of its outputs the nodes that it leads to. */
	connections: Record<string, { main: Array<Array<{ node: string }> | null> }>;
}

/** What an installation sets before its first run. */
export interface Installation {
	/** Credential ids by type. */
	credentials: Record<string, string>;
	pushgatewayUrl: string;
	/** Replaces the schedule; without it the shipped one stays. */
	cron?: string;
}

export const GRABBER = 'freeleech-grabber.json';
export const JANITOR = 'farming-janitor.json';
export const SPENDER = 'bonus-spender.json';
export const KEEPER = 'client-keeper.json';
export const DAILY_REPORT = 'daily-report.json';
export const WHAT_IF = 'what-if.json';

/** Reads a file of workflows/. */
export async function readWorkflow(file: string): Promise<WorkflowFile> {
	return JSON.parse(await readFile(join(REPOSITORY, 'workflows', file), 'utf8')) as WorkflowFile;
}

/** The named value of the node *Settings*; undefined if there is none. */
function settingOf({ parameters }: WorkflowNode, name: string): { value: unknown } | undefined {
	const { assignments } = parameters.assignments as {
		assignments: Array<{ name: string; value: unknown }>;
	};
	return assignments.find((assignment) => assignment.name === name);
}

/** Sets a value of the node *Settings*, as a user does after the import. */
export function changeSetting(settings: WorkflowNode, name: string, value: unknown): void {
	const setting = settingOf(settings, name);
	if (setting === undefined) throw new Error(`Settings has no value "${name}"`);
	setting.value = value;
}

/** The shipped workflow with addresses, credentials and the cron expression of an installation, nothing else. */
export function adapt(shipped: WorkflowFile, installation: Installation): WorkflowFile {
	const workflow = structuredClone(shipped);
	for (const node of workflow.nodes) {
		for (const [type, credential] of Object.entries(node.credentials ?? {})) {
			credential.id = installation.credentials[type];
		}
		// Only what reports its runs pushes.
		if (node.name === 'Settings' && settingOf(node, 'pushgatewayUrl') !== undefined)
			changeSetting(node, 'pushgatewayUrl', installation.pushgatewayUrl);
		if (node.type === 'n8n-nodes-base.scheduleTrigger' && installation.cron !== undefined) {
			node.parameters.rule = {
				interval: [{ field: 'cronExpression', expression: installation.cron }],
			};
		}
	}
	return workflow;
}

function leaves(value: Json, path: string, into: Map<string, Json>): Map<string, Json> {
	if (typeof value === 'object' && value !== null) {
		for (const [key, inner] of Object.entries(value)) leaves(inner, `${path}.${key}`, into);
	} else {
		into.set(path, value);
	}
	return into;
}

/** The places in which two workflows differ, as `path: before -> after`. */
export function differences(before: WorkflowFile, after: WorkflowFile): string[] {
	const named = ({ nodes, ...rest }: WorkflowFile) => ({
		...rest,
		nodes: Object.fromEntries(nodes.map((node) => [node.name, node])),
	});
	const old = leaves(named(before) as unknown as Json, '', new Map());
	const now = leaves(named(after) as unknown as Json, '', new Map());
	return [...new Set([...old.keys(), ...now.keys()])]
		.filter((path) => old.get(path) !== now.get(path))
		.map(
			(path) => `${path.slice(1)}: ${old.get(path) ?? '(none)'} -> ${now.get(path) ?? '(none)'}`,
		);
}
