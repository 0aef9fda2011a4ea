import type { INodeProperties } from 'n8n-workflow';

/** Shows `properties` only for one operation of a resource. */
export function shownFor(
	resource: string,
	operation: string,
	properties: INodeProperties[],
): INodeProperties[] {
	return properties.map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { resource: [resource], operation: [operation] },
		},
	}));
}
