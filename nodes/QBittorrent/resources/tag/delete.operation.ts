import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf } from '../../client/client';
import { readTags, TAGS, toItem } from '../fields';

const NAMES = { ...TAGS, required: true };

/** Deletes tags, one item each: `{ name, deleted }`, false when the client has no such tag. */
export const deleteTags = operation({
	value: 'delete',
	name: 'Delete',
	action: 'Delete tags',
	description: 'Delete tags, also from the torrents that have them',
	changes: true,
	fields: [NAMES],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const tags = readTags(new Parameters(this, itemIndex), NAMES);
			const client = await clientOf(this);
			const known = new Set(await client.json<string[]>('torrents/tags'));
			const form = { tags: tags.filter((name) => known.has(name)).join(',') };
			if (simulate) {
				const wouldSend = form.tags === '' ? null : form;
				const result = { deleted: false, simulated: true, wouldSend };
				return tags.map((name) => toItem({ name, ...result }, itemIndex));
			}
			if (form.tags !== '') await client.post('torrents/deleteTags', form);
			return tags.map((name) => toItem({ name, deleted: known.has(name) }, itemIndex));
		},
	},
});
