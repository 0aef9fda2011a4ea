import { infoHashOf } from '../../shared/bencode';
import { failure } from '../../shared/failure';
import { refusalFacts } from '../parse/refusal';
import type { MamSession } from '../session/mamSession';

/** The site serves nothing like it; larger answers are not kept in memory. */
const MAX_TORRENT_FILE_BYTES = 32 * 1024 * 1024;

/** A .torrent file and what is read from it. */
export interface TorrentFile {
	bytes: Buffer;
	/** 40 hex digits. */
	infoHash: string;
	name: string;
	/** Bytes of its content. */
	sizeBytes: number;
}

/** The .torrent file of a torrent. With `useWedge` the site spends a freeleech wedge on it, so it is asked once. */
export async function fetchTorrentFile(
	session: MamSession,
	id: number,
	useWedge: boolean,
): Promise<TorrentFile> {
	const bytes = await session.bytes({
		path: '/tor/download.php',
		qs: useWedge ? { tid: id, fl: '' } : { tid: id },
		spends: useWedge,
	});
	const read = bytes.length > MAX_TORRENT_FILE_BYTES ? null : infoHashOf(bytes);
	if (read === null) throw failure(session.node, refusalFacts('bad_torrent'));
	const { infoHash, name, sizeBytes } = read;
	return { bytes, infoHash, name, sizeBytes };
}
