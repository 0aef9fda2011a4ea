import { comparablePath, ContentPaths } from '../../shared/sharedContent';
import { lacksMetadata, type RawTorrent } from '../parse/torrent';
import type { Client } from './client';
import { foldersOf, TorrentFiles } from './torrentFiles';

/** Where a file goes: its name below the torrent's folder, or below another one. */
export interface Destination {
	folder?: string;
	name: string;
}

/** Two files that would have the same path. */
export interface Collision {
	path: string;
	/** The torrent that has the path already, or is to have it. */
	owner: string;
}

interface Move {
	from: string;
	to: string;
	/** The destination as it is shown. */
	path: string;
	/** The name that the file has now. */
	name: string;
}

/** The move of the file `name`, which is `from` now, to `newName` below `folder`. */
function moveOf(from: string, name: string, folder: string, newName: string): Move {
	const path = `${folder}/${newName}`.replaceAll('//', '/');
	return { from, to: comparablePath(path), path, name };
}

/**
 * Where the torrents of one run put their files. qBittorrent asks nobody: a file that is renamed replaces the one that
 * has the name, and a torrent that is moved takes over what lies there and downloads over it.
 */
export class Destinations {
	private readonly files: TorrentFiles;

	private readonly paths: ContentPaths<RawTorrent>;

	/** The folders in which the client has torrents, and those of them for unfinished ones. */
	private readonly folders: string[];

	private readonly unfinished: string[];

	/** By path: who is to have it in this run, and which file that is. */
	private readonly planned = new Map<string, { from: string; owner: string }>();

	/** `listed`: all torrents of the client. */
	constructor(client: Client, listed: RawTorrent[]) {
		this.files = new TorrentFiles(client);
		this.paths = new ContentPaths(listed);
		this.folders = [...new Set(listed.flatMap(foldersOf))];
		const unfinished = new Set(listed.map(({ download_path: path }) => path));
		this.unfinished = this.folders.filter((one) => unfinished.has(one));
	}

	/**
	 * Plans the files `names` of a torrent that is to be added to `folder`; where the client decides (null), the same
	 * name in any of its folders counts. Returns the first collision, and then plans nothing.
	 */
	async planNew(
		{ hash, name: owner }: { hash: string; name: string },
		names: string[],
		folder: string | null,
	): Promise<Collision | null> {
		const tops = [...new Set(names.map((name) => name.split('/')[0]))];
		const isTaken = (one: string) =>
			tops.some((top) => this.paths.at(comparablePath(`${one}/${top}`)).length > 0);
		const others = folder === null ? this.folders : this.unfinished;
		const moves = [folder ?? '', ...others.filter(isTaken)].flatMap((one) =>
			names.map((name) => moveOf(hash, name, one, name)),
		);
		const collision = this.amongPlanned(moves) ?? (await this.amongOthers(null, moves));
		if (collision === null) for (const { to } of moves) this.planned.set(to, { from: hash, owner });
		return collision;
	}

	/**
	 * Plans the move of the files of `torrent` to what `destination` says of their names: null for one that stays. Returns
	 * `nothing` if all stay, or the first collision, and then plans nothing.
	 */
	async plan(
		torrent: RawTorrent,
		destination: (name: string) => Destination | null,
	): Promise<Collision | 'nothing' | null> {
		const names = await this.files.namesOf(torrent);
		const moved = names.flatMap((name) => {
			const to = destination(name);
			return to === null ? [] : [{ name, to }];
		});
		if (names.length > 0 && moved.length === 0) return 'nothing';
		const moves = foldersOf(torrent)
			.flatMap((folder) =>
				moved.map(({ name, to }) =>
					moveOf(comparablePath(`${folder}/${name}`), name, to.folder ?? folder, to.name),
				),
			)
			.filter(({ from, to }) => from !== to);
		const collision =
			this.amongOwn(torrent, names, moves) ??
			this.amongPlanned(moves) ??
			(await this.amongOthers(torrent, moves));
		if (collision !== null) return collision;
		const owner = String(torrent.name);
		for (const { from, to } of moves) this.planned.set(to, { from, owner });
		return null;
	}

	/** With the torrent's other files, where they are and where they go. */
	private amongOwn(torrent: RawTorrent, names: string[], moves: Move[]): Collision | null {
		const owners = new Map<string, string>();
		for (const folder of foldersOf(torrent))
			for (const name of names) owners.set(comparablePath(`${folder}/${name}`), name);
		for (const { to, path, name } of moves) {
			if ((owners.get(to) ?? name) !== name) return { path, owner: String(torrent.name) };
			owners.set(to, name);
		}
		return null;
	}

	/** With files that go to the same path in this run, unless two torrents share the file. */
	private amongPlanned(moves: Move[]): Collision | null {
		for (const { from, to, path } of moves) {
			const plan = this.planned.get(to);
			if (plan !== undefined && plan.from !== from) return { path, owner: plan.owner };
		}
		return null;
	}

	private async amongOthers(torrent: RawTorrent | null, moves: Move[]): Promise<Collision | null> {
		for (const { to, path } of moves) {
			for (const other of this.paths.at(to)) {
				if (other === torrent || lacksMetadata(other)) continue;
				const theirs = await this.files.pathsOf(other);
				if (theirs.size === 0 || theirs.has(to)) return { path, owner: String(other.name) };
			}
		}
		return null;
	}
}
