import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import { deepCopy, Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeType,
	INodeTypes,
	IRun,
	IWorkflowBase,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { MyAnonamouseApi } from '../../credentials/MyAnonamouseApi.credentials';
import { QBittorrentWebApi } from '../../credentials/QBittorrentWebApi.credentials';
import { MamPolicy } from '../../nodes/MamPolicy/MamPolicy.node';
import { MyAnonamouse } from '../../nodes/MyAnonamouse/MyAnonamouse.node';
import { QBittorrent } from '../../nodes/QBittorrent/QBittorrent.node';
import { additionalData } from './additionalData';
import { baseNodes, dataTable, type Tables } from './baseNodes';
import { StoredCredentials } from './credentials';

const ALL_NODES: Record<string, INodeType> = {
	...baseNodes,
	'n8n-nodes-myanonamouse.myAnonamouse': new MyAnonamouse(),
	'n8n-nodes-myanonamouse.qBittorrent': new QBittorrent(),
	'n8n-nodes-myanonamouse.mamPolicy': new MamPolicy(),
};

function nodeTypes(tables: Tables): INodeTypes {
	const all = { ...ALL_NODES, 'n8n-nodes-base.dataTable': dataTable(tables) };
	return {
		getByName: (name: keyof typeof all) => all[name],
		getByNameAndVersion: (name: keyof typeof all) => all[name],
		getKnownTypes: () => ({}),
	} as unknown as INodeTypes;
}

/** What a run is started with. */
export interface Start {
	/** Name of the trigger node. */
	trigger: string;
	/** `manual` as from the editor, `trigger` as from the schedule. */
	mode: WorkflowExecuteMode;
	/** Stored credential data by type; rotations end up in it. */
	credentials: Record<string, ICredentialDataDecryptedObject>;
	/** Workflow static data; what the run remembers ends up in it, unless it was started by hand. */
	staticData?: IDataObject;
	/** n8n's tables; what the run writes ends up in them. */
	tables?: Tables;
	/** Gets what stops the run, as the button in the editor does. */
	onStart?: (stop: () => void) => void;
}

/** A finished run. */
export class FinishedRun {
	constructor(
		private readonly run: IRun,
		readonly executedNodes: string[],
	) {}

	get failed(): boolean {
		return this.run.data.resultData.error !== undefined;
	}

	get errorMessage(): string {
		return this.run.data.resultData.error?.message ?? '';
	}

	/** How often a node ran. */
	times(node: string): number {
		return this.executedNodes.filter((name) => name === node).length;
	}

	/** What the editor shows on the output of `node`. */
	hints(node: string): string[] {
		const tasks = this.run.data.resultData.runData[node] ?? [];
		return tasks.flatMap(({ hints = [] }) => hints.map(({ message }) => message));
	}

	/** The json of the items that left `node` by one of its outputs. */
	items(node: string, output = 0): IDataObject[] {
		const tasks = this.run.data.resultData.runData[node] ?? [];
		return tasks.flatMap((task) =>
			(task.data?.main[output] ?? []).map((item: INodeExecutionData) => item.json),
		);
	}
}

let executions = 0;

/** Runs a workflow with n8n's own engine in this process. */
export async function runWorkflow(
	file: Pick<IWorkflowBase, 'id' | 'name' | 'nodes' | 'connections' | 'settings'>,
	start: Start,
): Promise<FinishedRun> {
	const executionId = `run-${++executions}`;
	const { staticData = {} } = start;
	const nodes = structuredClone(file.nodes).map((node: INode) => ({
		...node,
		credentials: Object.fromEntries(
			Object.entries(node.credentials ?? {}).map(([type, { name }]) => [type, { id: type, name }]),
		),
	}));
	const workflow = new Workflow({
		...file,
		nodes,
		active: false,
		nodeTypes: nodeTypes(start.tables ?? {}),
		staticData: start.mode === 'manual' ? deepCopy(staticData) : staticData,
	});
	const executedNodes: string[] = [];
	const hooks = new ExecutionLifecycleHooks(start.mode, executionId, {
		...file,
		nodes,
	} as IWorkflowBase);
	hooks.addHandler('nodeExecuteBefore', (name) => {
		executedNodes.push(name);
	});
	const credentials = new StoredCredentials(
		[new MyAnonamouseApi(), new QBittorrentWebApi()],
		start.credentials,
	);
	const data = additionalData(credentials, { executionId, hooks });
	const execute = new WorkflowExecute(data, start.mode);
	const running = execute.run({ workflow, startNode: workflow.getNode(start.trigger)! });
	start.onStart?.(() => running.cancel());
	const run = await running;
	return new FinishedRun(run, executedNodes);
}
