import type { INodeProperties } from 'n8n-workflow';

/** Shows `properties` only for one operation of a resource. */
export function shownFor(
	resource: string,
	operation: string,
	properties: Array<Omit<INodeProperties, 'displayOptions'>>,
): INodeProperties[] {
	return properties.map((property) => ({
		...property,
		displayOptions: { show: { resource: [resource], operation: [operation] } },
	}));
}
