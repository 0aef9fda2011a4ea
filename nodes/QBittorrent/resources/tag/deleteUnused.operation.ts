import { sleep } from 'n8n-workflow';
import type { INodeProperties } from 'n8n-workflow';

import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { clientOf, type Client } from '../../client/client';
import { listTorrents } from '../../client/torrents';
import { toItem } from '../fields';

const PREFIX: INodeProperties = {
	displayName: 'Prefix',
	name: 'prefix',
	type: 'string',
	required: true,
	default: 'mam-',
	description:
		'Only tags that consist of this and a number are deleted; mam- is the prefix of the tag that Rank Candidates gives each torrent',
};

/** The client creates a new tag just before it lists the torrent with it. */
const PAUSE_MS = 1000;

/** Those of `tags` that no torrent of the client has. */
async function unusedOf(client: Client, tags: string[]): Promise<string[]> {
	if (tags.length === 0) return [];
	const torrents = await listTorrents(client, {});
	const used = new Set(
		torrents.flatMap((torrent) => String(torrent.tags).split(',')).map((tag) => tag.trim()),
	);
	return tags.filter((tag) => !used.has(tag));
}

/** The tags of `prefix` and a number that no torrent has, after looking at all torrents twice. */
async function findUnused(client: Client, prefix: string): Promise<string[]> {
	const isOfShape = (tag: string) =>
		tag.startsWith(prefix) && /^\d+$/.test(tag.slice(prefix.length));
	const known = await client.json<string[]>('torrents/tags');
	const unused = await unusedOf(client, known.filter(isOfShape));
	if (unused.length > 0) await sleep(PAUSE_MS);
	return await unusedOf(client, unused);
}

/** One item: `{ deleted }`, the tags that are gone. */
export const deleteUnused = operation({
	value: 'deleteUnused',
	name: 'Delete Unused',
	action: 'Delete unused tags',
	description: 'Delete the numbered tags that no torrent has any more',
	changes: true,
	fields: [PREFIX],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const parameters = new Parameters(this, itemIndex);
			const prefix = parameters.text(PREFIX);
			if (prefix.trim() === '') parameters.refuse(PREFIX, 'enter what the tags begin with.');
			const client = await clientOf(this);
			const unused = await findUnused(client, prefix.trim());
			const form = { tags: unused.join(',') };
			if (simulate) {
				const wouldSend = unused.length === 0 ? null : form;
				return [toItem({ deleted: [], simulated: true, wouldSend }, itemIndex)];
			}
			if (unused.length > 0) await client.post('torrents/deleteTags', form);
			return [toItem({ deleted: unused }, itemIndex)];
		},
	},
});
