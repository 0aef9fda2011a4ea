import type { INodeProperties } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { textOf } from '../../client/answer';
import { clientOf, type Client } from '../../client/client';
import { toItem } from '../fields';

const ALTERNATIVE: INodeProperties = {
	displayName: 'Alternative Limits',
	name: 'alternative',
	type: 'boolean',
	default: true,
	description: 'Whether the alternative speed limits apply; off = the global limits',
};

/** Whether the alternative speed limits are in force. */
async function isAlternative(client: Client): Promise<boolean> {
	return textOf(await client.send({ path: 'transfer/speedLimitsMode' })) === '1';
}

/** One item: `alternative`, whether the alternative speed limits are in force. */
export const getSpeedMode = operation({
	value: 'getSpeedMode',
	name: 'Get Speed Mode',
	action: 'Get speed mode',
	description: 'Check whether the alternative speed limits apply',
	changes: false,
	fields: [],
	run: {
		perItem: async function ({ itemIndex }) {
			const alternative = await isAlternative(await clientOf(this));
			return [toItem({ alternative }, itemIndex)];
		},
	},
});

/** One item: `alternative` as it is now, `changed` when it was not so before. */
export const setSpeedMode = operation({
	value: 'setSpeedMode',
	name: 'Set Speed Mode',
	action: 'Set speed mode',
	description: 'Switch the alternative speed limits on or off',
	changes: true,
	fields: [ALTERNATIVE],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const wanted = new Parameters(this, itemIndex).flag(ALTERNATIVE);
			const client = await clientOf(this);
			const current = await isAlternative(client);
			const answer = (result: object) => [toItem(result, itemIndex)];
			if (simulate) {
				const wouldSend = current === wanted ? null : { alternative: wanted };
				return answer({ alternative: current, changed: false, simulated: true, wouldSend });
			}
			if (current === wanted) return answer({ alternative: current, changed: false });
			// Every version can toggle it; only newer ones can set it.
			await client.post('transfer/toggleSpeedLimitsMode', {});
			return answer({ alternative: await isAlternative(client), changed: true });
		},
	},
});
