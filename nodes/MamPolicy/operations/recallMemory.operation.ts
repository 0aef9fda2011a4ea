import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isFailed } from '../../shared/failure';
import { operation } from '../../shared/operation';
import { recallMemory as recall, recallWithoutTable } from './workflowMemory';

const NO_TABLE =
	"The table mam_memory cannot be read. Only n8n's queue mode needs it: without it, a workflow there remembers nothing from run to run. Execute the workflow Daily report once; it creates the table.";

/** Puts the memory of the workflow's row, if it is newer, in the place of the static data. Never throws. */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const [row] = this.getInputData().map(({ json }) => json);
	const staticData = this.getWorkflowStaticData('global');
	const json = isFailed(row)
		? { memory: recallWithoutTable(staticData), note: NO_TABLE }
		: { memory: recall(staticData, row?.memory) };
	return [[{ json: { ...json, runs: staticData.runs ?? 0 }, pairedItem: { item: 0 } }]];
}

/** One item: where the memory comes from, and how many runs it has seen. */
export const recallMemory = operation({
	value: 'recallMemory',
	name: 'Recall Memory',
	action: 'Recall the memory of the workflow',
	description:
		'Restore what the workflow remembers from its row in the table, if n8n did not keep it',
	changes: false,
	fields: [],
	outputs: ['Items'],
	run: { decide },
});
