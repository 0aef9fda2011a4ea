import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Written last: a folder without it is what an interrupted install left behind. */
const MARKER = '.installed';

/** Where large tools are kept between runs, outside the repository. */
export function cacheFolder(): string {
	const { N8N_NODES_MAM_CACHE, XDG_CACHE_HOME } = process.env;
	return (
		N8N_NODES_MAM_CACHE ??
		join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-myanonamouse')
	);
}

/**
 * The folder `name` of the cache, filled by `install` unless an earlier run has done so. An install that
 * fails or is interrupted leaves nothing that a later one would take for whole.
 */
export async function cached(
	name: string,
	install: (folder: string) => Promise<void>,
): Promise<string> {
	const folder = join(cacheFolder(), name);
	if (existsSync(join(folder, MARKER))) return folder;
	await mkdir(cacheFolder(), { recursive: true });
	const temporary = await mkdtemp(`${folder}-`);
	try {
		await install(temporary);
		await writeFile(join(temporary, MARKER), new Date().toISOString());
		await rm(folder, { recursive: true, force: true });
		await rename(temporary, folder);
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
	return folder;
}
