import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { essentialTrackers, isHash } from '../../parse/torrent';
import { clientOf } from '../../client/client';
import { trackersOf } from '../../client/torrents';
import { shownFor } from '../../../shared/display';
import { hashProperty, located } from '../locators';
import { fieldsProperty, readFields } from '../recordFields';
import { limitOf, returnAllProperties } from '../../../shared/returnAll';
import { badHashFacts, goneFacts } from '../facts';

export const description = [
	...shownFor('torrent', 'getTrackers', [
		hashProperty,
		fieldsProperty(
			'What each real tracker says, by its host: without your passkey, DHT, PeX and LSD',
		),
	]),
	...returnAllProperties('torrent', 'getTrackers'),
];

/** One item per tracker of the torrent, its hash with it. Of all fields, DHT, PeX and LSD come with tier -1. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const hash = located(this, 'hash', itemIndex);
	const limit = limitOf(this, itemIndex);
	const client = await clientOf(this);
	if (!isHash(hash)) throw client.failure(badHashFacts(hash));
	const trackers = await trackersOf(client, hash);
	if (trackers === null) throw client.failure(goneFacts(hash));
	const wanted = readFields(this, itemIndex) === 'all' ? trackers : essentialTrackers(trackers);
	return wanted.slice(0, limit).map((tracker) => ({
		json: { hash, ...tracker },
		pairedItem: { item: itemIndex },
	}));
}
