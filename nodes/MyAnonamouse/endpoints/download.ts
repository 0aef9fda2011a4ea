import { infoHashOf } from '../../shared/bencode';
import { failure } from '../../shared/failure';
import { refusalFacts } from '../parse/refusal';
import type { MamSession } from '../session/mamSession';

export const DOWNLOAD_PATH = '/tor/download.php';

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
		path: DOWNLOAD_PATH,
		qs: useWedge ? { tid: id, fl: '' } : { tid: id },
		spends: useWedge,
	});
	const read = infoHashOf(bytes);
	if (read === null) throw failure(session.node, refusalFacts('bad_torrent'));
	const { infoHash, name, sizeBytes } = read;
	return { bytes, infoHash, name, sizeBytes };
}
