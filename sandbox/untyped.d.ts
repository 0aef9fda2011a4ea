/** The parts of libraries without types that the sandbox uses. */
declare module 'bittorrent-tracker' {
	export class Server {
		constructor(options: object);
		http: import('node:http').Server;
		on(event: string, listener: (...values: never[]) => void): void;
	}
}

declare module 'bencode' {
	const bencode: {
		encode(value: unknown): Uint8Array;
		decode(data: Uint8Array, encoding?: string): unknown;
	};
	export default bencode;
}
