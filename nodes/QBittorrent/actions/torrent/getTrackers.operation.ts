import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isHash } from '../../parse/torrent';
import { clientOf } from '../../transport/client';
import { trackersOf } from '../../transport/torrents';
import { shownFor } from '../../../shared/display';
import { hashProperty } from '../hashProperty';
import { badHashFacts, goneFacts } from '../facts';

export const description = shownFor('torrent', 'getTrackers', [hashProperty]);

/** One item per tracker of the torrent, its hash with it. DHT, PeX and LSD come with tier -1. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const hash = this.getNodeParameter('hash', itemIndex);
	const client = await clientOf(this);
	if (!isHash(hash)) throw client.failure(badHashFacts(hash));
	const trackers = await trackersOf(client, hash);
	if (trackers === null) throw client.failure(goneFacts(hash));
	return trackers.map((tracker) => ({
		json: { hash, ...tracker },
		pairedItem: { item: itemIndex },
	}));
}
