import { ACT_REASONS } from '../types';
import type { Summary } from '../types';
import type { Tally } from './runReport';

const ACTS: readonly string[] = ACT_REASONS;

/** What the policies left alone, by reason. */
export function heldReasons(summaries: Summary[]): Tally {
	const held: Tally = new Map();
	for (const [reason, number] of summaries.flatMap(({ counts }) => Object.entries(counts))) {
		if (number > 0 && !ACTS.includes(reason)) held.set(reason, (held.get(reason) ?? 0) + number);
	}
	return held;
}
