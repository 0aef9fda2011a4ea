import type { INodeProperties } from 'n8n-workflow';

type Hiding = NonNullable<
	NonNullable<NonNullable<INodeProperties['displayOptions']>['hide']>[string]
>;

/**
 * An expression; its value is only known at run time. A range and not `^=`: n8n runs regular expressions with a
 * time limit, and on a busy machine would call the node invalid.
 */
const EXPRESSION: Hiding[number] = { _cnd: { between: { from: '=', to: '=\uffff' } } };

/**
 * A warning among the fields of a node, shown as soon as one of them is set to something dangerous. `safe` has,
 * by field, the values and conditions (those of n8n's displayOptions) under which there is nothing to warn of.
 */
export function warning(
	name: string,
	message: string,
	safe: Record<string, Hiding>,
): INodeProperties {
	const hide = Object.fromEntries(
		Object.entries(safe).map(([field, conditions]) => [field, [...conditions, EXPRESSION]]),
	);
	return { displayName: message, name, type: 'notice', default: '', displayOptions: { hide } };
}

/** Shown while an operation that cannot be undone is not simulated. */
export const SIMULATE_WARNING = warning(
	'simulateWarning',
	"Simulate is off: Execute Step acts too, even on data from an old run. Set Simulate to {{ $execution.mode === 'test' }} to act on schedule only.",
	{ simulate: [{ _cnd: { not: false } }] },
);
