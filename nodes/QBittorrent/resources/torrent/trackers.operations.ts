import type { INodeProperties } from 'n8n-workflow';

import type { Field, Parameters } from '../../../shared/parameters';
import type { Client } from '../../client/client';
import { goneFacts, trackersOf } from '../../client/torrents';
import { trackerHost } from '../../parse/torrent';
import { postTo, torrentAction, type Form } from './batch';

const URLS: INodeProperties = {
	displayName: 'Tracker URLs',
	name: 'trackerUrls',
	type: 'string',
	typeOptions: { rows: 3 },
	required: true,
	default: '',
	placeholder: 'e.g. https://tracker.example/announce',
	description: 'Announce addresses, one per line',
};

const CURRENT_URL: INodeProperties = {
	displayName: 'Current URL',
	name: 'trackerUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://tracker.example/announce',
	description: 'The whole announce address, as Get Trackers returns it with Fields set to All',
};

const NEW_URL: INodeProperties = {
	...CURRENT_URL,
	displayName: 'New URL',
	name: 'newTrackerUrl',
	description: 'The announce address that replaces it',
};

/** Addresses that a client can announce to. qBittorrent silently drops others, and splits at `|`. */
const ANNOUNCE = /^(https?|udp|wss?):\/\/[^\s|]+$/i;

/** The announce addresses in `field`. An error does not show the address: it may hold a passkey. */
function readUrls(parameters: Parameters, field: Field): string[] {
	const urls = parameters.text(field).split(/\s+/);
	if (!urls.every((url) => ANNOUNCE.test(url)))
		parameters.refuse(
			field,
			'enter addresses that start with http://, https://, udp:// or wss://.',
		);
	return urls;
}

function readUrl(parameters: Parameters, field: Field): string {
	const [url, ...others] = readUrls(parameters, field);
	return others.length === 0 ? url : parameters.refuse(field, 'enter one address.');
}

/** The hosts alone: the rest of a private tracker's address is the passkey of the account. */
function withoutPasskeys(form: Form): Form {
	return Object.fromEntries(
		Object.entries(form).map(([name, urls]) => [
			name,
			urls.split(/[\n|]/).map(trackerHost).join('\n'),
		]),
	);
}

/** The addresses to which a torrent announces. */
async function announcesOf(client: Client, hash: string): Promise<string[]> {
	const trackers = await trackersOf(client, hash);
	if (trackers === null) throw client.failure(goneFacts(hash));
	return trackers.map(({ url }) => url);
}

/** Adds trackers to the torrents of all items; those that a torrent already has stay as they are. */
export const addTrackers = torrentAction({
	value: 'addTrackers',
	name: 'Add Trackers',
	action: 'Add trackers to torrents',
	description:
		'Add trackers to the torrents of all input items; private sites forbid any tracker but their own',
	fields: [URLS],
	oneByOne: true,
	posts: postTo('torrents/addTrackers'),
	read: (parameters) => ({ urls: readUrls(parameters, URLS).join('\n') }),
	shown: withoutPasskeys,
});

/** Replaces the address of one tracker of the torrents of all items. */
export const editTracker = torrentAction({
	value: 'editTracker',
	name: 'Edit Tracker',
	action: 'Edit tracker of torrents',
	description: 'Replace the address of a tracker in the torrents of all input items',
	fields: [CURRENT_URL, NEW_URL],
	oneByOne: true,
	// The current address: `url` for newer versions, `origUrl` for older ones.
	posts: ({ url, newUrl }) => [
		{ path: 'torrents/editTracker', form: { origUrl: url, url, newUrl } },
	],
	read: (parameters) => ({
		url: readUrl(parameters, CURRENT_URL),
		newUrl: readUrl(parameters, NEW_URL),
	}),
	shown: withoutPasskeys,
	disproof: async (client, hash, { url, newUrl }) => {
		const announces = await announcesOf(client, hash);
		if (announces.includes(newUrl) && (url === newUrl || !announces.includes(url))) return null;
		return {
			sentence:
				'qBittorrent did not take the new URL as it is: it writes some characters in another way, such as %20.',
			action:
				'See what it made of it with Get Trackers. Add Trackers and Remove Trackers take every URL as it is.',
		};
	},
	refusals: () => ({
		409: {
			sentence:
				'qBittorrent changed no tracker: the torrent has none with the current URL, or already has the new one.',
			action: 'Take the current URL from Get Trackers of this torrent with Fields set to All.',
		},
	}),
});

/** Removes trackers from the torrents of all items; those that it does not find are ignored. */
export const removeTrackers = torrentAction({
	value: 'removeTrackers',
	name: 'Remove Trackers',
	action: 'Remove trackers from torrents',
	description:
		'Remove trackers from the torrents of all input items; without its tracker a torrent earns no seed time',
	fields: [URLS],
	oneByOne: true,
	posts: ({ urls }, { capabilities }) => [
		{
			path: 'torrents/removeTrackers',
			form: { urls: capabilities.decodesTrackers ? urls.replaceAll('%', '%25') : urls },
		},
	],
	read: (parameters) => ({ urls: readUrls(parameters, URLS).join('|') }),
	shown: withoutPasskeys,
	disproof: async (client, hash, { urls }) => {
		const announces = await announcesOf(client, hash);
		const left = urls.split('|').filter((url) => announces.includes(url));
		if (left.length === 0) return null;
		return {
			sentence: `qBittorrent still has ${left.length} of the trackers to remove, at ${left.map(trackerHost).join(', ')}.`,
			action: 'Remove them in qBittorrent itself.',
		};
	},
});
