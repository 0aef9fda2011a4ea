import type { Decided, Decision, PolicyResult, RankNumbers } from '../../types';
import { Budget } from './budget';
import { TRIED_SECONDS } from './grabMemory';
import type { RankContext, RankParameters } from './parameters';
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

/** All torrents of the client; null when the list may be incomplete. */
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

function criteriaRefusal(torrent: MamTorrentRecord, parameters: RankParameters): Decision | null {
	const { sizeBytes, seeders, leechers } = torrent;
	const { minSizeMiB, maxSizeMiB, leecherFloor, seederCeiling } = parameters;
	const swarm = `${leechers} leechers, ${seeders} seeders`;
	if (sizeBytes < minSizeMiB * MIB) {
		return hold(
			'too_small',
			`${mib(sizeBytes)}: below the minimum size of ${decimal(minSizeMiB)} MiB.`,
		);
	}
	if (sizeBytes > maxSizeMiB * MIB) {
		return hold(
			'too_large',
			`${mib(sizeBytes)}: above the maximum size of ${decimal(maxSizeMiB)} MiB.`,
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

function alreadyHandled(
	torrent: MamTorrentRecord,
	inClient: Set<number>,
	{ memory }: RankContext,
	{ regrabAfterDays }: RankParameters,
	now: Date,
): Decision | null {
	if (torrent.alreadySnatched) {
		return hold('already_snatched', 'The account has snatched it before.');
	}
	if (inClient.has(torrent.id)) return hold('already_in_client', 'Already in the client.');
	const added = since(memory.added, torrent.id, now);
	if (added <= regrabAfterDays * SECONDS_PER_DAY) {
		return hold(
			'grabbed_recently',
			`Grabbed ${decimal(added / SECONDS_PER_DAY)} days ago; eligible again after ${decimal(regrabAfterDays)} days.`,
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

function byScore(a: Ranked, b: Ranked): number {
	return (
		b.score - a.score ||
		b.torrent.leechers - a.torrent.leechers ||
		a.torrent.sizeBytes - b.torrent.sizeBytes ||
		a.torrent.id - b.torrent.id
	);
}

/** What a later step adds the torrent with. */
function addFields({ id }: MamTorrentRecord, { category, tags, savePath }: RankParameters) {
	return { category, tags: [...tags, `mam-${id}`].join(','), savePath };
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
	if (!isAccount(account)) return holdFor('no_data', 'The account is unknown.');
	const torrents = clientList(context.clientTorrents);
	if (torrents === null) return holdFor('no_data', 'The torrent list of the client is incomplete.');
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
			? hold('duplicate_result', 'Duplicate of an earlier result.')
			: null;
		seen.add(record.id);
		const decision =
			duplicate ??
			criteriaRefusal(record, parameters) ??
			alreadyHandled(record, inClient, context, parameters, evaluation.now);
		if (decision !== null) others.push({ index, decision });
		else ranked.push({ index, torrent: record, score: score(record, parameters) });
	});
	const unsatisfiedClient = countUnsatisfied(torrents, parameters.category);
	const budget = new Budget(account, torrents, unsatisfiedClient, parameters);
	// Best first, so that a run that ends early has grabbed the best.
	const best = ranked.sort(byScore).map(({ index, torrent, score: own }): Decided => {
		const decision = budget.take(torrent, own);
		const target = decision.reason === 'selected' ? addFields(torrent, parameters) : {};
		return { index, decision, extraFields: { score: own, ...target } };
	});
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
					? noData('The free space of the client is unknown.')
					: noUsableRecords(numbers.candidates, decided.length),
		},
		evaluation,
	);
}
