import type { IDataObject } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf } from '../../client/client';
import { goneFacts } from '../../client/torrents';
import { readHash, toItem, TORRENT } from '../fields';

/** One item: the properties of the torrent in qBittorrent's own names, its hash with them. */
export const getProperties = operation({
	value: 'getProperties',
	name: 'Get Properties',
	action: 'Get properties of torrent',
	description: 'Get times, speeds, limits and totals of a torrent',
	changes: false,
	fields: [TORRENT],
	run: {
		perItem: async function ({ itemIndex }) {
			const hash = readHash(new Parameters(this, itemIndex));
			const client = await clientOf(this);
			const path = 'torrents/properties';
			const answer = await client.send({ path, query: { hash }, accept: [404] });
			if (answer.status === 404) throw client.failure(goneFacts(hash));
			return [toItem({ ...client.parse<IDataObject>(answer, path), hash }, itemIndex)];
		},
	},
});
