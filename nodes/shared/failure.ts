import { ExpressionError, NodeOperationError } from 'n8n-workflow';
import type { INode, INodeExecutionData } from 'n8n-workflow';

import { isRecord } from './json';
import { CAUSES } from './types';
import type { Cause, FailureFacts, FailureItem } from './types';

export type { FailureFacts } from './types';

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

/** Reads the facts from any thrown value; unclassified errors are `unknown`. */
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
			'Open the execution in n8n to see which step failed, fix it and run the workflow again.',
	};
}

/** A failure as the next steps get it. The only maker of such records. */
export function failureRecord(node: INode, operation: string, facts: FailureFacts): FailureItem {
	return {
		error: facts.sentence,
		message: facts.action,
		details: { cause: facts.cause, node: node.name, operation, until: facts.until ?? null },
	};
}

/** The item that an operation's failure becomes. */
export function failureItem(
	node: INode,
	operation: string,
	error: unknown,
	itemIndex: number,
): INodeExecutionData {
	const json = failureRecord(node, operation, factsOf(error));
	return { json: { ...json }, pairedItem: { item: itemIndex } };
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

/**
 * The failure that `json` carries, unchanged; null when it carries none. Nodes of n8n and of other packages put an
 * object, or nothing but a text, under `error`: their failures are `unknown`.
 */
export function receivedFailure(json: unknown): FailureItem | null {
	if (!isRecord(json) || !isFailed(json)) return null;
	const sentence = isRecord(json.error) ? json.error.message : json.error;
	const details = isRecord(json.details) ? json.details : {};
	return {
		error: textOf(sentence) || 'A step failed without saying why.',
		message: textOf(json.message) || 'Open the execution in n8n to see which step failed.',
		details: {
			cause: CAUSES.find((cause) => cause === details.cause) ?? 'unknown',
			node: textOf(details.node),
			operation: textOf(details.operation),
			until: textOf(details.until) || null,
		},
	};
}

/** Whether `json` is, or was merged with, the failure of an earlier node. */
export function isFailed(json: unknown): boolean {
	return typeof json === 'object' && json !== null && Boolean((json as { error?: unknown }).error);
}
