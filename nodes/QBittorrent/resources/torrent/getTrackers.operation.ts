import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { LIMITS, readLimit } from '../../../shared/returnAll';
import { clientOf } from '../../client/client';
import { goneFacts, trackersOf } from '../../client/torrents';
import { essentialTrackers } from '../../parse/torrent';
import { fieldsChoice, readHash, toItem, TORRENT } from '../fields';

const FIELDS = fieldsChoice(
	'What each real tracker says, by its host: without your passkey, DHT, PeX and LSD',
);

/** One item per tracker of the torrent, its hash with it. Of all fields, DHT, PeX and LSD come with tier -1. */
export const getTrackers = operation({
	value: 'getTrackers',
	name: 'Get Trackers',
	action: 'Get trackers of torrent',
	description: 'Get what the trackers of a torrent say, one item each',
	changes: false,
	fields: [TORRENT, FIELDS, ...LIMITS],
	run: {
		perItem: async function ({ itemIndex }) {
			const parameters = new Parameters(this, itemIndex);
			const hash = readHash(parameters);
			const limit = readLimit(parameters);
			const client = await clientOf(this);
			const trackers = await trackersOf(client, hash);
			if (trackers === null) throw client.failure(goneFacts(hash));
			const wanted = parameters.choice(FIELDS) === 'all' ? trackers : essentialTrackers(trackers);
			return wanted.slice(0, limit).map((tracker) => toItem({ hash, ...tracker }, itemIndex));
		},
	},
});
