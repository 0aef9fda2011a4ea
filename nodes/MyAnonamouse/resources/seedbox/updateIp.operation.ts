import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { failure } from '../../../shared/failure';
import { parseSeedboxAnswer, parseSeenAddress } from '../../parse/seedbox';
import { refusalFacts } from '../../parse/refusal';
import { withMamSession } from '../../session/mamSession';
import { badParameter } from '../parameters';
import { shownFor } from '../../../shared/display';

export const description: INodeProperties[] = shownFor('seedbox', 'updateIp', [
	{
		displayName: 'Expected IP Address',
		name: 'expectedIp',
		type: 'string',
		default: '',
		required: true,
		placeholder: '203.0.113.7',
		description:
			'The address your torrent client leaves by. The site registers the caller, so nothing is sent when n8n leaves by another address: the announces of the client would be refused.',
	},
]);

export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const expectedIp = String(this.getNodeParameter('expectedIp', itemIndex)).trim();
	if (expectedIp === '')
		badParameter(this, 'expectedIp', 'Expected IP Address: enter the address of the client.');
	const json = await withMamSession(this, itemIndex, async (session) => {
		const seen = parseSeenAddress(await session.json({ host: 't', path: '/json/jsonIp.php' }));
		if (seen !== expectedIp) {
			badParameter(
				this,
				'expectedIp',
				'n8n leaves by another address than the torrent client: let n8n use the same network, or correct Expected IP Address.',
			);
		}
		return parseSeedboxAnswer(await session.json({ host: 't', path: '/json/dynamicSeedbox.php' }));
	});
	if (json === null) throw failure(this.getNode(), refusalFacts('unknown'));
	return [{ json: { ...json }, pairedItem: { item: itemIndex } }];
}
