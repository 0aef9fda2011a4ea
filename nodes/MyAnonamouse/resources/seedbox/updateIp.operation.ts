import type { INodeProperties } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { fetchSeenAddress, registerAddress } from '../../endpoints/dynamicSeedbox';
import { withMamSession } from '../../session/mamSession';

const EXPECTED_IP: INodeProperties = {
	displayName: 'Expected IP Address',
	name: 'expectedIp',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 203.0.113.7',
	description:
		'The public IP address of your torrent client. The site registers the address that calls it, so nothing is sent when n8n has another one: the announces of the client would be refused.',
};

export const updateIp = operation({
	value: 'updateIp',
	name: 'Update IP',
	action: 'Update seedbox IP address',
	description: "Register n8n's public IP address as the seedbox address",
	changes: true,
	fields: [EXPECTED_IP],
	run: {
		async perItem({ itemIndex, simulate }) {
			const parameters = new Parameters(this, itemIndex);
			const expectedIp = parameters.text(EXPECTED_IP);
			const pairedItem = { item: itemIndex };
			if (simulate) return [{ json: { expectedIp, simulated: true }, pairedItem }];
			const registered = await withMamSession(this, itemIndex, async (session) => {
				if ((await fetchSeenAddress(session)) !== expectedIp) {
					parameters.refuse(
						EXPECTED_IP,
						'n8n and the torrent client have different public addresses: let n8n use the same network, or correct this field.',
					);
				}
				return await registerAddress(session);
			});
			return [{ json: { ...registered }, pairedItem }];
		},
	},
});
