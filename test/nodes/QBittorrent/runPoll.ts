import { PollContext } from 'n8n-core';
import { Workflow } from 'n8n-workflow';
import type {
	IDataObject,
	INode,
	INodeParameters,
	INodeTypes,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { QBittorrentWebApi } from '../../../credentials/QBittorrentWebApi.credentials';
import { QBittorrentTrigger } from '../../../nodes/QBittorrent/QBittorrentTrigger.node';
import { additionalData } from '../../engine/additionalData';
import { StoredCredentials } from '../../engine/credentials';
import { newCredential } from './runNode';

const nodeType = new QBittorrentTrigger();

/** A credential that several triggers can share, with its session. */
export function newStored(): StoredCredentials {
	return new StoredCredentials([new QBittorrentWebApi()], { qBittorrentWebApi: newCredential() });
}

/** A published trigger: n8n's own poll context, stored credentials, and static data that outlives a restart. */
export class PublishedTrigger {
	private staticData: IDataObject = {};

	constructor(
		private readonly parameters: INodeParameters,
		private readonly credentials: StoredCredentials = newStored(),
	) {}

	/** Polls once, as after a restart of n8n: what is not in the static data is forgotten. */
	async poll(mode: WorkflowExecuteMode = 'trigger'): Promise<IDataObject[] | null> {
		const node: INode = {
			id: 'node',
			name: 'Trigger',
			type: 'n8n-nodes-myanonamouse.qBittorrentTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: this.parameters,
			credentials: { qBittorrentWebApi: { id: 'stored', name: 'qBittorrent' } },
		};
		const workflow = new Workflow({
			nodes: [node],
			connections: {},
			active: true,
			nodeTypes: { getByNameAndVersion: () => nodeType } as unknown as INodeTypes,
			staticData: structuredClone(this.staticData),
		});
		const context = new PollContext(workflow, node, additionalData(this.credentials), mode, 'init');
		try {
			const output = await nodeType.poll.call(context);
			return output?.[0].map(({ json }) => json) ?? null;
		} finally {
			this.staticData = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
		}
	}
}
