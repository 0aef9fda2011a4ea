import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { failure } from './failure';
import { warning } from './warning';

/** The second guard of every operation that changes something. */
export const simulateProperty: INodeProperties = {
	displayName: 'Simulate',
	name: 'simulate',
	type: 'boolean',
	default: false,
	description:
		"Whether to return what would be sent, marked simulated, and send nothing. The shipped workflows set it to {{ $execution.mode === 'test' }}, so that a manual run changes nothing.",
};

/** For what cannot be taken back: with a warning while it is off. */
export const simulateProperties: INodeProperties[] = [
	simulateProperty,
	warning(
		'simulateWarning',
		"Simulate is off: Execute Step acts as well, also on the data of an old run. Set Simulate to {{ $execution.mode === 'test' }} to act on schedule only.",
		{ simulate: [{ _cnd: { not: false } }] },
	),
];

/**
 * Whether this run only simulates. Refuses (`stale_plan`) when n8n retries an old execution: its plan
 * was made from numbers that are no longer true.
 */
export function isSimulated(context: IExecuteFunctions, itemIndex: number): boolean {
	if (context.getMode() === 'retry') {
		throw failure(context.getNode(), {
			cause: 'stale_plan',
			sentence:
				'This is a retry of an earlier execution, so its plan may be out of date; nothing was changed.',
			action:
				'Start the workflow anew (or wait for its schedule) instead of retrying an old execution.',
		});
	}
	// Anything but a plain false simulates: an expression that yields nothing is no permission to act.
	return context.getNodeParameter('simulate', itemIndex) !== false;
}
