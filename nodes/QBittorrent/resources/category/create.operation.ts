import type { INodeProperties } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { CATEGORY_RULE, isCategoryName } from '../../client/categories';
import { clientOf } from '../../client/client';
import { SAVE_PATH, toItem } from '../fields';

const NAME: INodeProperties = {
	displayName: 'Category',
	name: 'category',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. books',
	description:
		'Name of the category; a slash creates a subcategory if the client has subcategories enabled',
};

const FOLDER: INodeProperties = {
	...SAVE_PATH,
	description: 'Folder as qBittorrent sees it; empty = below its default, named like the category',
};

/** Creates one category: `{ name, savePath }`. */
export const create = operation({
	value: 'create',
	name: 'Create',
	action: 'Create category',
	description: 'Create a category with its folder',
	changes: true,
	fields: [NAME, FOLDER],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const parameters = new Parameters(this, itemIndex);
			const name = parameters.text(NAME);
			const savePath = parameters.text(FOLDER);
			if (!isCategoryName(name)) parameters.refuse(NAME, CATEGORY_RULE);
			const form = { category: name, savePath };
			if (simulate)
				return [toItem({ name, savePath, simulated: true, wouldSend: form }, itemIndex)];
			const client = await clientOf(this);
			const answer = await client.post('torrents/createCategory', form, { accept: [409] });
			if (answer.status === 409) {
				throw client.failure({
					cause: 'bad_parameter',
					sentence: `qBittorrent did not create the category "${name}": it exists already, or its name is not allowed.`,
					action: 'Edit the existing category instead, or choose another name.',
				});
			}
			return [toItem({ name, savePath }, itemIndex)];
		},
	},
});
