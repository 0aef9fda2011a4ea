import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isFailed } from '../../shared/failure';
import { operation } from '../../shared/operation';

/** Key in the workflow's static data: true after a failed push, otherwise absent. */
export const PUSH_FAILED = 'pushFailed';

/** Notes in the workflow's static data whether any push failed, and passes all answers on. */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const answers = this.getInputData();
	const staticData = this.getWorkflowStaticData('global');
	if (answers.some(({ json }) => isFailed(json))) staticData[PUSH_FAILED] = true;
	else delete staticData[PUSH_FAILED];
	return [answers.map((item, index) => ({ ...item, pairedItem: { item: index } }))];
}

/** Report Run runs before the push, so it is the next report that tells of a failed one. */
export const rememberPush = operation({
	value: 'rememberPush',
	name: 'Remember Push',
	action: 'Remember push to the gateway',
	description: 'Record whether pushing the metrics failed, so that the next Report Run says so',
	changes: false,
	fields: [],
	outputs: ['Items'],
	run: { decide },
});
