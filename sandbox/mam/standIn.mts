import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { accountBody, healthyAccount, type AccountState } from './account.mts';
import { buy, type Booking } from './bonus.mts';
import { Catalogue } from './catalogue.mts';
import { download } from './download.mts';
import { record, UNREADABLE } from './oddShapes.mts';
import { FIXED_ANSWERS, Refusals, type FixedAnswer, type RefusalRule } from './refusals.mts';
import { nestedQuery, search } from './search.mts';
import { Sessions, type SessionKind } from './session.mts';
import { Tracker } from './tracker.mts';

/** How the stand-in is started. */
export interface MamOptions {
	port?: number;
	trackerPort?: number;
	/** Same seed, same catalogue. */
	seed?: number;
	catalogueSize?: number;
	/** Records in every odd shape that the site was seen to send. On by default. */
	oddShapes?: boolean;
	/** Each session value is valid once. On by default. */
	strictRotation?: boolean;
	account?: Partial<AccountState>;
}

/** One request to the site, without session values. */
export interface LoggedRequest {
	at: number;
	method: string;
	path: string;
	query: Record<string, unknown>;
	body: unknown;
	status: number;
}

interface Reply {
	status?: number;
	body: unknown;
	type?: string;
	location?: string;
}

type Handler = (request: FastifyRequest) => Reply;

const SEARCH_PATH = '/tor/js/loadSearchJSONbasic.php';

/** Session kinds that are refused, with the refusal they meet. */
const KIND_REFUSALS: Partial<Record<SessionKind, FixedAnswer>> = {
	ip_lock: FIXED_ANSWERS.ip_mismatch,
	asn_lock: FIXED_ANSWERS.asn_mismatch,
	session_type: FIXED_ANSWERS.session_type,
};

/** A MyAnonamouse on loopback: site, tracker, account and catalogue, hostile by default. */
export class MamStandIn {
	url = '';

	readonly account: AccountState;

	readonly session: Sessions;

	readonly purchases: Booking[] = [];

	readonly requests: LoggedRequest[] = [];

	readonly tracker: Tracker;

	catalogue!: Catalogue;

	private readonly refusals = new Refusals();

	private readonly app: FastifyInstance = Fastify({
		forceCloseConnections: true,
		routerOptions: { ignoreTrailingSlash: true },
	});

	private readonly options: MamOptions;

	private accountReads = 0;

	private searches = 0;

	constructor(options: MamOptions) {
		this.options = options;
		this.account = { ...healthyAccount(), ...options.account };
		this.session = new Sessions(options.strictRotation ?? true);
		this.tracker = new Tracker(this.account, () => this.catalogue);
	}

	async start(): Promise<void> {
		const { seed = 1, catalogueSize = 1400, port = 0, trackerPort = 0 } = this.options;
		await this.tracker.start(trackerPort);
		this.catalogue = new Catalogue(seed, catalogueSize, this.tracker.url);
		this.routes();
		this.url = await this.app.listen({ port, host: '127.0.0.1' });
	}

	async stop(): Promise<void> {
		await this.app.close();
		await this.tracker.stop();
	}

	/** Switches a refusal on. */
	refuse(rule: RefusalRule): void {
		this.refusals.add(rule);
	}

	clearRefusals(): void {
		this.refusals.clear();
	}

	/** The .torrent file that the site serves for an entry. */
	torrentFile(id: number): Buffer {
		return this.catalogue.file(id).bytes;
	}

	/** Requests to one path, oldest first. */
	requestsTo(path: string): LoggedRequest[] {
		return this.requests.filter((request) => request.path.startsWith(path));
	}

	private routes(): void {
		// A body that is no JSON is answered with 200 and nothing, so it is parsed by hand.
		this.app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
			done(null, body),
		);
		this.app.removeContentTypeParser('application/json');
		this.app.addContentTypeParser(
			'application/json',
			{ parseAs: 'string' },
			(_request, body, done) => done(null, body),
		);
		this.signedIn('GET', '/jsonLoad.php', (request) => this.jsonLoad(request));
		this.signedIn('GET', SEARCH_PATH, ({ query }) =>
			this.search(nestedQuery(query as Record<string, unknown>)),
		);
		this.signedIn('POST', SEARCH_PATH, ({ body }) => this.searchJson(String(body)));
		this.signedIn('GET', '/json/bonusBuy.php', ({ query }) => ({
			body: buy(this.account, query as Record<string, unknown>, Date.now(), this.purchases),
		}));
		this.signedIn('GET', '/tor/download.php', ({ query }) => {
			const { tid, fl } = query as { tid?: string; fl?: string };
			if (tid === undefined) return page('Invalid download link');
			return file(
				download(
					this.account,
					this.catalogue,
					this.catalogue.find(Number(tid)),
					fl !== undefined,
					Date.now(),
				),
			);
		});
		this.signedIn('GET', '/json/dynamicSeedbox.php', () => ({
			body: { Success: true, msg: 'No change', ip: '127.0.0.1', ASN: 64500, AS: 'Loopback' },
		}));
		this.signedIn('GET', '/json/loadUserDetailsTorrents.php', () => ({
			body: { rows: this.snatches(), success: true },
		}));
		this.app.get('/json/jsonIp.php', async () => ({
			ip: '127.0.0.1',
			ASN: 64500,
			AS: 'Loopback',
			time: Date.now(),
		}));
		this.app.get(
			'/tor/download.php/:dl',
			async (request, reply) => await this.downloadByHash(request, reply),
		);
		this.app.post('/sandbox/refuse', async ({ body }) =>
			this.refuse(JSON.parse(String(body)) as RefusalRule),
		);
		this.app.post('/sandbox/account', async ({ body }) =>
			Object.assign(this.account, JSON.parse(String(body))),
		);
		this.app.get('/sandbox/state', async () => ({
			account: this.account,
			purchases: this.purchases,
			session: { accepted: this.session.accepted, refused: this.session.refused },
		}));
	}

	private signedIn(method: 'GET' | 'POST', path: string, handler: Handler): void {
		this.app.route({
			method,
			url: path,
			handler: async (request, reply) => await this.answer(request, reply, handler),
		});
	}

	private async answer(
		request: FastifyRequest,
		reply: FastifyReply,
		handler: Handler,
	): Promise<FastifyReply | void> {
		const [path] = request.url.split('?');
		if (!request.headers['user-agent']) return await reply.code(400).send('Bad request');
		const rule = this.refusals.take(path);
		if (rule?.refusal === 'hang') return await new Promise(() => {});
		if (rule?.refusal === 'reset') {
			request.raw.destroy();
			return;
		}
		const fixed = rule === null ? undefined : FIXED_ANSWERS[rule.refusal];
		const value = /(?:^|;\s*)mam_id=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
		const kind = this.session.check(value);
		const refusal = fixed ?? (kind === null ? FIXED_ANSWERS.dead_cookie : KIND_REFUSALS[kind]);
		if (refusal !== undefined)
			return await this.send(request, reply, refusal, refusal.rotates ? value : '');
		const answer = handler(request);
		if (rule?.refusal === 'server_error_after_booking') {
			return await this.send(request, reply, { status: 502, body: 'Bad gateway' }, value);
		}
		if (rule?.refusal === 'truncated_torrent') {
			const body = Buffer.from(answer.body as Buffer).subarray(0, 100);
			return await this.send(request, reply, { ...answer, body }, value);
		}
		if (rule?.refusal === 'late') await new Promise((done) => setTimeout(done, rule.ms ?? 1000));
		return await this.send(request, reply, answer, value);
	}

	/** Sends an answer with the next session value of `rotates`, or with none for ''. */
	private async send(
		request: FastifyRequest,
		reply: FastifyReply,
		answer: Reply & { retires?: boolean },
		rotates: string,
	): Promise<FastifyReply> {
		const status = answer.status ?? 200;
		this.log(request, status);
		const next = rotates === '' ? '' : this.session.rotate(rotates);
		if (next !== '') {
			reply.header(
				'set-cookie',
				`mam_id=${next}; Max-Age=1296000; path=/; domain=.myanonamouse.net; secure; SameSite=Lax`,
			);
		} else if (answer.retires === true) {
			reply.header(
				'set-cookie',
				'mam_id=deleted; Max-Age=0; path=/; domain=.myanonamouse.net; secure',
			);
		}
		if (answer.location !== undefined) reply.header('location', answer.location);
		const text = typeof answer.body === 'string' || Buffer.isBuffer(answer.body);
		reply.type(
			answer.type ?? (text ? 'text/html; charset=UTF-8' : 'application/json; charset=UTF-8'),
		);
		return await reply.code(status).send(text ? answer.body : JSON.stringify(answer.body));
	}

	private log(request: FastifyRequest, status: number): void {
		const [path] = request.url.split('?');
		const { method, query, body } = request;
		const parsed = typeof body === 'string' ? (parseJson(body) ?? body) : body;
		this.requests.push({
			at: Date.now(),
			method,
			path,
			query: query as Record<string, unknown>,
			body: parsed,
			status,
		});
	}

	private jsonLoad({ query }: FastifyRequest): Reply {
		const legacy = (this.options.oddShapes ?? true) && this.accountReads++ % 2 === 1;
		const summary = 'snatch_summary' in (query as object);
		return { body: accountBody(this.account, { summary, legacy }) };
	}

	private searchJson(body: string): Reply {
		const root = parseJson(body);
		if (typeof root !== 'object' || root === null) return { body: '' };
		return this.search(root as Record<string, unknown>);
	}

	private search(root: Record<string, unknown>): Reply {
		const odd = this.options.oddShapes ?? true;
		const { entries, perpage, start, total, found } = search(this.catalogue, root);
		if (entries.length === 0) return { body: { error: `Nothing returned, out of ${total}` } };
		const data: unknown[] = entries.map((entry) => record(entry, odd, 'dlLink' in root));
		// Now and then a page holds a record that nobody can read.
		if (odd && this.searches++ % 3 === 0 && entries.length < perpage) data.splice(1, 0, UNREADABLE);
		return { body: { perpage, start, total, found, data } };
	}

	private snatches(): unknown[] {
		return this.catalogue.entries
			.filter(({ mySnatched }) => mySnatched)
			.slice(0, 250)
			.map(({ id, title, sizeBytes, seeders, leechers }) => ({
				id,
				title,
				size: sizeBytes,
				seedtime: 3600,
				seeders,
				leechers,
				STG: '2d 23:00:00',
			}));
	}

	private async downloadByHash(
		request: FastifyRequest,
		reply: FastifyReply,
	): Promise<FastifyReply> {
		const { dl } = request.params as { dl: string };
		const entry = this.catalogue.entries.find((candidate) => candidate.dl === dl);
		const served =
			entry === undefined
				? page('Invalid download link')
				: file(download(this.account, this.catalogue, entry, false, Date.now()));
		return await this.send(request, reply, served, '');
	}
}

function page(text: string): Reply {
	return { body: `<!doctype html><html><body>${text}</body></html>` };
}

function file(served: { status: number; body: Buffer | string }): Reply {
	const type = Buffer.isBuffer(served.body)
		? 'application/x-bittorrent'
		: 'text/html; charset=UTF-8';
	return { ...served, type };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** Starts a stand-in on free loopback ports. */
export async function startMam(options: MamOptions = {}): Promise<MamStandIn> {
	const standIn = new MamStandIn(options);
	await standIn.start();
	return standIn;
}
