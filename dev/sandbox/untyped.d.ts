/** The parts of libraries without types that the sandbox uses. */
declare module 'bittorrent-tracker' {
	/** The peers of one torrent, counted. */
	export interface Swarm {
		complete: number;
		incomplete: number;
	}
	export type SwarmCallback = (error: Error | null, swarm: Swarm) => void;
	export class Server {
		constructor(options: object);
		createSwarm(infoHash: string, done: SwarmCallback): void;
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
