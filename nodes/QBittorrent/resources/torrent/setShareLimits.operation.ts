import type { INodeProperties } from 'n8n-workflow';

import type { Parameters } from '../../../shared/parameters';
import type { Client } from '../../client/client';
import type { RawTorrent } from '../../parse/torrent';
import { postTo, torrentAction, type Form } from './batch';
import {
	CLIENT_LIMIT,
	INACTIVE_SEEDING_TIME,
	RATIO,
	readShareLimits,
	SEEDING_TIME,
} from './shareLimits';

const ACTION: INodeProperties = {
	displayName: 'Action',
	name: 'action',
	type: 'options',
	options: [
		{ name: 'Enable Super Seeding', value: 'EnableSuperSeeding' },
		{ name: 'Remove', value: 'Remove' },
		{ name: 'Remove with Content', value: 'RemoveWithContent' },
		{ name: 'Same as Client', value: 'Default' },
		{ name: 'Stop', value: 'Stop' },
	],
	default: 'Default',
	description: 'What happens when a limit is reached (from qBittorrent 5.2 on)',
};

const MODE: INodeProperties = {
	displayName: 'Mode',
	name: 'mode',
	type: 'options',
	options: [
		{ name: 'All Limits Are Reached', value: 'MatchAll' },
		{ name: 'Any Limit Is Reached', value: 'MatchAny' },
		{ name: 'Same as Client', value: 'Default' },
	],
	default: 'Default',
	description: 'When the action is taken (from qBittorrent 5.2 on)',
};

const LIMITS: INodeProperties = {
	displayName: 'Limits',
	name: 'limits',
	type: 'collection',
	placeholder: 'Add Limit',
	default: {},
	description: 'What to set; everything that is not added stays as it is',
	options: [ACTION, INACTIVE_SEEDING_TIME, MODE, RATIO, SEEDING_TIME],
};

/** The limits that the user set, in qBittorrent's names. */
function readLimits(parameters: Parameters): Form {
	const limits = parameters.collectionOf(LIMITS);
	const form: Form = readShareLimits(limits);
	if (limits.has(ACTION)) form.shareLimitAction = limits.choice(ACTION);
	if (limits.has(MODE)) form.shareLimitsMode = limits.choice(MODE);
	if (Object.keys(form).length === 0) parameters.refuse(LIMITS, 'add at least one limit.');
	return form;
}

/** The torrent's own values of what is not to change: qBittorrent resets whatever is not sent, or refuses. */
function currentLimits(torrent: RawTorrent): Form {
	const limit = (name: string) => String(torrent[name] ?? CLIENT_LIMIT);
	return {
		ratioLimit: limit('ratio_limit'),
		seedingTimeLimit: limit('seeding_time_limit'),
		inactiveSeedingTimeLimit: limit('inactive_seeding_time_limit'),
		shareLimitAction: String(torrent.share_limit_action ?? 'Default'),
		shareLimitsMode: String(torrent.share_limits_mode ?? 'Default'),
	};
}

/** The wanted limits that this version would silently ignore. */
function unsupported({ capabilities }: Client, form: Form, torrent: RawTorrent) {
	const lacks = (what: string, version: string) => ({
		sentence: `This version of qBittorrent has no ${what} for single torrents; no limit was changed.`,
		action: `Update qBittorrent to ${version} or newer, or leave this out.`,
	});
	if ('inactiveSeedingTimeLimit' in form && !capabilities.inactiveSeedingLimit)
		return lacks('Inactive Seeding Time Limit', '4.6');
	if ('shareLimitAction' in form && !('share_limit_action' in torrent))
		return lacks('Action', '5.2');
	if ('shareLimitsMode' in form && !('share_limits_mode' in torrent)) return lacks('Mode', '5.2');
	return null;
}

/** Sets the ratio or seeding time at which the client stops seeding the torrents of all items. */
export const setShareLimits = torrentAction({
	value: 'setShareLimits',
	name: 'Set Share Limits',
	action: 'Set share limits of torrents',
	description: 'Set the ratio or seeding time at which the client stops seeding',
	fields: [LIMITS],
	posts: postTo('torrents/setShareLimits'),
	read: readLimits,
	unsupported,
	complete: (form, torrent) => ({ ...currentLimits(torrent), ...form }),
});
