import type { IDataObject } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { comparablePath } from '../../../shared/sharedContent';
import { clientOf } from '../../client/client';
import { listCategories } from '../../client/categories';
import { CATEGORY, SAVE_PATH, toItem } from '../fields';

const NAME = { ...CATEGORY, required: true };

/** The category's folder for unfinished downloads as a form: up to 5.1 an edit erases what is not sent. */
function downloadPathOf({ download_path: path }: IDataObject): Record<string, string> {
	if (path === false) return { downloadPathEnabled: 'false' };
	if (typeof path !== 'string') return {};
	return { downloadPathEnabled: 'true', downloadPath: path };
}

/** Changes the folder of one category and nothing else of it: `{ name, savePath }`. */
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
			const form = { category: name, savePath, ...downloadPathOf(category) };
			// Up to 5.1 an edit that changes nothing is refused like one of an unknown category.
			const changes = comparablePath(String(category.savePath)) !== comparablePath(savePath);
			if (simulate) {
				const wouldSend = changes ? form : null;
				return [toItem({ name, savePath, simulated: true, wouldSend }, itemIndex)];
			}
			if (changes) await client.post('torrents/editCategory', form);
			return [toItem({ name, savePath }, itemIndex)];
		},
	},
});
