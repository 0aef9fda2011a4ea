import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { factsOf, failure } from '../../../shared/failure';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import type { Cause } from '../../../shared/types';
import { DOWNLOAD_PATH, fetchTorrentFile, type TorrentFile } from '../../endpoints/download';
import { fetchAccount } from '../../endpoints/jsonLoad';
import { fetchTorrent } from '../../endpoints/search';
import { makesVipFree } from '../../parse/account';
import { NOT_BOOKED } from '../../parse/refusal';
import { firstTimeInExecution } from '../../session/execution';
import { withMamSession, type MamSession } from '../../session/mamSession';
import { refuseRetryOnFail } from '../retryOnFail';
import { TORRENT_ID } from './get.operation';

/** Refusals that come before the site takes a wedge. */
const WEDGE_KEPT: Cause[] = [...NOT_BOOKED, 'download_freeze', 'gone', 'vip_only'];

const ONLY_IF_FREE: INodeProperties = {
	displayName: 'Only if Free',
	name: 'onlyIfFree',
	type: 'boolean',
	default: false,
	description:
		'Whether to re-check the torrent first and skip it (result no_longer_free) when it is no longer free for this account',
};

const USE_WEDGE: INodeProperties = {
	displayName: 'Use Wedge',
	name: 'useWedge',
	type: 'boolean',
	default: false,
	description:
		'Whether to spend a freeleech wedge on this torrent. Refused when the account has none, when the torrent is free already, and with Retry On Fail.',
};

/** Whether VIP makes torrents free, read once per node run. */
const vipIsFreeInRun = new WeakMap<IExecuteFunctions, boolean>();

/** One download as the fields of the node ask for it. */
class Download {
	readonly id: number;

	readonly onlyIfFree: boolean;

	readonly useWedge: boolean;

	private readonly parameters: Parameters;

	constructor(
		private readonly context: IExecuteFunctions,
		itemIndex: number,
	) {
		this.parameters = new Parameters(context, itemIndex);
		this.id = this.parameters.number(TORRENT_ID);
		this.onlyIfFree = this.parameters.options.flag(ONLY_IF_FREE);
		this.useWedge = this.parameters.options.flag(USE_WEDGE);
		if (this.useWedge) refuseRetryOnFail(context, 'a repeated download may spend a second wedge');
	}

	/** The file; null when the torrent is no longer free. */
	async file(session: MamSession): Promise<TorrentFile | null> {
		if (this.useWedge) {
			await this.requireWedge(session);
			return await this.withWedge(session);
		}
		if (this.onlyIfFree && !(await this.isFree(session))) return null;
		return await fetchTorrentFile(session, this.id, false);
	}

	/** Whether the torrent is free for the account. The account is read, once per node run, where VIP decides. */
	private async isFree(session: MamSession): Promise<boolean> {
		await session.requireCall(DOWNLOAD_PATH, 'torrent');
		const { torrent, isFreeAsVip } = await fetchTorrent(session, this.id, false);
		if (torrent.isFree || !isFreeAsVip) return torrent.isFree;
		const known = vipIsFreeInRun.get(this.context);
		if (known !== undefined) return known;
		const { account } = await fetchAccount(session);
		const vipIsFree = makesVipFree(account, new Date());
		vipIsFreeInRun.set(this.context, vipIsFree);
		return vipIsFree;
	}

	/** The site takes a wedge even for a torrent that is free already, so both are read just before. */
	private async requireWedge(session: MamSession): Promise<void> {
		await session.requireCall(DOWNLOAD_PATH, 'torrent');
		const { account } = await fetchAccount(session);
		if (account.wedges === null || account.wedges === 0) {
			this.parameters.refuse(USE_WEDGE, 'the account has no wedges; switch the option off.');
		}
		const { torrent } = await fetchTorrent(session, this.id, makesVipFree(account, new Date()));
		if (torrent.isFree) {
			this.parameters.refuse(USE_WEDGE, 'the torrent is free already; switch the option off.');
		}
	}

	/**
	 * Downloads with a wedge, once per torrent and execution.
	 * Throws `spend_unknown` when it stays open whether the wedge was spent.
	 */
	private async withWedge(session: MamSession): Promise<TorrentFile> {
		const { context, id } = this;
		if (!firstTimeInExecution(context.getExecutionId(), `wedge for ${id}`)) {
			this.parameters.refuse(
				USE_WEDGE,
				`this run has already requested torrent ${id} with a wedge; pass each torrent once.`,
			);
		}
		const { sentRequests } = session;
		try {
			return await fetchTorrentFile(session, id, true);
		} catch (error) {
			const facts = factsOf(error);
			const wasSent = session.sentRequests > sentRequests;
			if (!wasSent || WEDGE_KEPT.includes(facts.cause)) throw failure(context.getNode(), facts);
			throw failure(context.getNode(), {
				cause: 'spend_unknown',
				sentence: `It is not known whether a wedge was spent on torrent ${id} (${facts.sentence}); this run will not request it again.`,
				action:
					'Look at the torrent on the site. If it is personal freeleech there, the wedge is spent: download it with Use Wedge switched off.',
				until: facts.until,
			});
		}
	}
}

export const download = operation({
	value: 'download',
	name: 'Download',
	action: 'Download torrent file',
	description: 'Download the .torrent file as binary data',
	changes: true,
	fields: [
		TORRENT_ID,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [ONLY_IF_FREE, USE_WEDGE],
		},
	],
	run: {
		async perItem({ itemIndex, simulate }) {
			const one = new Download(this, itemIndex);
			const { id, useWedge } = one;
			const pairedItem = { item: itemIndex };
			if (simulate) return [{ json: { id, useWedge, simulated: true }, pairedItem }];
			const file = await withMamSession(
				this,
				itemIndex,
				async (session) => await one.file(session),
			);
			if (file === null) {
				const reason = 'no_longer_free';
				return [{ json: { id, result: reason, skipped: true, reason }, pairedItem }];
			}
			const { bytes, infoHash, name, sizeBytes } = file;
			const fileName = `mam-${id}.torrent`;
			const data = await this.helpers.prepareBinaryData(
				bytes,
				fileName,
				'application/x-bittorrent',
			);
			return [{ json: { id, infoHash, name, fileName, sizeBytes }, binary: { data }, pairedItem }];
		},
	},
});
