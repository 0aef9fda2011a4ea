import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isSimulated, simulateProperty } from '../../../shared/acting';
import { failure } from '../../../shared/failure';
import {
	driftOf,
	limitWithoutValue,
	unfitKey,
	type Drift,
	type Preferences,
} from '../../parse/preferences';
import { clientOf } from '../../client/client';
import { shownFor } from '../../../shared/display';

export const description = shownFor('application', 'setPreferences', [
	{
		displayName: 'Preferences',
		name: 'preferences',
		type: 'json',
		required: true,
		default: '{}',
		description:
			'The wanted preferences as JSON, in the names of Get Preferences, e.g. { "queueing_enabled": true }',
	},
	simulateProperty,
]);

function readWanted(context: IExecuteFunctions, itemIndex: number): Preferences {
	const given = context.getNodeParameter('preferences', itemIndex);
	let wanted: unknown = given;
	try {
		if (typeof given === 'string') wanted = JSON.parse(given);
	} catch {
		wanted = null;
	}
	if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted))
		return wanted as Preferences;
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: 'The preferences are not a JSON object; nothing was changed.',
		action: 'Give "Preferences" an object such as { "queueing_enabled": true }.',
	});
}

/**
 * One item: `drift` (what differed: `key, from, to`), `changed` (whether anything was sent), `remaining` (keys
 * that still differ when read anew). Sends only what differs.
 */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const simulate = isSimulated(this, itemIndex);
	const wanted = readWanted(this, itemIndex);
	const client = await clientOf(this);
	const current = await client.json<Preferences>('app/preferences');
	const unfit = unfitKey(current, wanted);
	if (unfit !== null) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: `The preference "${unfit}" cannot be set: this qBittorrent does not have it, or it is of another type or a secret. Nothing was changed.`,
			action:
				'Take name and type from Get Preferences of this client; set passwords in qBittorrent itself.',
		});
	}
	const limit = limitWithoutValue(current, wanted);
	if (limit !== null) {
		throw client.failure({
			cause: 'bad_parameter',
			sentence: `"${limit}_enabled" without "${limit}" is a limit of 0 to some versions of qBittorrent, which stops every complete torrent at once. Nothing was changed.`,
			action: `Give "${limit}", too, as 0 or more.`,
		});
	}
	const drift = driftOf(current, wanted);
	const answer = (result: IDataObject): INodeExecutionData[] => [
		{ json: { drift: drift as Drift[] as never, ...result }, pairedItem: { item: itemIndex } },
	];
	const changes = Object.fromEntries(drift.map(({ key, to }) => [key, to]));
	if (simulate)
		return answer({ changed: false, simulated: true, wouldSend: changes as IDataObject });
	if (drift.length === 0) return answer({ changed: false, remaining: [] });
	await client.post('app/setPreferences', { json: JSON.stringify(changes) });
	const after = await client.json<Preferences>('app/preferences');
	return answer({ changed: true, remaining: driftOf(after, wanted).map(({ key }) => key) });
}
