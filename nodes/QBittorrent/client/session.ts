import { createHash } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';

import type { FailureFacts } from '../../shared/failure';
import {
	rejectedHostHeaderFacts,
	networkFacts,
	noWebApiFacts,
	RAW_ANSWER,
	notQbittorrentFacts,
	textOf,
	toAnswer,
	unexpectedFacts,
	type Answer,
} from './answer';

/** Time that a short request may take, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** What the credential keeps of the last sign-in, in its hidden `tokenState`. */
export interface SessionState {
	/** Fingerprint of the address, user and password it belongs to. */
	login: string;
	/** `name=value` pairs to send; null after a refused sign-in. '' when qBittorrent asks this host for none. */
	cookie: string | null;
	/** Why the last sign-in was refused; null when it succeeded. */
	refusal: FailureFacts | null;
	/** Wrong passwords in a row. */
	failures: number;
}

const HOUR_MS = 3_600_000;

/** When a wrong password may be sent again: after 1, 4 and 16 hours, then daily. qBittorrent bans at the fifth. */
function retryDelayMs(failures: number): number {
	return Math.min(24, 4 ** (failures - 1)) * HOUR_MS;
}

/** Whether a refused password must not be sent yet. A time further away than any delay is a clock that jumped. */
export function holdsBack({ cause, until }: FailureFacts, now: number): boolean {
	if (cause !== 'client_auth' || !until) return false;
	const leftMs = Date.parse(until) - now;
	return leftMs > 0 && leftMs <= 24 * HOUR_MS;
}

/** The stored fields of the credential `qBittorrentWebApi`. */
export interface LoginFields {
	url: string;
	username: string;
	password: string;
	apiKey: string;
	allowUnauthorizedCerts: boolean;
	/** The sign-in of a reverse proxy; '' without one. */
	basicAuthUser: string;
	basicAuthPassword: string;
	tokenState: string;
}

/** The fields of a credential, each with its type; the URL without a trailing slash. */
export function loginFields(credential: ICredentialDataDecryptedObject): LoginFields {
	const text = (name: string) => String(credential[name] ?? '');
	return {
		url: text('url').trim().replace(/\/+$/, ''),
		username: text('username'),
		password: text('password'),
		apiKey: text('apiKey').trim(),
		allowUnauthorizedCerts: credential.allowUnauthorizedCerts === true,
		basicAuthUser: text('basicAuthUser'),
		basicAuthPassword: text('basicAuthPassword'),
		tokenState: text('tokenState'),
	};
}

/** What is wrong with the credential's URL; null for an http(s) address without a password in it. */
export function urlFacts({ url }: LoginFields): FailureFacts | null {
	if (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url)) {
		return {
			cause: 'bad_parameter',
			sentence: `"${withoutLogin(url)}" is not a valid qBittorrent WebUI address.`,
			action:
				'Enter the URL in the credential with http:// or https://, host and port, e.g. http://localhost:8080.',
		};
	}
	const { username, password } = new URL(url);
	if (username === '' && password === '') return null;
	return {
		cause: 'bad_parameter',
		// Failures quote the URL, and are stored and shown.
		sentence: 'The URL in the credential contains a user or password.',
		action:
			'Enter them in the fields Username and Password, and leave only the address in the URL.',
	};
}

function withoutLogin(url: string): string {
	return url.replace(/.*@/, '');
}

/** A short hash: enough to notice that `parts` changed, too short to try passwords against. */
function shortHash(...parts: string[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

/** Changes with address, user, password and key. */
export function fingerprint(fields: LoginFields): string {
	const { url, username, password, apiKey, basicAuthUser, basicAuthPassword } = fields;
	return shortHash(url, username, password, apiKey, basicAuthUser, basicAuthPassword);
}

/** The headers by which a request is let through: the session or the key, and the sign-in of a proxy in front. */
export function signInHeaders(fields: LoginFields, cookie: string | null): IDataObject {
	const { apiKey, basicAuthUser, basicAuthPassword } = fields;
	// A key takes the header that the proxy would read.
	if (apiKey !== '') return { Authorization: `Bearer ${apiKey}` };
	const session = cookie === null ? {} : { Cookie: cookie };
	if (basicAuthUser === '') return session;
	const pair = Buffer.from(`${basicAuthUser}:${basicAuthPassword}`).toString('base64');
	return { ...session, Authorization: `Basic ${pair}` };
}

/** The stored state if it belongs to the current login; otherwise the state before any sign-in. */
export function readSession(fields: LoginFields): SessionState {
	const login = fingerprint(fields);
	try {
		const stored = JSON.parse(fields.tokenState) as SessionState;
		if (stored.login === login) return { ...stored, failures: stored.failures ?? 0 };
	} catch {
		// Nothing stored yet.
	}
	return { login, cookie: null, refusal: null, failures: 0 };
}

/** Identifies a session without revealing it; null when there is none, as with an API key. */
export function sessionMark(fields: LoginFields): string | null {
	const { login, cookie } = readSession(fields);
	return fields.apiKey !== '' || !cookie ? null : shortHash(login, cookie);
}

/** Identifies the address of a client without revealing it. */
export function addressMark({ url }: LoginFields): string {
	return shortHash(url);
}

/** Whether `target` is on the host of the credential: the session goes nowhere else. */
export function isOwnAddress(fields: LoginFields, request: IHttpRequestOptions): boolean {
	try {
		const base = request.baseURL ?? fields.url;
		return new URL(request.url, base).origin === new URL(fields.url).origin;
	} catch {
		return false;
	}
}

function wrongPassword(username: string): FailureFacts {
	return {
		cause: 'client_auth',
		sentence: `qBittorrent refused the password of user "${username}".`,
		action:
			'Correct username and password in the credential, or the password in qBittorrent, and press Retry in the credential. This password is tried again after an hour, then less and less often, because qBittorrent bans an address after 5 failures.',
	};
}

/** The facts of an API key that is not accepted. */
export const REFUSED_KEY: FailureFacts = {
	cause: 'client_auth',
	sentence: 'qBittorrent refused the API key.',
	action:
		'Enter the key shown in qBittorrent under WebUI, or leave it empty and use a password: API keys exist since qBittorrent 5.2.',
};

const BANNED: FailureFacts = {
	cause: 'client_banned',
	sentence: 'qBittorrent has banned the address of n8n after too many failed sign-ins.',
	action:
		'Restart qBittorrent (that ends the ban) or wait until it is over (an hour unless changed), then correct the credential and save it.',
};

type Http = IHttpRequestHelper['helpers'];

async function call(
	http: Http,
	fields: LoginFields,
	request: IHttpRequestOptions,
): Promise<Answer> {
	return toAnswer(
		await http.httpRequest({
			...RAW_ANSWER,
			timeout: REQUEST_TIMEOUT_MS,
			skipSslCertificateValidation: fields.allowUnauthorizedCerts,
			headers: signInHeaders(fields, null),
			...request,
		}),
	);
}

/** Why a sign-in was not accepted: 5.2 answers 401 both to a wrong password and to a foreign Host. */
async function refusalOf(http: Http, fields: LoginFields, answer: Answer): Promise<FailureFacts> {
	const other = notQbittorrentFacts(answer, fields.url);
	if (other !== null) return other;
	if (answer.status === 403) return BANNED;
	if (answer.status === 401) {
		// Whoever is not signed in gets 403 here; only a refused Host gets 401 again.
		const probe = await call(http, fields, { url: `${fields.url}/api/v2/app/webapiVersion` });
		return probe.status === 401
			? rejectedHostHeaderFacts(fields.url)
			: wrongPassword(fields.username);
	}
	if (answer.status === 200 && textOf(answer) === 'Fails.') return wrongPassword(fields.username);
	if (answer.status === 404) return noWebApiFacts(fields.url);
	return unexpectedFacts(answer, 'the sign-in');
}

type Attempt = Pick<SessionState, 'cookie' | 'refusal'>;

/** Proves an API key, which needs no session. */
async function attemptKey(http: Http, fields: LoginFields): Promise<Attempt> {
	const answer = await call(http, fields, {
		url: `${fields.url}/api/v2/app/webapiVersion`,
	});
	if (answer.status === 200 && notQbittorrentFacts(answer, fields.url) === null) {
		return { cookie: '', refusal: null };
	}
	const refusal = answer.status === 403 ? REFUSED_KEY : await refusalOf(http, fields, answer);
	return { cookie: null, refusal };
}

async function attempt(http: Http, fields: LoginFields): Promise<Attempt> {
	const bad = urlFacts(fields);
	if (bad !== null) return { cookie: null, refusal: bad };
	if (fields.apiKey !== '') return await attemptKey(http, fields);
	const answer = await call(http, fields, {
		method: 'POST',
		url: `${fields.url}/api/v2/auth/login`,
		body: new URLSearchParams({ username: fields.username, password: fields.password }),
	});
	// Up to 5.1 a sign-in is answered 200 "Ok.", since 5.2 with an empty 204; any cookie name will do.
	if (answer.status === 204 || (answer.status === 200 && textOf(answer) === 'Ok.')) {
		return { cookie: answer.cookies.join('; '), refusal: null };
	}
	return { cookie: null, refusal: await refusalOf(http, fields, answer) };
}

/** Signs in once, or proves the API key. Never throws: a refusal is part of the state. */
export async function signIn(http: Http, fields: LoginFields): Promise<SessionState> {
	const { login, failures } = readSession(fields);
	let outcome: Attempt;
	try {
		outcome = await attempt(http, fields);
	} catch (error) {
		outcome = { cookie: null, refusal: networkFacts(error, fields.url) };
	}
	const { cookie, refusal } = outcome;
	if (refusal?.cause !== 'client_auth') {
		return { login, cookie, refusal, failures: refusal === null ? 0 : failures };
	}
	const until = new Date(Date.now() + retryDelayMs(failures + 1)).toISOString();
	return { login, cookie, refusal: { ...refusal, until }, failures: failures + 1 };
}
