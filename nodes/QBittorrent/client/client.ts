import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { failure, type FailureFacts } from '../../shared/failure';
import { parseJson } from '../../shared/json';
import {
	rejectedHostHeaderFacts,
	isTimeout,
	networkFacts,
	noWebApiFacts,
	RAW_ANSWER,
	notQbittorrentFacts,
	textOf,
	toAnswer,
	unexpectedFacts,
	type Answer,
} from './answer';
import { capabilitiesOf, type Capabilities } from './capabilities';
import {
	addressMark,
	fingerprint,
	holdsBack,
	loginFields,
	readSession,
	REFUSED_KEY,
	REQUEST_TIMEOUT_MS,
	sessionMark,
	urlFacts,
	type LoginFields,
	type SessionState,
} from './session';

export const CREDENTIAL = 'qBittorrentWebApi';

/** Asked first: every version has it, and it needs a session. */
const VERSION_PATH = 'app/webapiVersion';

/** Set in the credential data of a request that uses the stored session; without it n8n signs in first. */
export const USE_SESSION = 'useSession';

/** Adding and deleting move files about, so they may take longer. In milliseconds. */
export const SLOW_REQUEST_TIMEOUT_MS = 60_000;

/** Where a client is used: a run of the node, a poll of the trigger, or the editor filling a list. */
export type ClientContext = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

/** One call of the WebAPI. */
export interface ClientRequest {
	/** Path below `/api/v2/`, e.g. `torrents/info`. */
	path: string;
	method?: IHttpRequestMethods;
	query?: IDataObject;
	/** Form fields or multipart data of a POST. */
	body?: URLSearchParams | FormData;
	/** Statuses that the caller explains itself, beside every 2xx. */
	accept?: number[];
	timeoutMs?: number;
	/** Set where a time-out does not mean the client is down: it may be busy writing to disk. */
	tolerateTimeout?: boolean;
}

/**
 * The one client of a qBittorrent WebUI, 4.1 to 5.3: signs in when needed, keeps the session in the
 * credential and names what went wrong. Every failure is one of `nodes/shared/failure.ts`.
 */
export class Client {
	private constructor(private readonly context: ClientContext) {}

	/** Why this run stops calling: the client did not answer in time, and every item would wait as long. */
	private timedOut: FailureFacts | null = null;

	/** The credential as it was last read: n8n reads it from its database and decrypts it every time. */
	private credential: Promise<LoginFields> | null = null;

	/** What the version of this client can do. */
	capabilities: Capabilities = capabilitiesOf('');

	/** Whether this run has asked the version itself. */
	private hasAskedVersion = false;

	/** Connects: asks the version, unless another node has just done so in the same session. */
	static async connect(context: ClientContext): Promise<Client> {
		const client = new Client(context);
		client.capabilities = capabilitiesOf(
			recallVersion(await client.login()) ?? (await client.askVersion()),
		);
		return client;
	}

	/** The version of the WebAPI; asking it proves address, session and rights. */
	private async askVersion(): Promise<string> {
		const version = textOf(await this.send({ path: VERSION_PATH }));
		const login = await this.login();
		if (!/^\d+(\.\d+)+$/.test(version)) throw this.failure(noWebApiFacts(login.url));
		this.hasAskedVersion = true;
		rememberVersion(login, version);
		return version;
	}

	/** Sends one request; signs in (again) before it where needed, once. */
	async send(request: ClientRequest): Promise<Answer> {
		const login = await this.login();
		const bad = urlFacts(login);
		if (bad !== null) throw this.failure(bad);
		const answer = await this.sendSignedIn(login, request);
		const { status } = answer;
		if ((status >= 200 && status < 300) || request.accept?.includes(status)) return answer;
		throw this.failure(this.factsOf(answer, request, login));
	}

	/** The JSON that a GET of `path` answers. */
	async json<T>(path: string, query: IDataObject = {}): Promise<T> {
		return this.parse<T>(await this.send({ path, query }), path);
	}

	/** The JSON of `answer` to a call of `path`. */
	parse<T>(answer: Answer, path: string): T {
		const value = parseJson(textOf(answer));
		if (value === undefined) throw this.failure(unexpectedFacts(answer, path));
		return value as T;
	}

	/**
	 * Sends a form by POST. What qBittorrent has carried out it answers with nothing; a success with words is
	 * somebody else's, such as the sign-in page of a proxy.
	 */
	async post(
		path: string,
		form: Record<string, string>,
		options: Pick<ClientRequest, 'accept' | 'timeoutMs' | 'tolerateTimeout'> = {},
	): Promise<Answer> {
		const body = new URLSearchParams(form);
		const answer = await this.send({ method: 'POST', path, body, ...options });
		if (answer.status >= 300 || textOf(answer) === '') return answer;
		const { url } = await this.login();
		throw this.failure(notQbittorrentFacts(answer, url) ?? unexpectedFacts(answer, path));
	}

	/** The error for `facts`, in the name of the node. */
	failure(facts: FailureFacts) {
		return failure(this.context.getNode(), facts);
	}

	/** Identifies the session in use without revealing it; null with an API key, which has none. */
	async session(): Promise<string | null> {
		return sessionMark(await this.login());
	}

	/** The node that reads, for what is remembered between runs; null in a manual run, which has no effect. */
	get reader(): string | null {
		const { context } = this;
		if (context.getMode?.() === 'manual') return null;
		return `${context.getWorkflow().id} ${context.getNode().id}`;
	}

	/** Identifies the client by its address, without revealing it. */
	async address(): Promise<string> {
		return addressMark(await this.login());
	}

	private async login(): Promise<LoginFields> {
		this.credential ??= this.context.getCredentials(CREDENTIAL).then(loginFields);
		return await this.credential;
	}

	/** {@link login} after what is stored may have changed. */
	private async loginAgain(): Promise<LoginFields> {
		this.credential = null;
		return await this.login();
	}

	private async sendSignedIn(login: LoginFields, request: ClientRequest): Promise<Answer> {
		if (login.apiKey !== '') return await this.request(login, request);
		const { cookie } = this.usableSession(login);
		if (cookie !== null) {
			const answer = await this.request(login, request);
			if (!isSessionEnd(answer)) {
				// A client that asks for no sign-in silently begins another session after a restart.
				if (answer.cookies.length > 0 && !this.hasAskedVersion)
					await this.refuseAnotherVersion(request);
				return answer;
			}
		}
		await oneAtATime(fingerprint(login), async () => await this.signIn(cookie));
		await this.refuseAnotherVersion(request);
		return await this.request(await this.login(), request);
	}

	/** A new session may be with another version of the client, to which the same request means something else. */
	private async refuseAnotherVersion({ path }: ClientRequest): Promise<void> {
		const { webApiVersion } = this.capabilities;
		if (webApiVersion === '' || path === VERSION_PATH) return;
		const version = await this.askVersion();
		if (version === webApiVersion) return;
		throw this.failure({
			cause: 'client_unreachable',
			sentence: `qBittorrent was replaced by another version during this run (WebAPI ${webApiVersion}, now ${version}).`,
			action: 'Run the workflow again.',
		});
	}

	/** The stored session; throws while a refused password must not be sent again. */
	private usableSession(login: LoginFields): SessionState {
		const session = readSession(login);
		if (session.refusal !== null && holdsBack(session.refusal, Date.now()))
			throw this.failure(session.refusal);
		return session;
	}

	/**
	 * Makes n8n sign in and store the session: see preAuthentication of the credential. Does nothing when another
	 * run has signed in since `ended` was the session.
	 */
	private async signIn(ended: string | null): Promise<void> {
		const login = await this.loginAgain();
		const { cookie } = this.usableSession(login);
		if (cookie !== null && cookie !== ended) return;
		const { url } = login;
		let caught: unknown;
		try {
			await this.context.helpers.httpRequestWithAuthentication.call(this.context, CREDENTIAL, {
				...RAW_ANSWER,
				url: `${url}/api/v2/${VERSION_PATH}`,
				timeout: REQUEST_TIMEOUT_MS,
			});
			await this.loginAgain();
			return;
		} catch (error) {
			caught = error;
		}
		const { refusal } = readSession(await this.loginAgain());
		throw this.failure(refusal ?? networkFacts(caught, url));
	}

	/** One request with the stored session or the API key; nothing else is sent or stored. */
	private async request(login: LoginFields, request: ClientRequest): Promise<Answer> {
		const options: IHttpRequestOptions = {
			...RAW_ANSWER,
			method: request.method ?? 'GET',
			url: `${login.url}/api/v2/${request.path}`,
			qs: request.query,
			body: request.body as IHttpRequestOptions['body'],
			timeout: request.timeoutMs ?? REQUEST_TIMEOUT_MS,
			skipSslCertificateValidation: login.allowUnauthorizedCerts,
		};
		if (this.timedOut !== null) throw this.failure(this.timedOut);
		const data: ICredentialDataDecryptedObject = { ...login, [USE_SESSION]: true };
		let caught: unknown;
		try {
			return toAnswer(
				await this.context.helpers.httpRequestWithAuthentication.call(
					this.context,
					CREDENTIAL,
					options,
					{ credentialsDecrypted: { id: '', name: '', type: CREDENTIAL, data } },
				),
			);
		} catch (error) {
			caught = error;
		}
		const facts = networkFacts(caught, login.url);
		if (isTimeout(caught) && !request.tolerateTimeout) this.timedOut = facts;
		throw this.failure(facts);
	}

	private factsOf(answer: Answer, request: ClientRequest, login: LoginFields): FailureFacts {
		const other = notQbittorrentFacts(answer, login.url);
		if (other !== null) return other;
		if (answer.status === 401) return rejectedHostHeaderFacts(login.url);
		if (isSessionEnd(answer)) return forbiddenFacts(login);
		if (answer.status === 404 && request.path === VERSION_PATH) return noWebApiFacts(login.url);
		return unexpectedFacts(answer, request.path);
	}
}

/** How long a version is trusted without asking again, in milliseconds: a run of a workflow. */
const VERSION_LIFETIME_MS = 60_000;

/** The versions that this process has read, by session: an updated client does not know old sessions. */
const versions = new Map<string, { version: string; at: number }>();

/** The version that was read a moment ago in the same session; undefined if it must be read again, as without a session. */
function recallVersion(login: LoginFields): string | undefined {
	const mark = sessionMark(login);
	const known = mark === null ? undefined : versions.get(mark);
	return known !== undefined && isRecent(known.at) ? known.version : undefined;
}

function rememberVersion(login: LoginFields, version: string): void {
	for (const [mark, { at }] of versions) if (!isRecent(at)) versions.delete(mark);
	const mark = sessionMark(login);
	if (mark !== null) versions.set(mark, { version, at: Date.now() });
}

function isRecent(at: number): boolean {
	const age = Date.now() - at;
	return age >= 0 && age < VERSION_LIFETIME_MS;
}

/** The sign-in that is under way, by login. */
const signIns = new Map<string, Promise<void>>();

/** Runs `signIn` after those of the same login: many runs with one wrong password would be banned together. */
async function oneAtATime(login: string, signIn: () => Promise<void>): Promise<void> {
	const before = signIns.get(login) ?? Promise.resolve();
	const own = before.catch(() => {}).then(signIn);
	signIns.set(login, own);
	try {
		await own;
	} finally {
		if (signIns.get(login) === own) signIns.delete(login);
	}
}

/** A session that ended is answered by a bare 403 and nothing is carried out; a 403 with a text is about the request. */
function isSessionEnd(answer: Answer): boolean {
	return answer.status === 403 && /^(forbidden)?$/i.test(textOf(answer));
}

function forbiddenFacts(login: LoginFields): FailureFacts {
	if (login.apiKey !== '') return REFUSED_KEY;
	return {
		cause: 'client_auth',
		sentence: 'qBittorrent refused the request right after a successful sign-in (HTTP 403).',
		action:
			'Press Retry in the credential. If it is green, a reverse proxy may drop the session cookie on its way to qBittorrent.',
	};
}

const connections = new WeakMap<IExecuteFunctions, Promise<Client>>();

/**
 * The client of this run of the node: all items share one, so that the version is asked once and a
 * refusal is not provoked again by every item.
 */
export async function clientOf(context: IExecuteFunctions): Promise<Client> {
	let connection = connections.get(context);
	if (connection === undefined) {
		connection = Client.connect(context);
		connections.set(context, connection);
	}
	return await connection;
}
