import { ExecuteContext, LoadOptionsContext } from 'n8n-core';
import { createEmptyRunExecutionData, Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeTypes,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { QBittorrentWebApi } from '../../../credentials/QBittorrentWebApi.credentials';
import { QBittorrent } from '../../../nodes/QBittorrent/QBittorrent.node';
import { additionalData } from '../../engine/additionalData';
import { StoredCredentials } from '../../engine/credentials';
import { CLIENT_URL } from '../../helpers/qbittorrent';

/** A credential as a user has just filled it in. */
export function newCredential(data: IDataObject = {}): ICredentialDataDecryptedObject {
	return {
		url: CLIENT_URL,
		username: 'admin',
		password: 'secret-word',
		apiKey: '',
		allowUnauthorizedCerts: false,
		sessionToken: '',
		tokenState: '',
		...data,
	} as ICredentialDataDecryptedObject;
}

interface Run {
	items?: INodeExecutionData[];
	credential?: ICredentialDataDecryptedObject;
	mode?: WorkflowExecuteMode;
	/** As with "continue"; on unless it is false. */
	continueOnFail?: boolean;
}

const nodeType = new QBittorrent();

function workflowOf(parameters: INodeParameters, { continueOnFail }: Run): Workflow {
	const node: INode = {
		id: 'node',
		name: 'qBittorrent',
		type: 'n8n-nodes-myanonamouse.qBittorrent',
		typeVersion: 1,
		position: [0, 0],
		// As the shipped workflows name the torrent; n8n drops it where an operation has no such field.
		parameters: { hash: '={{ $json.hash }}', ...parameters },
		credentials: { qBittorrentWebApi: { id: 'stored', name: 'qBittorrent' } },
		onError: continueOnFail === false ? 'stopWorkflow' : 'continueRegularOutput',
	};
	return new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: { getByNameAndVersion: () => nodeType } as unknown as INodeTypes,
	});
}

function additionalDataOf({ credential = newCredential() }: Run): IWorkflowExecuteAdditionalData {
	return additionalData(
		new StoredCredentials([new QBittorrentWebApi()], { qBittorrentWebApi: credential }),
	);
}

/** n8n's own execution context of the node: real requests, real sign-in rules, stored credentials. */
export function contextOf(parameters: INodeParameters, run: Run = {}): ExecuteContext {
	const { items = [{ json: {} }], mode = 'trigger' } = run;
	const workflow = workflowOf(parameters, run);
	const node = workflow.getNode('qBittorrent')!;
	return new ExecuteContext(
		workflow,
		node,
		additionalDataOf(run),
		mode,
		createEmptyRunExecutionData(),
		0,
		items,
		{ main: [items] },
		{ data: { main: [items] }, node, source: null },
		[],
	);
}

/** Runs the node once. */
export async function runNode(
	parameters: INodeParameters,
	run: Run = {},
): Promise<INodeExecutionData[]> {
	const [output] = await nodeType.execute.call(contextOf(parameters, run));
	return output;
}

/** {@link runNode}, its items' json only. */
export async function runNodeJson(
	parameters: INodeParameters,
	run: Run = {},
): Promise<IDataObject[]> {
	return (await runNode(parameters, run)).map(({ json }) => json);
}

/** What the editor gets for a list of the node, as when a user opens or searches it. */
export async function searchList(
	method: keyof QBittorrent['methods']['listSearch'],
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const workflow = workflowOf({}, {});
	const node = workflow.getNode('qBittorrent')!;
	const context = new LoadOptionsContext(workflow, node, additionalDataOf({}), '');
	return await nodeType.methods.listSearch[method].call(context, filter, paginationToken);
}
