import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { factsOf, isFailed } from '../../shared/failure';
import { isRecord, type JsonObject } from '../../shared/json';
import { failureHint, operation } from '../../shared/operation';
import { Parameters } from '../../shared/parameters';
import type { Message } from '../report/events';
import { keptUnsent, readMessages, readUnsent } from '../report/unsentMessages';
import { mayRemember, storedMemory } from './workflowMemory';

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
		'The items of the step that sends the messages, which must be higher on the canvas than this one; empty if it did not run. What could not be sent is sent again by later runs.',
} satisfies INodeProperties;

const RECALLED = {
	displayName: 'Recalled',
	name: 'recalled',
	type: 'json',
	default: '{}',
	description:
		'The item of Recall Memory; empty if it did not run, because the workflow has no row yet',
} satisfies INodeProperties;

/** The number of the item that an answer of a step belongs to. */
function itemOf({ pairedItem }: JsonObject, index: number): number {
	const [paired] = Array.isArray(pairedItem) ? (pairedItem as unknown[]) : [pairedItem];
	const item = isRecord(paired) ? paired.item : paired;
	return typeof item === 'number' ? item : index;
}

/**
 * The messages that could not be sent, by the answers of the step that sends them. Where these do not match the
 * messages one by one, as after a filter, one failure counts for all: twice is better than never.
 */
function failedMessages(messages: Message[], answers: JsonObject[]): Message[] {
	const failed = new Set<number>();
	const answered = new Set<number>();
	answers.forEach((answer, index) => {
		const item = itemOf(answer, index);
		answered.add(item);
		if (isFailed(answer.json)) failed.add(item);
	});
	if (failed.size > 0 && answered.size !== messages.length) return messages;
	return messages.filter((_, index) => failed.has(index));
}

/**
 * Notes what could not be pushed or sent, and gives the memory of the run as a row. What cannot be used is named in a
 * hint, and a parameter counts as a step that did not run: the memory must be kept all the same. After a row that could
 * not be read none is given: it may hold more than this run knows.
 */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (!mayRemember(this)) return [[]];
	const parameters = new Parameters(this, 0);
	const staticData = this.getWorkflowStaticData('global');
	const safely = <T>(read: () => T): T | undefined => {
		try {
			return read();
		} catch (error) {
			this.addExecutionHints(failureHint(factsOf(error).sentence));
			return undefined;
		}
	};
	const answers = (field: INodeProperties): JsonObject[] => {
		const value = safely(() => parameters.json(field));
		return Array.isArray(value) ? (value as unknown[]).filter(isRecord) : [];
	};
	if (answers(PUSH_ANSWERS).some(({ json }) => isFailed(json))) staticData[PUSH_FAILED] = true;
	else delete staticData[PUSH_FAILED];

	const messages = readMessages(this.getInputData()[0]?.json.messages);
	const failed = failedMessages(messages, answers(MESSAGE_ANSWERS));
	const unsent = keptUnsent(readUnsent(staticData[UNSENT]), failed, new Date());
	if (unsent.length > 0) staticData[UNSENT] = unsent as unknown as IDataObject[];
	else delete staticData[UNSENT];

	const value = safely(() => parameters.json(RECALLED));
	const { unreadable, kept = 0 } = isRecord(value) ? value : {};
	if (unreadable === true) return [[]];
	const memory = safely(() => storedMemory(staticData, Number(kept) || 0));
	return [memory === undefined ? [] : [{ json: { memory }, pairedItem: { item: 0 } }]];
}

/** One item `{ memory }`, a text for the workflow's row; none in a run by hand. */
export const rememberRun = operation({
	value: 'rememberRun',
	name: 'Remember Run',
	action: 'Remember the run',
	description:
		'Record what could not be pushed or sent, and prepare what the workflow remembers for the table',
	changes: false,
	fields: [PUSH_ANSWERS, MESSAGE_ANSWERS, RECALLED],
	outputs: ['Items'],
	run: { decide },
});
