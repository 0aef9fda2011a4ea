import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { Server as TrackerServer, type SwarmCallback } from 'bittorrent-tracker';

import { http } from '../../http.mts';
import { isFreeFor, isMouse, type AccountState } from './account.mts';
import type { Catalogue } from './catalogue.mts';
import type { Snatches } from './snatches.mts';

export const MOUSE_MESSAGE = 'User currently mouse rank, you need to get your ratio up!';
export const UNREGISTERED_MESSAGE = 'torrent not registered with this tracker';

/** An announce that reached the tracker. */
export interface Announce {
	infoHash: string;
	peerId: string;
	event: string;
	uploaded: number;
	downloaded: number;
	left: number;
	/** The failure reason it was answered with; null when it was accepted. */
	refused: string | null;
}

type Callback = (error?: Error | null) => void;

/** Bytes moved in all, as a peer announces them. */
interface Bytes {
	uploaded: number;
	downloaded: number;
}

interface AnnounceParameters {
	action: number;
	peer_id: string;
	event?: string;
	uploaded?: string;
	downloaded?: string;
	left: number;
}

/** Counts the seeders and leechers of the catalogue beside the peers that really announce. */
class CountingServer extends TrackerServer {
	private readonly catalogue: () => Catalogue;

	constructor(catalogue: () => Catalogue, options: object) {
		super(options);
		this.catalogue = catalogue;
	}

	override createSwarm(infoHash: string, done: SwarmCallback): void {
		super.createSwarm(infoHash, (error, swarm) => {
			const entry = this.catalogue().byInfoHash(infoHash);
			swarm.complete += entry?.seeders ?? 0;
			swarm.incomplete += entry?.leechers ?? 0;
			done(error, swarm);
		});
	}
}

/** The tracker beside the site: refuses a Mouse and what was removed, and feeds announces into the account. */
export class Tracker {
	readonly announces: Announce[] = [];

	/** Failure reasons by info hash, e.g. `Unrecognized host/PassKey. (127.0.0.1)`. */
	readonly refusals = new Map<string, string>();

	/** Info hashes that are accepted although the catalogue never handed them out, e.g. torrents seeded by a test. */
	readonly alsoRegistered = new Set<string>();

	/** How the tracker fails while it is down; null while it is up. */
	outage: 'http_503' | 'garbage' | 'hang' | null = null;

	private readonly counted = new Map<string, { uploaded: number; downloaded: number }>();

	private server!: TrackerServer;

	url = '';

	private readonly account: AccountState;

	private readonly catalogue: () => Catalogue;

	private readonly snatches: Snatches;

	constructor(account: AccountState, catalogue: () => Catalogue, snatches: Snatches) {
		this.account = account;
		this.catalogue = catalogue;
		this.snatches = snatches;
	}

	/** Listens on loopback; `intervalMs` is how long clients have to wait between announces. */
	async start(port = 0, intervalMs = 60_000): Promise<void> {
		this.server = new CountingServer(this.catalogue, {
			udp: false,
			ws: false,
			stats: false,
			interval: intervalMs,
			filter: (infoHash: string, parameters: AnnounceParameters, done: Callback) =>
				this.filter(infoHash, parameters, done),
		});
		// Torrents carry a passkey in their path, which the library does not know.
		this.server.http.on('request', (request: IncomingMessage, response: ServerResponse) => {
			request.url = request.url?.replace(/^\/tracker\.php\/[^/]+/, '');
			if (this.outage === 'http_503') response.writeHead(503).end();
			if (this.outage === 'garbage') response.writeHead(200).end('<html>Down for maintenance');
		});
		this.server.on('error', () => {});
		this.server.on('warning', () => {});
		this.server.http.listen(port, '127.0.0.1');
		await once(this.server.http, 'listening');
		const address = this.server.http.address() as { port: number };
		this.url = `http://127.0.0.1:${address.port}/tracker.php/sandbox-passkey/announce`;
	}

	async stop(): Promise<void> {
		this.server.http.closeAllConnections();
		await new Promise<void>((done) => this.server.http.close(() => done()));
	}

	/** Lets `count` seeders announce a torrent, so that the tracker counts them. */
	async addSeeders(infoHash: string, count: number): Promise<void> {
		const hash = infoHash.replace(/../g, '%$&');
		for (let at = 0; at < count; at++) {
			const peer = `-XX0001-${String(at).padStart(12, '0')}`;
			const query = `info_hash=${hash}&peer_id=${peer}&port=${20_000 + at}&uploaded=0&downloaded=0&left=0&event=started`;
			await http.get(`${this.url}?${query}`);
		}
	}

	private refusalOf(infoHash: string): string | null {
		const own = this.refusals.get(infoHash);
		if (own !== undefined) return own;
		if (isMouse(this.account)) return MOUSE_MESSAGE;
		const known = this.alsoRegistered.has(infoHash) || this.catalogue().byInfoHash(infoHash);
		return known ? null : UNREGISTERED_MESSAGE;
	}

	private filter(infoHash: string, parameters: AnnounceParameters, done: Callback): void {
		// Without a call of `done` no answer is ever sent.
		if (this.outage === 'hang') return;
		const refused = this.refusalOf(infoHash);
		const uploaded = Number(parameters.uploaded ?? 0);
		const downloaded = Number(parameters.downloaded ?? 0);
		this.announces.push({
			infoHash,
			peerId: parameters.peer_id,
			event: parameters.event ?? '',
			uploaded,
			downloaded,
			left: parameters.left,
			refused,
		});
		if (refused === null) this.count(infoHash, parameters, { uploaded, downloaded });
		done(refused === null ? null : new Error(refused));
	}

	/** Adds what a peer moved since its last announce to the account; freeleech counts no download. */
	private count(
		infoHash: string,
		{ peer_id: peerId, event, left }: AnnounceParameters,
		now: Bytes,
	) {
		const key = `${infoHash}/${peerId}`;
		const before = this.counted.get(key) ?? { uploaded: 0, downloaded: 0 };
		this.counted.set(key, now);
		const uploaded = Math.max(0, now.uploaded - before.uploaded);
		const downloaded = Math.max(0, now.downloaded - before.downloaded);
		const entry = this.catalogue().byInfoHash(infoHash);
		this.account.uploadedBytes += uploaded;
		if (entry === undefined || !isFreeFor(this.account, entry)) {
			this.account.downloadedBytes += downloaded;
		}
		if (entry === undefined) return;
		const progress = { id: entry.id, uploaded, downloaded, left, event: event ?? '' };
		this.snatches.announced({ ...progress, now: Date.now() });
	}
}
