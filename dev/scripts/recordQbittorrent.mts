import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { converse } from '../sandbox/qbittorrent/conversation.mts';
import { PASSWORD, startQbittorrent, USERNAME } from '../stack/qbittorrent.mts';
import { QBITTORRENT_VERSIONS, qbittorrentCommand } from '../stack/qbittorrentVersions.mts';

/** Talks with each real version, and keeps what it said for the stand-in to be measured by. */
const RECORDINGS = join(import.meta.dirname, '..', 'sandbox', 'qbittorrent', 'recordings');

const log = (line: string) => process.stdout.write(`${line}\n`);

for (const version of QBITTORRENT_VERSIONS) {
	const folder = await mkdtemp(join(tmpdir(), 'record-qbittorrent-'));
	const command = await qbittorrentCommand(version, log);
	const real = await startQbittorrent({ folder, command });
	try {
		const said = await converse({ url: real.url, username: USERNAME, password: PASSWORD });
		const file = join(RECORDINGS, `${version}.json`);
		const config = await resolveConfig(file);
		await writeFile(file, await format(JSON.stringify(said), { ...config, parser: 'json' }));
		log(`${version}: ${Object.keys(said).length} answers`);
	} finally {
		await real.stop();
		await rm(folder, { recursive: true, force: true });
	}
}
