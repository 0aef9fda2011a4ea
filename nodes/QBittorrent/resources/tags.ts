import type { IExecuteFunctions } from 'n8n-workflow';

import { failure } from '../../shared/failure';
import { splitList } from '../../shared/lists';
import { located } from './locators';
import type { Form } from './torrent/batch';

/** The form for `tags`. No tags would mean all of them when removing, so they are refused. */
export function readTags(context: IExecuteFunctions, itemIndex: number): Form {
	const tags = splitList(located(context, 'tags', itemIndex));
	if (tags.length > 0) return { tags: tags.join(',') };
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: 'There is no tag to add or remove; nothing was changed.',
		action: 'Give "Tags" at least one tag.',
	});
}
