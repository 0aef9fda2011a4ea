import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { Parameters, splitList, type ParameterSource } from '../../shared/parameters';
import type { TrackerRecord } from '../../shared/records';
import { readTorrent, type RawTorrent } from '../parse/torrent';
import {
	applyMainData,
	eventsBetween,
	isAnotherList,
	withTrackers,
	type EventName,
	type Snapshot,
	type TorrentEvent,
} from '../parse/torrentEvents';
import { Client } from '../client/client';
import { fetchMainData, type Position } from '../client/mainData';
import { listByHash, listTorrents, listWithTrackers } from '../client/torrents';
import { TAG } from '../resources/fields';
import { CATEGORY_FILTER, EVENTS, STATES } from './description';

/** Which events start the workflow; '' and no states stand for any. */
interface Wanted {
	names: EventName[];
	category: string;
	states: string[];
	tag: string;
}

function readWanted(context: IPollFunctions): Wanted {
	const source = {
		getNode: () => context.getNode(),
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown, options?: object) =>
			context.getNodeParameter(name, fallback, options),
	} as ParameterSource;
	const parameters = new Parameters(source, 0);
	const { options } = parameters;
	return {
		names: parameters.choices(EVENTS),
		category: options.locator(CATEGORY_FILTER),
		states: options.choices(STATES),
		tag: options.locator(TAG),
	};
}

/** What is remembered from poll to poll. */
interface Memory {
	/** Identifies the client whose torrents these are. */
	client: string;
	/** Unix milliseconds. */
	at: number;
	position: Position;
	torrents: Snapshot;
}

/** The newest memory of each trigger of this process: n8n stores it only with a poll that returns items. */
const newest = new Map<string, IDataObject>();

/** Static data of workflows that have been polled since they were published. */
const polled = new WeakSet<object>();

function keyOf(context: IPollFunctions): string {
	return `${context.getWorkflow().id} ${context.getNode().id}`;
}

/** What is remembered of `client`; null before the first poll, and where watching starts again. */
function readMemory(context: IPollFunctions, stored: IDataObject, client: string): Memory | null {
	const isFirst = !polled.has(stored);
	polled.add(stored);
	// Publishing starts watching now; what happened before is old.
	if (isFirst && context.getActivationMode() === 'activate') return null;
	const latest = newest.get(keyOf(context));
	const {
		rid,
		session,
		torrents,
		at,
		client: ofClient,
	} = Number(latest?.at ?? 0) > Number(stored.at ?? 0) ? latest! : stored;
	if (typeof torrents !== 'string') return null;
	if (ofClient !== client) {
		context.logger.info('The credential names another qBittorrent: watching starts again.');
		return null;
	}
	const position = { rid: Number(rid), session: (session as string | undefined) ?? null };
	return { client, at: Number(at), position, torrents: JSON.parse(torrents) as Snapshot };
}

/** The torrents are kept as text, because n8n wraps every object of its static data. */
function remember(context: IPollFunctions, stored: IDataObject, memory: Memory): void {
	const { client, at, position, torrents } = memory;
	Object.assign(stored, { client, at, ...position, torrents: JSON.stringify(torrents) });
	newest.set(keyOf(context), { ...stored });
}

/** What the trackers of all torrents say, as far as this version tells it. */
async function fetchTrackers(client: Client): Promise<Map<string, TrackerRecord[]>> {
	const known = (await listWithTrackers(client, {})).filter(({ trackers }) => trackers);
	return new Map(known.map(({ hash, trackers }) => [hash, trackers as TrackerRecord[]]));
}

function isWanted({ event, torrent }: TorrentEvent, { names, category, tag, states }: Wanted) {
	if (!names.includes(event)) return false;
	if (category !== '' && torrent.category !== category) return false;
	if (tag !== '' && !splitList(torrent.tags).includes(tag)) return false;
	return event !== 'stateChanged' || states.length === 0 || states.includes(torrent.state);
}

/** One item: the event, then the torrent's record, or what was last known of one that is gone. */
function itemOf(
	{ event, hash, torrent, ...details }: TorrentEvent,
	listed?: RawTorrent,
): INodeExecutionData {
	const { name, category, tags, state } = torrent;
	const known = { hash, name, category, tags, state };
	const record = listed === undefined ? known : readTorrent(listed, 'essential');
	// The state of the event, even if it has changed again since.
	return { json: { event, ...record, state, ...details } as IDataObject };
}

async function itemsOf(client: Client, events: TorrentEvent[]): Promise<INodeExecutionData[]> {
	const present = events.filter(({ event }) => event !== 'deleted').map(({ hash }) => hash);
	const listed = await listByHash(client, [...new Set(present)]);
	return events.map((event) => itemOf(event, listed.get(event.hash)));
}

/** Something to build a workflow with: the newest torrent that the filters let through, as if it had just happened. */
async function sample(client: Client, wanted: Wanted): Promise<INodeExecutionData[][] | null> {
	const event = wanted.names[0] ?? 'added';
	const newestFirst = { sort: 'added_on', reverse: true };
	const torrents = (await listTorrents(client, newestFirst)).map((raw) =>
		readTorrent(raw, 'essential'),
	);
	const fitting = torrents.find((torrent) =>
		isWanted(
			{ event, hash: torrent.hash, torrent: torrent as never },
			{ ...wanted, names: [event] },
		),
	);
	return fitting === undefined ? null : [[{ json: { event, ...fitting } as IDataObject }]];
}

/** The triggers whose poll is under way: n8n starts the next one on schedule, even while a slow client is still answering. */
const polling = new Set<string>();

/**
 * The events since the last poll, one item each; null when there are none. The first poll only remembers what is
 * there. What is remembered is replaced when all answers have come, so the next poll catches up on one that failed.
 * A poll during another one of the same trigger does nothing: both would report the same.
 */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const wanted = readWanted(this);
	if (this.getMode() === 'manual') return await sample(await Client.connect(this), wanted);
	const key = keyOf(this);
	if (polling.has(key)) return null;
	polling.add(key);
	try {
		return await pollAlone(this, wanted);
	} finally {
		polling.delete(key);
	}
}

async function pollAlone(
	context: IPollFunctions,
	wanted: Wanted,
): Promise<INodeExecutionData[][] | null> {
	const client = await Client.connect(context);
	const stored = context.getWorkflowStaticData('node');
	const address = await client.address();
	let memory = readMemory(context, stored, address);
	// Until this poll is through, whatever follows a failure asks for everything.
	stored.rid = 0;
	const start = memory?.position ?? { rid: 0, session: null };
	const { answer, position } = await fetchMainData(client, start);
	let torrents = applyMainData(memory?.torrents ?? {}, answer);
	if (memory !== null && isAnotherList(memory.torrents, torrents)) {
		context.logger.warn('No torrent of the last poll is listed any more: watching starts again.');
		memory = null;
	}
	if (wanted.names.includes('trackerMessageChanged')) {
		torrents = withTrackers(torrents, await fetchTrackers(client));
	}
	const events = memory === null ? [] : eventsBetween(memory.torrents, torrents);
	const items = await itemsOf(
		client,
		events.filter((event) => isWanted(event, wanted)),
	);
	remember(context, stored, { client: address, at: Date.now(), position, torrents });
	return items.length === 0 ? null : [items];
}
