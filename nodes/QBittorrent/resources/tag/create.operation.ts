import type { INodeProperties } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf } from '../../client/client';
import { readTags, toItem } from '../fields';

const NAMES: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. keep, mam',
	description: 'Comma-separated tags',
};

/** Creates tags, one item each: `{ name, created }`; those that exist stay as they are. */
export const create = operation({
	value: 'create',
	name: 'Create',
	action: 'Create tags',
	description: 'Create tags for torrents',
	changes: true,
	fields: [NAMES],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const tags = readTags(new Parameters(this, itemIndex), NAMES);
			const form = { tags: tags.join(',') };
			if (simulate) {
				const result = { created: false, simulated: true, wouldSend: form };
				return tags.map((name) => toItem({ name, ...result }, itemIndex));
			}
			await (await clientOf(this)).post('torrents/createTags', form);
			return tags.map((name) => toItem({ name, created: true }, itemIndex));
		},
	},
});
