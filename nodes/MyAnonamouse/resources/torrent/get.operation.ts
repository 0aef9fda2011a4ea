import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { fetchTorrent } from '../../endpoints/torrent';
import { withMamSession } from '../../session/mamSession';
import { torrentIdParameter } from '../parameters';
import { shownFor } from '../../../shared/display';
import { includeRawOption, torrentItem } from './includeRaw';
import { torrentIdProperty } from './torrentId';

export const description: INodeProperties[] = shownFor('torrent', 'get', [
	torrentIdProperty,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [includeRawOption],
	},
]);

export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const id = torrentIdParameter(this, itemIndex);
	const includeRaw = this.getNodeParameter('options.includeRaw', itemIndex, false) === true;
	const { torrent, raw } = await withMamSession(
		this,
		itemIndex,
		async (session) => await fetchTorrent(this, session, id),
	);
	return [torrentItem(torrent, raw, includeRaw, itemIndex)];
}
