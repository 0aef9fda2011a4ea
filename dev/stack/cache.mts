import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Log } from './command.mts';

/** Written last: a folder without it is what an interrupted install left behind. */
const MARKER = '.installed';

/** How often a process looks whether another one has finished its install. */
const LOOK_EVERY_MS = 500;

/** Where large tools are kept between runs, outside the repository. */
export function cacheFolder(): string {
	const { N8N_NODES_MAM_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
	const ofSystem = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME;
	return (
		N8N_NODES_MAM_CACHE || join(ofSystem || join(homedir(), '.cache'), 'n8n-nodes-myanonamouse')
	);
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// Another user's process may not be signalled, but it is there.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** Takes the lock file unless a running process has it; false then. */
async function tryLock(lock: string): Promise<boolean> {
	try {
		await writeFile(lock, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	}
	const holder = await readFile(lock, 'utf8').catch(() => '');
	// A process that was interrupted leaves its lock behind; an empty one is just being written or removed.
	if (holder !== '' && !isRunning(Number(holder))) await rm(lock, { force: true });
	return false;
}

/** Runs `work` while no other process holds `lock`. */
async function exclusively(lock: string, log: Log, work: () => Promise<void>): Promise<void> {
	for (let looks = 0; !(await tryLock(lock)); looks++) {
		if (looks === 1) log(`Waiting for another process that is installing (it holds ${lock}).`);
		await delay(LOOK_EVERY_MS);
	}
	try {
		await work();
	} finally {
		await rm(lock, { force: true });
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
 * The folder `name` of the cache, filled by `install` unless an earlier run has done so; two processes do
 * not install at once. An install that fails or is interrupted leaves nothing that a later one would take
 * for whole.
 */
export async function cached(
	name: string,
	install: (folder: string) => Promise<void>,
	log: Log,
): Promise<string> {
	const folder = join(cacheFolder(), name);
	const isInstalled = () => existsSync(join(folder, MARKER));
	if (isInstalled()) return folder;
	await mkdir(cacheFolder(), { recursive: true });
	await exclusively(`${folder}.lock`, log, async () => {
		if (isInstalled()) return;
		await removeAbandoned();
		const partial = `${folder}.partial-${process.pid}`;
		await mkdir(partial);
		try {
			await install(partial);
			await writeFile(join(partial, MARKER), new Date().toISOString());
			await rm(folder, { recursive: true, force: true });
			await rename(partial, folder);
		} finally {
			await rm(partial, { recursive: true, force: true });
		}
	});
	return folder;
}
