import type { INodeProperties } from 'n8n-workflow';

import { warning } from '../../../shared/warning';
import { lacksMetadata } from '../../parse/torrent';
import { postTo, torrentAction } from './batch';

const FILES: INodeProperties = {
	displayName: 'File Indexes',
	name: 'fileIndexes',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 0, 2',
	description: 'Comma-separated indexes of files, as Get Files returns them',
};

const PRIORITY: INodeProperties = {
	displayName: 'Priority',
	name: 'priority',
	type: 'options',
	// qBittorrent's own numbers are 0, 1, 6 and 7.
	options: [
		{ name: 'High', value: 'high' },
		{ name: 'Maximum', value: 'maximum' },
		{ name: 'Normal', value: 'normal' },
		{ name: 'Skip', value: 'skip', description: 'Do not download the files' },
	],
	default: 'normal',
	description: 'How urgently to download the files',
};

const PRIORITIES: Record<string, string> = { skip: '0', normal: '1', high: '6', maximum: '7' };

const PARTIAL_WARNING = warning(
	'partialWarning',
	'MAM forbids partial downloads: a torrent with skipped files earns no seed time and becomes a Hit & Run.',
	{ priority: ['high', 'maximum', 'normal'] },
);

/** Sets the priority of files; `no_metadata` where a magnet link has no files yet. */
export const setFilePriority = torrentAction({
	value: 'setFilePriority',
	name: 'Set File Priority',
	action: 'Set priority of files',
	description: 'Set the priority of files in the torrents of all input items, or skip files',
	fields: [FILES, PRIORITY, PARTIAL_WARNING],
	oneByOne: true,
	posts: postTo('torrents/filePrio'),
	read: (parameters) => {
		const indexes = parameters.list(FILES);
		if (indexes.length === 0 || !indexes.every((index) => /^\d+$/.test(index)))
			parameters.refuse(FILES, 'enter one or more whole numbers, separated by commas.');
		return { id: indexes.join('|'), priority: PRIORITIES[parameters.choice(PRIORITY)] };
	},
	impossible: (torrent) => (lacksMetadata(torrent) ? 'no_metadata' : null),
	refusals: ({ id }) => ({
		409: {
			sentence: `The torrent has no file with one of the indexes ${id.replaceAll('|', ', ')}; no priority was changed.`,
			action: 'Take the indexes from Get Files of this torrent.',
		},
	}),
});
