import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Fields } from '../types';

/** The choice of how much of each record to return; `essential` says what that is. */
export function fieldsProperty(
	essential: string,
	byDefault: Fields = 'essential',
): Omit<INodeProperties, 'displayOptions'> {
	return {
		displayName: 'Fields',
		name: 'fields',
		type: 'options',
		options: [
			{ name: 'All', value: 'all', description: 'Everything this version of qBittorrent gives' },
			{ name: 'Essential', value: 'essential', description: essential },
		],
		default: byDefault,
		description: 'Which fields to return',
	};
}

/** What {@link fieldsProperty} says; anything but a plain `all` is the shorter one. */
export function readFields(context: IExecuteFunctions, itemIndex: number): Fields {
	return context.getNodeParameter('fields', itemIndex) === 'all' ? 'all' : 'essential';
}
