import type {
	IExecuteFunctions,
	INodeProperties,
	INodePropertyMode,
	IPollFunctions,
} from 'n8n-workflow';

import { failure } from '../../shared/failure';

type Locator = Omit<INodeProperties, 'displayOptions'>;

const FROM_LIST = { displayName: 'From List', name: 'list' };

/** The mode that shows what the client has: see `methods/listSearch.ts`. */
function fromList(searchListMethod: string): INodePropertyMode {
	return { ...FROM_LIST, type: 'list', typeOptions: { searchListMethod, searchable: true } };
}

/** The torrent that an operation is about; by default that of the input item. */
export const hashProperty: Locator = {
	displayName: 'Torrent',
	name: 'hash',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'hash', value: '={{ $json.hash }}' },
	description: 'The torrent, chosen from the client or by its info hash',
	modes: [
		fromList('searchTorrents'),
		{
			displayName: 'By Hash',
			name: 'hash',
			type: 'string',
			hint: 'Info hash of one torrent: 40 hex digits (64 for a full v2 hash)',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '([0-9a-fA-F]{40}|[0-9a-fA-F]{64})',
						errorMessage: 'Not the hash of one torrent: 40 (or 64) hex digits',
					},
				},
			],
		},
	],
};

/** A category of the client, or the name of one that it may not have yet. */
export const categoryProperty: Locator = {
	displayName: 'Category',
	name: 'category',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'A category, chosen from the client or by its name',
	modes: [
		fromList('searchCategories'),
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. books' },
	],
};

/** One tag of the client, for a filter. */
export const tagProperty: Locator = {
	displayName: 'Tag',
	name: 'tag',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		fromList('searchTags'),
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. keep' },
	],
};

/** A tag of the client, or the names of several, also of new ones. */
export const tagsProperty: Locator = {
	displayName: 'Tags',
	name: 'tags',
	type: 'resourceLocator',
	default: { mode: 'name', value: '' },
	description: 'One tag chosen from the client, or the names of several',
	modes: [
		fromList('searchTags'),
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. keep, mam',
			hint: 'Comma-separated tags',
		},
	],
};

/**
 * What the locator `name` names: chosen, typed, or a plain string as expressions and workflows written by hand
 * have it. '' when nothing is named. `name` may be a path such as `options.category`.
 */
export function located(context: IExecuteFunctions, name: string, itemIndex: number): string {
	return textOf(
		context,
		name,
		context.getNodeParameter(name, itemIndex, '', { extractValue: true }),
	);
}

/** {@link located} for a trigger. */
export function locatedInPoll(context: IPollFunctions, name: string): string {
	return textOf(context, name, context.getNodeParameter(name, '', { extractValue: true }));
}

function textOf(context: IExecuteFunctions | IPollFunctions, name: string, value: unknown): string {
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		return String(value ?? '').trim();
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: `The parameter ${name} is an object, not a name; nothing was done.`,
		action: 'Choose from the list, enter a text, or correct the expression so that it gives one.',
	});
}
