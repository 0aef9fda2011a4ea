/** What of a listed record says where its files are. */
interface Place {
	content_path: string;
	save_path?: unknown;
}

function isPlace(record: unknown): record is Place {
	const { content_path: path } = (record ?? {}) as Partial<Place>;
	return typeof path === 'string' && path !== '';
}

/** A path as it compares: some clients write backslashes, and some disks make no difference between cases. */
function comparable(path: string): string {
	return path.replace(/\\/g, '/').replace(/\/+$/, '').toLowerCase();
}

function foldersAbove(path: string): string[] {
	const folders: string[] = [];
	for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
		folders.push(path.slice(0, end));
	return folders;
}

/**
 * The content paths of `records` at which another record has files, too: the same path, or one inside the
 * other's folder. A torrent without a folder of its own (its content path is its save path) is taken to have
 * files directly there and in the folders of torrents with the same save path, not below other save paths.
 */
export function sharedContent(records: unknown[]): Set<string> {
	const places = records.filter(isPlace).map(({ content_path, save_path }) => {
		const path = comparable(content_path);
		const savePath = comparable(String(save_path ?? ''));
		return { listed: content_path, path, savePath, isLoose: path === savePath };
	});
	const byPath = new Map<string, typeof places>();
	for (const place of places) {
		const here = byPath.get(place.path);
		if (here === undefined) byPath.set(place.path, [place]);
		else here.push(place);
	}

	const shared = new Set<string>();
	for (const { listed, path, savePath } of places) {
		const [parent, ...higher] = foldersAbove(path);
		const around = [
			...(byPath.get(parent) ?? []),
			...higher
				.flatMap((folder) => byPath.get(folder) ?? [])
				.filter((outer) => !outer.isLoose || outer.path === savePath),
		];
		if (byPath.get(path)!.length > 1 || around.length > 0) shared.add(listed);
		for (const outer of around) shared.add(outer.listed);
	}
	return shared;
}
