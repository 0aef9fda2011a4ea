import type { INodeProperties } from 'n8n-workflow';

/** `properties`, shown for one operation only. */
export function showFor(
	resource: string,
	operation: string,
	properties: INodeProperties[],
): INodeProperties[] {
	const displayOptions = { show: { resource: [resource], operation: [operation] } };
	return properties.map((property) => ({ ...property, displayOptions }));
}
