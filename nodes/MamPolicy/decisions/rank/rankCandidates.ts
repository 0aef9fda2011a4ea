import type {
	Blocked,
	Decided,
	Decision,
	HoldReason,
	PolicyResult,
	RankNumbers,
} from '../../types';
import { Budget, type Funds } from './budget';
import { TRIED_SECONDS } from './grabMemory';
import type { RankContext, RankParameters } from './parameters';
import { decimal, flag, mib, MIB, tally } from '../format';
import { mamIdsInClient } from '../identity';
import { isAccount, isEmptyMarker, isMamTorrent } from '../records';
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
import { readClientList } from './clientList';
import type { AccountRecord, MamTorrentRecord, ClientTorrent } from '../../../shared/records';

const SECONDS_PER_DAY = 86_400;

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
	const wrong = wordsRefusal(torrent, parameters);
	if (wrong !== null) return wrong;
	if (parameters.onlyFree && !torrent.isFree) {
		return hold('not_free', 'It is not free for this account, and only free torrents are grabbed.');
	}
	return null;
}

function wordsRefusal(
	{ title, category, language }: MamTorrentRecord,
	{ includeWords, excludeWords, categories, languages }: RankParameters,
): Decision | null {
	const lower = String(title).toLowerCase();
	if (includeWords.length > 0 && !includeWords.some((word) => lower.includes(word)))
		return hold('wrong_words', `The title contains none of: ${includeWords.join(', ')}.`);
	const excluded = excludeWords.find((word) => lower.includes(word));
	if (excluded !== undefined) return hold('wrong_words', `The title contains "${excluded}".`);
	const own = String(category).toLowerCase();
	if (categories.length > 0 && !categories.some((name) => own.includes(name))) {
		return hold(
			'wrong_category',
			`Its category is "${String(category).slice(0, 100)}", not one of: ${categories.join(', ')}.`,
		);
	}
	const spoken = String(language ?? 'unknown').toLowerCase();
	if (languages.length > 0 && !languages.includes(spoken)) {
		return hold(
			'wrong_language',
			`Its language is ${spoken.slice(0, 20)}, not one of: ${languages.join(', ')}.`,
		);
	}
	return null;
}

/** Seconds since a time, or until one that was noted by a clock that was ahead. */
function since(times: Record<string, number>, id: number, now: Date): number {
	return Math.abs(now.getTime() / 1000 - (times[String(id)] ?? Number.NEGATIVE_INFINITY));
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

/** The limit that stopped the best, and nothing else was selected either; undefined when it is the limit per run. */
function blockedBy(best: Decided[]): Blocked | undefined {
	const [first] = best;
	if (first === undefined) return undefined;
	const { reason, detail } = first.decision;
	if (reason === 'beyond_run_limit' || best.some(({ decision }) => decision.verdict === 'act'))
		return undefined;
	return { reason: reason as HoldReason, detail };
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
	const holdFor = (reason: 'no_data' | 'list_too_short', message: string, detail?: string) =>
		holdAll(
			'rankCandidates',
			records,
			{ reason, failure: noData(message), detail, ...(isAccount(account) && { account }) },
			evaluation,
		);
	if (!isAccount(account)) return holdFor('no_data', 'The account is unknown.');
	const list = readClientList(context.clientTorrents, parameters.category);
	if ('problem' in list) return holdFor('no_data', list.problem, list.detail);
	const { torrents } = list;
	const short = tooShort(torrents.length, parameters.expectedMinTorrents);
	if (short !== null) return holdFor('list_too_short', short);
	const { unsatisfied } = account;
	if (!unsatisfied) {
		return holdFor('no_data', 'The site does not say how many torrents are unsatisfied.');
	}
	return rank(records, { ...context, ...list, account, unsatisfied }, parameters, evaluation);
}

function rank(
	records: unknown[],
	context: RankContext & {
		account: AccountRecord;
		torrents: ClientTorrent[];
		unreadable: number;
		unsatisfied: Funds['unsatisfied'];
	},
	parameters: RankParameters,
	evaluation: Evaluation,
): PolicyResult<'rankCandidates'> {
	const { account, torrents, unreadable, memory, unsatisfied } = context;
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
	const now = evaluation.now.getTime() / 1000;
	const budget = new Budget(account, { torrents, memory, now, unsatisfied }, parameters);
	// Best first, so that a run that ends early has grabbed the best.
	const best = ranked.sort(byScore).map(({ index, torrent, score: own }): Decided => {
		const decision = budget.take(torrent, own);
		const target = decision.reason === 'selected' ? addFields(torrent, parameters) : {};
		return { index, decision, extraFields: { score: own, ...target } };
	});
	const decided: Decided[] = [...best, ...others];

	const { isRefused } = budget.clientAnswers;
	const numbers: RankNumbers = {
		candidates: records.filter(isMamTorrent).length,
		selected: budget.taken,
		categoryTorrents: budget.categoryTorrents,
		categorySizeBytes: budget.categorySizeBytes,
		unsatisfiedSite: unsatisfied.count,
		unreadable,
		unsatisfiedUncounted: budget.uncounted,
		unsatisfiedLimit: unsatisfied.limit,
		...(isRefused !== null && { clientRefused: isRefused ? 1 : 0 }),
	};
	return policyResult(
		{
			policy: 'rankCandidates',
			decided,
			lines: [
				`Rank: selected=${numbers.selected} candidates=${numbers.candidates} in_category=${numbers.categoryTorrents} unsatisfied=${numbers.unsatisfiedSite}+${budget.uncounted}/${numbers.unsatisfiedLimit} dry_run=${flag(evaluation.dryRun)}`,
				`per reason: ${tally(countReasons(decided))}`,
			],
			numbers,
			account,
			blocked: blockedBy(best),
			failure:
				parameters.freeSpaceBytes === null
					? noData('The free space of the client is unknown.')
					: noUsableRecords(numbers.candidates, decided.length),
		},
		evaluation,
	);
}
