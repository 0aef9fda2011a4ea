import type { FastifyInstance } from 'fastify';
import nock from 'nock';

/** Address under which the tests call the client. */
export const CLIENT_URL = 'http://qbt.test:8080';

export type Fields = Record<string, unknown>;

export type Version = '4.5.2' | '5.1.0' | '5.3.0';

/** The stand-in of dev/sandbox, which is held against recordings of the real versions. */
interface StandIn {
	app: FastifyInstance;
	login: { password: string; apiKey: string };
	preferences: Fields;
	freeBytes: number;
	freeBytesAt: Map<string, number>;
	store: {
		all: Map<string, { listed: Fields; trackers: object[] | null }>;
		categories: Map<string, { savePath: string; downloadPath?: string | false }>;
		tags: Set<string>;
		undeletable: Set<string>;
		unremovable: Set<string>;
		give(torrent: Fields): void;
	};
	signOutAll(): void;
}

/** The class itself: see environment.cjs. */
declare const QbittorrentStandIn: new (options: object) => StandIn;

/** One request that reached the client. */
export interface Call {
	method: string;
	path: string;
	/** Query and form fields together; a multipart body stands under `multipart`. */
	fields: Fields;
}

/** The sandbox's qBittorrent behind nock, with the ways in which a connection goes wrong. */
export class TestClient {
	readonly calls: Call[] = [];

	/** Answers of single paths instead of the client's own, as [status, body]. */
	readonly overrides = new Map<string, [number, string]>();

	/** The path of the request at which all sessions end, once. */
	sessionsEndAt = '';

	/** The path of requests that get no answer in time. */
	silentAt = '';

	/** The path under which a proxy serves the client; '' without one. */
	prefix = '';

	/** Whether it asks this address for no sign-in: whoever has no session is given one with the answer. */
	trustsAddress = false;

	/** `user:password` that a proxy in front asks for; '' without one. */
	basicAuth = '';

	/** Called as a request arrives, also one that gets no answer; may come more than once for the same. */
	onRequest: (path: string) => void = () => {};

	private readonly standIn: StandIn;

	constructor(readonly version: Version = '4.5.2') {
		this.standIn = new QbittorrentStandIn({
			version,
			password: 'secret-word',
			host: 'qbt.test:8080',
		});
		const answer = async (uri: string, body: unknown, request: RequestOfNock) =>
			await this.answer(uri, String(body), request);
		const scope = nock(CLIENT_URL).persist();
		scope
			.post((uri) => {
				const isSilent = this.silentAt !== '' && uri.endsWith(this.silentAt);
				if (isSilent) this.onRequest(this.silentAt);
				return isSilent;
			})
			.replyWithError(Object.assign(new Error('timeout'), { code: 'ECONNABORTED' }));
		for (const method of ['get', 'post'] as const) {
			scope[method](/.*/).reply(async function (uri, body) {
				return await answer(uri, body, this.req as unknown as RequestOfNock);
			});
		}
	}

	/** Who may sign in; the tests sign in with `secret-word`. */
	get login(): StandIn['login'] {
		return this.standIn.login;
	}

	/** What the client has, by hash; changing a torrent changes the client. */
	get torrents(): Map<string, Fields> {
		return new Map([...this.standIn.store.all].map(([hash, { listed }]) => [hash, listed]));
	}

	get categories(): StandIn['store']['categories'] {
		return this.standIn.store.categories;
	}

	get tags(): Set<string> {
		return this.standIn.store.tags;
	}

	/** Hashes that survive a delete. */
	get undeletable(): Set<string> {
		return this.standIn.store.undeletable;
	}

	/** Hashes whose files survive a delete. */
	get unremovable(): Set<string> {
		return this.standIn.store.unremovable;
	}

	get preferences(): Fields {
		return this.standIn.preferences;
	}

	/** Replaces all preferences. */
	set preferences(preferences: Fields) {
		for (const key of Object.keys(this.preferences)) delete this.preferences[key];
		Object.assign(this.preferences, preferences);
	}

	/** Bytes; -1 when the client does not know it. */
	set freeSpace(bytes: number) {
		this.standIn.freeBytes = bytes;
	}

	/** Bytes on the disks of folders that are not on that of the default save path. */
	get freeSpaceAt(): Map<string, number> {
		return this.standIn.freeBytesAt;
	}

	/** Ends every session, as a restart of the client does. */
	endSessions(): void {
		this.standIn.signOutAll();
	}

	/** Puts a torrent into the list, complete and seeding unless `fields` say otherwise. */
	list(hash: string, fields: Fields = {}): Fields {
		this.standIn.store.give({
			hash,
			name: `torrent ${hash.slice(0, 4)}`,
			state: 'stalledUP',
			category: 'mam-farming',
			tags: 'mam',
			progress: 1,
			downloaded: 100,
			...fields,
		});
		return this.standIn.store.all.get(hash)!.listed;
	}

	/** Takes a torrent out of the list, as a user of the client does. */
	drop(hash: string): void {
		this.standIn.store.all.delete(hash);
	}

	/** What the trackers of a torrent say. */
	setTrackers(hash: string, trackers: object[]): void {
		this.standIn.store.all.get(hash)!.trackers = trackers;
	}

	/** The calls of one path. */
	callsOf(path: string): Call[] {
		return this.calls.filter((call) => call.path === path);
	}

	private async answer(uri: string, body: string, request: RequestOfNock): Promise<NockAnswer> {
		const url = uri.replace(this.prefix, '');
		const { pathname, searchParams } = new URL(url, CLIENT_URL);
		const path = pathname.replace('/api/v2/', '');
		const isMultipart = String(request.headers['content-type']).startsWith('multipart/');
		this.calls.push({
			method: request.method,
			path,
			fields: {
				...Object.fromEntries(searchParams),
				...(isMultipart ? { multipart: body } : Object.fromEntries(new URLSearchParams(body))),
			},
		});
		this.onRequest(path);
		if (path === this.sessionsEndAt) {
			this.sessionsEndAt = '';
			this.endSessions();
		}
		const pass = `Basic ${Buffer.from(this.basicAuth).toString('base64')}`;
		if (this.basicAuth !== '' && request.headers.authorization !== pass)
			return [401, 'Unauthorized', { 'www-authenticate': 'Basic realm="proxy"' }];
		const override = this.overrides.get(path);
		if (override !== undefined) return [...override, { 'content-type': 'text/plain' }];
		const headers = { ...request.headers };
		delete headers['content-length'];
		// nock gives a body that is not text as hex digits.
		const isHex = isMultipart && /^[\da-f]+$/.test(body);
		const inject = async (extra: Record<string, string>) =>
			await this.standIn.app.inject({
				method: request.method as 'GET' | 'POST',
				url,
				headers: { ...headers, ...extra },
				payload: Buffer.from(body, isHex ? 'hex' : 'utf8'),
			});
		let answered = await inject({});
		let given = {};
		if (this.trustsAddress && answered.statusCode === 403) {
			const session = await this.newSession();
			answered = await inject({ cookie: session });
			given = { 'set-cookie': session };
		}
		const { statusCode, rawPayload } = answered;
		return [statusCode, rawPayload, { ...(answered.headers as Record<string, string>), ...given }];
	}

	private async newSession(): Promise<string> {
		const { headers } = await this.standIn.app.inject({
			method: 'POST',
			url: '/api/v2/auth/login',
			headers: { host: 'qbt.test:8080', 'content-type': 'application/x-www-form-urlencoded' },
			payload: `username=admin&password=${this.login.password}`,
		});
		return String(headers['set-cookie']).split(';')[0];
	}
}

interface RequestOfNock {
	method: string;
	headers: Record<string, string>;
}

type NockAnswer = [number, string | Buffer, Record<string, string>];
