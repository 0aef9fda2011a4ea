import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startMam, type MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { startQbittorrent, type Qbittorrent } from '../../dev/stack/qbittorrent.mts';
import type { Command } from '../../dev/stack/qbittorrentVersions.mts';
import { startRecordingProxy, type RecordingProxy } from '../../dev/stack/recordingProxy.mts';
import { seedTorrentFile, type SeedTorrent } from '../../dev/stack/seedTorrents.mts';

/** What one of the two clients has and the other downloads. */
export interface Book {
	fileName: string;
	infoHash: string;
	bytes: Buffer;
	content: Buffer;
}

/** Two real clients and a tracker: a seeder, and the one under test behind a proxy that records its calls. */
export class Swarm {
	readonly tracker: MamStandIn['tracker'];

	readonly client: Qbittorrent;

	readonly proxy: RecordingProxy;

	readonly book: Book;

	private readonly mam: MamStandIn;

	private readonly seeder: Qbittorrent;

	private constructor(
		mam: MamStandIn,
		seeder: Qbittorrent,
		client: Qbittorrent,
		proxy: RecordingProxy,
		book: Book,
	) {
		this.mam = mam;
		this.tracker = mam.tracker;
		this.seeder = seeder;
		this.client = client;
		this.proxy = proxy;
		this.book = book;
	}

	/** Starts the seeder as Debian's own version, the client by `command`. */
	static async open(
		newFolder: (name: string) => Promise<string>,
		command: Command,
	): Promise<Swarm> {
		const mam = await startMam();
		const seed: SeedTorrent = {
			name: 'book.m4b',
			sizeBytes: 3_000_000,
			announce: mam.tracker.url,
			category: '',
			progress: 1,
			addedSecondsAgo: 3600,
		};
		const torrent = seedTorrentFile(seed);
		mam.tracker.alsoRegistered.add(torrent.infoHash);
		const seeder = await startQbittorrent({ folder: await newFolder('seeder'), torrents: [seed] });
		const client = await startQbittorrent({ folder: await newFolder('client'), command });
		const proxy = await startRecordingProxy(client.url);
		return new Swarm(mam, seeder, client, proxy, { fileName: seed.name, ...torrent });
	}

	/** Puts `content` where the client keeps the book. */
	async writeBook(content: Buffer): Promise<void> {
		await writeFile(join(this.client.downloads, this.book.fileName), content);
	}

	async close(): Promise<void> {
		await Promise.all([this.client.stop(), this.seeder.stop(), this.proxy.stop()]);
		await this.mam.stop();
	}
}
