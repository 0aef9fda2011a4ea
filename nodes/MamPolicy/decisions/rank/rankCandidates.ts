import type { Decided, Decision, GrabMemory, PolicyResult, RankNumbers } from '../../types';
import { Budget } from './budget';
import { decimal, flag, mib, MIB, tally } from '../format';
import { mamIdsInClient } from '../identity';
import { isAccount, isClientTorrent, isEmptyMarker, isMamTorrent } from '../records';
import {
	countReasons,
	hold,
	holdAll,
	NO_DATA,
	noData,
	policyResult,
	noUsableRecords,
	tooShort,
	type Evaluation,
} from '../result';
import { countUnsatisfied } from './unsatisfied';
import type { AccountRecord, MamTorrentRecord, ClientTorrent } from '../../../shared/records';

const SECONDS_PER_DAY = 86_400;

/** A torrent that could not be grabbed is left alone for a day. */
const TRIED_SECONDS = SECONDS_PER_DAY;

/** What makes a torrent worth grabbing, and the limits. */
export interface RankParameters {
	category: string;
	/** Most torrents of the category in the client. */
	maxTorrents: number;
	minSizeMiB: number;
	maxSizeMiB: number;
	leecherFloor: number;
	seederCeiling: number;
	leecherWeight: number;
	seederWeight: number;
	freeleechBonus: number;
	grabPerRun: number;
	/** Unsatisfied torrents kept free below the site's limit. */
	unsatisfiedReserve: number;
	/** Free bytes where the client saves; -1: not judged; null: unknown, which holds. */
	freeSpaceBytes: number | null;
	freeSpaceReserveGiB: number;
	onlyFree: boolean;
	/** Least ratio after what is not free; 0: not judged. */
	minProjectedRatio: number;
	/** Fewest torrents that the client's list must have. */
	expectedMinTorrents: number;
	regrabAfterDays: number;
}

/** What the ranking knows beside the candidates. */
export interface RankContext {
	/** An account record, or whatever the expression gave. */
	account: unknown;
	/** All torrents of the client, or whatever the expression gave. */
	clientTorrents: unknown;
	memory: GrabMemory;
}

/** All torrents of the client; null when the list cannot be trusted to be whole. */
function clientList(value: unknown): ClientTorrent[] | null {
	if (!Array.isArray(value) || value.length === 0) return null;
	const torrents = value.filter((item) => !isEmptyMarker(item));
	return torrents.every(isClientTorrent) ? torrents : null;
}

/** leechers x weight - seeders x weight + bonus for freeleech: demand first. VIP-only free earns no bonus. */
export function score(torrent: MamTorrentRecord, parameters: RankParameters): number {
	const { leecherWeight, seederWeight, freeleechBonus } = parameters;
	const bonus = torrent.freeleech || torrent.personalFreeleech ? freeleechBonus : 0;
	return torrent.leechers * leecherWeight - torrent.seeders * seederWeight + bonus;
}

function misfit(torrent: MamTorrentRecord, parameters: RankParameters): Decision | null {
	const { sizeBytes, seeders, leechers } = torrent;
	const { minSizeMiB, maxSizeMiB, leecherFloor, seederCeiling } = parameters;
	const swarm = `${leechers} leechers, ${seeders} seeders`;
	if (sizeBytes < minSizeMiB * MIB) {
		return hold(
			'too_small',
			`${mib(sizeBytes)}: below the least size of ${decimal(minSizeMiB)} MiB.`,
		);
	}
	if (sizeBytes > maxSizeMiB * MIB) {
		return hold(
			'too_large',
			`${mib(sizeBytes)}: above the largest size of ${decimal(maxSizeMiB)} MiB.`,
		);
	}
	if (leechers < leecherFloor) {
		return hold('below_leecher_floor', `${swarm}: below the floor of ${leecherFloor} leechers.`);
	}
	if (seeders === 0) return hold('no_seeders', `${swarm}: nobody has it.`);
	if (seeders > seederCeiling) {
		return hold('above_seeder_ceiling', `${swarm}: above the ceiling of ${seederCeiling}.`);
	}
	if (parameters.onlyFree && !torrent.isFree) {
		return hold('not_free', 'It is not free for this account, and only free torrents are grabbed.');
	}
	return null;
}

function since(times: Record<string, number>, id: number, now: Date): number {
	return now.getTime() / 1000 - (times[String(id)] ?? Number.NEGATIVE_INFINITY);
}

function known(
	torrent: MamTorrentRecord,
	inClient: Set<number>,
	{ memory }: RankContext,
	{ regrabAfterDays }: RankParameters,
	now: Date,
): Decision | null {
	if (torrent.alreadySnatched) {
		return hold('already_snatched', 'The account has snatched it before.');
	}
	if (inClient.has(torrent.id)) return hold('already_in_client', 'The client has it.');
	const added = since(memory.added, torrent.id, now);
	if (added <= regrabAfterDays * SECONDS_PER_DAY) {
		return hold(
			'grabbed_recently',
			`Grabbed ${decimal(added / SECONDS_PER_DAY)} days ago, and again after ${decimal(regrabAfterDays)} days at the earliest.`,
		);
	}
	const tried = since(memory.tried, torrent.id, now);
	if (tried <= TRIED_SECONDS) {
		return hold(
			'tried_recently',
			`Tried ${decimal(tried / 3600)} hours ago without success; tried again after 24 hours.`,
		);
	}
	return null;
}

function byWorth(a: Ranked, b: Ranked): number {
	return (
		b.score - a.score ||
		b.torrent.leechers - a.torrent.leechers ||
		a.torrent.sizeBytes - b.torrent.sizeBytes ||
		a.torrent.id - b.torrent.id
	);
}

interface Ranked {
	index: number;
	torrent: MamTorrentRecord;
	score: number;
}

/** Which candidates to grab: demand first, within the account's, the client's and the run's limits. */
export function rankCandidates(
	records: unknown[],
	context: RankContext,
	parameters: RankParameters,
	evaluation: Evaluation,
): PolicyResult<'rankCandidates'> {
	const { account } = context;
	const holdFor = (reason: 'no_data' | 'list_too_short', message: string) =>
		holdAll(
			'rankCandidates',
			records,
			{ reason, failure: noData(message), ...(isAccount(account) && { account }) },
			evaluation,
		);
	if (!isAccount(account)) return holdFor('no_data', 'The account is not known.');
	const torrents = clientList(context.clientTorrents);
	if (torrents === null) return holdFor('no_data', 'The list of the client is not whole.');
	const short = tooShort(torrents.length, parameters.expectedMinTorrents);
	if (short !== null) return holdFor('list_too_short', short);
	if (!account.unsatisfied) {
		return holdFor('no_data', 'The site does not say how many torrents are unsatisfied.');
	}
	return rank(records, { ...context, account, torrents }, parameters, evaluation);
}

function rank(
	records: unknown[],
	context: RankContext & { account: AccountRecord; torrents: ClientTorrent[] },
	parameters: RankParameters,
	evaluation: Evaluation,
): PolicyResult<'rankCandidates'> {
	const { account, torrents } = context;
	const inClient = mamIdsInClient(torrents);
	const seen = new Set<number>();
	const others: Decided[] = [];
	const ranked: Ranked[] = [];
	records.forEach((record, index) => {
		if (isEmptyMarker(record)) return;
		if (!isMamTorrent(record)) {
			others.push({ index, decision: NO_DATA });
			return;
		}
		const duplicate = seen.has(record.id)
			? hold('duplicate_result', 'The same torrent is in the results before.')
			: null;
		seen.add(record.id);
		const decision =
			duplicate ??
			misfit(record, parameters) ??
			known(record, inClient, context, parameters, evaluation.now);
		if (decision !== null) others.push({ index, decision });
		else ranked.push({ index, torrent: record, score: score(record, parameters) });
	});
	const unsatisfiedClient = countUnsatisfied(torrents, parameters.category);
	const budget = new Budget(account, torrents, unsatisfiedClient, parameters);
	// Best first, so that a run that ends early has grabbed the best.
	const best = ranked.sort(byWorth).map(({ index, torrent, score: worth }) => ({
		index,
		decision: budget.take(torrent, worth),
		extraFields: { score: worth },
	}));
	const decided: Decided[] = [...best, ...others];

	const numbers: RankNumbers = {
		candidates: records.filter(isMamTorrent).length,
		selected: budget.taken,
		categoryTorrents: budget.categoryTorrents,
		categorySizeBytes: budget.categorySizeBytes,
		unsatisfiedSite: account.unsatisfied?.count ?? 0,
		unsatisfiedClient,
		unsatisfiedLimit: account.unsatisfied?.limit ?? 0,
	};
	return policyResult(
		{
			policy: 'rankCandidates',
			decided,
			lines: [
				`Rank: selected=${numbers.selected} candidates=${numbers.candidates} in_category=${numbers.categoryTorrents} unsatisfied=${Math.max(numbers.unsatisfiedSite, unsatisfiedClient)}/${numbers.unsatisfiedLimit} dry_run=${flag(evaluation.dryRun)}`,
				`per reason: ${tally(countReasons(decided))}`,
			],
			numbers,
			account,
			failure:
				parameters.freeSpaceBytes === null
					? noData('How much space the client has free is not known.')
					: noUsableRecords(numbers.candidates, decided.length),
		},
		evaluation,
	);
}
