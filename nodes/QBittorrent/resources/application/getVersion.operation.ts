import { operation } from '../../../shared/operation';
import { textOf } from '../../client/answer';
import { clientOf } from '../../client/client';
import { toItem } from '../fields';

/** One item: `version` of qBittorrent and `webApiVersion`. */
export const getVersion = operation({
	value: 'getVersion',
	name: 'Get Version',
	action: 'Get version',
	description: 'Get the versions of qBittorrent and of its WebAPI',
	changes: false,
	fields: [],
	run: {
		perItem: async function ({ itemIndex }) {
			const client = await clientOf(this);
			const version = textOf(await client.send({ path: 'app/version' }));
			const { webApiVersion } = client.capabilities;
			return [toItem({ version, webApiVersion }, itemIndex)];
		},
	},
});
