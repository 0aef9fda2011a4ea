import { ExpressionError, NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import type { Cause, FailureItem } from './types';

/** Everything a user needs to know about one failure. */
export interface FailureFacts {
	cause: Cause;
	/** What happened, as a sentence. */
	sentence: string;
	/** What the user should do next. */
	action: string;
	/** ISO time until which it holds; absent when it has no known end. */
	until?: string | null;
}

/**
 * The error for `facts`: what the node throws, and what {@link failureItem} reads back.
 * The cause and the deadline travel in the error's `context`, which n8n shows under "Error details".
 */
export function failure(node: INode, facts: FailureFacts): NodeOperationError {
	const error = new NodeOperationError(node, facts.sentence, { description: facts.action });
	error.context.cause = facts.cause;
	error.context.until = facts.until ?? null;
	return error;
}

/** Reads the facts back from any thrown value; what nobody classified is `unknown`. */
export function factsOf(error: unknown): FailureFacts {
	if (error instanceof NodeOperationError && typeof error.context.cause === 'string') {
		return {
			cause: error.context.cause as Cause,
			sentence: error.message,
			action: error.description ?? '',
			until: (error.context.until as string | null | undefined) ?? null,
		};
	}
	const sentence = error instanceof Error ? error.message : String(error);
	if (error instanceof ExpressionError) {
		return {
			cause: 'bad_parameter',
			sentence,
			action: 'Correct the expression in the parameter that the message names.',
		};
	}
	return {
		cause: 'unknown',
		sentence,
		action:
			'Open the execution in n8n to see which step failed, mend it and run the workflow again.',
	};
}

/** The item that a failure becomes under "continue (using error output)". The only maker of such items. */
export function failureItem(
	node: INode,
	operation: string,
	error: unknown,
	itemIndex: number,
): INodeExecutionData {
	const facts = factsOf(error);
	const json: FailureItem = {
		error: facts.sentence,
		message: facts.action,
		details: { cause: facts.cause, node: node.name, operation, until: facts.until ?? null },
	};
	return { json: { ...json }, pairedItem: { item: itemIndex } };
}

/** Whether `json` is, or was merged with, the failure of an earlier node. */
export function isFailed(json: unknown): boolean {
	return typeof json === 'object' && json !== null && Boolean((json as { error?: unknown }).error);
}

/** Throws `no_data` when an input item carries an earlier node's failure: it is no permission to act. */
export function requireProperItem(context: IExecuteFunctions, itemIndex: number): void {
	if (isFailed(context.getInputData()[itemIndex]?.json)) {
		throw failure(context.getNode(), {
			cause: 'no_data',
			sentence: 'The input item is the failure of an earlier step, so nothing was done with it.',
			action: 'Look at the step before this one: its own message says what to do.',
		});
	}
}
