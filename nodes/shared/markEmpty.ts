import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { EmptyMarker } from './types';

/** Option of every list operation whose empty answer must be distinguished from no answer. */
export const markEmptyOption: INodeProperties = {
	displayName: 'Mark Empty',
	name: 'markEmpty',
	type: 'boolean',
	default: false,
	description:
		'Whether a successful answer without results returns one item { empty: true, fetchedAt } instead of none. n8n runs nothing after a node without items, so a flow that must report needs it.',
};

/** `items`, or the one marker item for a proven empty answer. */
export function withEmptyMarker(
	items: INodeExecutionData[],
	markEmpty: boolean,
	fetchedAt: Date,
	itemIndex: number,
): INodeExecutionData[] {
	if (items.length > 0 || !markEmpty) return items;
	const marker: EmptyMarker = { empty: true, fetchedAt: fetchedAt.toISOString() };
	return [{ json: { ...marker }, pairedItem: { item: itemIndex } }];
}
