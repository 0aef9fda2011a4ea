/** The fields of a record that locate its files. */
interface Place {
	content_path: string;
	save_path?: unknown;
	download_path?: unknown;
}

function isPlace(record: unknown): record is Place {
	const { content_path: path } = (record ?? {}) as Partial<Place>;
	return typeof path === 'string' && path !== '';
}

/** A path that only needs lower case to be compared. */
const PLAIN = /^(\/[ -.0-[\]-~]+)+$/;

/** A path for comparison: some clients write backslashes, and some disks ignore case and the form of accents. */
export function comparablePath(path: string): string {
	if (PLAIN.test(path)) return path.toLowerCase();
	return path
		.normalize('NFC')
		.replace(/\\/g, '/')
		.replace(/\/+/g, '/')
		.replace(/\/$/, '')
		.toLowerCase();
}

function foldersAbove(path: string): string[] {
	const folders: string[] = [];
	for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
		folders.push(path.slice(0, end));
	return folders;
}

/** Where the content is, and where it will be: an unfinished torrent may have it in another folder. */
function contentPathsOf({ content_path, save_path, download_path }: Place): string[] {
	const path = comparablePath(content_path);
	if (typeof save_path !== 'string' || typeof download_path !== 'string') return [path];
	const folder = comparablePath(download_path);
	const isBelow = folder !== '' && `${path}/`.startsWith(`${folder}/`);
	return isBelow ? [path, `${comparablePath(save_path)}${path.slice(folder.length)}`] : [path];
}

/**
 * Whose content lies at, above or below that of another. Compares paths only: it does not see through symbolic
 * links or a folder that is mounted twice.
 */
export class ContentPaths<T> {
	private readonly contents = new Map<string, T[]>();

	private readonly below = new Map<string, T[]>();

	private readonly paths = new Map<T, string[]>();

	constructor(records: T[]) {
		for (const record of records) {
			if (!isPlace(record)) continue;
			const paths = contentPathsOf(record);
			this.paths.set(record, paths);
			for (const path of paths) {
				append(this.contents, path, record);
				for (const folder of foldersAbove(path)) append(this.below, folder, record);
			}
		}
	}

	/** The records whose content may have a file at `path`, which is comparable, or in a folder of that name. */
	at(path: string): T[] {
		const above = [path, ...foldersAbove(path)].flatMap(
			(folder) => this.contents.get(folder) ?? [],
		);
		return [...above, ...(this.below.get(path) ?? [])];
	}

	/** The other records whose content may have a file in common with that of `record`. */
	around(record: T): T[] {
		const paths = this.paths.get(record) ?? [];
		return [...new Set(paths.flatMap((path) => this.at(path)))].filter((other) => other !== record);
	}
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
	const list = lists.get(key);
	if (list === undefined) lists.set(key, [value]);
	else list.push(value);
}

/**
 * The content paths of `records` at which another record may have files, too: the same path, or one inside the
 * other's folder. A torrent without a folder of its own says nothing by its path; deleting compares the files.
 */
export function sharedContent(records: unknown[]): Set<string> {
	const shared = new Set<string>();
	/** The first content path as it is listed, by how it is compared. */
	const listed = new Map<string, string>();
	const share = (one: string, other: string | undefined) => {
		if (other !== undefined) shared.add(one).add(other);
	};
	for (const record of records) {
		if (!isPlace(record)) continue;
		const { content_path, save_path } = record;
		const path = comparablePath(content_path);
		if (path === comparablePath(typeof save_path === 'string' ? save_path : '')) continue;
		share(content_path, listed.get(path));
		if (!listed.has(path)) listed.set(path, content_path);
	}
	for (const [path, content_path] of listed)
		for (const folder of foldersAbove(path)) share(content_path, listed.get(folder));
	return shared;
}
