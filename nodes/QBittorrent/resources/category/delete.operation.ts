import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf } from '../../client/client';
import { listCategories } from '../../client/categories';
import { CATEGORY, toItem } from '../fields';

const NAME = { ...CATEGORY, required: true };

/** Deletes one category: `{ name, deleted }`, false when the client has none of the name. */
export const deleteCategory = operation({
	value: 'delete',
	name: 'Delete',
	action: 'Delete category',
	description: 'Delete a category; its torrents stay',
	changes: true,
	fields: [NAME],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const name = new Parameters(this, itemIndex).locator(NAME);
			const client = await clientOf(this);
			// qBittorrent itself ignores names that it does not know.
			const exists = (await listCategories(client)).has(name);
			const form = { categories: name };
			if (simulate) {
				const wouldSend = exists ? form : null;
				return [toItem({ name, deleted: false, simulated: true, wouldSend }, itemIndex)];
			}
			if (exists) await client.post('torrents/removeCategories', form);
			return [toItem({ name, deleted: exists }, itemIndex)];
		},
	},
});
