import { randomUUID } from 'node:crypto';

import { http } from '../../dev/http.mts';
import type { N8nApi } from '../../dev/stack/n8nApi.mts';
import { waitFor } from '../../dev/stack/process.mts';

const MAM = 'n8n-nodes-myanonamouse.myAnonamouse';

/** Each is one call of the site. */
const CALLS: Array<Record<string, unknown>> = [
	{ resource: 'account', operation: 'get' },
	{ resource: 'torrent', operation: 'search', returnAll: false, limit: 3, options: {} },
	{ resource: 'account', operation: 'get' },
	{ resource: 'torrent', operation: 'search', returnAll: false, limit: 1, options: {} },
	{ resource: 'account', operation: 'get' },
];

/** Buys by the plan that the request carries. */
export const PURCHASE: Array<Record<string, unknown>> = [
	{
		resource: 'bonus',
		operation: 'buyUpload',
		amountGiB: 50,
		costPoints: 25_000,
		reservePoints: 500,
		plannedAt: '={{ $json.body.plannedAt }}',
		simulate: false,
	},
];

/** Calls of the site that one execution makes. */
export const CALLS_PER_EXECUTION = CALLS.length;

/** What an execution answered. */
export interface BurstAnswer {
	status: number;
	body: string;
}

/** The answers of executions that failed. */
export function failuresIn(answers: BurstAnswer[]): BurstAnswer[] {
	return answers.filter(({ status, body }) => status !== 200 || body.includes('"error"'));
}

/** Published workflows whose every execution makes some calls of the site in a row. */
export class Burst {
	readonly workflowIds: string[] = [];

	private readonly urls: string[] = [];

	private readonly n8nUrl: string;

	constructor(n8nUrl: string) {
		this.n8nUrl = n8nUrl;
	}

	/** Creates and publishes one more workflow, which makes `calls` in a row. */
	async addWorkflow(api: N8nApi, credentialId: string, calls = CALLS): Promise<void> {
		const path = randomUUID();
		const trigger = {
			id: randomUUID(),
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			position: [0, 0],
			webhookId: path,
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
		};
		const steps = calls.map((parameters, at) => ({
			id: randomUUID(),
			name: `Call ${at + 1}`,
			type: MAM,
			typeVersion: 1,
			position: [200 * (at + 1), 0],
			executeOnce: true,
			// As in the shipped workflows: the last answer then says what failed.
			onError: 'continueRegularOutput',
			parameters,
			credentials: { myAnonamouseApi: { id: credentialId, name: 'MyAnonamouse account' } },
		}));
		const nodes = [trigger, ...steps];
		const connections = Object.fromEntries(
			nodes
				.slice(0, -1)
				.map(({ name }, at) => [
					name,
					{ main: [[{ node: nodes[at + 1].name, type: 'main', index: 0 }]] },
				]),
		);
		const { id } = await api.createWorkflow({
			name: `Burst ${this.urls.length + 1}`,
			nodes,
			connections,
			settings: { executionOrder: 'v1' },
		});
		await api.publish(id);
		const url = `${this.n8nUrl}/webhook/${path}`;
		await waitFor('the webhook', async () =>
			// n8n says so to a GET once the address is there for POST.
			(await http.get<string>(url)).data.includes('POST'),
		);
		this.urls.push(url);
		this.workflowIds.push(id);
	}

	/** Starts `executions` in all, the workflows in turn, `atOnce` of them at any time; returns what each answered. */
	async run(executions: number, atOnce: number, body: object = {}): Promise<BurstAnswer[]> {
		const answers: BurstAnswer[] = [];
		let started = 0;
		const lane = async () => {
			while (started < executions) {
				const url = this.urls[started++ % this.urls.length];
				const { status, data } = await http.post<string>(url, body);
				answers.push({ status, body: data });
			}
		};
		await Promise.all(Array.from({ length: atOnce }, lane));
		return answers;
	}

	/** Runs 4 executions at once, again and again, while `save` is called `times` in a row; returns what each answered. */
	async runDuring(times: number, save: () => Promise<void>): Promise<BurstAnswer[]> {
		const answers: BurstAnswer[] = [];
		let isSaving = true;
		const saveAll = async () => {
			try {
				for (let at = 0; at < times; at++) await save();
			} finally {
				isSaving = false;
			}
		};
		const runAll = async () => {
			while (isSaving) answers.push(...(await this.run(4, 4)));
		};
		await Promise.all([saveAll(), runAll()]);
		return answers;
	}
}
