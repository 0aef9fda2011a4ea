import type { INodeProperties } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { rememberedVipIsFree } from '../../endpoints/jsonLoad';
import { fetchTorrent } from '../../endpoints/search';
import { withMamSession } from '../../session/mamSession';
import { rawItem, simplifyField } from '../simplify';

/** The field that names one torrent of the site. */
export const TORRENT_ID: INodeProperties = {
	displayName: 'Torrent ID',
	name: 'id',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 0,
	required: true,
	placeholder: 'e.g. 123456',
	description: 'ID of the torrent, as in its URL: /t/123456',
};

export const SIMPLIFY = simplifyField("the site's own record");

export const get = operation({
	value: 'get',
	name: 'Get',
	action: 'Get torrent',
	description: 'Get one torrent of the site',
	changes: false,
	fields: [TORRENT_ID, SIMPLIFY],
	run: {
		async perItem({ itemIndex }) {
			const parameters = new Parameters(this, itemIndex);
			const id = parameters.number(TORRENT_ID);
			const simplify = parameters.flag(SIMPLIFY);
			const { torrent, raw } = await withMamSession(
				this,
				itemIndex,
				async (session) =>
					await fetchTorrent(session, id, (await rememberedVipIsFree(session)) ?? false),
			);
			return [rawItem(torrent, simplify ? undefined : raw, itemIndex)];
		},
	},
});
