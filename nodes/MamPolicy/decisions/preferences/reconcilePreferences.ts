import type { JsonObject } from '../../../shared/json';
import type { PolicyResult } from '../../types';
import { flag, tally } from '../format';
import { isPreferences } from '../records';
import { decideOne, hold, NO_DATA, noData, policyResult, type Evaluation } from '../result';

/** Wanted preferences, by qBittorrent's own names. */
export type WantedPreferences = Record<string, boolean | number>;

/** One preference that is not as wanted. */
interface Drift {
	key: string;
	from: unknown;
	to: boolean | number;
}

/** What differs. A preference that this version of qBittorrent does not have is ignored. */
function findDrift(current: JsonObject, wanted: WantedPreferences): Drift[] {
	return Object.entries(wanted)
		.filter(([key, value]) => typeof current[key] === typeof value && current[key] !== value)
		.map(([key, value]) => ({ key, from: current[key], to: value }));
}

/** What a preference is. A limit that is switched off is forgotten by the client, so its value is named. */
function describeValue(current: JsonObject, key: string): string {
	const limit = current[key.replace(/_enabled$/, '')];
	const value = String(current[key]);
	return typeof limit === 'number' && limit !== current[key] ? `${value} (${limit})` : value;
}

/**
 * Whether the client's preferences are still those that keep torrents announced. Act: one item with
 * `preferences`, only what differs, and `drift` (`key, from, to`). Numbers: 1 for each preference that has
 * drifted, 0 for the others.
 */
export function reconcilePreferences(
	records: unknown[],
	wanted: WantedPreferences,
	evaluation: Evaluation,
): PolicyResult<'reconcilePreferences'> {
	const current = records.find(isPreferences);
	if (current === undefined) {
		return policyResult(
			{
				policy: 'reconcilePreferences',
				decided: decideOne(current, records, { decision: NO_DATA }),
				lines: ['Preferences: unknown'],
				numbers: {},
				failure: noData(),
			},
			evaluation,
		);
	}
	const drift = findDrift(current, wanted);
	const known = Object.keys(wanted).filter((key) => key in current);
	const drifted = drift.map(({ key }) => key);
	const lines = drift.map(
		({ key, to }) => `Drift: ${key} is ${describeValue(current, key)}, wanted ${String(to)}`,
	);
	const decision =
		drift.length === 0
			? hold('as_wanted', `All ${known.length} preferences match.`)
			: { verdict: 'act' as const, reason: 'drift' as const, detail: `${lines.join('; ')}.` };
	const extraFields = {
		drift,
		preferences: Object.fromEntries(drift.map(({ key, to }) => [key, to])),
	};
	return policyResult(
		{
			policy: 'reconcilePreferences',
			decided: decideOne(current, records, { decision, extraFields }),
			lines: [
				`Preferences: ${tally({ checked: known.length, drifted: drift.length })} dry_run=${flag(evaluation.dryRun)}`,
				...lines,
			],
			numbers: Object.fromEntries(known.map((key) => [key, Number(drifted.includes(key))])),
		},
		evaluation,
	);
}
