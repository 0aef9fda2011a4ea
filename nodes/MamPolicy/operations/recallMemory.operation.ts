import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isFailed } from '../../shared/failure';
import { operation } from '../../shared/operation';
import { knownRuns, restoreMemory } from './workflowMemory';

const UNREADABLE =
	"The table mam_memory cannot be read, and is not written by this run. Only n8n's queue mode needs it. If it is missing, execute the workflow Daily report once, which creates it.";

/**
 * Whether the step before could not read the table. When the database refuses, n8n passes its input on instead of a
 * failure; a row has a column for the memory.
 */
function isUnreadable(row: IDataObject | undefined): boolean {
	return row !== undefined && (isFailed(row) || !('memory' in row));
}

/** Puts the memory of the workflow's row, if it is newer, in place of the static data. Never throws. */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	// Nothing can act in a retry, and what it changed would be saved.
	if (this.getMode() === 'retry') return [[]];
	const [row] = this.getInputData().map(({ json }) => json);
	const staticData = this.getWorkflowStaticData('global');
	const json = isUnreadable(row)
		? { unreadable: true, runs: knownRuns(staticData), note: UNREADABLE }
		: { ...restoreMemory(staticData, row?.memory) };
	return [[{ json, pairedItem: { item: 0 } }]];
}

/** One item: where the memory comes from, and how many runs it knows of; `unreadable` when the table could not be read. */
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
