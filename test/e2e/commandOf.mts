import {
	QBITTORRENT_VERSIONS,
	qbittorrentCommand,
	type Command,
	type QbittorrentVersion,
} from '../../dev/stack/qbittorrentVersions.mts';
import { log } from '../../dev/stack/world.mts';

/** How a version of qBittorrent is started; null when it cannot be installed here, which is said. */
export async function commandOf(version: QbittorrentVersion): Promise<Command | null> {
	try {
		return await qbittorrentCommand(version, log);
	} catch (error) {
		// The oldest one is Debian's own and must be there.
		if (version === QBITTORRENT_VERSIONS[0]) throw error;
		log(`qBittorrent ${version} is left out: ${(error as Error).message}`);
		return null;
	}
}
