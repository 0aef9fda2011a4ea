import { sleep } from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';

import { isRecord, parseJson } from '../../shared/json';
import { comparablePath } from '../../shared/sharedContent';
import { textOf } from './answer';
import type { Client } from './client';
import { POLL_PAUSES_MS } from './removals';

/** Bytes, or null where qBittorrent does not know (-1, or no number at all). */
function knownBytes(value: unknown): number | null {
	return typeof value === 'number' && value >= 0 ? value : null;
}

const STATE_KEY = '"server_state":';

/** The state in `sync/maindata`, without parsing the rest of the answer where possible: that lists every torrent. */
async function readState(client: Client): Promise<IDataObject> {
	const path = 'sync/maindata';
	const answer = await client.send({ path });
	const { body } = answer;
	const start = body.indexOf(STATE_KEY);
	const end = body.indexOf('}', start) + 1;
	const state = parseJson(body.toString('utf8', start + STATE_KEY.length, end));
	if (start !== -1 && isRecord(state)) return state as IDataObject;
	return client.parse<{ server_state?: IDataObject }>(answer, path).server_state ?? {};
}

/**
 * The client's own state: all that `transfer/info` tells, and the free bytes at the default save path, null when it does
 * not know them. It says 0 until it has measured: after its start, and before 4.6.1 at the beginning of each session.
 * Before 4.6.1 a request also only begins to measure, and its answer is what was measured for the request before.
 */
export async function serverState(client: Client): Promise<IDataObject> {
	let state: IDataObject = {};
	let isOld = !client.capabilities.measuresFreeSpace;
	for (const pause of POLL_PAUSES_MS) {
		if (pause > 0) await sleep(pause);
		state = await readState(client);
		if (state.free_space_on_disk !== 0 && !isOld) break;
		isOld = false;
	}
	return { ...state, free_space_on_disk: knownBytes(state.free_space_on_disk) };
}

/**
 * Free bytes on the disk of the folder `path`, which need not exist yet; null when the client does not
 * know. Only for versions with the capability `freeSpaceOfPath`.
 */
export async function freeSpaceAt(client: Client, path: string): Promise<number | null> {
	const text = textOf(await client.send({ path: 'app/getFreeSpaceAtPath', query: { path } }));
	return knownBytes(/^\d+$/.test(text) ? Number(text) : null);
}

/** Free space, and the folder at which it was measured. */
export interface FreeSpace {
	bytes: number | null;
	measuredAt: string;
	/** Whether `path` lies there: then the disk is the same unless another one is mounted in between. */
	isOfPath: boolean;
}

/** The free space of `path`, or what comes closest to it: before 5.3 only that of the default save path is known. */
export async function freeSpaceFor(client: Client, path: string): Promise<FreeSpace> {
	if (client.capabilities.freeSpaceOfPath)
		return { bytes: await freeSpaceAt(client, path), measuredAt: path, isOfPath: true };
	const measuredAt = textOf(await client.send({ path: 'app/defaultSavePath' }));
	const isOfPath = `${comparablePath(path)}/`.startsWith(`${comparablePath(measuredAt)}/`);
	const { free_space_on_disk: bytes } = await serverState(client);
	return { bytes: bytes as number | null, measuredAt, isOfPath };
}
