import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf } from '../../client/client';
import { addDeselected, goneFacts, listByHash } from '../../client/torrents';
import { readTorrent, type Fields } from '../../parse/torrent';
import { fieldsChoice, readHash, toItem, TORRENT } from '../fields';

const FIELDS = fieldsChoice('The fields that Get Many returns, without your passkey');

/** One item: the torrent. `gone` when it is not listed. */
export const get = operation({
	value: 'get',
	name: 'Get',
	action: 'Get torrent',
	description: 'Get one torrent by its hash',
	changes: false,
	fields: [TORRENT, FIELDS],
	run: {
		perItem: async function ({ itemIndex }) {
			const parameters = new Parameters(this, itemIndex);
			const hash = readHash(parameters);
			const client = await clientOf(this);
			const torrent = (await listByHash(client, [hash])).get(hash);
			if (torrent === undefined) throw client.failure(goneFacts(hash));
			await addDeselected(client, [torrent]);
			return [toItem(readTorrent(torrent, parameters.choice<Fields>(FIELDS)), itemIndex)];
		},
	},
});
