import { createHash } from 'node:crypto';

import bencode from 'bencode';

/** What goes into a .torrent file. */
export interface TorrentSpec {
	name: string;
	sizeBytes: number;
	announce: string;
	comment?: string;
	/** Bytes of one piece; by default so many that there are about 200 pieces. */
	pieceLength?: number;
	private?: boolean;
	/** The data itself; without it the piece hashes are made up and nobody can seed it. */
	content?: Buffer;
}

/** A .torrent file and its info hash in hex. */
export interface TorrentFile {
	bytes: Buffer;
	infoHash: string;
}

const LEAST_PIECE = 16_384;

function pieceLengthOf(sizeBytes: number): number {
	let length = LEAST_PIECE;
	while (length * 200 < sizeBytes) length *= 2;
	return length;
}

function sha1(data: Buffer | string): Buffer {
	return createHash('sha1').update(data).digest();
}

/** Makes a real single-file v1 torrent. */
export function makeTorrent(spec: TorrentSpec): TorrentFile {
	const { name, sizeBytes, announce, comment, content } = spec;
	const pieceLength = spec.pieceLength ?? pieceLengthOf(sizeBytes);
	const pieces = Array.from({ length: Math.ceil(sizeBytes / pieceLength) }, (_, at) =>
		content === undefined
			? sha1(`${name}/${at}`)
			: sha1(content.subarray(at * pieceLength, (at + 1) * pieceLength)),
	);
	const info = {
		length: sizeBytes,
		name: Buffer.from(name),
		'piece length': pieceLength,
		pieces: Buffer.concat(pieces),
		private: spec.private === false ? 0 : 1,
		source: Buffer.from('MyAnonamouse'),
	};
	const bytes = Buffer.from(
		bencode.encode({
			announce: Buffer.from(announce),
			...(comment === undefined ? {} : { comment: Buffer.from(comment) }),
			'created by': Buffer.from('sandbox'),
			info,
		}),
	);
	return { bytes, infoHash: sha1(Buffer.from(bencode.encode(info))).toString('hex') };
}

/** The info hash of a .torrent file, in hex. */
export function infoHashOfFile(bytes: Buffer): string {
	const { info } = bencode.decode(new Uint8Array(bytes)) as { info: unknown };
	return sha1(Buffer.from(bencode.encode(info))).toString('hex');
}
