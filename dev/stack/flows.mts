import { setTimeout as delay } from 'node:timers/promises';

import type { Execution, N8nApi } from './n8nApi.mts';
import {
	adapt,
	readWorkflow,
	type Installation,
	type WorkflowFile,
	type WorkflowNode,
} from './workflowFiles.mts';

/** How far ahead a schedule is set: n8n needs a moment to publish it. */
const LEAD_MS = 2500;

/** How long after its time a run is waited for, and how often the schedule is set again. */
const GRACE_MS = 4000;
const MOST_TRIES = 6;

const POLL_MS = 100;

/** The shipped workflows in one n8n, with the addresses and credentials of one installation. */
export class Flows {
	private readonly api: N8nApi;

	private readonly installation: Installation;

	private readonly ids = new Map<string, string>();

	/** What was changed by hand, by file and node. */
	private readonly changes = new Map<string, Map<string, (node: WorkflowNode) => void>>();

	constructor(api: N8nApi, installation: Installation) {
		this.api = api;
		this.installation = installation;
	}

	/** The id of a shipped workflow in n8n; it is imported at its first use. */
	async workflowId(file: string): Promise<string> {
		const known = this.ids.get(file);
		if (known !== undefined) return known;
		const { id: _shipped, ...workflow } = await this.adapted(file);
		const { id } = await this.api.createWorkflow(workflow);
		this.ids.set(file, id);
		return id;
	}

	/** Changes one node from the next scheduled run on, as a user would in the editor. */
	change(file: string, node: string, change: (node: WorkflowNode) => void): void {
		const nodes = this.changes.get(file) ?? new Map<string, (node: WorkflowNode) => void>();
		this.changes.set(file, nodes.set(node, change));
	}

	/** Takes all changes of a file back. */
	unchange(file: string): void {
		this.changes.delete(file);
	}

	/** Presses "Execute workflow". */
	async runManually(file: string): Promise<Execution> {
		const id = await this.workflowId(file);
		const { nodes } = await readWorkflow(file);
		const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger')!;
		return await this.api.execution(await this.api.runManually(id, trigger.name));
	}

	/** Publishes the workflows with a schedule that is due in a moment, the same for all, and lets it start each of them once. */
	async runScheduled(...files: string[]): Promise<Execution[]> {
		await Promise.all(files.map(async (file) => await this.workflowId(file)));
		const due = new Date(Date.now() + LEAD_MS);
		return await Promise.all(files.map(async (file) => await this.runOnce(file, due)));
	}

	/** Lets the schedule start a workflow once, and does not wait for its end. Returns the execution's id. */
	async startScheduled(file: string): Promise<string> {
		return await this.startOnce(file, new Date(Date.now() + LEAD_MS));
	}

	/** Publishes a workflow with a schedule that is due at every `seconds`th second, until it is unpublished. */
	async publishOften(file: string, seconds: number): Promise<void> {
		const id = await this.workflowId(file);
		await this.publish(file, id, `*/${seconds} * * * * *`);
	}

	/** Puts the shipped schedules back, unpublished. */
	async restoreSchedules(): Promise<void> {
		for (const [file, id] of this.ids) {
			const { nodes } = await this.adapted(file);
			const { versionId } = await this.api.workflow(id);
			await this.api.updateWorkflow(id, { nodes, versionId });
		}
	}

	/** Unpublishes every workflow. */
	async unpublishAll(): Promise<void> {
		for (const id of this.ids.values()) await this.api.unpublish(id).catch(() => {});
	}

	private async runOnce(file: string, firstDue: Date): Promise<Execution> {
		const execution = await this.api.execution(await this.startOnce(file, firstDue));
		await this.api.unpublish(await this.workflowId(file));
		return execution;
	}

	/** Lets the schedule start a workflow at `firstDue`, or later when a busy machine published it too late. */
	private async startOnce(file: string, firstDue: Date): Promise<string> {
		const id = await this.workflowId(file);
		const before = await this.api.executionIds(id);
		for (let tries = 1, due = firstDue; tries <= MOST_TRIES; tries++) {
			const at = `${due.getUTCSeconds()} ${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
			await this.publish(file, id, at);
			const started = await this.startedBy(id, before, due.getTime() + GRACE_MS);
			if (started !== null) return started;
			due = new Date(Date.now() + LEAD_MS * (tries + 1));
		}
		throw new Error(`The schedule of ${file} did not start it in ${MOST_TRIES} tries.`);
	}

	/** The execution that is not among `before`; null when there is none until `deadline` (Unix ms). */
	private async startedBy(id: string, before: string[], deadline: number): Promise<string | null> {
		for (;;) {
			const started = (await this.api.executionIds(id)).find(
				(candidate) => !before.includes(candidate),
			);
			if (started !== undefined) return started;
			if (Date.now() > deadline) return null;
			await delay(POLL_MS);
		}
	}

	private async publish(file: string, id: string, cron: string): Promise<void> {
		const { nodes } = await this.adapted(file, cron);
		const { versionId } = await this.api.workflow(id);
		await this.api.updateWorkflow(id, { nodes, versionId });
		await this.api.publish(id);
	}

	private async adapted(file: string, cron?: string): Promise<WorkflowFile> {
		const workflow = adapt(await readWorkflow(file), { ...this.installation, cron });
		for (const [name, change] of this.changes.get(file) ?? []) {
			const node = workflow.nodes.find((candidate) => candidate.name === name);
			if (node === undefined) throw new Error(`${file} has no node "${name}"`);
			change(node);
		}
		return workflow;
	}
}
