import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { LIMITS, readLimit } from '../../../shared/returnAll';
import { clientOf } from '../../client/client';
import { toItem } from '../fields';

/** One item per tag: `{ name }`. */
export const getAll = operation({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many tags',
	description: 'Get the tags, one item each',
	changes: false,
	fields: LIMITS,
	run: {
		perItem: async function ({ itemIndex }) {
			const limit = readLimit(new Parameters(this, itemIndex));
			const tags = await (await clientOf(this)).json<string[]>('torrents/tags');
			return tags.slice(0, limit).map((name) => toItem({ name }, itemIndex));
		},
	},
});
