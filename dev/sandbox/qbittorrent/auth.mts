import { randomBytes } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { formOf } from './form.mts';
import type { Traits } from './versions.mts';

/** After this many wrong passwords the address is banned until a restart. */
const FAILURES_UNTIL_BAN = 5;
const BANNED = 'Your IP address has been banned after too many failed authentication attempts.';

/** Who may sign in. */
export interface Login {
	username: string;
	password: string;
	/** Accepted instead of a session by versions that know keys; '' for none. */
	apiKey: string;
}

/** Sign-in, sessions, ban, and the refusal of foreign pages. */
export class Auth {
	private readonly login: Login;

	private readonly traits: Traits;

	/** A Host header that is accepted besides its own. */
	private readonly host: string | undefined;

	private readonly sessions = new Set<string>();

	private failures = 0;

	constructor(login: Login, traits: Traits, host?: string) {
		this.login = login;
		this.traits = traits;
		this.host = host;
	}

	/** Guards every route of `app` and adds `auth/login` and `auth/logout`. */
	serve(app: FastifyInstance): void {
		app.addHook('onRequest', async (request, reply) => {
			if (this.isForeign(request)) return await reply.code(401).send('Unauthorized');
			const isSignIn = request.url.startsWith('/api/v2/auth/login');
			if (!isSignIn && !this.isSignedIn(request)) await reply.code(403).send('Forbidden');
		});
		app.post('/api/v2/auth/login', async (request, reply) => await this.signIn(request, reply));
		app.post('/api/v2/auth/logout', async (request) => {
			for (const session of cookiesOf(request)) this.sessions.delete(session);
			return '';
		});
	}

	/** Ends every session, as a restart of the client does. */
	signOutAll(): void {
		this.sessions.clear();
	}

	private isSignedIn(request: FastifyRequest): boolean {
		const { apiKey } = this.login;
		const isKey = this.traits.apiKeys && apiKey !== '';
		if (isKey && request.headers.authorization === `Bearer ${apiKey}`) {
			return !request.url.startsWith('/api/v2/auth/');
		}
		return cookiesOf(request).some((cookie) => this.sessions.has(cookie));
	}

	/** Whether the request is for another host, or a page of another host sent it. */
	private isForeign({ headers, socket }: FastifyRequest): boolean {
		const own = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
		if (![...own, this.host].includes(headers.host ?? '')) return true;
		return [headers.origin, headers.referer].some(
			(source) => source !== undefined && URL.parse(source)?.host !== headers.host,
		);
	}

	private async signIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
		if (this.failures >= FAILURES_UNTIL_BAN) return await reply.code(403).send(BANNED);
		const form = formOf(request);
		const { username, password } = this.login;
		const { signInByStatus } = this.traits;
		if (form.get('username') !== username || form.get('password') !== password) {
			this.failures += 1;
			return signInByStatus
				? await reply.code(401).send('Unauthorized')
				: await reply.send('Fails.');
		}
		this.failures = 0;
		const name = signInByStatus ? `QBT_SID_${request.socket.localPort ?? 8080}` : 'SID';
		const session = `${name}=${randomBytes(12).toString('hex')}`;
		this.sessions.add(session);
		reply.header('set-cookie', `${session}; HttpOnly; SameSite=Strict; path=/`);
		return signInByStatus ? await reply.code(204).send() : await reply.send('Ok.');
	}
}

/** The cookies that were sent, each as `name=value`. */
function cookiesOf(request: FastifyRequest): string[] {
	return (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
}
