import Fastify, { type FastifyInstance } from 'fastify';

import { addTorrents } from './addTorrents.mts';
import { Auth, type Login } from './auth.mts';
import { serveContent } from './content.mts';
import { formOf, missingFields, multipartOf } from './form.mts';
import { MainDataSync, type MainData } from './mainData.mts';
import { categoriesOf, serveOrganisation } from './organise.mts';
import { defaultPreferences, servePreferences } from './preferences.mts';
import { serveQueue } from './queue.mts';
import { Torrents, type GivenTorrent, type StandInTorrent } from './torrents.mts';
import { TRAITS, type Traits, type Version } from './versions.mts';

const FREE_BYTES = 500 * 1024 ** 3;

/** How the stand-in is started. */
export interface QbittorrentOptions {
	password: string;
	username?: string;
	/** Accepted by 5.3.0 instead of a session. */
	apiKey?: string;
	/** The version that it plays; 5.1.0 by default. */
	version?: Version;
	/** 0 takes a free port. */
	port?: number;
	/** A `host:port` under which it may be called besides its own, as with "Server domains" of the real one. */
	host?: string;
}

/** A qBittorrent without peers, for machines that have none: it lists, adds, changes and deletes. */
export class QbittorrentStandIn {
	url = '';

	/** Bytes; -1 when the client does not know it. */
	freeBytes = FREE_BYTES;

	/** Bytes on the disks of folders that are not on that of the default save path. */
	readonly freeBytesAt = new Map<string, number>();

	/** By name; what the version does not have is missing. */
	readonly preferences: Record<string, unknown>;

	/** Who may sign in. */
	readonly login: Login;

	readonly store: Torrents;

	/** Its HTTP side, which tests may call without a port. */
	readonly app: FastifyInstance = Fastify({ forceCloseConnections: true });

	private readonly options: QbittorrentOptions;

	private readonly version: Version;

	private readonly traits: Traits;

	/** Whether the alternative speed limits are in force. */
	private isSlow = false;

	private readonly auth: Auth;

	private readonly sync: MainDataSync;

	constructor(options: QbittorrentOptions) {
		const { username = 'admin', password, apiKey = '', version = '5.1.0', host } = options;
		this.options = options;
		this.version = version;
		this.traits = TRAITS[version];
		this.store = new Torrents(this.traits);
		this.login = { username, password, apiKey };
		this.auth = new Auth(this.login, this.traits, host);
		this.sync = new MainDataSync(this.traits);
		this.preferences = defaultPreferences(this.traits);
		this.serve();
	}

	async start(): Promise<void> {
		this.url = await this.app.listen({ port: this.options.port ?? 0, host: '127.0.0.1' });
	}

	async stop(): Promise<void> {
		await this.app.close();
	}

	private serve(): void {
		this.app.removeAllContentTypeParsers();
		this.app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
			done(null, body),
		);
		this.app.setNotFoundHandler(async (request, reply) => {
			const isAction = this.app.hasRoute({ method: 'POST', url: request.url });
			if (isAction) return await reply.code(405).send('Method Not Allowed');
			return await reply.code(404).send(this.traits.unknownEndpoint);
		});
		this.auth.serve(this.app);
		this.serveClient();
		this.serveTorrents();
		this.serveActions();
		servePreferences(this.app, this.preferences);
		serveOrganisation(this.app, this.store, this.traits);
		serveContent(this.app, this.store, this.traits);
		serveQueue(this.app, this.store, this.preferences);
	}

	/** Gives the client a torrent with a past; what is not named is as for one just added. */
	give(torrent: GivenTorrent): void {
		this.store.give(torrent);
	}

	/** What the client has, in the words of 5.x. */
	torrents(): StandInTorrent[] {
		return this.store.named('all');
	}

	/** Ends every session, as a restart does. */
	signOutAll(): void {
		this.auth.signOutAll();
		this.sync.forgetAll();
	}

	private serveClient(): void {
		const { transferFields } = this.traits;
		this.app.get('/api/v2/app/version', async () => `v${this.version}`);
		this.app.get('/api/v2/app/buildInfo', async () => this.traits.buildInfo);
		this.app.get('/api/v2/app/webapiVersion', async () => this.traits.webApi);
		this.app.get('/api/v2/app/defaultSavePath', async () => this.preferences.save_path);
		if (this.traits.freeSpaceOfPath) {
			this.app.get('/api/v2/app/getFreeSpaceAtPath', async ({ query }, reply) => {
				const { path } = query as { path?: string };
				if (path === undefined)
					return await reply.code(400).send('Missing required parameters: path');
				return String(path.startsWith('/') ? (this.freeBytesAt.get(path) ?? this.freeBytes) : -1);
			});
		}
		this.app.get('/api/v2/transfer/info', async () => transferFields);
		this.app.get('/api/v2/transfer/speedLimitsMode', async () => (this.isSlow ? '1' : '0'));
		this.app.post('/api/v2/transfer/toggleSpeedLimitsMode', async () => {
			this.isSlow = !this.isSlow;
			return '';
		});
		this.app.get('/api/v2/log/main', async ({ query }) => {
			const { last_known_id: lastKnown } = query as { last_known_id?: string };
			return this.store.log.filter(({ id }) => id > Number(lastKnown ?? -1));
		});
		this.app.get('/api/v2/sync/maindata', async (request) => {
			const { rid } = request.query as { rid?: string };
			return this.sync.answer(request.headers.cookie ?? '', Number(rid ?? 0), this.mainData());
		});
	}

	private mainData(): MainData {
		const { store, traits } = this;
		const torrents = (store.list({}) as StandInTorrent[]).map(({ hash, ...torrent }) => [
			hash,
			torrent,
		]);
		const trackers = Map.groupBy(store.named('all'), ({ tracker }) => tracker);
		trackers.delete('');
		return {
			torrents: Object.fromEntries(torrents),
			categories: categoriesOf(store, traits),
			tags: [...store.tags],
			trackers: Object.fromEntries(
				[...trackers].map(([url, all]) => [url, all.map(({ hash }) => hash)]),
			),
			server_state: { ...traits.transferFields, free_space_on_disk: this.freeBytes },
		};
	}

	private serveTorrents(): void {
		const { app, store } = this;
		app.get('/api/v2/torrents/info', async ({ query }) =>
			store.list(query as Record<string, string>),
		);
		app.post('/api/v2/torrents/info', async (request) =>
			store.list(Object.fromEntries(formOf(request))),
		);
		const details: Record<string, (torrent: StandInTorrent) => unknown> = {
			trackers: ({ hash }) => store.trackers(hash),
			files: ({ hash, name, size, progress }) =>
				(store.all.get(hash)?.files ?? [{ name, size }]).map((file, index) => ({
					index,
					progress,
					priority: 1,
					is_seed: progress === 1,
					availability: 0,
					piece_range: [0, 2],
					...file,
				})),
			properties: (torrent) => ({
				addition_date: torrent.added_on,
				comment: torrent.comment,
				save_path: torrent.save_path,
				seeding_time: torrent.seeding_time,
				total_size: torrent.size,
				total_uploaded: torrent.uploaded,
			}),
		};
		for (const [name, detail] of Object.entries(details)) {
			app.get(`/api/v2/torrents/${name}`, async ({ query }, reply) => {
				const [torrent] = store.named((query as { hash?: string }).hash ?? '');
				if (torrent === undefined) return await reply.code(404).send('Not Found');
				return detail(torrent);
			});
		}
		app.get('/api/v2/torrents/export', async ({ query }, reply) => {
			const stored = store.all.get((query as { hash?: string }).hash ?? '');
			if (stored === undefined) return await reply.code(404).send('Not Found');
			if (stored.file !== null)
				return await reply.type('application/x-bittorrent').send(stored.file);
			return await reply.code(409).send('Unable to export torrent file. Error: Missing metadata');
		});
		app.post('/api/v2/torrents/add', async (request, reply) => {
			const form = await multipartOf(request);
			const { status, body } = await addTorrents(store, this.traits, this.preferences, form);
			return await reply.code(status).send(body);
		});
		app.post('/api/v2/torrents/delete', async (request, reply) => {
			const form = formOf(request);
			const refusal = missingFields(form, ['hashes', 'deleteFiles'], this.traits);
			if (refusal !== null) return await reply.code(400).send(refusal);
			store.delete(form.get('hashes') ?? '', form.get('deleteFiles') === 'true');
			return '';
		});
	}

	/** Actions on torrents, silent about those that the client does not have. */
	private serveActions(): void {
		const { words, shareLimits } = this.traits;
		const to = (state: string) => (torrent: StandInTorrent) => {
			torrent.state = `${state}${torrent.progress === 1 ? 'UP' : 'DL'}`;
		};
		const actions: Record<string, (torrent: StandInTorrent, form: URLSearchParams) => void> = {
			[words.stop]: to('stopped'),
			[words.start]: to('stalled'),
			setForceStart: (torrent, form) =>
				to(form.get('value') === 'true' ? 'forced' : 'stalled')(torrent),
			setLocation: (torrent, form) => {
				torrent.save_path = form.get('location') ?? '';
			},
			setDownloadLimit: (torrent, form) => {
				Object.assign(torrent, { dl_limit: Number(form.get('limit')) });
			},
			setUploadLimit: (torrent, form) => {
				Object.assign(torrent, { up_limit: Number(form.get('limit')) });
			},
			setAutoManagement: (torrent, form) => {
				torrent.auto_tmm = form.get('enable') === 'true';
			},
			recheck: () => {},
			reannounce: () => {},
			setShareLimits: (torrent, form) =>
				Object.assign(torrent, {
					ratio_limit: Number(form.get('ratioLimit')),
					seeding_time_limit: Math.trunc(Number(form.get('seedingTimeLimit'))),
					...(shareLimits.includes('inactiveSeedingTimeLimit')
						? { inactive_seeding_time_limit: Number(form.get('inactiveSeedingTimeLimit')) }
						: {}),
					...(shareLimits.includes('shareLimitAction')
						? {
								share_limit_action: form.get('shareLimitAction'),
								share_limits_mode: form.get('shareLimitsMode'),
							}
						: {}),
				}),
		};
		const needed: Record<string, string[]> = {
			setShareLimits: shareLimits,
			setDownloadLimit: ['limit'],
			setUploadLimit: ['limit'],
			setAutoManagement: ['enable'],
		};
		for (const [name, act] of Object.entries(actions)) {
			this.app.post(`/api/v2/torrents/${name}`, async (request, reply) => {
				const form = formOf(request);
				const refusal = missingFields(form, ['hashes', ...(needed[name] ?? [])], this.traits);
				if (refusal !== null) return await reply.code(400).send(refusal);
				if (form.get('location') === '')
					return await reply.code(400).send('Save path cannot be empty');
				for (const torrent of this.store.named(form.get('hashes') ?? '')) act(torrent, form);
				return '';
			});
		}
	}
}

/** Starts a client on loopback. */
export async function startQbittorrentStandIn(
	options: QbittorrentOptions,
): Promise<QbittorrentStandIn> {
	const standIn = new QbittorrentStandIn(options);
	await standIn.start();
	return standIn;
}
