import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

/** n8n's Simplify; `raw` names what comes with it switched off. */
export function simplifyField(raw: string): INodeProperties {
	return {
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: `Whether to return a simplified version of the response; off adds ${raw} under raw`,
	};
}

/** The output item of one record, with the site's own answer where it is wanted. */
export function rawItem(record: object, raw: unknown, itemIndex: number): INodeExecutionData {
	const json = raw === undefined ? record : { ...record, raw };
	return { json: json as IDataObject, pairedItem: { item: itemIndex } };
}
