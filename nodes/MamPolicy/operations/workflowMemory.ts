import type { IDataObject } from 'n8n-workflow';

import { isRecord, parseJson } from '../../shared/json';

/**
 * What a workflow remembers is its static data. n8n 2.40 and 2.41 hand it to no scheduled run in queue mode, so a
 * row of a table holds it there. Whether it has to is seen, not configured: each run counts itself in both places,
 * and static data that fell behind the row was not handed on.
 */

/** Key in the static data: how many runs have stored it. */
const RUNS = 'runs';

/** Key in the static data, within a run: whether the table has to hold it too. */
const IN_TABLE = 'inTable';

/** Where the memory of a run comes from. */
export type MemorySource = 'static data' | 'table' | 'nowhere';

function runsOf(memory: Record<string, unknown>): number {
	const runs = memory[RUNS];
	return typeof runs === 'number' && Number.isSafeInteger(runs) && runs > 0 ? runs : 0;
}

function replaceBy(staticData: IDataObject, stored: Record<string, unknown>): void {
	for (const key of Object.keys(staticData)) delete staticData[key];
	// As a key it would change the object instead of what it holds.
	for (const [key, value] of Object.entries(stored))
		if (key !== '__proto__') staticData[key] = value as IDataObject[string];
}

/**
 * Puts the newer memory into `staticData`: its own, or that of a row as {@link storedMemory} made it. Of a row that
 * nobody can read, or that holds no memory, nothing is taken.
 */
export function recallMemory(staticData: IDataObject, row: unknown): MemorySource {
	const parsed = typeof row === 'string' ? parseJson(row) : undefined;
	const stored = isRecord(parsed) ? parsed : {};
	const [own, inRow] = [runsOf(staticData), runsOf(stored)];
	const isLost = inRow > own;
	if (isLost && isRecord(stored.memory)) replaceBy(staticData, stored.memory);
	staticData[RUNS] = Math.max(own, inRow);
	staticData[IN_TABLE] = isLost || inRow === 0;
	if (own > 0 && !isLost) return 'static data';
	return isLost && isRecord(stored.memory) ? 'table' : 'nowhere';
}

/** For a run whose table cannot be read: its static data is all there is. */
export function recallWithoutTable(staticData: IDataObject): MemorySource {
	staticData[IN_TABLE] = false;
	return runsOf(staticData) > 0 ? 'static data' : 'nowhere';
}

/** Counts the run in `staticData`. Returns what its row is to hold: that count, and the memory where n8n may lose it. */
export function storedMemory(staticData: IDataObject): string {
	const runs = runsOf(staticData) + 1;
	staticData[RUNS] = runs;
	const { [IN_TABLE]: inTable = true, ...memory } = { ...staticData };
	delete staticData[IN_TABLE];
	return JSON.stringify({ [RUNS]: runs, ...(inTable === true && { memory }) });
}

/** Whether a run, after {@link recallWithoutTable}, knows nothing of earlier ones: the first, or one in queue mode. */
export function remembersNothing(staticData: IDataObject): boolean {
	return staticData[IN_TABLE] === false && runsOf(staticData) === 0;
}
