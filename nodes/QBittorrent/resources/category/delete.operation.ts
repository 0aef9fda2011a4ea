import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf } from '../../client/client';
import { listCategories } from '../../client/categories';
import { CATEGORY, toItem } from '../fields';

const NAME = { ...CATEGORY, required: true };

/**
 * Deletes one category: `{ name, deleted, subcategories }`; deleted is false when the client has none of the name,
 * `subcategories` are those that went with it (5.1 with subcategories enabled, later versions always).
 */
export const deleteCategory = operation({
	value: 'delete',
	name: 'Delete',
	action: 'Delete category',
	description: 'Delete a category; its torrents stay, but its subcategories may be deleted too',
	changes: true,
	fields: [NAME],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const name = new Parameters(this, itemIndex).locator(NAME);
			const client = await clientOf(this);
			// qBittorrent itself ignores names that it does not know.
			const before = await listCategories(client);
			const exists = before.has(name);
			const below = [...before.keys()].filter((other) => other.startsWith(`${name}/`));
			const form = { categories: name };
			if (simulate) {
				const wouldSend = exists ? form : null;
				const result = { deleted: false, subcategories: below, simulated: true, wouldSend };
				return [toItem({ name, ...result }, itemIndex)];
			}
			if (exists) await client.post('torrents/removeCategories', form);
			const after = below.length > 0 ? await listCategories(client) : before;
			const subcategories = below.filter((other) => !after.has(other));
			return [toItem({ name, deleted: exists, subcategories }, itemIndex)];
		},
	},
});
