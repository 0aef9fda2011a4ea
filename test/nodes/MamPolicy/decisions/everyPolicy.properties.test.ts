import fc from 'fast-check';

import { guardAccount } from '../../../../nodes/MamPolicy/decisions/guard/guardAccount';
import { judgeTorrents } from '../../../../nodes/MamPolicy/decisions/judge/judgeTorrents';
import { planSpend } from '../../../../nodes/MamPolicy/decisions/spend/planSpend';
import { rankCandidates } from '../../../../nodes/MamPolicy/decisions/rank/rankCandidates';
import { reconcilePreferences } from '../../../../nodes/MamPolicy/decisions/preferences/reconcilePreferences';
import type { Evaluation } from '../../../../nodes/MamPolicy/decisions/result';
import { summarizeTrackers } from '../../../../nodes/MamPolicy/decisions/trackers/summarizeTrackers';
import type { PolicyResult } from '../../../../nodes/MamPolicy/types';
import { propertyRuns } from '../../../helpers/propertyRuns';
import { accounts, anyRecords, candidates, clientTorrents } from './arbitraries';
import {
	account,
	context,
	DRY,
	ENFORCED,
	GUARD,
	JUDGE,
	RANK,
	SPEND,
	SUMMARIZE,
	TRANSFER,
} from './builders';

type Policy = (records: unknown[], evaluation: Evaluation) => PolicyResult;

const WANTED = { queueing_enabled: true, max_active_downloads: 20, max_ratio_enabled: false };

const limit = fc.integer({ min: -1, max: 50 });
const preferences = fc.record(
	{
		queueing_enabled: fc.boolean(),
		max_active_downloads: limit,
		max_active_uploads: limit,
		max_active_torrents: limit,
		max_ratio_enabled: fc.boolean(),
		max_ratio: limit,
	},
	{ requiredKeys: ['queueing_enabled', 'max_active_downloads'] },
);

const POLICIES: Record<string, Policy> = {
	guardAccount: (records, evaluation) => guardAccount(records, GUARD, evaluation),
	rankCandidates: (records, evaluation) => rankCandidates(records, context(), RANK, evaluation),
	judgeTorrents: (records, evaluation) => judgeTorrents(records, JUDGE, evaluation),
	planSpend: (records, evaluation) => planSpend(records, SPEND, evaluation),
	reconcilePreferences: (records, evaluation) => reconcilePreferences(records, WANTED, evaluation),
	summarizeTrackers: (records, evaluation) =>
		summarizeTrackers(records, TRANSFER, SUMMARIZE, evaluation),
};

const records = fc.oneof(
	anyRecords,
	clientTorrents,
	candidates,
	fc.array(accounts, { maxLength: 2 }),
	fc.array(preferences, { maxLength: 2 }),
);

function isMarker(record: unknown): boolean {
	return (record as { empty?: unknown } | null)?.empty === true;
}

describe.each(Object.entries(POLICIES))('%s, whatever comes in', (operation, policy) => {
	test('puts every item on exactly one output, and gives one Summary that counts them', () => {
		fc.assert(
			fc.property(records, (list) => {
				const { act, hold, summary } = policy(list, ENFORCED);
				const indexes = [...act, ...hold].map(({ index }) => index);
				expect(new Set(indexes).size).toBe(indexes.length);
				const missing = list.filter((_, index) => !indexes.includes(index));
				expect(missing.every(isMarker)).toBe(true);

				expect(summary.summary).toBe(operation);
				expect(summary.line).toBe(summary.lines[0]);
				const counted = Object.values(summary.counts).reduce((sum, count) => sum + count, 0);
				expect(counted).toBe(indexes.length);
			}),
			propertyRuns,
		);
	});

	test('acts on no failure', () => {
		fc.assert(
			fc.property(records, (list) => {
				const failed = list.map((item) => ({ ...(item as object), error: 'It failed.' }));
				expect(policy(failed, ENFORCED).act).toEqual([]);
			}),
			propertyRuns,
		);
	});

	test('says why, in a sentence', () => {
		fc.assert(
			fc.property(records, (list) => {
				const { act, hold } = policy(list, ENFORCED);
				const unclear = [...act, ...hold].filter(
					({ decision: { reason, detail } }) =>
						!/^[a-z_]+$/.test(reason) ||
						!detail.endsWith('.') ||
						/NaN|undefined|Infinity/.test(detail),
				);
				expect(unclear).toEqual([]);
			}),
			propertyRuns,
		);
	});

	if (operation !== 'guardAccount') {
		test('decides the same in a dry run, and acts on nothing', () => {
			fc.assert(
				fc.property(records, (list) => {
					const enforced = policy(list, ENFORCED);
					const dry = policy(list, DRY);
					expect(dry.act).toEqual([]);
					const byIndex = (decided: PolicyResult['hold']) =>
						new Map(decided.map((item) => [item.index, item]));
					expect(byIndex(dry.hold)).toEqual(byIndex([...enforced.act, ...enforced.hold]));
					expect(dry.summary).toMatchObject({
						counts: enforced.summary.counts,
						numbers: enforced.summary.numbers,
						dryRun: true,
					});
				}),
				propertyRuns,
			);
		});
	}
});

test('rankCandidates holds everything, whatever stands for the account or the client', () => {
	fc.assert(
		fc.property(candidates, fc.anything(), fc.anything(), (list, one, other) => {
			const noAccount = rankCandidates(list, context({ account: one }), RANK, ENFORCED);
			expect(noAccount.act).toEqual([]);
			const noList = context({ account: account(), clientTorrents: other });
			expect(rankCandidates(list, noList, RANK, ENFORCED).act).toEqual([]);
		}),
		propertyRuns,
	);
});
