import type { Decision } from '../../types';
import { decimal, GIB, gib } from '../format';
import type { RankParameters } from './parameters';
import { hold } from '../result';
import type { AccountRecord, MamTorrentRecord, ClientTorrent } from '../../../shared/records';

/** What may still be grabbed, candidate after candidate, best first. */
export class Budget {
	/** Candidates taken so far. */
	taken = 0;

	readonly categoryTorrents: number;

	readonly categorySizeBytes: number;

	/** Unsatisfied torrents that may still be added. */
	private readonly unsatisfiedRoom: number;

	private readonly unsatisfiedDetail: string;

	/** Free bytes that may still be filled; null: unknown; Infinity: not judged. */
	private spaceLeft: number | null;

	private paidBytes = 0;

	constructor(
		private readonly account: AccountRecord,
		torrents: ClientTorrent[],
		unsatisfiedClient: number,
		private readonly parameters: RankParameters,
	) {
		const ours = torrents.filter(({ category }) => category === parameters.category);
		this.categoryTorrents = ours.length;
		this.categorySizeBytes = ours.reduce((sum, { size }) => sum + size, 0);
		const { count, limit } = account.unsatisfied ?? { count: 0, limit: 0 };
		const { unsatisfiedReserve } = parameters;
		// The site's count lags a quarter of an hour and misses refused announces.
		this.unsatisfiedRoom = limit - Math.max(count, unsatisfiedClient) - unsatisfiedReserve;
		this.unsatisfiedDetail = `${count} unsatisfied torrents by the site's count, ${unsatisfiedClient} by the client's, limit ${limit}, reserve ${unsatisfiedReserve}`;
		this.spaceLeft = spaceOf(torrents, parameters);
	}

	/** Takes the candidate if every limit allows it. */
	take(torrent: MamTorrentRecord, score: number): Decision {
		const refused = this.refusal(torrent);
		if (refused !== null) return refused;
		this.taken += 1;
		if (this.spaceLeft !== null) this.spaceLeft -= torrent.sizeBytes;
		if (!torrent.isFree) this.paidBytes += torrent.sizeBytes;
		return {
			verdict: 'act',
			reason: 'selected',
			detail: `Score ${decimal(score)}: ${torrent.leechers} leechers, ${torrent.seeders} seeders, ${gib(torrent.sizeBytes)}.`,
		};
	}

	private refusal(torrent: MamTorrentRecord): Decision | null {
		const { grabPerRun, maxTorrents } = this.parameters;
		if (this.taken >= grabPerRun) {
			return hold(
				'beyond_run_limit',
				grabPerRun === 0
					? 'Grab per Run is 0, so nothing is grabbed.'
					: `${grabPerRun} better candidates were selected; that is the limit per run.`,
			);
		}
		if (this.categoryTorrents + this.taken >= maxTorrents) {
			return hold(
				'at_capacity',
				`Torrents of the category: ${this.categoryTorrents}, selected: ${this.taken}; the maximum is ${maxTorrents}.`,
			);
		}
		if (this.taken >= this.unsatisfiedRoom) {
			return hold(
				'unsatisfied_limit',
				`${this.unsatisfiedDetail}, ${this.taken} selected: no room.`,
			);
		}
		if (this.spaceLeft === null) {
			return hold('disk_space', 'The free space is unknown.');
		}
		if (torrent.sizeBytes > this.spaceLeft) {
			return hold(
				'disk_space',
				`${gib(torrent.sizeBytes)}: only ${gib(Math.max(0, this.spaceLeft))} is free after the reserve and pending downloads.`,
			);
		}
		return this.ratioRefusal(torrent);
	}

	private ratioRefusal(torrent: MamTorrentRecord): Decision | null {
		const { minProjectedRatio } = this.parameters;
		if (torrent.isFree) return null;
		const { uploadedBytes, downloadedBytes } = this.account;
		const downloaded = downloadedBytes + this.paidBytes + torrent.sizeBytes;
		const ratio = uploadedBytes / downloaded;
		if (ratio >= minProjectedRatio) return null;
		return hold(
			'projected_ratio',
			`The ratio would fall to ${decimal(ratio)}, below ${decimal(minProjectedRatio)}.`,
		);
	}
}

function spaceOf(torrents: ClientTorrent[], parameters: RankParameters): number | null {
	const { freeSpaceBytes, freeSpaceReserveGiB } = parameters;
	if (freeSpaceBytes === -1) return Infinity;
	if (freeSpaceBytes === null) return null;
	const stillToDownload = torrents.reduce((sum, torrent) => sum + torrent.amount_left, 0);
	return freeSpaceBytes - stillToDownload - freeSpaceReserveGiB * GIB;
}
