import { sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { operation, type Call, type Operation, type Run } from '../../../shared/operation';
import { Parameters, type Field } from '../../../shared/parameters';
import type { Capabilities } from '../../client/capabilities';
import { clientOf, type Client } from '../../client/client';
import { POLL_PAUSES_MS } from '../../client/removals';
import { Destinations, type Destination } from '../../client/destinations';
import { listAllByHash, listByHash } from '../../client/torrents';
import type { RawTorrent } from '../../parse/torrent';
import { readHash, TORRENT } from '../fields';

/** Form fields of an action, beside the hashes. */
export type Form = Record<string, string>;

/** One input item that can be acted on. */
export interface Target {
	itemIndex: number;
	/** Lower case. */
	hash: string;
	form: Form;
	json: IDataObject;
}

/** By item index: the result of a target, or why it failed. */
export type Outcome = Map<number, IDataObject | Error>;

/** What a batch does with the torrents of all input items. */
export interface Batch {
	/** The form of one item; throws a failure when a parameter cannot be used. */
	read: (parameters: Parameters, json: IDataObject, context: IExecuteFunctions) => Form;
	/** Acts, and says by item index what became of each target. */
	act: (client: Client, targets: Target[], context: IExecuteFunctions) => Promise<Outcome>;
	/** The result of a target that is only simulated. */
	simulated: (target: Target) => IDataObject;
}

/** Maximum hashes in one request: keeps its form near 100 KiB; proxies take 1 MiB by default. */
const MAX_HASHES_IN_FORM = 2500;

/** Targets that go in one request, with hashes that occur once. */
export interface TargetRequest {
	hashes: string[];
	form: Form;
	targets: Target[];
}

/** Groups targets of equal form into as few requests as possible, of at most `maxHashes` torrents each. */
export function requestsOf(targets: Target[], maxHashes = MAX_HASHES_IN_FORM): TargetRequest[] {
	const groups = new Map<string, Target[]>();
	for (const target of targets) {
		const key = JSON.stringify(target.form);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [target]);
		else group.push(target);
	}
	return [...groups.values()].flatMap((group) => {
		const hashes = [...new Set(group.map(({ hash }) => hash))];
		const requests = [];
		for (let start = 0; start < hashes.length; start += maxHashes) {
			const chunk = new Set(hashes.slice(start, start + maxHashes));
			const members = group.filter(({ hash }) => chunk.has(hash));
			requests.push({ hashes: [...chunk], form: group[0].form, targets: members });
		}
		return requests;
	});
}

function readTarget(context: IExecuteFunctions, batch: Batch, itemIndex: number): Target {
	const parameters = new Parameters(context, itemIndex);
	const { json } = context.getInputData()[itemIndex];
	return {
		itemIndex,
		hash: readHash(parameters),
		form: batch.read(parameters, json, context),
		json,
	};
}

/** The outcome when `error` stopped all of `targets`. */
export function stoppedBy(error: unknown, targets: Target[]): Outcome {
	return new Map(targets.map(({ itemIndex }) => [itemIndex, error as Error]));
}

async function runBatch(context: IExecuteFunctions, batch: Batch, calls: Call[]): Promise<Outcome> {
	const refused: Outcome = new Map();
	const simulated: Outcome = new Map();
	const acting: Target[] = [];
	for (const { itemIndex, simulate } of calls) {
		try {
			const target = readTarget(context, batch, itemIndex);
			if (simulate) simulated.set(itemIndex, batch.simulated(target));
			else acting.push(target);
		} catch (error) {
			refused.set(itemIndex, error as Error);
		}
	}
	// Without "continue" the first refusal stops the node, before anything is done.
	if (refused.size > 0 && !context.continueOnFail()) return refused;
	const done = acting.length === 0 ? [] : await batch.act(await clientOf(context), acting, context);
	return new Map([...refused, ...simulated, ...done]);
}

/** Runs `batch` over the torrents of all input items. An item that cannot be used is refused alone. */
export function batchRun(batch: Batch): Run {
	return {
		allItems: async function (calls) {
			return await runBatch(this, batch, calls);
		},
	};
}

/** One POST of an action: its path below `api/v2/`, and its form beside the torrents. */
export interface Post {
	path: string;
	form: Form;
}

/** The posts of an action that is one POST to `path`. */
export function postTo(path: string): TorrentAction['posts'] {
	return (form) => [{ path, form }];
}

/** An action that qBittorrent carries out on torrents, on many at once unless it is `oneByOne`. */
export interface TorrentAction
	extends Pick<Operation, 'value' | 'name' | 'action' | 'description'> {
	/** Beside the torrent. */
	fields?: INodeProperties[];
	/** The requests that carry out `form`, in order. */
	posts: (form: Form, client: Client) => Post[];
	/** Whether qBittorrent takes one torrent at a time, as `hash`. */
	oneByOne?: boolean;
	/** The form of one item. */
	read?: (parameters: Parameters) => Form;
	/** What a simulation shows of the form, if it may hold a passkey; otherwise all of it. */
	shown?: (form: Form) => Form;
	/** Why this version cannot do it at all, and which one can; null if it can. */
	missing?: (capabilities: Capabilities) => Refusal | null;
	/** What in `form` this version would silently ignore, and which version supports it; null if everything is supported. */
	unsupported?: (client: Client, form: Form, torrent: RawTorrent) => Refusal | null;
	/** The result where the action can do nothing for a torrent; null if it can. */
	impossible?: (torrent: RawTorrent) => string | null;
	/** Where the action puts the file `name` of the torrent, null if it stays, and the field that says so: no other file may be there. */
	destination?: { field: Field; of: (form: Form, name: string) => Destination | null };
	/** What else the action does to the torrent, for its result. */
	sideEffects?: (torrent: RawTorrent) => IDataObject;
	/** The form, completed by those values of the torrent that must be sent to stay as they are. */
	complete?: (form: Form, torrent: RawTorrent) => Form;
	/** What the torrent shows afterwards that it was not carried out as asked; null if it was. Looked at again until it is null. */
	disproof?: (client: Client, hash: string, form: Form) => Promise<Refusal | null>;
	/** Statuses of the answer by which the action says no, with cause and fix. */
	refusals?: (form: Form) => Record<number, Refusal>;
}

/** Why an action says no, and what to do. */
export interface Refusal {
	sentence: string;
	action: string;
}

async function send(
	client: Client,
	action: TorrentAction,
	{ hashes, form }: TargetRequest,
): Promise<void> {
	const refusals = action.refusals?.(form) ?? {};
	const torrents: Form = action.oneByOne ? { hash: hashes[0] } : { hashes: hashes.join('|') };
	const accept = Object.keys(refusals).map(Number);
	for (const post of action.posts(form, client)) {
		const { status } = await client.post(post.path, { ...torrents, ...post.form }, { accept });
		if (status in refusals) throw client.failure({ cause: 'bad_parameter', ...refusals[status] });
	}
	let disproof: Refusal | null = null;
	for (const pause of action.disproof === undefined ? [] : POLL_PAUSES_MS) {
		if (pause > 0) await sleep(pause);
		disproof = (await action.disproof?.(client, hashes[0], form)) ?? null;
		if (disproof === null) return;
	}
	if (disproof !== null) throw client.failure({ cause: 'unknown', ...disproof });
}

/** Why the files of `torrent` cannot go where `form` says; null if the places are free. */
async function refusalOfPlace(
	action: TorrentAction,
	form: Form,
	torrent: RawTorrent,
	destinations: Destinations | null,
): Promise<Refusal | null> {
	const { destination } = action;
	if (destination === undefined || destinations === null) return null;
	const collision = await destinations.plan(torrent, (name) => destination.of(form, name));
	if (collision === null) return null;
	if (collision === 'nothing') return action.refusals?.(form)[409] ?? null;
	const { path, owner } = collision;
	return {
		sentence: `Nothing was moved: "${path}" belongs to the torrent "${owner}", and its data would be lost.`,
		action: `${destination.field.displayName}: enter a path that no other file has.`,
	};
}

/** `target` ready to be sent, or why it cannot be. */
async function prepare(
	client: Client,
	action: TorrentAction,
	target: Target,
	torrent: RawTorrent,
	destinations: Destinations | null,
): Promise<Target | Error> {
	const { form } = target;
	const refusal =
		action.unsupported?.(client, form, torrent) ??
		(await refusalOfPlace(action, form, torrent, destinations));
	if (refusal !== null) return client.failure({ cause: 'bad_parameter', ...refusal });
	return { ...target, form: action.complete?.(form, torrent) ?? form };
}

async function actOn(client: Client, action: TorrentAction, targets: Target[]): Promise<Outcome> {
	const missing = action.missing?.(client.capabilities) ?? null;
	if (missing !== null)
		return stoppedBy(client.failure({ cause: 'bad_parameter', ...missing }), targets);
	const hashes = [...new Set(targets.map(({ hash }) => hash))];
	const isMove = action.destination !== undefined;
	const listed = isMove ? await listAllByHash(client) : await listByHash(client, hashes);
	const destinations = isMove ? new Destinations(client, [...listed.values()]) : null;
	const outcome: Outcome = new Map();
	const ready: Target[] = [];
	for (const target of targets) {
		const { itemIndex, hash } = target;
		const torrent = listed.get(hash);
		if (torrent === undefined) {
			outcome.set(itemIndex, { hash, name: null, result: 'gone' });
			continue;
		}
		const name = String(torrent.name);
		const impossible = action.impossible?.(torrent) ?? null;
		if (impossible !== null) {
			outcome.set(itemIndex, { hash, name, result: impossible });
			continue;
		}
		const prepared = await prepare(client, action, target, torrent, destinations);
		if (prepared instanceof Error) {
			outcome.set(itemIndex, prepared);
			continue;
		}
		ready.push(prepared);
		outcome.set(itemIndex, { hash, name, result: 'done', ...action.sideEffects?.(torrent) });
	}
	for (const request of requestsOf(ready, action.oneByOne ? 1 : undefined)) {
		try {
			await send(client, action, request);
		} catch (error) {
			for (const [itemIndex, failed] of stoppedBy(error, request.targets))
				outcome.set(itemIndex, failed);
		}
	}
	return outcome;
}

/**
 * The operation that does `action`: `{ hash, name, result }` per item, `done` or `gone`, because qBittorrent
 * itself ignores hashes that it does not know.
 */
export function torrentAction(action: TorrentAction): Operation {
	const { value, name, description, fields = [] } = action;
	return operation({
		value,
		name,
		action: action.action,
		description,
		changes: true,
		fields: [TORRENT, ...fields],
		run: batchRun({
			read: (parameters) => action.read?.(parameters) ?? {},
			act: async (client, targets) => await actOn(client, action, targets),
			simulated: ({ hash, json, form }) => ({
				hash,
				name: json.name ?? null,
				result: 'simulated',
				simulated: true,
				wouldSend: action.shown?.(form) ?? form,
			}),
		}),
	});
}
