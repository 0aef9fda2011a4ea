import { sleep } from 'n8n-workflow';

import { isRecord } from '../../shared/json';
import type { Client } from './client';

/** What became of the files of a deleted torrent; `unknown` when the client did not say. */
export type FilesFate = 'removed' | 'left' | 'trash' | 'unknown';

/** Pauses between looks for what takes effect after its answer, in milliseconds. */
export const POLL_PAUSES_MS = [0, 50, 100, 200, 400, 800];

/** An entry of qBittorrent's log. Types: 1 normal, 2 info, 4 warning, 8 critical. */
interface LogEntry {
	id: number;
	type: number;
	message: string;
}

/** qBittorrent's log after the entry `lastId`; null when it cannot be read. */
async function readLog(client: Client, lastId: number): Promise<LogEntry[] | null> {
	try {
		const entries = await client.json<unknown>('log/main', { last_known_id: lastId });
		return Array.isArray(entries) ? entries.filter(isRecord).map((entry) => entry as never) : null;
	} catch {
		return null;
	}
}

/**
 * Follows in qBittorrent's log what becomes of deleted files: a delete is answered before they are removed, and
 * a failure to remove them is reported nowhere else.
 */
export class RemovalLog {
	private constructor(
		private readonly client: Client,
		private lastId: number | null,
		private readonly toTrash: boolean,
	) {}

	/** Starts at the end of the log. */
	static async open(client: Client): Promise<RemovalLog> {
		const entries = await readLog(client, -1);
		const lastId = entries === null ? null : (entries.at(-1)?.id ?? -1);
		return new RemovalLog(client, lastId, await usesTrash(client));
	}

	/** What became of the files of the torrents called `names`, whose delete has just been sent. */
	async fatesOf(names: Set<string>): Promise<Map<string, FilesFate>> {
		const fates = new Map<string, FilesFate>();
		for (const pause of POLL_PAUSES_MS) {
			// Without its end from before, old entries about the same names would count.
			if (this.lastId === null || fates.size === names.size) break;
			if (pause > 0) await sleep(pause);
			const entries = (await readLog(this.client, this.lastId)) ?? [];
			this.lastId = entries.at(-1)?.id ?? this.lastId;
			for (const entry of entries) this.note(entry, names, fates);
		}
		return fates;
	}

	private note(
		{ type, message }: LogEntry,
		names: Set<string>,
		fates: Map<string, FilesFate>,
	): void {
		const name = quotedName(message, names);
		if (name === undefined) return;
		// A warning is one in any language; the rest is known by its English words.
		if (type >= 4) fates.set(name, 'left');
		else if (/deleted its content|content removed/i.test(message) && fates.get(name) !== 'left')
			fates.set(name, this.toTrash ? 'trash' : 'removed');
	}
}

/** Which of `names` a message is about: it quotes the name and then, for a failure, the error; a name may contain quotes. */
function quotedName(message: string, names: Set<string>): string | undefined {
	const start = message.indexOf('"') + 1;
	for (let end = message.lastIndexOf('"'); end > start; end = message.lastIndexOf('"', end - 1)) {
		const quoted = message.slice(start, end);
		if (names.has(quoted)) return quoted;
	}
	return undefined;
}

/** Whether the client moves deleted files to its trash, where they still take space. */
async function usesTrash(client: Client): Promise<boolean> {
	if (!client.capabilities.contentTrash) return false;
	const preferences = await client.json<Record<string, unknown>>('app/preferences');
	return preferences.torrent_content_remove_option === 'MoveToTrash';
}
