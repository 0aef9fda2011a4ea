import type { IDataObject } from 'n8n-workflow';

import { comparablePath } from '../../shared/sharedContent';
import type { RawTorrent } from '../parse/torrent';
import type { Client } from './client';
import { filesOf } from './torrents';

/** The folders in which files of a torrent are or will be: an unfinished one may have them in either. */
export function foldersOf({ save_path, download_path }: RawTorrent): string[] {
	return [save_path, download_path].filter(
		(folder): folder is string => typeof folder === 'string' && folder !== '',
	);
}

/** The real files of torrents; each list is asked for once. */
export class TorrentFiles {
	private readonly lists = new Map<string, IDataObject[] | null>();

	private readonly paths = new WeakMap<RawTorrent, Set<string>>();

	private hasAsked = false;

	constructor(private readonly client: Client) {}

	/** Whether files were asked for since the last call. */
	takeNews(): boolean {
		const { hasAsked } = this;
		this.hasAsked = false;
		return hasAsked;
	}

	/** The files of `torrent`; null when it is gone. */
	async of({ hash, size }: RawTorrent): Promise<IDataObject[] | null> {
		// Selecting other files changes the size.
		const key = `${hash} ${String(size)}`;
		let list = this.lists.get(key);
		if (list === undefined) {
			list = await filesOf(this.client, hash);
			this.hasAsked = true;
			this.lists.set(key, list);
		}
		return list;
	}

	/** The files of `torrent` below its folders. */
	async namesOf(torrent: RawTorrent): Promise<string[]> {
		const list = await this.of(torrent);
		return (Array.isArray(list) ? list : []).map(({ name }) => String(name));
	}

	/** Whether `torrent` and one of `others` have a file in common, or may have because the files of one are not known. */
	async areShared(torrent: RawTorrent, others: RawTorrent[]): Promise<boolean> {
		for (const other of others) {
			const [own, theirs] = [await this.pathsOf(torrent), await this.pathsOf(other)];
			if (own.size === 0 || theirs.size === 0) return true;
			for (const path of theirs) if (own.has(path)) return true;
		}
		return false;
	}

	/** Where the files of a torrent are or will be. Empty when that is not known. */
	async pathsOf(torrent: RawTorrent): Promise<Set<string>> {
		const known = this.paths.get(torrent);
		if (known !== undefined) return known;
		const names = await this.namesOf(torrent);
		const paths = new Set(
			foldersOf(torrent).flatMap((folder) =>
				names.map((name) => comparablePath(`${folder}/${name}`)),
			),
		);
		this.paths.set(torrent, paths);
		return paths;
	}
}
