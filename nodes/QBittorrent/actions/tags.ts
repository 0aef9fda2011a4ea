import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { failure } from '../../shared/failure';
import { splitList } from '../../shared/lists';
import type { Form } from './torrent/batch';

/** The tags that an operation adds or removes. */
export const tagsProperty: Omit<INodeProperties, 'displayOptions'> = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	required: true,
	default: '',
	description: 'Comma-separated tags',
};

/** The form for {@link tagsProperty}. No tags would mean all of them when removing, so they are refused. */
export function readTags(context: IExecuteFunctions, itemIndex: number): Form {
	const tags = splitList(context.getNodeParameter('tags', itemIndex));
	if (tags.length > 0) return { tags: tags.join(',') };
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: 'There is no tag to add or remove; nothing was changed.',
		action: 'Give "Tags" at least one tag.',
	});
}
