import type { INodeProperties } from 'n8n-workflow';

type Hiding = NonNullable<
	NonNullable<NonNullable<INodeProperties['displayOptions']>['hide']>[string]
>;

/** An expression: what it yields is known at run time only. */
const EXPRESSION: Hiding[number] = { _cnd: { regex: '^=' } };

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
