import { randomBytes } from 'node:crypto';

import bencode from 'bencode';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';

import { infoHashOfFile } from '../mam/torrentFile.mts';

const FREE_BYTES = 500 * 1024 ** 3;

/** A torrent as `torrents/info` lists it. */
export interface StandInTorrent {
	hash: string;
	name: string;
	state: string;
	category: string;
	tags: string;
	progress: number;
	size: number;
	amount_left: number;
	downloaded: number;
	completed: number;
	uploaded: number;
	added_on: number;
	seeding_time: number;
	num_complete: number;
	num_incomplete: number;
	tracker: string;
	content_path: string;
	save_path: string;
	comment: string;
}

const NEW_TORRENT: Omit<StandInTorrent, 'hash' | 'name'> = {
	state: 'stalledDL',
	category: '',
	tags: '',
	progress: 0,
	size: 0,
	amount_left: 0,
	downloaded: 0,
	completed: 0,
	uploaded: 0,
	added_on: 0,
	seeding_time: 0,
	num_complete: 0,
	num_incomplete: 0,
	tracker: '',
	content_path: '',
	save_path: '',
	comment: '',
};

/** A qBittorrent 5.1 without peers, for machines that have none: it lists, adds and deletes. */
export class QbittorrentStandIn {
	url = '';

	readonly torrents = new Map<string, StandInTorrent>();

	private readonly sessions = new Set<string>();

	private readonly app: FastifyInstance = Fastify({ forceCloseConnections: true });

	private readonly password: string;

	constructor(password: string) {
		this.password = password;
	}

	async start(): Promise<void> {
		this.routes();
		this.url = await this.app.listen({ port: 0, host: '127.0.0.1' });
	}

	async stop(): Promise<void> {
		await this.app.close();
	}

	/** Gives the client a torrent with a past; what is not named is as for one just added. */
	give(torrent: Partial<StandInTorrent> & Pick<StandInTorrent, 'hash' | 'name'>): void {
		this.torrents.set(torrent.hash, { ...NEW_TORRENT, ...torrent });
	}

	private routes(): void {
		const { app } = this;
		app.removeAllContentTypeParsers();
		app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
			done(null, body),
		);
		app.addHook('onRequest', async (request, reply) => {
			const cookie = request.headers.cookie ?? '';
			const isSignIn = request.url.startsWith('/api/v2/auth/login');
			if (!isSignIn && !this.sessions.has(cookie)) await reply.code(403).send('Forbidden');
		});
		app.post('/api/v2/auth/login', async (request, reply) => {
			if (form(request).get('password') !== this.password) return 'Fails.';
			const session = `SID=${randomBytes(12).toString('hex')}`;
			this.sessions.add(session);
			return await reply.header('set-cookie', `${session}; HttpOnly; path=/`).send('Ok.');
		});
		app.get('/api/v2/app/version', async () => 'v5.1.0');
		app.get('/api/v2/app/webapiVersion', async () => '2.11.4');
		app.get('/api/v2/transfer/info', async () => ({
			connection_status: 'connected',
			dht_nodes: 0,
			dl_info_speed: 0,
			up_info_speed: 0,
		}));
		app.get('/api/v2/sync/maindata', async () => ({
			server_state: { free_space_on_disk: FREE_BYTES },
		}));
		app.get('/api/v2/torrents/info', async ({ query }) =>
			this.list(query as Record<string, string>),
		);
		app.get('/api/v2/torrents/trackers', async ({ query }) =>
			trackersOf(this.torrents.get((query as { hash: string }).hash)),
		);
		app.post(
			'/api/v2/torrents/add',
			async (request, reply) => await reply.send(await this.add(request)),
		);
		app.post('/api/v2/torrents/delete', async (request) => {
			for (const hash of (form(request).get('hashes') ?? '').split('|')) this.torrents.delete(hash);
			return '';
		});
	}

	private list({ hashes, category, includeTrackers }: Record<string, string>): object[] {
		const wanted = hashes?.split('|');
		return [...this.torrents.values()]
			.filter((torrent) => wanted === undefined || wanted.includes(torrent.hash))
			.filter((torrent) => category === undefined || torrent.category === category)
			.map((torrent) =>
				includeTrackers === 'true' ? { ...torrent, trackers: trackersOf(torrent) } : torrent,
			);
	}

	private async add(request: FastifyRequest): Promise<string> {
		const headers = { 'content-type': String(request.headers['content-type']) };
		const fields = await new Response(new Uint8Array(request.body as Buffer), {
			headers,
		}).formData();
		const file = fields.get('torrents');
		if (!(file instanceof File)) return 'Fails.';
		const bytes = Buffer.from(await file.arrayBuffer());
		const hash = infoHashOfFile(bytes);
		if (this.torrents.has(hash)) return 'Fails.';
		const torrent = bencode.decode(new Uint8Array(bytes)) as {
			announce: Uint8Array;
			comment?: Uint8Array;
			info: { name: Uint8Array; length: number };
		};
		const text = (value: Uint8Array | undefined) => Buffer.from(value ?? []).toString();
		const field = (name: string) => String(fields.get(name) ?? '');
		this.give({
			hash,
			name: text(torrent.info.name),
			state: field('stopped') === 'true' ? 'stoppedDL' : 'stalledDL',
			category: field('category'),
			tags: field('tags').split(',').join(', '),
			size: torrent.info.length,
			amount_left: torrent.info.length,
			added_on: Math.floor(Date.now() / 1000),
			tracker: text(torrent.announce),
			content_path: `${field('savepath')}/${text(torrent.info.name)}`,
			save_path: field('savepath'),
			comment: text(torrent.comment),
		});
		return 'Ok.';
	}
}

function form(request: FastifyRequest): URLSearchParams {
	return new URLSearchParams(String(request.body));
}

function trackersOf(torrent: StandInTorrent | undefined): object[] {
	return torrent === undefined
		? []
		: [{ url: torrent.tracker, status: 2, tier: 0, msg: '', num_complete: torrent.num_complete }];
}

/** Starts a client that takes `password` from anybody. */
export async function startQbittorrentStandIn(password: string): Promise<QbittorrentStandIn> {
	const standIn = new QbittorrentStandIn(password);
	await standIn.start();
	return standIn;
}
