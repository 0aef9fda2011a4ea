import type { Summary } from '../../types';
import { DELETE_REASONS } from './flows';
import type { Tally } from './runReport';

/** Reasons of the items that policies act on; every other reason in a Summary's counts is one to hold. */
const ACT_REASONS: readonly string[] = [
	...DELETE_REASONS,
	'passed',
	'selected',
	'deficit',
	'cap_loss',
	'vip',
];

/** What the policies left alone, by reason. */
export function heldReasons(summaries: Summary[]): Tally {
	const held: Tally = new Map();
	for (const [reason, number] of summaries.flatMap(({ counts }) => Object.entries(counts))) {
		if (number > 0 && !ACT_REASONS.includes(reason))
			held.set(reason, (held.get(reason) ?? 0) + number);
	}
	return held;
}
