import type { AxiosInstance } from 'axios';
import { parse } from 'flatted';

import { http } from '../http.mts';
import { waitFor } from './process.mts';

type Json = Record<string, unknown>;

/** For any call of n8n; the slowest, a credential's test, may itself wait for a site that does not answer. */
const ANSWER_TIMEOUT_MS = 120_000;

/** Longer than the lease of a publication that a killed n8n left behind, 120 s. */
const PUBLICATION_TIMEOUT_MS = 180_000;

/** A workflow as n8n stores it. */
export interface StoredWorkflow extends Json {
	id: string;
	name: string;
	active: boolean;
	versionId: string;
	nodes: Array<
		Json & {
			name: string;
			type: string;
			parameters: Json;
			credentials?: Record<string, { id: string; name: string }>;
		}
	>;
}

/** Rows that are sent to a data table in one request. */
const ROWS_AT_ONCE = 1000;

/** A data table of n8n. */
export interface DataTable {
	/** Its first 100 rows. */
	rows(): Promise<Json[]>;
	insert(rows: Json[]): Promise<void>;
}

interface TaskData {
	executionTime: number;
	/** What the editor shows on the node's output. */
	hints?: Array<{ message: string }>;
	data?: { main: Array<Array<{ json: Json }> | null> };
	error?: { message: string };
}

interface RunData {
	resultData: {
		runData: Record<string, TaskData[]>;
		error?: { message: string; description?: string };
		metadata?: Record<string, string>;
	};
}

/** A finished execution. */
export class Execution {
	readonly id: string;

	readonly status: string;

	readonly mode: string;

	/** Milliseconds from start to end. */
	readonly durationMs: number;

	/** Size of the run's data as n8n stores it. */
	readonly storedBytes: number;

	private readonly data: RunData;

	constructor(answer: Json & { data: string }) {
		this.id = String(answer.id);
		this.status = String(answer.status);
		this.mode = String(answer.mode);
		this.durationMs = Date.parse(String(answer.stoppedAt)) - Date.parse(String(answer.startedAt));
		this.storedBytes = Buffer.byteLength(answer.data);
		this.data = parse(answer.data) as RunData;
	}

	/** The json of the items that left `node` by one of its outputs. */
	items(node: string, output = 0): Json[] {
		return (this.data.resultData.runData[node] ?? []).flatMap((task) =>
			(task.data?.main[output] ?? []).map(({ json }) => json),
		);
	}

	/** What the editor shows on the output of `node`. */
	hints(node: string): string[] {
		const tasks = this.data.resultData.runData[node] ?? [];
		return tasks.flatMap(({ hints = [] }) => hints.map(({ message }) => message));
	}

	/** Milliseconds that `node` took. */
	timeOf(node: string): number {
		const tasks = this.data.resultData.runData[node] ?? [];
		return tasks.reduce((sum, { executionTime }) => sum + executionTime, 0);
	}

	/** How often `node` ran. */
	times(node: string): number {
		return this.data.resultData.runData[node]?.length ?? 0;
	}

	get error(): string {
		const { error } = this.data.resultData;
		return error === undefined ? '' : `${error.message} ${error.description ?? ''}`;
	}

	/** What the nodes noted for the execution list. */
	get customData(): Record<string, string> {
		return this.data.resultData.metadata ?? {};
	}
}

/** The account that is set up for the editor. */
export const OWNER = {
	email: 'owner@sandbox.example',
	firstName: 'Own',
	lastName: 'Er',
	password: 'Sandbox-0wner',
};

/** n8n through the calls of its own editor. */
export class N8nApi {
	private readonly url: string;

	private readonly http: AxiosInstance;

	constructor(url: string) {
		this.url = url;
		this.http = http.create({
			baseURL: `${url}/rest`,
			headers: { 'browser-id': 'stack' },
			responseType: 'json',
			timeout: ANSWER_TIMEOUT_MS,
		});
	}

	/** Signs in as the owner, who is set up at the first call. */
	async signIn(): Promise<void> {
		await this.http.post('/owner/setup', OWNER);
		const answer = await this.http.post('/login', {
			emailOrLdapLoginId: OWNER.email,
			password: OWNER.password,
		});
		const cookie = (answer.headers['set-cookie'] ?? []).find((line) =>
			line.startsWith('n8n-auth='),
		);
		if (cookie === undefined)
			throw new Error(`n8n refused the sign-in: ${JSON.stringify(answer.data)}`);
		this.http.defaults.headers.cookie = cookie.split(';')[0];
	}

	async createCredential(name: string, type: string, data: Json): Promise<string> {
		const { id } = (await this.call('POST', '/credentials', { name, type, data })) as {
			id: string;
		};
		return id;
	}

	async updateCredential(id: string, name: string, type: string, data: Json): Promise<void> {
		await this.call('PATCH', `/credentials/${id}`, { name, type, data });
	}

	/** Opens a saved MyAnonamouse credential, changes these fields of its form and saves it, as the editor does. */
	async saveMamCredential(id: string, changes: Json = {}): Promise<void> {
		const form = await this.credentialForm(id);
		const data = { ...form, ...changes };
		await this.updateCredential(id, 'MyAnonamouse account', 'myAnonamouseApi', data);
	}

	/** The id of the saved credential of a name. */
	async credentialId(name: string): Promise<string> {
		const all = (await this.call('GET', '/credentials')) as Array<{ id: string; name: string }>;
		const found = all.find((credential) => credential.name === name);
		if (found === undefined) throw new Error(`n8n has no credential "${name}"`);
		return found.id;
	}

	/** What the form of a saved credential shows: secrets are blanked. */
	async credentialForm(id: string): Promise<Json> {
		const { data } = (await this.call('GET', `/credentials/${id}?includeData=true`)) as {
			data: Json;
		};
		return data;
	}

	/** Presses Test on a saved credential. */
	async testCredential(
		id: string,
		name: string,
		type: string,
	): Promise<{ status: string; message: string }> {
		const credentials = { id, name, type, data: await this.credentialForm(id) };
		return (await this.call('POST', '/credentials/test', { credentials })) as {
			status: string;
			message: string;
		};
	}

	async createWorkflow(workflow: object): Promise<StoredWorkflow> {
		return (await this.call('POST', '/workflows', workflow)) as StoredWorkflow;
	}

	async workflow(id: string): Promise<StoredWorkflow> {
		return (await this.call('GET', `/workflows/${id}`)) as StoredWorkflow;
	}

	async workflows(): Promise<StoredWorkflow[]> {
		return (await this.call('GET', '/workflows')) as StoredWorkflow[];
	}

	async updateWorkflow(id: string, change: object): Promise<StoredWorkflow> {
		return (await this.call('PATCH', `/workflows/${id}`, change)) as StoredWorkflow;
	}

	/** Presses "Execute workflow" for one trigger; returns the execution's id. */
	async runManually(id: string, trigger: string): Promise<string> {
		const workflowData = await this.workflow(id);
		const answer = await this.call('POST', `/workflows/${id}/run`, {
			workflowData,
			triggerToStartFrom: { name: trigger },
		});
		return String((answer as { executionId: string }).executionId);
	}

	/** Publishes a workflow; its triggers are set when this returns. */
	async publish(id: string): Promise<void> {
		const { versionId } = await this.workflow(id);
		await this.call('POST', `/workflows/${id}/activate`, { versionId });
		await this.publicationSettled(id);
	}

	/** Takes a workflow back; its triggers are gone when this returns. */
	async unpublish(id: string): Promise<void> {
		await this.call('POST', `/workflows/${id}/deactivate`, {});
		await this.publicationSettled(id);
	}

	/**
	 * n8n answers a publication before it carries it out. One that is cut off by a kill is carried out by the next
	 * n8n only after its lease, and everything that is published meanwhile waits behind it.
	 */
	private async publicationSettled(id: string): Promise<void> {
		await waitFor(
			`the publication of workflow ${id}`,
			async () => {
				const { status } = (await this.call('GET', `/workflows/${id}/publication-status`)) as {
					status: string;
				};
				return status !== 'in_progress';
			},
			PUBLICATION_TIMEOUT_MS,
		);
	}

	async stopExecution(id: string): Promise<void> {
		await this.call('POST', `/executions/${id}/stop`, {});
	}

	/** Presses "Retry" on an execution that failed; returns the new execution's id. */
	async retryExecution(id: string): Promise<string> {
		const answer = await this.call('POST', `/executions/${id}/retry`, { loadWorkflow: false });
		return String((answer as { id: string }).id);
	}

	/** The executions of a workflow, newest first, without their data. */
	async executions(workflowId: string): Promise<Array<{ id: string; status: string }>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = (await this.call('GET', `/executions?filter=${filter}&limit=100`)) as {
			results: Array<{ id: string; status: string }>;
		};
		return results.map(({ id, status }) => ({ id: String(id), status }));
	}

	/** Ids of the executions of a workflow, newest first. */
	async executionIds(workflowId: string): Promise<string[]> {
		return (await this.executions(workflowId)).map(({ id }) => id);
	}

	/** What the editor shows in a list of the qBittorrent node, e.g. of `searchCategories`. */
	async searchList(methodName: string, credentialId: string, filter = ''): Promise<string[]> {
		const answer = await this.call('POST', '/dynamic-node-parameters/resource-locator-results', {
			path: 'parameters.any',
			methodName,
			filter,
			nodeTypeAndVersion: { name: 'n8n-nodes-myanonamouse.qBittorrent', version: 1 },
			currentNodeParameters: {},
			credentials: { qBittorrentWebApi: { id: credentialId, name: 'qBittorrent account' } },
		});
		return (answer as { results: Array<{ name: string }> }).results.map(({ name }) => name);
	}

	/** The data table with a name; null when there is none. */
	async dataTable(name: string): Promise<DataTable | null> {
		const answer = await this.call('GET', '/data-tables-global');
		const { data } = answer as { data: Array<{ id: string; name: string; projectId: string }> };
		const found = data.find((table) => table.name === name);
		if (found === undefined) return null;
		const path = `/projects/${found.projectId}/data-tables/${found.id}`;
		return {
			rows: async () => {
				const { data: rows } = (await this.call('GET', `${path}/rows?take=100`)) as {
					data: Json[];
				};
				return rows;
			},
			insert: async (rows) => {
				for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
					const data = rows.slice(from, from + ROWS_AT_ONCE);
					await this.call('POST', `${path}/insert`, { data, returnType: 'count' });
				}
			},
		};
	}

	/** Waits until an execution has ended. */
	async execution(id: string, timeoutMs = 120_000): Promise<Execution> {
		return await waitFor(
			`the end of execution ${id}`,
			async () => {
				const answer = (await this.call('GET', `/executions/${id}`)) as Json & { data: string };
				const open =
					['new', 'running', 'waiting'].includes(String(answer.status)) || !answer.stoppedAt;
				return open ? null : new Execution(answer);
			},
			timeoutMs,
		);
	}

	/** Names of the node types that n8n has loaded from the package. */
	async packageNodeTypes(): Promise<string[]> {
		const answer = await this.http.get<Array<{ name: string }>>('/types/nodes.json', {
			baseURL: this.url,
		});
		return answer.data
			.map(({ name }) => name)
			.filter((name) => name.startsWith('n8n-nodes-myanonamouse.'));
	}

	private async call(
		method: 'GET' | 'POST' | 'PATCH',
		url: string,
		data?: object,
	): Promise<unknown> {
		const answer = await this.http.request({ method, url, data });
		if (answer.status >= 300)
			throw new Error(
				`n8n answered ${method} ${url} with ${answer.status}: ${JSON.stringify(answer.data)}`,
			);
		return (answer.data as { data: unknown }).data;
	}
}
