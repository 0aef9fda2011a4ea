import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { isSimulated, simulateProperty } from '../../../shared/acting';
import { infoHashOf } from '../../../shared/bencode';
import { failure } from '../../../shared/failure';
import { refusalFacts } from '../../parse/refusal';
import { fetchAccount } from '../../transport/fetchAccount';
import { fetchTorrent } from '../../transport/fetchTorrent';
import { withMamSession, type MamSession } from '../../transport/mamSession';
import { badParameter, torrentIdParameter } from '../parameters';
import { shownFor } from '../../../shared/display';
import { torrentIdProperty } from './torrentId';

/** The site serves nothing like it; larger answers are not kept in memory. */
const LARGEST_TORRENT_FILE_BYTES = 32 * 1024 * 1024;

export const description: INodeProperties[] = shownFor('torrent', 'download', [
	torrentIdProperty,
	simulateProperty,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Only If Free',
				name: 'onlyIfFree',
				type: 'boolean',
				default: false,
				description:
					'Whether to read the torrent again first and leave it (result no_longer_free) when it is not free for this account any more',
			},
			{
				displayName: 'Use Wedge',
				name: 'useWedge',
				type: 'boolean',
				default: false,
				description:
					'Whether to spend a freeleech wedge on this torrent. Refused when the account has none or the torrent is free already.',
			},
		],
	},
]);

/** A wedge is spent even on a torrent that is free already, so both are looked up right before. */
async function requireWedge(
	context: IExecuteFunctions,
	session: MamSession,
	isFree: boolean,
): Promise<void> {
	if (isFree) {
		badParameter(
			context,
			'useWedge',
			'Use Wedge: the torrent is free already; switch the option off.',
		);
	}
	const { wedges } = await fetchAccount(context, session);
	if (wedges === null || wedges === 0) {
		badParameter(
			context,
			'useWedge',
			'Use Wedge: the account has no wedges; switch the option off.',
		);
	}
}

function torrentFileItem(
	context: IExecuteFunctions,
	bytes: Buffer,
): { infoHash: string; name: string; sizeBytes: number } {
	const read = bytes.length > LARGEST_TORRENT_FILE_BYTES ? null : infoHashOf(bytes);
	if (read === null) throw failure(context.getNode(), refusalFacts('bad_torrent'));
	return read;
}

export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const id = torrentIdParameter(this, itemIndex);
	const onlyIfFree = this.getNodeParameter('options.onlyIfFree', itemIndex, false) === true;
	const useWedge = this.getNodeParameter('options.useWedge', itemIndex, false) === true;
	const pairedItem = { item: itemIndex };
	if (isSimulated(this, itemIndex)) {
		return [{ json: { id, useWedge, simulated: true }, pairedItem }];
	}
	const bytes = await withMamSession(this, itemIndex, async (session) => {
		if (onlyIfFree || useWedge) {
			await session.requireDownloads();
			const { torrent } = await fetchTorrent(this, session, id);
			if (useWedge) await requireWedge(this, session, torrent.isFree);
			else if (!torrent.isFree) return null;
		}
		return await session.bytes({
			path: '/tor/download.php',
			qs: useWedge ? { tid: id, fl: '' } : { tid: id },
			spends: useWedge,
		});
	});
	if (bytes === null) {
		return [{ json: { id, result: 'no_longer_free' }, pairedItem }];
	}
	const { infoHash, name, sizeBytes } = torrentFileItem(this, bytes);
	const fileName = `mam-${id}.torrent`;
	const data = await this.helpers.prepareBinaryData(bytes, fileName, 'application/x-bittorrent');
	return [{ json: { id, infoHash, name, fileName, sizeBytes }, binary: { data }, pairedItem }];
}
