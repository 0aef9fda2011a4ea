import { sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { failure } from '../../../shared/failure';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { sharedContent } from '../../../shared/sharedContent';
import { stateKind } from '../../../shared/torrentStates';
import { SIMULATE_WARNING, warning } from '../../../shared/warning';
import { SLOW_REQUEST_TIMEOUT_MS, type Client } from '../../client/client';
import { listAllByHash, listByHash } from '../../client/torrents';
import type { RawTorrent } from '../../parse/torrent';
import { TORRENT } from '../fields';
import {
	batchRun,
	requestsOf,
	stoppedBy,
	type Form,
	type Outcome,
	type Target,
	type TargetRequest,
} from './batch';

const DELETE_FILES: INodeProperties = {
	displayName: 'Delete Files',
	name: 'deleteFiles',
	type: 'boolean',
	default: false,
	description: 'Whether to delete the downloaded data from disk as well',
};

const ONLY_IF_UNCHANGED: INodeProperties = {
	displayName: 'Only if Unchanged',
	name: 'onlyIfUnchanged',
	type: 'boolean',
	default: false,
	description:
		'Whether to list the torrents again just before and keep those whose category, tags, kind of state, progress or downloaded bytes differ from the input item, and, with Delete Files, those sharing files with another torrent',
};

const UNCHANGED_WARNING = warning(
	'unchangedWarning',
	'The data is deleted even if the torrent has changed since it was listed, e.g. got another category or the tag "keep". Switch on Only if Unchanged.',
	{ deleteFiles: [false], onlyIfUnchanged: [true] },
);

/** A delete takes effect after its answer: how often and how long to look, in milliseconds. */
const MAX_POLLS = 4;
const POLL_PAUSE_MS = 500;

type DeleteResult = 'deleted' | 'not_deleted' | 'changed' | 'shared_content' | 'gone';

/** The fields that show whether a torrent is still what the item says. */
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

function isCareful(context: IExecuteFunctions, { itemIndex }: Pick<Target, 'itemIndex'>): boolean {
	return new Parameters(context, itemIndex).flag(ONLY_IF_UNCHANGED);
}

function read(parameters: Parameters, json: IDataObject, context: IExecuteFunctions): Form {
	const missing = WATCHED_FIELDS.filter((field) => json[field] === undefined);
	if (parameters.flag(ONLY_IF_UNCHANGED) && missing.length > 0) {
		throw failure(context.getNode(), {
			cause: 'no_data',
			sentence: `The input item lacks ${missing.join(', ')}, so it is unknown whether the torrent changed; it was kept.`,
			action: 'Pass the listed torrents on as they are, or switch off "Only if Unchanged".',
		});
	}
	return { deleteFiles: String(parameters.flag(DELETE_FILES)) };
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

/** Which of `hashes` the client still lists after some time. */
async function stillListed(client: Client, hashes: string[]): Promise<Set<string>> {
	let left = new Set(hashes);
	for (let poll = 0; poll < MAX_POLLS && left.size > 0; poll++) {
		if (poll > 0) await sleep(POLL_PAUSE_MS);
		left = new Set((await listByHash(client, [...left])).keys());
	}
	return left;
}

/** Says of a target why it is kept, by a list of this moment; null when it may be deleted. */
async function findReasonsToKeep(
	client: Client,
	{ hashes, form, targets }: TargetRequest,
	context: IExecuteFunctions,
): Promise<(target: Target) => DeleteResult | null> {
	const looksAround =
		form.deleteFiles === 'true' && targets.some((target) => isCareful(context, target));
	const listed = looksAround ? await listAllByHash(client) : await listByHash(client, hashes);
	const shared = looksAround ? sharedContent([...listed.values()]) : new Set();
	return (target) => {
		const torrent = listed.get(target.hash);
		if (torrent === undefined) return 'gone';
		if (!isCareful(context, target)) return null;
		if (!isUnchanged(target.json, torrent)) return 'changed';
		return shared.has(torrent.content_path) ? 'shared_content' : null;
	};
}

async function deleteAndVerify(client: Client, targets: Target[], form: Form): Promise<Outcome> {
	if (targets.length === 0) return new Map();
	const hashes = [...new Set(targets.map(({ hash }) => hash))];
	let failed: Error | null = null;
	try {
		const body = { hashes: hashes.join('|'), ...form };
		const options = { timeoutMs: SLOW_REQUEST_TIMEOUT_MS, tolerateTimeout: true };
		await client.post('torrents/delete', body, options);
	} catch (error) {
		failed = error as Error;
	}
	// Only the list is reliable: a request that timed out may still have deleted.
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
	const reasonToKeep = await findReasonsToKeep(client, request, context);
	const outcome: Outcome = new Map();
	const toDelete: Target[] = [];
	for (const target of request.targets) {
		const reason = reasonToKeep(target);
		if (reason === null) toDelete.push(target);
		else outcome.set(target.itemIndex, resultOf(target, reason));
	}
	return new Map([...outcome, ...(await deleteAndVerify(client, toDelete, request.form))]);
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
 * One item per input item, in its order: what became of the torrent, proven by listing again. Items of equal
 * parameters share a request, sent just after a look at the list. Items that cannot be used are refused one by
 * one and the others proceed.
 */
export const deleteTorrents = operation({
	value: 'delete',
	name: 'Delete',
	action: 'Delete torrents',
	description: 'Delete the torrents of all input items in as few requests as possible',
	changes: true,
	fields: [TORRENT, DELETE_FILES, ONLY_IF_UNCHANGED, UNCHANGED_WARNING, SIMULATE_WARNING],
	run: batchRun({ read, act, simulated }),
});
