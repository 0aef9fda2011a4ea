import { basename } from 'node:path/posix';

import bencode from 'bencode';

import { infoHashOfFile } from '../mam/torrentFile.mts';
import { tagsOf, type GivenTorrent, type Torrents } from './torrents.mts';
import type { Traits } from './versions.mts';

/** A status and a body: text, or a value to be sent as JSON. */
export interface AddAnswer {
	status: number;
	body: unknown;
}

interface Counts {
	added: string[];
	failed: number;
	pending: number;
	/** Name of a file that is not a torrent. */
	invalid: string | null;
}

/** A file as a .torrent file names it. */
interface GivenFile {
	length: number;
	path: Uint8Array[];
}

/** The name, size and tracker of a .torrent file; null when it is none. */
function parse(bytes: Buffer): GivenTorrent | null {
	try {
		const torrent = bencode.decode(new Uint8Array(bytes)) as {
			announce?: Uint8Array;
			comment?: Uint8Array;
			info: { name: Uint8Array; length?: number; files?: GivenFile[] };
		};
		const text = (value?: Uint8Array) => Buffer.from(value ?? []).toString();
		const { name, length, files = [] } = torrent.info;
		const folder = text(name);
		const size = length ?? files.reduce((sum, file) => sum + file.length, 0);
		return {
			hash: infoHashOfFile(bytes),
			name: folder,
			size,
			amount_left: size,
			tracker: text(torrent.announce),
			comment: text(torrent.comment),
			file: bytes,
			files:
				length === undefined
					? files.map(({ path, length }) => ({
							name: [folder, ...path.map(text)].join('/'),
							size: length,
						}))
					: null,
		};
	} catch {
		return null;
	}
}

function fromMagnet(url: string): GivenTorrent | null {
	if (!url.startsWith('magnet:?')) return null;
	const { searchParams } = new URL(url);
	const topics = searchParams.getAll('xt');
	const idOf = (pattern: RegExp) =>
		topics.map((topic) => pattern.exec(topic)?.[1]).find((id) => id !== undefined);
	// A hybrid torrent goes by its v2 hash, which is shortened.
	const hash = idOf(/^urn:btmh:1220([0-9a-f]{40})/i) ?? idOf(/^urn:btih:([0-9a-f]{40})$/i);
	if (hash === undefined) return null;
	return {
		hash: hash.toLowerCase(),
		name: searchParams.get('dn') ?? hash,
		state: 'metaDL',
		total_size: -1,
	};
}

/** `torrents/add`: every good file is added, also beside a bad one. Of the real one that is true by chance only. */
export async function addTorrents(
	torrents: Torrents,
	traits: Traits,
	preferences: Record<string, unknown>,
	form: FormData,
): Promise<AddAnswer> {
	const counts: Counts = { added: [], failed: 0, pending: 0, invalid: null };
	const field = (name: string) => String(form.get(name) ?? '');
	const settings = {
		auto_tmm: field('autoTMM') === 'true',
		seq_dl: field('sequentialDownload') === 'true',
		f_l_piece_prio: field('firstLastPiecePrio') === 'true',
		ratio_limit: Number(field('ratioLimit') || -2),
		seeding_time_limit: Number(field('seedingTimeLimit') || -2),
		...(traits.shareLimits.includes('inactiveSeedingTimeLimit')
			? { inactive_seeding_time_limit: Number(field('inactiveSeedingTimeLimit') || -2) }
			: {}),
	};
	const give = (torrent: GivenTorrent) => {
		if (torrents.all.has(torrent.hash)) {
			counts.failed += 1;
			return;
		}
		const stopped = form.get(traits.words.stopped) ?? preferences[traits.stopsAddedPreference];
		const condition = form.get('stopCondition') ?? preferences.torrent_stop_condition;
		const isStopped = String(stopped) === 'true' || condition !== 'None';
		const category = field('category');
		torrents.give({
			...torrent,
			...(isStopped ? { state: 'stoppedDL' } : {}),
			name: field('rename') || torrent.name,
			...settings,
			// The real one drops a name that it does not allow.
			category: /\\|^\/|\/$|\/\//.test(category) ? '' : category,
			tags: tagsOf(field('tags')).join(', '),
			added_on: Math.floor(Date.now() / 1000),
			content_path: `${field('savepath')}/${basename(torrent.name)}`,
			save_path: field('savepath'),
		});
		counts.added.push(torrent.hash);
	};
	for (const file of form.getAll('torrents')) {
		if (!(file instanceof File)) continue;
		const torrent = parse(Buffer.from(await file.arrayBuffer()));
		if (torrent === null) counts.invalid = file.name;
		else give(torrent);
	}
	for (const url of field('urls')
		.split('\n')
		.filter((line) => line !== '')) {
		const torrent = fromMagnet(url);
		// What the URL serves is fetched later; on loopback nothing ever comes of it.
		if (torrent === null) counts.pending += 1;
		else give(torrent);
	}
	return answerOf(counts, traits);
}

function answerOf({ added, failed, pending, invalid }: Counts, traits: Traits): AddAnswer {
	if (invalid !== null) {
		return { status: 415, body: `Error: '${invalid}' is not a valid torrent file.` };
	}
	const isNothing = added.length === 0 && pending === 0;
	if (!traits.addsInJson) return { status: 200, body: isNothing ? 'Fails.' : 'Ok.' };
	if (isNothing) return { status: 409, body: 'Conflict' };
	const body = {
		added_torrent_ids: added,
		failure_count: failed,
		pending_count: pending,
		success_count: added.length,
	};
	return { status: pending > 0 ? 202 : 200, body };
}
