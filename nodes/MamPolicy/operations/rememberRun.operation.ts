import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { factsOf, isFailed } from '../../shared/failure';
import { isRecord } from '../../shared/json';
import { operation } from '../../shared/operation';
import { Parameters } from '../../shared/parameters';
import { readMessages, unsentOf } from '../report/unsentMessages';
import { storedMemory } from './workflowMemory';

/** Key in the workflow's static data: true after a failed push, otherwise absent. */
export const PUSH_FAILED = 'pushFailed';

/** Key in the workflow's static data: the messages that could not be sent, absent when there are none. */
export const UNSENT = 'unsent';

const PUSH_ANSWERS = {
	displayName: 'Push Answers',
	name: 'pushAnswers',
	type: 'json',
	default: '[]',
	description: 'The items of the step that pushes the metrics; empty if it did not run',
} satisfies INodeProperties;

const MESSAGE_ANSWERS = {
	displayName: 'Message Answers',
	name: 'messageAnswers',
	type: 'json',
	default: '[]',
	description:
		'The items of the step that sends the messages; empty if it did not run. What could not be sent is sent again by the next run.',
} satisfies INodeProperties;

/** The numbers of the input items of a step whose answers, items of n8n, are failures. */
function failedInputs(answers: unknown): Set<number> {
	const items = Array.isArray(answers) ? (answers as unknown[]) : [];
	return new Set(
		items.flatMap((answer, index) => {
			if (!isRecord(answer) || !isFailed(answer.json)) return [];
			const { pairedItem } = answer;
			const item = isRecord(pairedItem) ? pairedItem.item : pairedItem;
			return [typeof item === 'number' ? item : index];
		}),
	);
}

/**
 * Notes what could not be pushed or sent, and gives the memory of the run as a row. A parameter that cannot be used
 * counts as a step that did not run, and is named: the memory must be kept all the same. Runs by hand and retries
 * leave no memory.
 */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (['manual', 'retry'].includes(this.getMode())) return [[]];
	const read = new Parameters(this, 0);
	const problems: string[] = [];
	const failedOf = (field: INodeProperties): Set<number> => {
		try {
			return failedInputs(read.json(field));
		} catch (error) {
			problems.push(factsOf(error).sentence);
			return new Set();
		}
	};
	const staticData = this.getWorkflowStaticData('global');
	if (failedOf(PUSH_ANSWERS).size > 0) staticData[PUSH_FAILED] = true;
	else delete staticData[PUSH_FAILED];
	const failed = failedOf(MESSAGE_ANSWERS);
	const unsent = unsentOf(readMessages(this.getInputData()[0]?.json.messages), failed);
	if (unsent.length > 0) staticData[UNSENT] = unsent as unknown as IDataObject[];
	else delete staticData[UNSENT];
	const json = { memory: storedMemory(staticData), ...(problems.length > 0 && { problems }) };
	return [[{ json, pairedItem: { item: 0 } }]];
}

/** One item `{ memory }`, a text for the workflow's row; none in a run by hand. */
export const rememberRun = operation({
	value: 'rememberRun',
	name: 'Remember Run',
	action: 'Remember the run',
	description:
		'Record what could not be pushed or sent, and prepare what the workflow remembers for the table',
	changes: false,
	fields: [PUSH_ANSWERS, MESSAGE_ANSWERS],
	outputs: ['Items'],
	run: { decide },
});
