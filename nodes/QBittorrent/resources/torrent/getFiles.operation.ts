import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { LIMITS, readLimit } from '../../../shared/returnAll';
import { clientOf } from '../../client/client';
import { filesOf, goneFacts } from '../../client/torrents';
import { readHash, toItem, TORRENT } from '../fields';

/** One item per file of the torrent, its hash with it: `index, name, size` (bytes)`, progress` (0 to 1)`, priority, …`. */
export const getFiles = operation({
	value: 'getFiles',
	name: 'Get Files',
	action: 'Get files of torrent',
	description: 'Get the files of a torrent, one item each',
	changes: false,
	fields: [TORRENT, ...LIMITS],
	run: {
		perItem: async function ({ itemIndex }) {
			const parameters = new Parameters(this, itemIndex);
			const hash = readHash(parameters);
			const limit = readLimit(parameters);
			const client = await clientOf(this);
			const files = await filesOf(client, hash);
			if (files === null) throw client.failure(goneFacts(hash));
			return files.slice(0, limit).map((file) => toItem({ hash, ...file }, itemIndex));
		},
	},
});
