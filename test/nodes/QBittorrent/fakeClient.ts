import nock from 'nock';

import { infoHashOf } from '../../../nodes/shared/bencode';
import { CLIENT_URL } from './runNode';

type Fields = Record<string, unknown>;

/** How the versions under test answer, as the real ones were seen to. */
const VERSIONS = {
	'4.5.2': { webApi: '2.8.19', modern: false, stops: false },
	'5.1.0': { webApi: '2.11.4', modern: false, stops: true },
	'5.3.0': { webApi: '2.16.2', modern: true, stops: true },
};

export type FakeVersion = keyof typeof VERSIONS;

const TRANSFER = {
	connection_status: 'connected',
	dht_nodes: 0,
	dl_info_speed: 1,
	up_info_speed: 2,
};

/** One request that reached the client. */
export interface Call {
	method: string;
	path: string;
	/** Query and form fields together; a multipart body stands under `multipart`. */
	fields: Fields;
}

/** A qBittorrent behind nock: signs in, lists, adds and deletes like the version it plays. */
export class FakeClient {
	readonly torrents = new Map<string, Fields>();

	readonly trackers = new Map<string, Fields[]>();

	readonly calls: Call[] = [];

	/** Sessions that are open. */
	readonly sessions = new Set<string>();

	password = 'secret-word';

	apiKey = '';

	readonly categories = new Map<string, Fields>();

	preferences: Fields = {};

	/** Hashes that survive a delete. */
	readonly undeletable = new Set<string>();

	/** Answers of single paths instead of the usual ones, as [status, body]. */
	readonly overrides = new Map<string, [number, string]>();

	/** The path of the request at which all sessions end, once. */
	sessionsEndAt = '';

	/** The path of requests that get no answer in time. */
	silentAt = '';

	/** Called as a request arrives, also one that gets no answer; may come more than once for the same. */
	onRequest: (path: string) => void = () => {};

	freeSpace = 5_000_000_000;

	private issued = 0;

	/** The last answer of `sync/maindata`: its number, and the torrents that it told of. */
	private sent = { rid: 0, torrents: new Map<string, string>() };

	constructor(readonly version: FakeVersion = '4.5.2') {
		const answer = (uri: string, body: unknown, request: { method: string; headers: Fields }) =>
			this.answer(uri, body, request);
		const scope = nock(CLIENT_URL).persist();
		scope
			.post((uri) => {
				const isSilent = this.silentAt !== '' && uri.endsWith(this.silentAt);
				if (isSilent) this.onRequest(this.silentAt);
				return isSilent;
			})
			.replyWithError(Object.assign(new Error('timeout'), { code: 'ECONNABORTED' }));
		scope.get(/.*/).reply(function (uri, body) {
			return answer(uri, body, this.req as never);
		});
		scope.post(/.*/).reply(function (uri, body) {
			return answer(uri, body, this.req as never);
		});
	}

	/** Puts a torrent into the list. */
	list(hash: string, fields: Fields = {}): Fields {
		const torrent = {
			hash,
			name: `torrent ${hash.slice(0, 4)}`,
			state: 'stalledUP',
			category: 'mam-farming',
			tags: 'mam',
			progress: 1,
			downloaded: 100,
			tracker: '',
			...fields,
		};
		this.torrents.set(hash, torrent);
		return torrent;
	}

	/** The calls of one path. */
	callsOf(path: string): Call[] {
		return this.calls.filter((call) => call.path === path);
	}

	private answer(
		uri: string,
		body: unknown,
		request: { method: string; headers: Fields },
	): [number, string, Record<string, string>] {
		const url = new URL(uri, CLIENT_URL);
		const path = url.pathname.replace('/api/v2/', '');
		const form = String(body);
		const multipart = form.includes('Content-Disposition');
		const fields: Fields = {
			...Object.fromEntries(url.searchParams),
			...(multipart ? { multipart: form } : Object.fromEntries(new URLSearchParams(form))),
		};
		this.calls.push({ method: request.method, path, fields });
		this.onRequest(path);
		const [status, text, headers = {}] = this.route(path, fields, request.headers);
		return [status, text, { 'content-type': 'text/plain', ...headers }];
	}

	private route(
		path: string,
		fields: Fields,
		headers: Fields,
	): [number, string, Record<string, string>?] {
		const override = this.overrides.get(path);
		if (override !== undefined) return override;
		if (path === 'auth/login') return this.signIn(fields);
		if (path === this.sessionsEndAt) {
			this.sessionsEndAt = '';
			this.sessions.clear();
		}
		const cookie = String(headers.cookie ?? '');
		const bearer = String(headers.authorization ?? '');
		if (!this.sessions.has(cookie) && (this.apiKey === '' || bearer !== `Bearer ${this.apiKey}`)) {
			return [403, 'Forbidden'];
		}
		switch (path) {
			case 'app/webapiVersion':
				return [200, VERSIONS[this.version].webApi];
			case 'app/version':
				return [200, `v${this.version}`];
			case 'transfer/info':
				return [200, JSON.stringify(TRANSFER)];
			case 'sync/maindata':
				return [200, JSON.stringify(this.mainData(Number(fields.rid ?? 0)))];
			case 'torrents/info':
				return [200, JSON.stringify(this.listed(fields))];
			case 'torrents/trackers':
				return this.torrents.has(String(fields.hash))
					? [200, JSON.stringify(this.trackers.get(String(fields.hash)) ?? [])]
					: [404, ''];
			case 'torrents/add':
				return this.add(String(fields.multipart));
			case 'torrents/delete':
				for (const hash of String(fields.hashes).split('|')) {
					if (!this.undeletable.has(hash)) this.torrents.delete(hash);
				}
				return [200, ''];
			case 'torrents/setCategory':
				return this.categories.has(String(fields.category))
					? [200, '']
					: [409, 'Incorrect category name'];
			case 'torrents/categories':
				return [200, JSON.stringify(Object.fromEntries(this.categories))];
			case 'torrents/createCategory':
			case 'torrents/editCategory':
				return this.setCategory(path.endsWith('createCategory'), fields);
			case 'torrents/tags':
				return [200, '["mam","keep"]'];
			case 'torrents/files':
				return this.torrents.has(String(fields.hash))
					? [200, '[{"index":0,"name":"book.m4b","size":5,"progress":1,"priority":1}]']
					: [404, ''];
			case 'app/preferences':
				return [200, JSON.stringify(this.preferences)];
			case 'app/setPreferences':
				Object.assign(this.preferences, JSON.parse(String(fields.json)));
				return [200, ''];
			default:
				return this.isAction(path) ? [200, ''] : [404, 'Not Found'];
		}
	}

	/** Changes since the answer `rid` if that was the last one, else everything. */
	private mainData(rid: number): Fields {
		const before = rid > 0 && rid === this.sent.rid ? this.sent.torrents : null;
		const now = new Map([...this.torrents].map(([hash, one]) => [hash, JSON.stringify(one)]));
		this.sent = { rid: this.sent.rid + 1, torrents: now };
		const changed = [...this.torrents].filter(([hash]) => before?.get(hash) !== now.get(hash));
		return {
			rid: this.sent.rid,
			...(before === null ? { full_update: true } : {}),
			torrents: Object.fromEntries(changed),
			torrents_removed: [...(before?.keys() ?? [])].filter((hash) => !now.has(hash)),
			server_state: { free_space_on_disk: this.freeSpace },
		};
	}

	private isAction(path: string): boolean {
		const stops = VERSIONS[this.version].stops ? ['stop', 'start'] : ['pause', 'resume'];
		const actions = [...stops, 'setForceStart', 'recheck', 'reannounce', 'addTags', 'removeTags'];
		actions.push('setShareLimits', 'setLocation', 'removeCategories', 'createTags', 'deleteTags');
		return actions.includes(path.replace('torrents/', ''));
	}

	private setCategory(creating: boolean, fields: Fields): [number, string] {
		const name = String(fields.category);
		if (this.categories.has(name) === creating) return [409, 'Incorrect category name'];
		if (this.categories.get(name)?.savePath === fields.savePath) return [409, 'Unchanged'];
		this.categories.set(name, { name, savePath: fields.savePath });
		return [200, ''];
	}

	private signIn(fields: Fields): [number, string, Record<string, string>?] {
		const { modern } = VERSIONS[this.version];
		if (fields.password !== this.password) return modern ? [401, ''] : [200, 'Fails.'];
		this.sent = { rid: 0, torrents: new Map() };
		const session = `${modern ? 'QBT_SID_8080' : 'SID'}=session${++this.issued}`;
		this.sessions.add(session);
		return [
			modern ? 204 : 200,
			modern ? '' : 'Ok.',
			{ 'set-cookie': `${session}; HttpOnly; path=/` },
		];
	}

	private listed(fields: Fields): Fields[] {
		const hashes = fields.hashes === undefined ? null : String(fields.hashes).split('|');
		const start = Number(fields.offset ?? 0);
		const end = fields.limit === undefined ? undefined : start + Number(fields.limit);
		return [...this.torrents.values()]
			.filter((torrent) => hashes === null || hashes.includes(String(torrent.hash)))
			.slice(start, end)
			.map((torrent) =>
				fields.includeTrackers === 'true' && VERSIONS[this.version].stops
					? { ...torrent, trackers: this.trackers.get(String(torrent.hash)) ?? [] }
					: torrent,
			);
	}

	private add(multipart: string): [number, string] {
		const file = /filename="upload\.torrent"[^]*?\r\n\r\n([^]*?)\r\n--/.exec(multipart)?.[1] ?? '';
		const torrent = infoHashOf(Buffer.from(file, 'latin1'));
		const { modern, stops } = VERSIONS[this.version];
		if (torrent === null) return [415, 'not a valid torrent file'];
		if (this.torrents.has(torrent.infoHash)) return modern ? [409, 'Conflict'] : [200, 'Fails.'];
		const field = (name: string) =>
			new RegExp(`name="${name}"\r\n\r\n(.*)\r\n`).exec(multipart)?.[1] ?? '';
		this.list(torrent.infoHash, {
			name: torrent.name,
			state: field(stops ? 'stopped' : 'paused') === 'true' ? 'stoppedDL' : 'downloading',
			category: field('category'),
			tags: field('tags'),
			save_path: field('savepath'),
		});
		return [200, modern ? '{"success_count":1,"failure_count":0,"pending_count":0}' : 'Ok.'];
	}
}
