import nock from 'nock';

const SITE = 'https://www.myanonamouse.net';

/** What the site answers to one request; the rotation is added by {@link StrictSite}. */
export interface SiteAnswer {
	status?: number;
	body: unknown;
}

export type SiteHandler = (request: { query: URLSearchParams; body: unknown }) => SiteAnswer;

export const ACCOUNT = {
	classname: 'User',
	downloaded_bytes: 10 * 1024 ** 3,
	uploaded_bytes: 20 * 1024 ** 3,
	ratio: 2,
	seedbonus: 30000,
	uid: 4711,
	username: 'tester',
	vip_until: null,
	wedges: 2,
	snatch_summary: {
		connectable: 'yes',
		unsat: { count: 3, limit: 50 },
		inactHnr: { count: 0 },
		seedHnr: { count: 0 },
	},
};

/** Whether a body is sent as it is: text, bytes or a stream of them. */
function isRaw(body: unknown): boolean {
	const isStream = typeof (body as { pipe?: unknown } | null)?.pipe === 'function';
	return typeof body === 'string' || Buffer.isBuffer(body) || isStream;
}

let issued = 0;

/** A MAM on nock whose session values are valid once. It takes the place of an earlier one. */
export class StrictSite {
	/** Paths of the requests that carried the current session, in order. */
	readonly accepted: string[] = [];

	/** Paths of the requests that carried another value. */
	readonly refused: string[] = [];

	readonly bodies: unknown[] = [];

	/** Called when a request was refused, before the answer leaves. */
	onRefused = (): void => {};

	current: string;

	private readonly handlers = new Map<string, SiteHandler>();

	constructor(first = 'first%3Dvalue', host: string | RegExp = SITE) {
		this.current = first;
		this.handlers.set('/jsonLoad.php', () => ({ body: ACCOUNT }));
		const answer = this.answer.bind(this);
		nock.cleanAll();
		nock(host)
			.persist()
			.intercept(/.*/, 'GET')
			.reply(function (uri) {
				return answer(uri, undefined, this.req.headers.cookie);
			})
			.intercept(/.*/, 'POST')
			.reply(function (uri, body) {
				return answer(uri, body, this.req.headers.cookie);
			});
	}

	/** Lets `handler` answer a path. */
	on(path: string, handler: SiteHandler): this {
		this.handlers.set(path, handler);
		return this;
	}

	private answer(uri: string, body: unknown, cookie: unknown): nock.ReplyFnResult {
		const { pathname, searchParams } = new URL(uri, SITE);
		if (String(cookie) !== `mam_id=${this.current}`) {
			this.refused.push(pathname);
			this.onRefused();
			return [
				403,
				'Error, you are not signed in <br />Invalid/missing cookie',
				{ 'content-type': 'text/html', 'set-cookie': 'mam_id=deleted; Max-Age=0; path=/' },
			];
		}
		this.accepted.push(pathname);
		this.bodies.push(body);
		this.current = `rotated-${++issued}%3D`;
		const handler = this.handlers.get(pathname);
		const reply = handler?.({ query: searchParams, body }) ?? { status: 404, body: 'Not found' };
		return [
			reply.status ?? 200,
			(isRaw(reply.body) ? reply.body : JSON.stringify(reply.body)) as nock.Body,
			{ 'set-cookie': `mam_id=${this.current}; Max-Age=1296000; path=/; secure; SameSite=Lax` },
		];
	}
}
