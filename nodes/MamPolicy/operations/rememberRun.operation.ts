import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { factsOf, isFailed } from '../../shared/failure';
import { isRecord, parseJson, type JsonObject } from '../../shared/json';
import { failureHint, operation } from '../../shared/operation';
import { Parameters } from '../../shared/parameters';
import { keptUnsent, readMessages, readUnsent, type Sendable } from '../report/unsentMessages';
import {
	keptRuns,
	mayRemember,
	PUSH_FAILED,
	setOrForget,
	storedMemory,
	UNSENT,
} from './workflowMemory';

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
function failedMessages(messages: Sendable[], answers: JsonObject[]): Sendable[] {
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

/** Reads the fields of one run. None of them may stop it: what cannot be used is said in a hint. */
class Fields {
	private readonly read: Parameters;

	constructor(private readonly context: IExecuteFunctions) {
		this.read = new Parameters(context, 0);
	}

	/** The items of a step; none when they are not known. */
	items(field: INodeProperties): JsonObject[] {
		const value = this.value(field);
		if (Array.isArray(value)) return (value as unknown[]).filter(isRecord);
		this.hint(`${field.displayName} is not a list of items, so what failed is not known.`);
		return [];
	}

	/** The value as it is, or that of a JSON text. */
	value(field: INodeProperties): unknown {
		const value = this.safely(() => this.read.value(field));
		return typeof value === 'string' ? parseJson(value) : value;
	}

	safely<T>(read: () => T): T | undefined {
		try {
			return read();
		} catch (error) {
			this.hint(factsOf(error).sentence);
			return undefined;
		}
	}

	hint(sentence: string): void {
		this.context.addExecutionHints(failureHint(sentence));
	}
}

/** What the row is to hold; undefined when it must not be written. */
function rowOf(staticData: IDataObject, fields: Fields): string | undefined {
	const kept = keptRuns(fields.value(RECALLED));
	if (kept !== null) return fields.safely(() => storedMemory(staticData, kept));
	fields.hint('The row of the table could not be read, so it is not written.');
	return undefined;
}

/** Notes what could not be pushed or sent, and gives the memory of the run as a row. */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (!mayRemember(this)) return [[]];
	const fields = new Fields(this);
	const staticData = this.getWorkflowStaticData('global');
	const pushFailed = fields.items(PUSH_ANSWERS).some(({ json }) => isFailed(json));
	setOrForget(staticData, PUSH_FAILED, pushFailed);

	const messages = readMessages(this.getInputData()[0]?.json.messages);
	const failed = failedMessages(messages, fields.items(MESSAGE_ANSWERS));
	const unsent = keptUnsent(readUnsent(staticData[UNSENT]), failed, new Date());
	setOrForget(staticData, UNSENT, unsent.length > 0 && (unsent as unknown as IDataObject[]));

	const memory = rowOf(staticData, fields);
	return [memory === undefined ? [] : [{ json: { memory }, pairedItem: { item: 0 } }]];
}

/**
 * One item `{ memory }`, a text for the workflow's row. None in a run by hand or a retry, after a row that could not be
 * read, and when the memory cannot be written as JSON.
 */
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
