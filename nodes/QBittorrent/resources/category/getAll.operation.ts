import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { LIMITS, readLimit } from '../../../shared/returnAll';
import { clientOf } from '../../client/client';
import { listCategories } from '../../client/categories';
import { toItem } from '../fields';

/** One item per category: `{ name, savePath, … }`. */
export const getAll = operation({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many categories',
	description: 'Get the categories, one item each',
	changes: false,
	fields: LIMITS,
	run: {
		perItem: async function ({ itemIndex }) {
			const limit = readLimit(new Parameters(this, itemIndex));
			const categories = await listCategories(await clientOf(this));
			return [...categories]
				.slice(0, limit)
				.map(([name, category]) => toItem({ name, ...category }, itemIndex));
		},
	},
});
