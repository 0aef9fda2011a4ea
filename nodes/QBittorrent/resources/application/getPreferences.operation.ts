import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf } from '../../client/client';
import { essentialPreferences, withoutSecrets, type Preferences } from '../../parse/preferences';
import { fieldsChoice, toItem } from '../fields';

const FIELDS = fieldsChoice(
	'Folders, ports, speed limits, the queue, and what ends seeding',
	'all',
);

/** One item: the preferences in qBittorrent's names; passwords and keys in them are left out. */
export const getPreferences = operation({
	value: 'getPreferences',
	name: 'Get Preferences',
	action: 'Get preferences',
	description: 'Get all preferences except passwords and keys',
	changes: false,
	fields: [FIELDS],
	run: {
		perItem: async function ({ itemIndex }) {
			const fields = new Parameters(this, itemIndex).choice(FIELDS);
			const client = await clientOf(this);
			const preferences = await client.json<Preferences>('app/preferences');
			const read = fields === 'all' ? withoutSecrets : essentialPreferences;
			return [toItem(read(preferences), itemIndex)];
		},
	},
});
