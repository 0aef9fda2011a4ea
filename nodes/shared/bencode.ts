import { createHash } from 'node:crypto';

/** What a .torrent file says about itself. */
export interface TorrentIdentity {
	/** 40 hex digits: the SHA-1 of the info dictionary (v1, hybrid), or the shortened SHA-256 of a v2-only torrent. */
	infoHash: string;
	/** Every id (40 hex digits) under which a client may list it: a hybrid torrent goes by either hash. */
	clientHashes: string[];
	name: string;
	/** Bytes of all files. */
	sizeBytes: number;
	/** Paths of all files below the folder that the torrent is saved in, in the original layout. */
	files: string[];
}

type Bencoded = number | Uint8Array | Bencoded[] | Map<string, Bencoded>;

/** Deeper nesting than any torrent needs would only exhaust the stack. */
const MAX_DEPTH = 64;

/** Reads one bencoded value after the other; any flaw throws, which stays inside this file. */
class Reader {
	position = 0;

	/** Where the value of the outermost `info` key begins and ends. */
	info: [number, number] | null = null;

	constructor(private readonly bytes: Uint8Array) {}

	read(depth = 0): Bencoded {
		if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
		const mark = String.fromCharCode(this.bytes[this.position] ?? 0);
		if (mark === 'i') return this.readInteger();
		if (mark === 'l') return this.readList(depth);
		if (mark === 'd') return this.readDictionary(depth);
		return this.readBytes();
	}

	private readUntil(end: string, pattern: RegExp): string {
		const stop = this.bytes.indexOf(end.charCodeAt(0), this.position);
		// No number of a torrent file has more digits than a 64-bit integer.
		if (stop === -1 || stop - this.position > 20) throw new RangeError('number without an end');
		const text = String.fromCharCode(...this.bytes.subarray(this.position, stop));
		if (!pattern.test(text)) throw new RangeError('not a number');
		this.position = stop + 1;
		return text;
	}

	private readInteger(): number {
		this.position += 1;
		return Number(this.readUntil('e', /^(0|-?[1-9]\d*)$/));
	}

	private readBytes(): Uint8Array {
		const length = Number(this.readUntil(':', /^(0|[1-9]\d*)$/));
		const start = this.position;
		if (start + length > this.bytes.length) throw new RangeError('cut off');
		this.position = start + length;
		return this.bytes.subarray(start, this.position);
	}

	private readList(depth: number): Bencoded[] {
		const list: Bencoded[] = [];
		this.position += 1;
		while (!this.atEnd()) list.push(this.read(depth + 1));
		return list;
	}

	private readDictionary(depth: number): Map<string, Bencoded> {
		const dictionary = new Map<string, Bencoded>();
		this.position += 1;
		while (!this.atEnd()) {
			const key = text(this.readBytes());
			const start = this.position;
			dictionary.set(key, this.read(depth + 1));
			if (depth === 0 && key === 'info') this.info = [start, this.position];
		}
		return dictionary;
	}

	private atEnd(): boolean {
		if (this.bytes[this.position] !== 'e'.charCodeAt(0)) return false;
		this.position += 1;
		return true;
	}
}

function text(value: Bencoded | undefined): string {
	return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
}

/** The text of `key`; some programs write a second one, which counts. */
function textOf(dictionary: Map<string, Bencoded>, key: string): string {
	return text(dictionary.get(`${key}.utf-8`) ?? dictionary.get(key));
}

interface File {
	/** Below the folder that the torrent is saved in, in the original layout. */
	path: string;
	bytes: number;
}

/** A file; none for padding (BEP 47), which nobody downloads. */
function fileAt(path: string, file: Bencoded): File[] {
	if (!(file instanceof Map) || text(file.get('attr')).includes('p')) return [];
	const length = file.get('length');
	return [{ path, bytes: typeof length === 'number' ? length : 0 }];
}

/** The files of a v2 file tree: directories hold names, a file holds one entry with the empty name. */
function filesOfTree(folder: string, tree: Bencoded): File[] {
	if (!(tree instanceof Map)) return [];
	return [...tree].flatMap(([name, entry]) =>
		name === '' ? fileAt(folder, entry) : filesOfTree(`${folder}/${name}`, entry),
	);
}

function filesOf(info: Map<string, Bencoded>): File[] {
	const name = textOf(info, 'name');
	const files = info.get('files');
	if (Array.isArray(files)) {
		return files.flatMap((file) => {
			const parts = file instanceof Map ? (file.get('path.utf-8') ?? file.get('path')) : [];
			return fileAt([name, ...(Array.isArray(parts) ? parts.map(text) : [])].join('/'), file);
		});
	}
	const tree = info.get('file tree');
	if (!(tree instanceof Map)) return fileAt(name, info);
	// One file alone lies in no folder.
	const only = tree.size === 1 ? tree.get(name) : undefined;
	const isAlone = only instanceof Map && only.has('');
	return filesOfTree(name, isAlone ? only : tree);
}

function parse(torrent: Uint8Array): TorrentIdentity | null {
	const reader = new Reader(torrent);
	const root = reader.read();
	const info = root instanceof Map ? root.get('info') : undefined;
	const rest = torrent.subarray(reader.position);
	// Some sites end the file with a newline, which clients ignore.
	if (!rest.every((byte) => byte === 0x0a || byte === 0x0d)) return null;
	if (reader.info === null || !(info instanceof Map)) return null;
	const slice = torrent.subarray(...reader.info);
	const clientHashes: string[] = [];
	if (info.has('pieces')) clientHashes.push(createHash('sha1').update(slice).digest('hex'));
	if (info.get('meta version') === 2) {
		// Clients shorten the SHA-256 of a v2 torrent to the 20 bytes of a v1 id.
		clientHashes.push(createHash('sha256').update(slice).digest('hex').slice(0, 40));
	}
	if (clientHashes.length === 0) return null;
	const files = filesOf(info);
	return {
		infoHash: clientHashes[0],
		clientHashes,
		name: textOf(info, 'name'),
		sizeBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
		files: files.map(({ path }) => path),
	};
}

/**
 * Identity of a .torrent file, read from its bytes (BEP 3, BEP 52); null for anything that is not exactly
 * one well-formed torrent (HTML, a cut-off file, bytes other than newlines after its end). Never throws.
 */
export function infoHashOf(torrent: Uint8Array): TorrentIdentity | null {
	try {
		return parse(torrent);
	} catch {
		return null;
	}
}
