import { sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { failure } from '../../../shared/failure';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { ContentPaths } from '../../../shared/sharedContent';
import { stateKind } from '../../../shared/torrentStates';
import { SIMULATE_WARNING, warning } from '../../../shared/warning';
import { SLOW_REQUEST_TIMEOUT_MS, type Client } from '../../client/client';
import { POLL_PAUSES_MS, RemovalLog, type FilesFate } from '../../client/removals';
import { TorrentFiles } from '../../client/torrentFiles';
import { countDeselected, listAllByHash, listByHash, mayBePartial } from '../../client/torrents';
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
		'Whether to list the torrents again just before and keep those whose category, tags, kind of state, progress or downloaded bytes differ from the input item, those with deselected files that the item does not mention, and, with Delete Files, those sharing files with another torrent. Files are compared by their paths: a symbolic link or a folder mounted twice is not recognised.',
};

const UNCHANGED_WARNING = warning(
	'unchangedWarning',
	'The data is deleted even if the torrent has changed since it was listed, e.g. got another category or the tag "keep". Switch on Only if Unchanged.',
	{ deleteFiles: [false], onlyIfUnchanged: [true] },
);

type DeleteResult =
	| 'deleted'
	| 'not_deleted'
	| 'changed'
	| 'partial_selection'
	| 'shared_content'
	| 'gone';

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

function resultOf(
	{ hash, json }: Target,
	result: DeleteResult | 'simulated',
	listed?: RawTorrent,
): IDataObject {
	const decision = json.decision as { reason?: string } | undefined;
	return {
		hash,
		name: json.name ?? listed?.name ?? null,
		category: json.category ?? listed?.category ?? null,
		reason: decision?.reason ?? null,
		deleted: result === 'deleted',
		result,
	} as IDataObject;
}

function simulated(target: Target): IDataObject {
	return { ...resultOf(target, 'simulated'), simulated: true, wouldSend: target.form };
}

/** Which of `hashes` the client still lists after some time. */
async function stillListed(client: Client, hashes: string[]): Promise<Set<string>> {
	let left = new Set(hashes);
	for (const pause of POLL_PAUSES_MS) {
		if (pause > 0) await sleep(pause);
		left = new Set((await listByHash(client, [...left])).keys());
		if (left.size === 0) break;
	}
	return left;
}

/** Maximum age of the list by which a torrent is deleted, in milliseconds: comparing files may take long. */
const MAX_LOOK_AGE_MS = 1000;

/** The client's torrents at one moment. */
interface Look {
	listed: Map<string, RawTorrent>;
	paths: ContentPaths<RawTorrent>;
	/** Unix milliseconds. */
	at: number;
}

/** One delete of many torrents, in as few requests as possible. */
class Deletion {
	private readonly files: TorrentFiles;

	private removals: RemovalLog | null = null;

	/** The items with Only if Unchanged. */
	private readonly careful: Set<number>;

	constructor(
		private readonly client: Client,
		context: IExecuteFunctions,
		targets: Target[],
	) {
		this.files = new TorrentFiles(client);
		const careful = targets.filter((target) => isCareful(context, target));
		this.careful = new Set(careful.map(({ itemIndex }) => itemIndex));
	}

	async carryOut(request: TargetRequest): Promise<Outcome> {
		const { form, targets } = request;
		const withFiles = form.deleteFiles === 'true';
		if (withFiles) this.removals ??= await RemovalLog.open(this.client);
		let look: Look;
		let kept: Map<Target, DeleteResult>;
		do {
			look = await this.look(request);
			kept = new Map();
			for (const target of targets) {
				const reason = await this.reasonToKeep(target, look);
				if (reason !== null) kept.set(target, reason);
			}
			// The files that were asked for are known by now, so the next look is short.
		} while (Date.now() - look.at > MAX_LOOK_AGE_MS && this.files.takeNews());
		const { listed } = look;
		const outcome: Outcome = new Map(
			[...kept].map(([target, reason]) => [
				target.itemIndex,
				resultOf(target, reason, listed.get(target.hash)),
			]),
		);
		const toDelete = targets.filter((target) => !kept.has(target));
		const deleted = await this.deleteAndVerify(toDelete, form, listed);
		return new Map([...outcome, ...deleted]);
	}

	/** All torrents where files are compared, otherwise those to be deleted. */
	private async look({ hashes, form, targets }: TargetRequest): Promise<Look> {
		const looksAround =
			form.deleteFiles === 'true' && targets.some(({ itemIndex }) => this.careful.has(itemIndex));
		const listed = looksAround
			? await listAllByHash(this.client)
			: await listByHash(this.client, hashes);
		const at = Date.now();
		return { listed, paths: new ContentPaths(looksAround ? [...listed.values()] : []), at };
	}

	/** Says of a target why it is kept, by a list of this moment; null when it may be deleted. */
	private async reasonToKeep(
		{ hash, itemIndex, json }: Target,
		{ listed, paths }: Look,
	): Promise<DeleteResult | null> {
		const torrent = listed.get(hash);
		if (torrent === undefined) return 'gone';
		if (!this.careful.has(itemIndex)) return null;
		if (!isUnchanged(json, torrent)) return 'changed';
		if (await this.isUnknownPartial(json, torrent)) return 'partial_selection';
		const isShared = await this.files.areShared(torrent, paths.around(torrent));
		return isShared ? 'shared_content' : null;
	}

	/** Whether files are deselected, or may be, and the input item does not say so. */
	private async isUnknownPartial(json: IDataObject, torrent: RawTorrent): Promise<boolean> {
		if (!mayBePartial(torrent)) return false;
		const deselected = countDeselected(await this.files.of(torrent));
		return deselected === null || (deselected > 0 && deselected !== json.deselected_files);
	}

	private async deleteAndVerify(
		targets: Target[],
		form: Form,
		listed: Map<string, RawTorrent>,
	): Promise<Outcome> {
		if (targets.length === 0) return new Map();
		const { client } = this;
		const withFiles = form.deleteFiles === 'true';
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
		const nameOf = ({ hash }: Target) => String(listed.get(hash)?.name);
		const gone = targets.filter(({ hash }) => !left.has(hash));
		const fates = withFiles
			? await this.removals!.fatesOf(new Set(gone.map(nameOf)))
			: new Map<string, FilesFate>();
		return new Map(
			targets.map((target) => {
				const torrent = listed.get(target.hash);
				if (left.has(target.hash))
					return [target.itemIndex, failed ?? resultOf(target, 'not_deleted', torrent)];
				const files = withFiles ? (fates.get(nameOf(target)) ?? 'unknown') : 'left';
				return [target.itemIndex, { ...resultOf(target, 'deleted', torrent), files }];
			}),
		);
	}
}

async function act(
	client: Client,
	targets: Target[],
	context: IExecuteFunctions,
): Promise<Outcome> {
	const deletion = new Deletion(client, context, targets);
	const outcome: Outcome = new Map();
	for (const request of requestsOf(targets)) {
		const done = await deletion
			.carryOut(request)
			.catch((error: unknown) => stoppedBy(error, request.targets));
		for (const [itemIndex, result] of done) outcome.set(itemIndex, result);
	}
	return outcome;
}

/**
 * One item per input item, in its order: what became of the torrent, proven by listing again, and of its `files`
 * (removed, left, trash, or unknown where the client does not say). Items of equal
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
