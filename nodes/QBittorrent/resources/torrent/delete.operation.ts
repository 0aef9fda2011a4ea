import { sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { simulateProperties } from '../../../shared/acting';
import { failure } from '../../../shared/failure';
import { sharedContent } from '../../../shared/sharedContent';
import { warning } from '../../../shared/warning';
import { stateKind, type RawTorrent } from '../../parse/torrent';
import { SLOW_REQUEST_TIMEOUT_MS, type Client } from '../../client/client';
import { listAllByHash, listByHash } from '../../client/torrents';
import { shownFor } from '../../../shared/display';
import { hashProperty } from '../locators';
import {
	requestsOf,
	runBatchOfTorrents,
	stoppedBy,
	type Form,
	type Outcome,
	type Target,
	type TargetRequest,
} from './batch';

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
			'Whether to list the torrents once more right before and leave alone those whose category, tags, kind of state, progress or downloaded bytes differ from the input item, and with Delete Files those whose files another torrent has, too',
	},
	warning(
		'unchangedWarning',
		'The data goes even if a torrent has changed since it was listed, e.g. got another category or the tag "keep". Switch on Only if Unchanged.',
		{ deleteFiles: [false], onlyIfUnchanged: [true] },
	),
	...simulateProperties,
]);

/** A delete takes effect after its answer: how often and how long to look, in milliseconds. */
const LOOK_TIMES = 4;
const LOOK_PAUSE_MS = 500;

type DeleteResult = 'deleted' | 'not_deleted' | 'changed' | 'shared_content' | 'gone';

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

function onlyIfUnchanged(context: IExecuteFunctions, itemIndex: number): boolean {
	return context.getNodeParameter('onlyIfUnchanged', itemIndex) !== false;
}

function read(context: IExecuteFunctions, itemIndex: number): Form {
	const { json } = context.getInputData()[itemIndex];
	const missing = WATCHED_FIELDS.filter((field) => json[field] === undefined);
	if (onlyIfUnchanged(context, itemIndex) && missing.length > 0) {
		throw failure(context.getNode(), {
			cause: 'no_data',
			sentence: `The input item lacks ${missing.join(', ')}, so nobody can tell whether the torrent changed; it was left alone.`,
			action: 'Pass the listed torrents on as they are, or switch off "Only if Unchanged".',
		});
	}
	return { deleteFiles: String(context.getNodeParameter('deleteFiles', itemIndex) === true) };
}

function resultOf({ hash, json }: Target, result: DeleteResult | 'simulated'): IDataObject {
	const decision = json.decision as { reason?: string } | undefined;
	return {
		hash,
		name: json.name ?? null,
		category: json.category ?? null,
		reason: decision?.reason ?? null,
		deleted: result === 'deleted',
		result,
	};
}

function simulated(target: Target): IDataObject {
	return { ...resultOf(target, 'simulated'), simulated: true, wouldSend: target.form };
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

/** Says of a target why it is left alone, by a list of this moment; null when it may go. */
async function objections(
	client: Client,
	{ hashes, form, targets }: TargetRequest,
	context: IExecuteFunctions,
): Promise<(target: Target) => DeleteResult | null> {
	const isCareful = ({ itemIndex }: Target) => onlyIfUnchanged(context, itemIndex);
	const looksAround = form.deleteFiles === 'true' && targets.some(isCareful);
	const listed = looksAround ? await listAllByHash(client) : await listByHash(client, hashes);
	const shared = looksAround ? sharedContent([...listed.values()]) : new Set();
	return (target) => {
		const torrent = listed.get(target.hash);
		if (torrent === undefined) return 'gone';
		if (!isCareful(target)) return null;
		if (!isUnchanged(target.json, torrent)) return 'changed';
		return shared.has(torrent.content_path) ? 'shared_content' : null;
	};
}

async function erase(client: Client, targets: Target[], form: Form): Promise<Outcome> {
	if (targets.length === 0) return new Map();
	const hashes = [...new Set(targets.map(({ hash }) => hash))];
	let failed: Error | null = null;
	try {
		const body = { hashes: hashes.join('|'), ...form };
		const options = { timeoutMs: SLOW_REQUEST_TIMEOUT_MS, mayOutlast: true };
		await client.post('torrents/delete', body, options);
	} catch (error) {
		failed = error as Error;
	}
	// Only the list tells the truth: also a request that timed out may have deleted.
	let left: Set<string>;
	try {
		left = await stillListed(client, hashes);
	} catch (error) {
		return stoppedBy(failed ?? error, targets);
	}
	return new Map(
		targets.map((target) => {
			const isLeft = left.has(target.hash);
			const kept = failed ?? resultOf(target, 'not_deleted');
			return [target.itemIndex, isLeft ? kept : resultOf(target, 'deleted')];
		}),
	);
}

async function carryOut(
	client: Client,
	request: TargetRequest,
	context: IExecuteFunctions,
): Promise<Outcome> {
	const objectionTo = await objections(client, request, context);
	const outcome: Outcome = new Map();
	const doomed: Target[] = [];
	for (const target of request.targets) {
		const objection = objectionTo(target);
		if (objection === null) doomed.push(target);
		else outcome.set(target.itemIndex, resultOf(target, objection));
	}
	return new Map([...outcome, ...(await erase(client, doomed, request.form))]);
}

async function act(
	client: Client,
	targets: Target[],
	context: IExecuteFunctions,
): Promise<Outcome> {
	const outcome: Outcome = new Map();
	for (const request of requestsOf(targets)) {
		const done = await carryOut(client, request, context).catch((error: unknown) =>
			stoppedBy(error, request.targets),
		);
		for (const [itemIndex, result] of done) outcome.set(itemIndex, result);
	}
	return outcome;
}

/**
 * One item per input item, in its order: what became of the torrent, proven by listing anew. Items of equal
 * parameters go in as few requests as may be, each after a look at the list of that moment. Items that are
 * unfit are refused one by one and the others go on.
 */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await runBatchOfTorrents(this, {
		operation: 'torrent:delete',
		canSimulate: true,
		read,
		act,
		simulated,
	});
}
