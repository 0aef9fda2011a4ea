import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
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

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Removes the unfinished installs of processes that have ended; one of n8n holds gigabytes. */
async function removeAbandoned(): Promise<void> {
	for (const entry of await readdir(cacheFolder())) {
		const pid = /\.partial-(\d+)$/.exec(entry)?.[1];
		if (pid !== undefined && !isRunning(Number(pid))) {
			await rm(join(cacheFolder(), entry), { recursive: true, force: true });
		}
	}
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
	const isInstalled = () => existsSync(join(folder, MARKER));
	if (isInstalled()) return folder;
	await mkdir(cacheFolder(), { recursive: true });
	await removeAbandoned();
	const partial = `${folder}.partial-${process.pid}`;
	await mkdir(partial);
	try {
		await install(partial);
		await writeFile(join(partial, MARKER), new Date().toISOString());
		// Another process may have been faster, and may be running what it installed.
		if (!isInstalled()) {
			await rm(folder, { recursive: true, force: true });
			await rename(partial, folder);
		}
	} finally {
		await rm(partial, { recursive: true, force: true });
	}
	return folder;
}
