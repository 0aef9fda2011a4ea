import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf } from '../../client/client';
import { listCategories } from '../../client/categories';
import { CATEGORY, SAVE_PATH, toItem } from '../fields';

const NAME = { ...CATEGORY, required: true };

/** Changes the folder of one category: `{ name, savePath }`. */
export const edit = operation({
	value: 'edit',
	name: 'Edit',
	action: 'Edit category',
	description: 'Change the folder of a category',
	changes: true,
	fields: [NAME, SAVE_PATH],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const parameters = new Parameters(this, itemIndex);
			const name = parameters.locator(NAME);
			const savePath = parameters.text(SAVE_PATH);
			const client = await clientOf(this);
			const category = (await listCategories(client)).get(name);
			if (category === undefined) {
				throw client.failure({
					cause: 'bad_parameter',
					sentence: `qBittorrent has no category "${name}" to edit.`,
					action: 'Correct the name, or create the category first.',
				});
			}
			// An edit that changes nothing would be refused like one of an unknown category.
			const form = category.savePath === savePath ? null : { category: name, savePath };
			if (simulate)
				return [toItem({ name, savePath, simulated: true, wouldSend: form }, itemIndex)];
			if (form !== null) await client.post('torrents/editCategory', form);
			return [toItem({ name, savePath }, itemIndex)];
		},
	},
});
