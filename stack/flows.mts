import type { Execution, N8nApi } from './n8nApi.mts';
import { waitFor } from './process.mts';
import {
	adapt,
	readWorkflow,
	type Installation,
	type WorkflowFile,
	type WorkflowNode,
} from './workflowFiles.mts';

/** The manual trigger beside each schedule. */
const DRY_RUN_TRIGGER = 'Try It (Dry Run)';

/** How far ahead a schedule is set: n8n needs a moment to publish it. */
const LEAD_MS = 2500;

/** Two turns of a schedule that is due every minute, and some time to show. */
const SCHEDULE_TIMEOUT_MS = 130_000;

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
		return await this.api.execution(await this.api.runManually(id, DRY_RUN_TRIGGER));
	}

	/** Publishes the workflows with a schedule that is due in a moment, and lets it start each of them once. */
	async runScheduled(...files: string[]): Promise<Execution[]> {
		const due = new Date(Date.now() + LEAD_MS);
		// Every minute: a machine too busy to publish in time gets another chance.
		const cron = `${due.getUTCSeconds()} * * * * *`;
		const published = await Promise.all(files.map(async (file) => await this.publish(file, cron)));
		return await Promise.all(
			published.map(async ({ id, before }) => await this.scheduledRun(id, before)),
		);
	}

	/** Puts the shipped schedules back, unpublished. */
	async restoreSchedules(): Promise<void> {
		for (const [file, id] of this.ids) {
			const { nodes } = await this.adapted(file);
			const { versionId } = await this.api.workflow(id);
			await this.api.updateWorkflow(id, { nodes, versionId });
		}
	}

	/** Takes every schedule back. */
	async unpublishAll(): Promise<void> {
		for (const id of this.ids.values()) await this.api.unpublish(id).catch(() => {});
	}

	private async scheduledRun(id: string, before: string[]): Promise<Execution> {
		const started = await waitFor(
			`the schedule of workflow ${id}`,
			async () =>
				(await this.api.executionIds(id)).find((execution) => !before.includes(execution)),
			SCHEDULE_TIMEOUT_MS,
		);
		const execution = await this.api.execution(started);
		await this.api.unpublish(id);
		return execution;
	}

	private async publish(file: string, cron: string): Promise<{ id: string; before: string[] }> {
		const id = await this.workflowId(file);
		const before = await this.api.executionIds(id);
		const { nodes } = await this.adapted(file, cron);
		const { versionId } = await this.api.workflow(id);
		await this.api.updateWorkflow(id, { nodes, versionId });
		await this.api.publish(id);
		return { id, before };
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
