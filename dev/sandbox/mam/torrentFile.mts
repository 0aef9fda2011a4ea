import { createHash } from 'node:crypto';

import bencode from 'bencode';

/** What goes into a .torrent file. */
export interface TorrentSpec {
	name: string;
	sizeBytes: number;
	announce: string;
	comment?: string;
	/** Bytes of one piece; by default such that there are about 200 pieces, but at most 1 MiB. */
	pieceLength?: number;
	private?: boolean;
	/** Its files, equal in size, in a folder of its name; without them it is one file. */
	fileNames?: string[];
	/** The data itself; without it the data is zeros, so that an empty sparse file of the size seeds it. */
	content?: Buffer;
}

/** A .torrent file and its info hash in hex. */
export interface TorrentFile {
	bytes: Buffer;
	infoHash: string;
}

const LEAST_PIECE = 16_384;
const LARGEST_PIECE = 1_048_576;

function pieceLengthOf(sizeBytes: number): number {
	let length = LEAST_PIECE;
	while (length < LARGEST_PIECE && length * 200 < sizeBytes) length *= 2;
	return length;
}

function sha1(data: Buffer): Buffer {
	return createHash('sha1').update(data).digest();
}

function hashesOf(content: Buffer, pieceLength: number): Buffer[] {
	return Array.from({ length: Math.ceil(content.length / pieceLength) }, (_, at) =>
		sha1(content.subarray(at * pieceLength, (at + 1) * pieceLength)),
	);
}

/** Hashes of whole pieces of zeros, by their length. */
const zeroPieces = new Map<number, Buffer>();

function zeroPiece(length: number): Buffer {
	const hash = zeroPieces.get(length) ?? sha1(Buffer.alloc(length));
	zeroPieces.set(length, hash);
	return hash;
}

/** All pieces of zeros but the last have one hash, so 3 GiB cost no more than the last piece. */
function zeroHashes(sizeBytes: number, pieceLength: number): Buffer[] {
	const whole = Math.floor(sizeBytes / pieceLength);
	const rest = sizeBytes % pieceLength;
	const hashes = Array<Buffer>(whole).fill(zeroPiece(pieceLength));
	return rest === 0 ? hashes : [...hashes, sha1(Buffer.alloc(rest))];
}

function filesOf({ sizeBytes, fileNames }: TorrentSpec): Record<string, unknown> {
	if (fileNames === undefined) return { length: sizeBytes };
	const length = sizeBytes / fileNames.length;
	return { files: fileNames.map((name) => ({ length, path: [Buffer.from(name)] })) };
}

/** Makes a real v1 torrent. */
export function makeTorrent(spec: TorrentSpec): TorrentFile {
	const { name, sizeBytes, announce, comment, content } = spec;
	const pieceLength = spec.pieceLength ?? pieceLengthOf(sizeBytes);
	const hashes =
		content === undefined ? zeroHashes(sizeBytes, pieceLength) : hashesOf(content, pieceLength);
	const info = {
		...filesOf(spec),
		name: Buffer.from(name),
		'piece length': pieceLength,
		pieces: Buffer.concat(hashes),
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
