import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isRecord, parseJson } from '../../shared/json';

/**
 * What a workflow remembers is its static data. n8n 2.40 and 2.41 give it to no scheduled run in queue mode, so a row of
 * a table holds it there. Whether it has to is seen, not configured: each run is counted in both places, and static data
 * that is behind the row was not passed on.
 */

/** Key in the static data and in the row: how many runs they know of. */
const RUNS = 'runs';

/** Key in the row: for how many runs in a row n8n has kept the static data. */
const KEPT = 'kept';

/** After this many the row need not hold the memory any more. In queue mode, too, a single run may get it (`n8n execute`). */
const KEPT_RUNS = 10;

/** Key in the static data: true after a failed push, otherwise absent. */
export const PUSH_FAILED = 'pushFailed';

/** Key in the static data: the messages that could not be sent; absent when there are none. */
export const UNSENT = 'unsent';

/** What {@link restoreMemory} found. */
export interface Recalled {
	/** Where the memory of the run comes from. */
	source: 'static data' | 'table' | 'nowhere';
	/** How many runs it knows of. */
	runs: number;
	/** For how many runs in a row, including this one, n8n has kept the static data. */
	kept: number;
}

/**
 * Whether a run may change what the workflow remembers. One by hand may not, and n8n does not save it either. Nor may
 * a retry: n8n gives it no static data, but saves what it changed in place of all of it.
 */
export function mayRemember(context: Pick<IExecuteFunctions, 'getMode'>): boolean {
	return !['manual', 'retry'].includes(context.getMode());
}

function countOf(memory: Record<string, unknown>, key: string): number {
	const count = memory[key];
	return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** How many runs `staticData` knows of. */
export function knownRuns(staticData: IDataObject): number {
	return countOf(staticData, RUNS);
}

/** Sets a key of `staticData`, or removes it where there is nothing to remember. */
export function setOrForget(
	staticData: IDataObject,
	key: string,
	value: IDataObject[string] | false,
): void {
	if (value === undefined || value === false) delete staticData[key];
	else staticData[key] = value;
}

/** Counts a run in `staticData`. */
export function countRun(staticData: IDataObject): void {
	staticData[RUNS] = knownRuns(staticData) + 1;
}

function replaceBy(staticData: IDataObject, stored: Record<string, unknown>): void {
	for (const key of Object.keys(staticData)) delete staticData[key];
	// As a key it would change the object instead of what it holds.
	for (const [key, value] of Object.entries(stored))
		if (key !== '__proto__') staticData[key] = value as IDataObject[string];
}

/**
 * Puts the newer memory into `staticData`: its own, or that of a row as {@link storedMemory} made it. From a row that
 * cannot be read, or that holds no memory, nothing is taken.
 */
export function restoreMemory(staticData: IDataObject, row: unknown): Recalled {
	const parsed = typeof row === 'string' ? parseJson(row) : undefined;
	const stored = isRecord(parsed) ? parsed : {};
	const [own, inRow] = [knownRuns(staticData), countOf(stored, RUNS)];
	const isBehind = inRow > own;
	const takesRow = isBehind && isRecord(stored.memory);
	if (takesRow) replaceBy(staticData, stored.memory as Record<string, unknown>);
	return {
		source: takesRow ? 'table' : own > 0 ? 'static data' : 'nowhere',
		runs: knownRuns(staticData),
		kept: isBehind || inRow === 0 ? 0 : countOf(stored, KEPT) + 1,
	};
}

/**
 * {@link Recalled.kept} of the item of Recall Memory; 0 without one, because the workflow has no row yet. Null when the
 * row could not be read: it may hold more than the run knows, so it must not be written.
 */
export function keptRuns(recalled: unknown): number | null {
	if (!isRecord(recalled) || recalled.unreadable === true) return null;
	return countOf(recalled, KEPT);
}

/**
 * What the row of a workflow is to hold: the counts, and the memory until n8n has kept it for {@link KEPT_RUNS} runs.
 * Throws when a value cannot be written as JSON.
 */
export function storedMemory(staticData: IDataObject, kept: number): string {
	const memory = kept < KEPT_RUNS ? { memory: staticData } : {};
	return JSON.stringify({ [RUNS]: knownRuns(staticData), [KEPT]: kept, ...memory });
}
