import type { IDataObject } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { clientOf } from '../../client/client';
import { toItem } from '../fields';

/** One item: the versions of the libraries that qBittorrent was built with, in its own names. */
export const getBuildInfo = operation({
	value: 'getBuildInfo',
	name: 'Get Build Info',
	action: 'Get build info',
	description: 'Get the versions of the libraries that qBittorrent was built with',
	changes: false,
	fields: [],
	run: {
		perItem: async function ({ itemIndex }) {
			const client = await clientOf(this);
			return [toItem(await client.json<IDataObject>('app/buildInfo'), itemIndex)];
		},
	},
});
