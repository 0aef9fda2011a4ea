import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isSimulated } from '../../../shared/acting';
import { failure, failureItem, requireProperItem } from '../../../shared/failure';
import type { BatchOperation } from '../../../shared/run';
import { isHash } from '../../parse/torrent';
import { clientOf, type Client } from '../../client/client';
import { listByHash } from '../../client/torrents';
import { badHashFacts } from '../facts';
import { located } from '../locators';

/** Form fields of an action, beside the hashes. */
export type Form = Record<string, string>;

/** One input item that is fit to be acted on. */
export interface Target {
	itemIndex: number;
	/** Lower case. */
	hash: string;
	form: Form;
	simulate: boolean;
	json: IDataObject;
}

/** By item index: the result of a target, or why it failed. */
export type Outcome = Map<number, IDataObject | Error>;

/** What a batch does with the torrents of all input items. */
export interface Batch {
	/** `resource:operation`, for failures. */
	operation: string;
	/** Whether the operation has `simulate`. */
	canSimulate?: boolean;
	/** The form of one item; throws a failure when a parameter is unfit. */
	read?: (context: IExecuteFunctions, itemIndex: number) => Form;
	/** Acts, and says by item index what became of each target. */
	act: (client: Client, targets: Target[], context: IExecuteFunctions) => Promise<Outcome>;
	/** The result of a target that is only simulated. */
	simulated?: (target: Target) => IDataObject;
}

/** Hashes in one request: keeps its form below 32 KiB. */
const MAX_HASHES_IN_FORM = 500;

/** Targets that go in one request, with hashes that occur once. */
export interface TargetRequest {
	hashes: string[];
	form: Form;
	targets: Target[];
}

/** Targets of equal form, as few requests as may be. */
export function requestsOf(targets: Target[]): TargetRequest[] {
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
		for (let start = 0; start < hashes.length; start += MAX_HASHES_IN_FORM) {
			const chunk = new Set(hashes.slice(start, start + MAX_HASHES_IN_FORM));
			const members = group.filter(({ hash }) => chunk.has(hash));
			requests.push({ hashes: [...chunk], form: group[0].form, targets: members });
		}
		return requests;
	});
}

function readTarget(context: IExecuteFunctions, batch: Batch, itemIndex: number): Target {
	requireProperItem(context, itemIndex);
	const hash = located(context, 'hash', itemIndex);
	if (!isHash(hash)) throw failure(context.getNode(), badHashFacts(hash));
	return {
		itemIndex,
		hash: hash.toLowerCase(),
		form: batch.read?.(context, itemIndex) ?? {},
		simulate: batch.canSimulate === true && isSimulated(context, itemIndex),
		json: context.getInputData()[itemIndex].json,
	};
}

/** What could be read of the input items, and why the rest could not. */
function readTargets(context: IExecuteFunctions, batch: Batch) {
	const targets: Target[] = [];
	const refused: Array<{ itemIndex: number; error: unknown }> = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			targets.push(readTarget(context, batch, itemIndex));
		} catch (error) {
			refused.push({ itemIndex, error });
		}
	}
	return { targets, refused };
}

/** The outcome when `error` stopped all of `targets`. */
export function stoppedBy(error: unknown, targets: Target[]): Outcome {
	return new Map(targets.map(({ itemIndex }) => [itemIndex, error as Error]));
}

/** What became of each target; whatever stops them all is the outcome of each. */
async function outcomeOf(
	context: IExecuteFunctions,
	batch: Batch,
	acting: Target[],
): Promise<Outcome> {
	try {
		return acting.length === 0
			? new Map()
			: await batch.act(await clientOf(context), acting, context);
	} catch (error) {
		return stoppedBy(error, acting);
	}
}

/**
 * Runs `batch` over the torrents of all input items: one result per item, in their order. An unfit item is
 * refused alone and the others go on; without "continue on error" nothing is done when one is unfit.
 */
export async function runBatchOfTorrents(
	context: IExecuteFunctions,
	batch: Batch,
): Promise<INodeExecutionData[]> {
	const { targets, refused } = readTargets(context, batch);
	if (refused.length > 0 && !context.continueOnFail()) throw refused[0].error;

	const results: INodeExecutionData[] = [];
	const refuse = (itemIndex: number, error: unknown) => {
		results[itemIndex] = failureItem(context.getNode(), batch.operation, error, itemIndex);
	};
	const answer = (itemIndex: number, json: IDataObject) => {
		results[itemIndex] = { json, pairedItem: { item: itemIndex } };
	};
	for (const { itemIndex, error } of refused) refuse(itemIndex, error);
	for (const target of targets.filter(({ simulate }) => simulate)) {
		answer(target.itemIndex, batch.simulated?.(target) ?? simulatedResult(target));
	}
	const acting = targets.filter(({ simulate }) => !simulate);
	for (const [itemIndex, outcome] of await outcomeOf(context, batch, acting)) {
		if (!(outcome instanceof Error)) answer(itemIndex, outcome);
		else if (context.continueOnFail()) refuse(itemIndex, outcome);
		else throw outcome;
	}
	return results;
}

function simulatedResult({ hash, json, form }: Target): IDataObject {
	return { hash, name: json.name ?? null, result: 'simulated', simulated: true, wouldSend: form };
}

/** An action that qBittorrent carries out on many torrents by one POST. */
export interface TorrentAction extends Pick<Batch, 'canSimulate' | 'read'> {
	/** Name of the operation of the resource torrent. */
	operation: string;
	/** Path of the POST below `api/v2/`. */
	path: (client: Client) => string;
	/** What of `form` this version would pass over in silence, and which one has it; null when it has all. */
	lacking?: (client: Client, form: Form) => { sentence: string; action: string } | null;
	/** Statuses of the answer by which the action says no, with cause and fix. */
	refusals?: (form: Form) => Record<number, { sentence: string; action: string }>;
}

/**
 * The batch operation that does `action`: `{ hash, name, result }` per item, `done` or `gone`, because
 * qBittorrent itself passes over hashes that it does not know.
 */
export function torrentAction(action: TorrentAction): BatchOperation {
	const send = async (client: Client, hashes: string[], form: Form) => {
		const lacking = action.lacking?.(client, form) ?? null;
		if (lacking !== null) throw client.failure({ cause: 'bad_parameter', ...lacking });
		const refusals = action.refusals?.(form) ?? {};
		const { status } = await client.post(
			action.path(client),
			{ hashes: hashes.join('|'), ...form },
			{ accept: Object.keys(refusals).map(Number) },
		);
		if (status in refusals) throw client.failure({ cause: 'bad_parameter', ...refusals[status] });
	};
	const act = async (client: Client, targets: Target[]) => {
		const listed = await listByHash(client, [...new Set(targets.map(({ hash }) => hash))]);
		const outcome: Outcome = new Map();
		for (const { itemIndex, hash } of targets) {
			const torrent = listed.get(hash);
			const name = torrent === undefined ? null : String(torrent.name);
			outcome.set(itemIndex, { hash, name, result: torrent === undefined ? 'gone' : 'done' });
		}
		for (const request of requestsOf(targets.filter(({ hash }) => listed.has(hash)))) {
			try {
				await send(client, request.hashes, request.form);
			} catch (error) {
				for (const { itemIndex } of request.targets) outcome.set(itemIndex, error as Error);
			}
		}
		return outcome;
	};
	return async function (this: IExecuteFunctions) {
		return await runBatchOfTorrents(this, {
			...action,
			operation: `torrent:${action.operation}`,
			act,
		});
	};
}
