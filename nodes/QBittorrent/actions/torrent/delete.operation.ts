import { sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isSimulated, simulateProperty } from '../../../shared/acting';
import { failure, failureItem, requireProperItem } from '../../../shared/failure';
import { isHash, stateKind, type RawTorrent } from '../../parse/torrent';
import { clientOf, SLOW_REQUEST_TIMEOUT_MS, type Client } from '../../transport/client';
import { listByHash } from '../../transport/torrents';
import { hashProperty, shownFor } from '../display';
import { badHashFacts } from '../facts';

export const description = shownFor('torrent', 'delete', [
	hashProperty,
	{
		displayName: 'Delete Files',
		name: 'deleteFiles',
		type: 'boolean',
		default: false,
		description: 'Whether to delete the downloaded data from disk as well',
	},
	{
		displayName: 'Only if Unchanged',
		name: 'onlyIfUnchanged',
		type: 'boolean',
		default: false,
		description:
			'Whether to list the torrents once more and leave alone those whose category, tags, kind of state, progress or downloaded bytes differ from the input item',
	},
	simulateProperty,
]);

const OPERATION = 'torrent:delete';

/** Hashes in one request: keeps its form below 32 KiB. */
const MAX_HASHES_IN_FORM = 500;

/** A delete takes effect after its answer: how often and how long to look, in milliseconds. */
const LOOK_TIMES = 4;
const LOOK_PAUSE_MS = 500;

type DeleteResult = 'deleted' | 'not_deleted' | 'changed' | 'gone';

/** One input item that is fit to be acted on. */
interface Target {
	itemIndex: number;
	hash: string;
	deleteFiles: boolean;
	onlyIfUnchanged: boolean;
	simulate: boolean;
	json: IDataObject;
}

/** The fields that tell whether a torrent is still what the item says. */
const WATCHED_FIELDS = ['category', 'tags', 'state', 'progress', 'downloaded'] as const;

function sameTags(left: unknown, right: unknown): boolean {
	const sorted = (tags: unknown) =>
		String(tags)
			.split(',')
			.map((tag) => tag.trim())
			.sort()
			.join();
	return sorted(left) === sorted(right);
}

/** Whether the listed torrent is still what `json` says of it. */
function isUnchanged(json: IDataObject, listed: RawTorrent): boolean {
	return (
		json.category === listed.category &&
		sameTags(json.tags, listed.tags) &&
		stateKind(json.state) === stateKind(listed.state) &&
		json.progress === listed.progress &&
		json.downloaded === listed.downloaded
	);
}

function readTarget(context: IExecuteFunctions, itemIndex: number): Target {
	requireProperItem(context, itemIndex);
	const { json } = context.getInputData()[itemIndex];
	const hash = context.getNodeParameter('hash', itemIndex);
	if (!isHash(hash)) throw failure(context.getNode(), badHashFacts(hash));
	const onlyIfUnchanged = context.getNodeParameter('onlyIfUnchanged', itemIndex) !== false;
	const missing = WATCHED_FIELDS.filter((field) => json[field] === undefined);
	if (onlyIfUnchanged && missing.length > 0) {
		throw failure(context.getNode(), {
			cause: 'no_data',
			sentence: `The input item lacks ${missing.join(', ')}, so nobody can tell whether the torrent changed; it was left alone.`,
			action: 'Pass the listed torrents on as they are, or switch off "Only if Unchanged".',
		});
	}
	return {
		itemIndex,
		hash: hash.toLowerCase(),
		deleteFiles: context.getNodeParameter('deleteFiles', itemIndex) === true,
		onlyIfUnchanged,
		simulate: isSimulated(context, itemIndex),
		json,
	};
}

function inChunks<T>(list: T[], size: number): T[][] {
	const chunks: T[][] = [];
	for (let start = 0; start < list.length; start += size)
		chunks.push(list.slice(start, start + size));
	return chunks;
}

/** Requests of equal parameters, each with hashes that occur once. */
function requestsOf(targets: Target[]): Array<{ hashes: string[]; deleteFiles: boolean }> {
	return [true, false].flatMap((deleteFiles) => {
		const hashes = targets
			.filter((target) => target.deleteFiles === deleteFiles)
			.map(({ hash }) => hash);
		return inChunks([...new Set(hashes)], MAX_HASHES_IN_FORM).map((chunk) => ({
			hashes: chunk,
			deleteFiles,
		}));
	});
}

/** Which of `hashes` the client still lists after some time to let them go. */
async function stillListed(client: Client, hashes: string[]): Promise<Set<string>> {
	let left = new Set(hashes);
	for (let look = 0; look < LOOK_TIMES && left.size > 0; look++) {
		if (look > 0) await sleep(LOOK_PAUSE_MS);
		left = new Set((await listByHash(client, [...left])).keys());
	}
	return left;
}

/** Deletes what may be deleted and says what became of each target, by item index. */
async function deleteAll(client: Client, targets: Target[]): Promise<Map<number, DeleteResult>> {
	const listed = await listByHash(client, [...new Set(targets.map(({ hash }) => hash))]);
	const results = new Map<number, DeleteResult>();
	const doomed: Target[] = [];
	for (const target of targets) {
		const torrent = listed.get(target.hash);
		if (torrent === undefined) results.set(target.itemIndex, 'gone');
		else if (target.onlyIfUnchanged && !isUnchanged(target.json, torrent)) {
			results.set(target.itemIndex, 'changed');
		} else doomed.push(target);
	}
	for (const { hashes, deleteFiles } of requestsOf(doomed)) {
		const form = { hashes: hashes.join('|'), deleteFiles: String(deleteFiles) };
		await client.post('torrents/delete', form, { timeoutMs: SLOW_REQUEST_TIMEOUT_MS });
	}
	const left = await stillListed(
		client,
		doomed.map(({ hash }) => hash),
	);
	for (const { itemIndex, hash } of doomed) {
		results.set(itemIndex, left.has(hash) ? 'not_deleted' : 'deleted');
	}
	return results;
}

function resultItem(target: Target, result: DeleteResult | 'simulated'): INodeExecutionData {
	const { hash, json, itemIndex } = target;
	const decision = json.decision as { reason?: unknown } | undefined;
	const simulated =
		result === 'simulated'
			? { simulated: true, wouldSend: { deleteFiles: target.deleteFiles } }
			: {};
	return {
		json: {
			hash,
			name: json.name ?? null,
			category: json.category ?? null,
			reason: (decision?.reason as string | undefined) ?? null,
			deleted: result === 'deleted',
			result,
			...simulated,
		},
		pairedItem: { item: itemIndex },
	};
}

/**
 * One item per input item, in its order: what became of the torrent, proven by listing anew. All items of
 * equal parameters go in one request. Items that are unfit are refused one by one and the others go on.
 */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const results: INodeExecutionData[] = [];
	const refuse = (itemIndex: number, error: Error) => {
		results[itemIndex] = failureItem(this.getNode(), OPERATION, error, itemIndex);
	};
	const targets: Target[] = [];
	const refused: Error[] = [];
	for (const itemIndex of this.getInputData().keys()) {
		try {
			targets.push(readTarget(this, itemIndex));
		} catch (error) {
			refuse(itemIndex, error as Error);
			refused.push(error as Error);
		}
	}
	if (refused.length > 0 && !this.continueOnFail()) throw refused[0];

	for (const target of targets.filter(({ simulate }) => simulate)) {
		results[target.itemIndex] = resultItem(target, 'simulated');
	}
	const acting = targets.filter(({ simulate }) => !simulate);
	if (acting.length === 0) return results;
	let caught: unknown;
	try {
		const outcome = await deleteAll(await clientOf(this), acting);
		for (const target of acting) {
			results[target.itemIndex] = resultItem(target, outcome.get(target.itemIndex)!);
		}
	} catch (error) {
		caught = error;
	}
	if (caught !== undefined) {
		if (!this.continueOnFail()) throw caught;
		for (const { itemIndex } of acting) refuse(itemIndex, caught as Error);
	}
	return results;
}
