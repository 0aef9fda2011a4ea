import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { FinishedRun, runWorkflow, type Start } from '../engine/engine';

/** A node with its input, for {@link runNode}. */
export interface OneNode {
	type: 'myAnonamouse' | 'qBittorrent' | 'mamPolicy';
	parameters: INodeParameters;
	input?: IDataObject[];
	settings?: Partial<INode>;
	start: Omit<Start, 'trigger' | 'mode'> & Partial<Start>;
}

const CREDENTIALS = {
	myAnonamouse: 'myAnonamouseApi',
	qBittorrent: 'qBittorrentWebApi',
	mamPolicy: '',
};

/** Runs one node behind a trigger on n8n's engine. Its name in the run is "Node". */
export async function runNode(one: OneNode): Promise<FinishedRun> {
	const trigger: INode = {
		id: 't',
		name: 'Trigger',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: { items: JSON.stringify(one.input ?? [{}]) },
	};
	const credential = CREDENTIALS[one.type];
	const node: INode = {
		id: 'n',
		name: 'Node',
		type: `n8n-nodes-myanonamouse.${one.type}`,
		typeVersion: 1,
		position: [200, 0],
		parameters: one.parameters,
		credentials: credential === '' ? {} : { [credential]: { id: credential, name: credential } },
		...one.settings,
	};
	return await runWorkflow(
		{
			id: 'one',
			name: 'One node',
			nodes: [trigger, node],
			connections: { Trigger: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1' },
		},
		{ trigger: 'Trigger', mode: 'trigger', ...one.start },
	);
}
