import type { AccountRecord, ClientTorrent, MamTorrentRecord } from '../../../shared/records';
import { STOPPED_STATES } from '../../../shared/torrentStates';
import type { Decision, GrabMemory } from '../../types';
import { decimal, GIB, gib } from '../format';
import { spaceAfterDownloads } from '../records';
import { hold } from '../result';
import { answersToClient, type ClientAnswers } from './clientList';
import type { RankParameters } from './parameters';
import { countUncounted } from './unsatisfied';

const DAY = 86_400;

/** What the budget is computed from, beside the account. */
export interface Funds {
	torrents: ClientTorrent[];
	memory: GrabMemory;
	/** Unix seconds. */
	now: number;
	/** By the site's count. */
	unsatisfied: NonNullable<AccountRecord['unsatisfied']>;
}

function sizeOf(torrents: ClientTorrent[]): number {
	return torrents.reduce((sum, { size }) => sum + size, 0);
}

/** What may still be grabbed, candidate after candidate, best first. */
export class Budget {
	/** Candidates taken so far, and their bytes. */
	taken = 0;

	private takenBytes = 0;

	private paidBytes = 0;

	readonly categoryTorrents: number;

	readonly categorySizeBytes: number;

	/** Unsatisfied torrents that the site does not count yet. */
	readonly uncounted: number;

	/** Started torrents of the category that are not complete. */
	private readonly active: number;

	/** Grabbed in the last 24 hours. */
	private readonly grabsOfDay: number;

	private readonly bytesOfDay: number;

	/** Free bytes that may be filled; null: unknown; Infinity: not judged. */
	private readonly space: number | null;

	readonly clientAnswers: ClientAnswers;

	constructor(
		private readonly account: AccountRecord,
		private readonly funds: Funds,
		private readonly parameters: RankParameters,
	) {
		const { torrents, memory, now } = funds;
		const { category, freeSpaceBytes: free, freeSpaceReserveGiB, refusedMessages } = parameters;
		const ours = torrents.filter((torrent) => torrent.category === category);
		// What lies days ahead was noted by a clock that was wrong.
		const isOfDay = (at: number) => Math.abs(now - at) < DAY;
		const ofDay = ours.filter(({ added_on }) => isOfDay(added_on));
		const remembered = Object.values(memory.added).filter(isOfDay);
		this.categoryTorrents = ours.length;
		this.categorySizeBytes = sizeOf(ours);
		this.active = ours.filter(
			({ progress, state }) => progress < 1 && !STOPPED_STATES.includes(state),
		).length;
		this.grabsOfDay = Math.max(ofDay.length, remembered.length);
		this.bytesOfDay = sizeOf(ofDay);
		this.uncounted = countUncounted(torrents, category, now);
		this.clientAnswers = answersToClient(torrents, category, refusedMessages);
		if (free === -1) this.space = Infinity;
		else if (free === null) this.space = null;
		else this.space = spaceAfterDownloads(free, torrents) - freeSpaceReserveGiB * GIB;
	}

	/** Takes the candidate if every limit allows it. */
	take(torrent: MamTorrentRecord, score: number): Decision {
		const refused = this.countRefusal() ?? this.sizeRefusal(torrent) ?? this.ratioRefusal(torrent);
		if (refused !== null) return refused;
		this.taken += 1;
		this.takenBytes += torrent.sizeBytes;
		if (!torrent.isFree) this.paidBytes += torrent.sizeBytes;
		return {
			verdict: 'act',
			reason: 'selected',
			detail: `Score ${decimal(score)}: ${torrent.leechers} leechers, ${torrent.seeders} seeders, ${gib(torrent.sizeBytes)}.`,
		};
	}

	/** By a limit of number, whatever the candidate is. */
	private countRefusal(): Decision | null {
		const { parameters, taken, clientAnswers } = this;
		const { grabPerRun, maxTorrents, maxActiveDownloads, maxGrabsPerDay } = parameters;
		if (clientAnswers.isRefused === true) {
			return hold(
				'client_refused',
				`The tracker refuses ${clientAnswers.refused} of the ${clientAnswers.answers} MAM torrents that it answered for: register the client's public address on the site, or check its VPN.`,
			);
		}
		if (taken >= grabPerRun) {
			return hold(
				'beyond_run_limit',
				grabPerRun === 0
					? 'Grab per Run is 0, so nothing is grabbed.'
					: `${grabPerRun} better candidates were selected; that is the limit per run.`,
			);
		}
		if (this.categoryTorrents + taken >= maxTorrents) {
			return hold(
				'at_capacity',
				`Torrents of the category: ${this.categoryTorrents}, selected: ${taken}; the maximum is ${maxTorrents}.`,
			);
		}
		if (maxActiveDownloads > 0 && this.active + taken >= maxActiveDownloads) {
			return hold(
				'active_downloads',
				`Active downloads of the category: ${this.active}, selected: ${taken}; the maximum is ${maxActiveDownloads}.`,
			);
		}
		if (maxGrabsPerDay > 0 && this.grabsOfDay + taken >= maxGrabsPerDay) {
			return hold(
				'daily_limit',
				`Grabbed in the last 24 h: ${this.grabsOfDay}, selected: ${taken}; the maximum is ${maxGrabsPerDay} per day.`,
			);
		}
		return this.unsatisfiedRefusal();
	}

	private unsatisfiedRefusal(): Decision | null {
		const { count, limit } = this.funds.unsatisfied;
		const { unsatisfiedReserve } = this.parameters;
		if (this.taken < limit - unsatisfiedReserve - count - this.uncounted) return null;
		return hold(
			'unsatisfied_limit',
			`${count} unsatisfied torrents by the site's count, ${this.uncounted} that it does not count yet, limit ${limit}, reserve ${unsatisfiedReserve}, ${this.taken} selected: no room.`,
		);
	}

	/** By a limit of size. */
	private sizeRefusal({ sizeBytes }: MamTorrentRecord): Decision | null {
		const { maxCategoryGiB, maxGiBPerDay } = this.parameters;
		const inCategory = this.categorySizeBytes + this.takenBytes;
		if (maxCategoryGiB > 0 && inCategory + sizeBytes > maxCategoryGiB * GIB) {
			return hold(
				'category_quota',
				`${gib(sizeBytes)}: the category has ${gib(inCategory)} of at most ${maxCategoryGiB} GiB.`,
			);
		}
		const ofDay = this.bytesOfDay + this.takenBytes;
		if (maxGiBPerDay > 0 && ofDay + sizeBytes > maxGiBPerDay * GIB) {
			return hold(
				'daily_limit',
				`${gib(sizeBytes)}: ${gib(ofDay)} of at most ${maxGiBPerDay} GiB were grabbed in the last 24 h.`,
			);
		}
		if (this.space === null) return hold('disk_space', 'The free space is unknown.');
		const left = this.space - this.takenBytes;
		if (sizeBytes <= left) return null;
		return hold(
			'disk_space',
			`${gib(sizeBytes)}: only ${gib(Math.max(0, left))} is free after the reserve and pending downloads.`,
		);
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
