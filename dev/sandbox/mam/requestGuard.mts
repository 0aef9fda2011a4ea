import { setTimeout as delay } from 'node:timers/promises';

import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';

import { FIXED_ANSWERS, type FixedAnswer, type Refusals } from './refusals.mts';
import type { SessionKind, Sessions } from './session.mts';

/** One request to the site, without session values. */
export interface LoggedRequest {
	/** Unix milliseconds. */
	at: number;
	method: string;
	path: string;
	query: Record<string, unknown>;
	/** The parsed JSON of a POST, or its text when it is none. */
	body: unknown;
	/** 0 when no answer was given. */
	status: number;
	/** Whether the session value was valid; null when none was looked at. */
	cookieAccepted: boolean | null;
}

/** What a page answers: text, bytes, or a value that is sent as JSON. */
export interface Reply {
	status?: number;
	body: unknown;
	type?: string;
	location?: string;
}

export type Page = (request: FastifyRequest) => Reply;

/** How a page treats the session. */
export interface PageRules {
	/** `optional`: judged and rotated when one was sent. */
	session?: 'needed' | 'optional' | 'unused';
	/** Turns the text of a 403 into the page's own way of refusing. */
	refuse?: (text: string, hasCookie: boolean) => unknown;
}

/** Session kinds that are refused, with the refusal they meet. */
const KIND_REFUSALS: Partial<Record<SessionKind, FixedAnswer>> = {
	ip_lock: FIXED_ANSWERS.ip_mismatch,
	asn_lock: FIXED_ANSWERS.asn_mismatch,
	session_type: FIXED_ANSWERS.session_type,
};

const RETIRED = 'mam_id=deleted; Max-Age=0; path=/; domain=.myanonamouse.net; secure';

function rotated(value: string): string {
	return `mam_id=${value}; Max-Age=1296000; path=/; domain=.myanonamouse.net; secure; SameSite=Lax`;
}

/** What stands before every page: the User-Agent, refusals that are switched on, the session, the log. */
export class RequestGuard {
	/** Every request, in the order in which the answers left. */
	readonly requests: LoggedRequest[] = [];

	private readonly session: Sessions;

	private readonly refusals: Refusals;

	constructor(session: Sessions, refusals: Refusals) {
		this.session = session;
		this.refusals = refusals;
	}

	/** `page` as a route of the site. */
	page(page: Page, rules: PageRules = {}): RouteHandlerMethod {
		return async (request, reply) => await this.pass(request, reply, page, rules);
	}

	private async pass(
		request: FastifyRequest,
		reply: FastifyReply,
		page: Page,
		rules: PageRules,
	): Promise<FastifyReply | void> {
		const send = (answer: Reply, cookieAccepted: boolean | null, cookie = '') =>
			this.send(request, reply, answer, cookieAccepted, cookie);
		if (!request.headers['user-agent']) return send({ status: 400, body: 'Bad request' }, null);
		const rule = this.refusals.take(pathOf(request));
		if (rule?.refusal === 'hang' || rule?.refusal === 'reset') {
			this.log(request, 0, null);
			if (rule.refusal === 'hang') return await new Promise(() => {});
			request.raw.destroy();
			return;
		}

		const value = sentValue(request);
		const isJudged = rules.session === 'optional' ? value !== '' : rules.session !== 'unused';
		const kind = isJudged ? this.session.check(value) : 'good';
		const accepted = isJudged ? kind !== null : null;
		// Rotated at once: the old value is invalid even while the answer is still in flight.
		const next = () => {
			const fresh = isJudged ? this.session.rotate(value) : '';
			return fresh === '' ? '' : rotated(fresh);
		};
		const usual = rule === null ? undefined : FIXED_ANSWERS[rule.refusal];
		const switchedOn = usual && {
			...usual,
			body: rule?.body ?? usual.body,
			location: rule?.location ?? usual.location,
		};
		const refusal = switchedOn ?? (kind === null ? FIXED_ANSWERS.dead_cookie : KIND_REFUSALS[kind]);
		if (refusal !== undefined) {
			const cookie = refusal.retires ? RETIRED : refusal.rotates ? next() : '';
			if (refusal.status !== 403 || rules.refuse === undefined)
				return send(refusal, accepted, cookie);
			return send(
				{ status: 403, body: rules.refuse(refusal.body, value !== '') },
				accepted,
				cookie,
			);
		}

		const answer = page(request);
		const cookie = next();
		if (rule?.refusal === 'late') await delay(rule.ms ?? 1000, undefined, { ref: false });
		if (rule?.refusal === 'server_error_after_booking')
			return send({ status: 502, body: 'Bad gateway' }, accepted, cookie);
		if (rule?.refusal === 'truncated_torrent' && Buffer.isBuffer(answer.body))
			return send({ ...answer, body: answer.body.subarray(0, 100) }, accepted, cookie);
		return send(answer, accepted, cookie);
	}

	private send(
		request: FastifyRequest,
		reply: FastifyReply,
		answer: Reply,
		cookieAccepted: boolean | null,
		cookie: string,
	): FastifyReply {
		const { status = 200, body, location } = answer;
		this.log(request, status, cookieAccepted);
		if (cookie !== '') reply.header('set-cookie', cookie);
		if (location !== undefined) reply.header('location', location);
		const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
		reply.type(
			answer.type ?? (isRaw ? 'text/html; charset=UTF-8' : 'application/json; charset=UTF-8'),
		);
		return reply.code(status).send(isRaw ? body : JSON.stringify(body));
	}

	private log(request: FastifyRequest, status: number, cookieAccepted: boolean | null): void {
		const { method, body } = request;
		this.requests.push({
			at: Date.now(),
			method,
			path: pathOf(request),
			query: request.query as Record<string, unknown>,
			body: typeof body === 'string' ? (parseJson(body) ?? body) : body,
			status,
			cookieAccepted,
		});
	}
}

function pathOf(request: FastifyRequest): string {
	return request.url.split('?')[0];
}

/** The session value as it was sent, never decoded. */
function sentValue(request: FastifyRequest): string {
	return /(?:^|;\s*)mam_id=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
