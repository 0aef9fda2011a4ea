import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { isSimulated, simulateProperty } from '../../../shared/acting';
import { infoHashOf } from '../../../shared/bencode';
import { factsOf, failure } from '../../../shared/failure';
import type { Cause } from '../../../shared/types';
import { refusalFacts } from '../../parse/refusal';
import { claimOnce } from '../../session/claims';
import { fetchAccount } from '../../endpoints/account';
import { fetchTorrent } from '../../endpoints/torrent';
import { withMamSession, type MamSession } from '../../session/mamSession';
import { NOT_BOOKED } from '../../session/notBooked';
import { badParameter, refuseRetryOnFail, torrentIdParameter } from '../parameters';
import { shownFor } from '../../../shared/display';
import { torrentIdProperty } from './torrentId';

/** The site serves nothing like it; larger answers are not kept in memory. */
const LARGEST_TORRENT_FILE_BYTES = 32 * 1024 * 1024;

/** Refusals that come before the site takes a wedge. */
const WEDGE_KEPT: Cause[] = [...NOT_BOOKED, 'download_freeze', 'gone', 'vip_only'];

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
					'Whether to spend a freeleech wedge on this torrent. Refused when the account has none, when the torrent is free already, and with Retry On Fail.',
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

/**
 * Downloads with a wedge, once for each torrent of a run.
 *
 * Throws `spend_unknown` when the end leaves open whether the wedge was spent.
 */
async function downloadWithWedge<T>(
	context: IExecuteFunctions,
	id: number,
	download: () => Promise<T>,
): Promise<T> {
	if (!claimOnce(context.getExecutionId(), `wedge for ${id}`)) {
		badParameter(
			context,
			'useWedge',
			`Use Wedge: this run has asked for torrent ${id} with a wedge already; pass each torrent once.`,
		);
	}
	try {
		return await download();
	} catch (error) {
		const facts = factsOf(error);
		if (WEDGE_KEPT.includes(facts.cause)) throw failure(context.getNode(), facts);
		throw failure(context.getNode(), {
			cause: 'spend_unknown',
			sentence: `It is not known whether a wedge was spent on torrent ${id} (${facts.sentence}); this run asks for it no more.`,
			action:
				'Look at the torrent on the site. If it is personal freeleech there, the wedge is spent: download it with Use Wedge switched off.',
			until: facts.until,
		});
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
	if (useWedge) refuseRetryOnFail(this, 'a repeated download may spend a second wedge');
	if (isSimulated(this, itemIndex)) {
		return [{ json: { id, useWedge, simulated: true }, pairedItem }];
	}
	const file = await withMamSession(this, itemIndex, async (session) => {
		if (onlyIfFree || useWedge) {
			await session.requireDownloads();
			const { torrent } = await fetchTorrent(this, session, id);
			if (useWedge) await requireWedge(this, session, torrent.isFree);
			else if (!torrent.isFree) return null;
		}
		const download = async () => {
			const bytes = await session.bytes({
				path: '/tor/download.php',
				qs: useWedge ? { tid: id, fl: '' } : { tid: id },
				spends: useWedge,
			});
			return { bytes, ...torrentFileItem(this, bytes) };
		};
		return useWedge ? await downloadWithWedge(this, id, download) : await download();
	});
	if (file === null) {
		return [{ json: { id, result: 'no_longer_free' }, pairedItem }];
	}
	const { bytes, infoHash, name, sizeBytes } = file;
	const fileName = `mam-${id}.torrent`;
	const data = await this.helpers.prepareBinaryData(bytes, fileName, 'application/x-bittorrent');
	return [{ json: { id, infoHash, name, fileName, sizeBytes }, binary: { data }, pairedItem }];
}
