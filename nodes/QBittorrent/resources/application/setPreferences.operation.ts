import type { INodeProperties } from 'n8n-workflow';

import { isRecord } from '../../../shared/json';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf, type Client } from '../../client/client';
import {
	badPort,
	driftOf,
	limitWithoutValue,
	unsettableKey,
	type Preferences,
} from '../../parse/preferences';
import { toItem } from '../fields';

const PREFERENCES: INodeProperties = {
	displayName: 'Preferences',
	name: 'preferences',
	type: 'json',
	required: true,
	default: '{}',
	description:
		'The preferences to set as JSON, in the names of Get Preferences, e.g. { "queueing_enabled": true }',
};

function readWanted(parameters: Parameters): Preferences {
	const wanted = parameters.json(PREFERENCES);
	if (isRecord(wanted)) return wanted as Preferences;
	return parameters.refuse(PREFERENCES, 'enter an object such as { "queueing_enabled": true }.');
}

/** Refuses what qBittorrent would silently ignore, or what would stop every complete torrent. */
function check(client: Client, current: Preferences, wanted: Preferences): void {
	const key = unsettableKey(current, wanted);
	if (key !== null) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: `The preference "${key}" cannot be set: this qBittorrent does not have it, or it is of another type or a secret. Nothing was changed.`,
			action:
				'Take name and type from Get Preferences of this client; set passwords in qBittorrent itself.',
		});
	}
	const port = badPort(wanted);
	if (port !== null) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: `"${port}" is not set to a port. Nothing was changed.`,
			action: `Set "${port}" to a whole number from ${port === 'web_ui_port' ? 1 : 0} to 65535.`,
		});
	}
	const limit = limitWithoutValue(current, wanted);
	if (limit !== null) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: `"${limit}_enabled" without "${limit}" means a limit of 0 in some versions of qBittorrent, which stops every complete torrent at once. Nothing was changed.`,
			action: `Set "${limit}" as well, to 0 or more.`,
		});
	}
}

/**
 * One item: `drift` (what differed: `key, from, to`), `changed` (whether anything was sent), `remaining` (keys
 * that still differ when read again). Sends only what differs.
 */
export const setPreferences = operation({
	value: 'setPreferences',
	name: 'Set Preferences',
	action: 'Set preferences',
	description: 'Set preferences that differ, and report which ones changed',
	changes: true,
	fields: [PREFERENCES],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const wanted = readWanted(new Parameters(this, itemIndex));
			const client = await clientOf(this);
			const current = await client.json<Preferences>('app/preferences');
			check(client, current, wanted);
			const drift = driftOf(current, wanted);
			const changes = Object.fromEntries(drift.map(({ key, to }) => [key, to]));
			const answer = (result: object) => [toItem({ drift, ...result }, itemIndex)];
			if (simulate) return answer({ changed: false, simulated: true, wouldSend: changes });
			if (drift.length === 0) return answer({ changed: false, remaining: [] });
			await client.post('app/setPreferences', { json: JSON.stringify(changes) });
			const after = await client.json<Preferences>('app/preferences');
			return answer({ changed: true, remaining: driftOf(after, wanted).map(({ key }) => key) });
		},
	},
});
