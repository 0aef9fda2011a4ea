import { PollContext } from 'n8n-core';
import { Workflow } from 'n8n-workflow';
import type {
	IDataObject,
	INode,
	INodeParameters,
	INodeTypes,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { QBittorrentWebApi } from '../../../credentials/QBittorrentWebApi.credentials';
import { QBittorrentTrigger } from '../../../nodes/QBittorrent/QBittorrentTrigger.node';
import { additionalData } from '../../engine/additionalData';
import { StoredCredentials } from '../../engine/credentials';
import { newCredential } from './runNode';

const nodeType = new QBittorrentTrigger();

let published = 0;

/** A credential that several triggers can share, with its session. */
export function newStored(credential = newCredential()): StoredCredentials {
	return new StoredCredentials([new QBittorrentWebApi()], { qBittorrentWebApi: credential });
}

/** A published trigger: n8n's own poll context, stored credentials, and static data that outlives a restart. */
export class PublishedTrigger {
	/** What n8n has stored. */
	private staticData: IDataObject = {};

	private readonly id = `workflow ${++published}`;

	/** The published workflow in the memory of n8n; null while n8n is not running. */
	private workflow: Workflow | null = null;

	constructor(
		private readonly parameters: INodeParameters,
		private readonly credentials: StoredCredentials = newStored(),
	) {}

	/** Polls once, as after a restart of n8n: what is not in the static data is forgotten. */
	async poll(mode: WorkflowExecuteMode = 'trigger'): Promise<IDataObject[] | null> {
		this.workflow = null;
		try {
			return await this.pollAgain(mode);
		} finally {
			this.store();
		}
	}

	/** Polls once, as n8n does while it runs: it stores the static data with a poll that returns items. */
	async pollAgain(
		mode: WorkflowExecuteMode = 'trigger',
		activation: WorkflowActivateMode = 'init',
	): Promise<IDataObject[] | null> {
		const node = this.node();
		this.workflow ??= new Workflow({
			id: this.id,
			nodes: [node],
			connections: {},
			active: true,
			nodeTypes: { getByNameAndVersion: () => nodeType } as unknown as INodeTypes,
			staticData: structuredClone(this.staticData),
		});
		const { workflow } = this;
		const data = additionalData(this.credentials);
		const context = new PollContext(workflow, node, data, mode, activation);
		const output = await nodeType.poll.call(context);
		if (output === null) return null;
		this.store();
		return output[0].map(({ json }) => json);
	}

	private store(): void {
		this.staticData = JSON.parse(JSON.stringify(this.workflow!.staticData)) as IDataObject;
	}

	/** Unpublishes the workflow and publishes it again, with other parameters if any; n8n polls at once. */
	async republish(
		activation: WorkflowActivateMode,
		parameters: INodeParameters = {},
	): Promise<IDataObject[] | null> {
		Object.assign(this.parameters, parameters);
		this.workflow = null;
		return await this.pollAgain('trigger', activation);
	}

	private node(): INode {
		return {
			id: 'node',
			name: 'Trigger',
			type: 'n8n-nodes-myanonamouse.qBittorrentTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: this.parameters,
			credentials: { qBittorrentWebApi: { id: 'stored', name: 'qBittorrent' } },
		};
	}
}
