import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import bencode from 'bencode';

import { makeTorrent } from '../sandbox/mam/torrentFile.mts';

/** A torrent that the client is given with a past. */
export interface SeedTorrent {
	name: string;
	sizeBytes: number;
	announce: string;
	category: string;
	tags?: string[];
	/** 0 to 1; so much of the file is written to the disk. */
	progress: number;
	addedSecondsAgo: number;
	/** Seconds of seeding that the client's own clock has counted. */
	seedingSeconds?: number;
	uploadedBytes?: number;
	stopped?: boolean;
	/** Its files, equal in size, in a folder of its name; without them it is one file. */
	fileNames?: string[];
	/** The index of the file that the user has deselected, and that the client does not have. */
	deselected?: number;
	/** Where it is saved below the downloads. */
	folder?: string;
	/** What the user has renamed it to in the client. */
	displayName?: string;
}

const PIECE_LENGTH = 16_384;

/** The torrent file of a seed torrent; its data is made from its name. */
export function seedTorrentFile(seed: SeedTorrent): {
	bytes: Buffer;
	infoHash: string;
	content: Buffer;
} {
	const content = Buffer.alloc(seed.sizeBytes, seed.name);
	const { name, sizeBytes, announce, fileNames } = seed;
	return {
		...makeTorrent({ name, sizeBytes, announce, fileNames, pieceLength: PIECE_LENGTH, content }),
		content,
	};
}

/** Writes the data of a torrent to `path`: a file, or a folder with its files. */
async function writeData(path: string, data: Buffer, fileNames?: string[]): Promise<void> {
	if (fileNames === undefined) return await writeFile(path, data);
	await mkdir(path, { recursive: true });
	const size = data.length / fileNames.length;
	for (const [at, name] of fileNames.entries())
		await writeFile(join(path, name), data.subarray(at * size, (at + 1) * size));
}

/** What libtorrent and qBittorrent read of a torrent's past when they start. */
function fastResume(
	seed: SeedTorrent,
	infoHash: string,
	savePath: string,
): Record<string, unknown> {
	const now = Math.floor(Date.now() / 1000);
	const count = Math.ceil(seed.sizeBytes / PIECE_LENGTH);
	const have = Math.floor(count * seed.progress);
	const files = seed.fileNames?.map((_, at) => at) ?? [0];
	const isWanted = (piece: number) =>
		Math.floor((piece * PIECE_LENGTH * files.length) / seed.sizeBytes) !== seed.deselected;
	const isComplete = have === count;
	const seeding = seed.seedingSeconds ?? 0;
	const downloaded = have === 0 ? 0 : Math.min(have * PIECE_LENGTH, seed.sizeBytes);
	return {
		'file-format': 'libtorrent resume file',
		'file-version': 1,
		'info-hash': Buffer.from(infoHash, 'hex'),
		'libtorrent-version': '2.0.8.0',
		active_time: seed.addedSecondsAgo,
		added_time: now - seed.addedSecondsAgo,
		completed_time: isComplete ? now - seeding : 0,
		finished_time: seeding,
		seeding_time: seeding,
		total_downloaded: downloaded,
		total_uploaded: seed.uploadedBytes ?? 0,
		pieces: Buffer.from(
			Array.from({ length: count }, (_, at) => Number(at < have && isWanted(at))),
		),
		file_priority: files.map((at) => (at === seed.deselected ? 0 : 1)),
		save_path: savePath,
		paused: seed.stopped === true ? 1 : 0,
		auto_managed: seed.stopped === true ? 0 : 1,
		'qBt-category': seed.category,
		'qBt-tags': seed.tags ?? [],
		'qBt-name': seed.displayName ?? '',
		'qBt-savePath': savePath,
		'qBt-contentLayout': 'Original',
		'qBt-ratioLimit': -2000,
		'qBt-seedingTimeLimit': -2,
		'qBt-inactiveSeedingTimeLimit': -2,
		'qBt-seedStatus': isComplete ? 1 : 0,
		'qBt-firstLastPiecePriority': 0,
	};
}

/** Puts a torrent, its past and its data where the client finds them at its start. */
export async function writeSeedTorrent(
	backup: string,
	downloads: string,
	seed: SeedTorrent,
): Promise<void> {
	const { bytes, infoHash, content } = seedTorrentFile(seed);
	const savePath = join(downloads, seed.folder ?? '');
	const pieces = Math.floor(Math.ceil(seed.sizeBytes / PIECE_LENGTH) * seed.progress);
	const data = content.subarray(0, pieces * PIECE_LENGTH);
	if (data.length > 0) await writeData(join(savePath, seed.name), data, seed.fileNames);
	await writeFile(join(backup, `${infoHash}.torrent`), bytes);
	await writeFile(
		join(backup, `${infoHash}.fastresume`),
		bencode.encode(fastResume(seed, infoHash, savePath)),
	);
}
