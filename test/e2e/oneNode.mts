import type { N8nApi } from '../../dev/stack/n8nApi.mts';

type Json = Record<string, unknown>;

/** An input item; binary data in base64, as n8n pins it. */
export interface InputItem {
	json: Json;
	binary?: Record<string, { data: string; mimeType: string; fileName: string }>;
}

const START = 'Start';
const NODE = 'qBittorrent';

/** Runs single operations of the qBittorrent node on a real n8n, with one credential. */
export class OneNode {
	private readonly api: N8nApi;

	private readonly credentialId: string;

	constructor(api: N8nApi, credentialId: string) {
		this.api = api;
		this.credentialId = credentialId;
	}

	/** The json of the items that leave the node. */
	async run(parameters: Json, items: InputItem[] = [{ json: {} }]): Promise<Json[]> {
		const { id } = await this.api.createWorkflow(this.workflow(parameters, items));
		const execution = await this.api.execution(await this.api.runManually(id, START));
		if (execution.status !== 'success') throw new Error(execution.error);
		return execution.items(NODE);
	}

	private workflow(parameters: Json, items: InputItem[]): Json {
		return {
			name: `${String(parameters.resource)}: ${String(parameters.operation)}`,
			settings: { executionOrder: 'v1' },
			pinData: { [START]: items },
			nodes: [
				{
					id: 'start',
					name: START,
					type: 'n8n-nodes-base.manualTrigger',
					typeVersion: 1,
					position: [0, 0],
					parameters: {},
				},
				{
					id: 'node',
					name: NODE,
					type: 'n8n-nodes-myanonamouse.qBittorrent',
					typeVersion: 1,
					position: [200, 0],
					parameters,
					credentials: {
						qBittorrentWebApi: { id: this.credentialId, name: 'qBittorrent account' },
					},
					onError: 'continueRegularOutput',
				},
			],
			connections: { [START]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
		};
	}
}
