import { sleep } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { failure, type FailureFacts } from '../../shared/failure';
import { parseJson, refusalFacts, refusalOf, type Answer, type Expected } from '../parse/refusal';
import { noAnswerFacts, requestOptions, toAnswer } from './answer';
import { isUsableSession, rotatedSession } from './cookie';
import { mamUrl, mayCarrySession, type MamHost } from './hosts';
import { noteLatest } from './tokenStateCache';
import { forgetRefusal, pauseFacts, rememberRefusal, withTime } from './pause';
import { noteRefusal, refusalInRun } from './refusedRuns';
import { SESSION_STEP, type SessionStep } from './sessionStep';
import { readTokenState, writeTokenState, type TokenState } from './tokenState';
import { inTurn } from './mutex';

const CREDENTIAL = 'myAnonamouseApi';

/**
 * Waits before a refused value is looked up again, in ms. Another n8n process may have used it and be about
 * to store its successor: its answer takes up to seconds, so the waits grow.
 */
const REREAD_WAITS_MS = [150, 300, 600, 1200, 2400, 4800];

const TAKEN_MEANWHILE: FailureFacts = {
	cause: 'stale_plan',
	sentence:
		'Another n8n process used the session at the same moment, so nothing was bought or downloaded.',
	action: 'Nothing to do: the next run plans anew.',
};

const BAD_BASE_URL: FailureFacts = {
	cause: 'bad_parameter',
	sentence:
		'The Base URL of the MyAnonamouse credential is not an address the session may be sent to.',
	action: 'Set Base URL to https://www.myanonamouse.net, or to the full address of a stand-in.',
};

const NOT_STORED: FailureFacts = {
	cause: 'unknown',
	sentence: 'n8n could not store the rotated session in the credential.',
	action:
		'Check that the credential is saved and that its database can be written, then paste a new session.',
};

/** One request to the site. */
export interface MamRequest {
	host?: MamHost;
	/** From the root, e.g. `/jsonLoad.php`. */
	path: string;
	method?: 'GET' | 'POST';
	qs?: IHttpRequestOptions['qs'];
	/** Sent as JSON. */
	body?: IHttpRequestOptions['body'];
	expected?: Expected;
	/** A spending request is sent at most once, whatever happens. */
	spends?: boolean;
}

/** What came of sending once, and the session that it left in the credential. */
type Attempt = { session: string } & (
	| { answer: Answer; facts: null }
	| { answer: null; facts: FailureFacts }
);

const lastRequestAt = new Map<string, number>();

/** The signed-in conversation with the site during one turn. Every answer's rotation is stored before it is returned. */
export class MamSession {
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
	) {}

	/** The stored state, read from the database. */
	async state(): Promise<TokenState> {
		return readTokenState(await this.credential());
	}

	/**
	 * Changes the stored state and sends nothing. `change` gets the state as it is stored now, so that what
	 * another process stored meanwhile is kept. Throws when n8n could not store it; the run calls no more then.
	 */
	async commit(change: (current: TokenState) => TokenState): Promise<void> {
		const credential = await this.credential();
		const current = readTokenState(credential);
		const changed = change(current);
		if (changed === current) return;
		const tokenState = writeTokenState(changed);
		const url = mamUrl(String(credential.baseUrl), 'www', '/');
		try {
			await this.call({ url }, credential, { kind: 'commit', tokenState });
		} catch {
			// n8n stores the state and then calls; the call is aborted at once by design. An error of the
			// database may look the same, so only what is read back proves that it was stored.
		}
		const { generation } = await this.state();
		if (generation <= current.generation) this.refuse(NOT_STORED);
		noteLatest(tokenState, credential);
	}

	/** The JSON value that `request` is answered with. Throws the refusal as a failure. */
	async json(request: MamRequest): Promise<unknown> {
		const answer = await this.request({ ...request, expected: 'json' });
		return parseJson(answer.body.toString('utf8'));
	}

	/** The bytes that `request` is answered with. Throws the refusal as a failure. */
	async bytes(request: MamRequest): Promise<Buffer> {
		return (await this.request({ ...request, expected: 'torrent' })).body;
	}

	/** Throws while downloads are held: nothing has to be looked up for one that may not be made. */
	async requireDownloads(): Promise<void> {
		await this.usableState('torrent');
	}

	private async request(request: MamRequest): Promise<Answer> {
		const refusedBefore = refusalInRun(this.context.getExecutionId());
		if (refusedBefore !== null) this.refuse(refusedBefore);
		await this.usableState(request.expected);
		for (let attempt = 0; ; attempt++) {
			await this.waitForInterval();
			// During the wait another process may have rotated, paused or replaced the session.
			const used = await this.usableState(request.expected);
			const { answer, facts, session } = await this.attempt(request, used);
			if (facts === null) return answer;
			const taken = facts.cause === 'dead_cookie' && (await this.isRotated(session, attempt));
			if (!taken) await this.settle(facts, used);
			else if (request.spends) this.refuse(TAKEN_MEANWHILE);
		}
	}

	/** Sends once with the session of `used`; the rotation is stored before anything else happens. */
	private async attempt(request: MamRequest, used: TokenState): Promise<Attempt> {
		const credential = await this.credential();
		const { host = 'www', path, method = 'GET', qs, body, expected = 'json' } = request;
		const url = mamUrl(String(credential.baseUrl), host, path);
		if (!mayCarrySession(url, String(credential.baseUrl))) this.refuse(BAD_BASE_URL);
		let answer: Answer;
		try {
			const step: SessionStep = { kind: 'use', session: used.session };
			answer = toAnswer(await this.call({ url, method, qs, body }, credential, step));
		} catch (error) {
			return { answer: null, facts: noAnswerFacts(error), session: used.session };
		}
		const facts = refusalOf(answer, expected, new Date());
		const rotated = rotatedSession(answer.headers);
		await this.commit((current) => {
			// A value pasted while the request was under way starts a line of its own.
			if (current.pastedFingerprint !== used.pastedFingerprint) return current;
			const settled = facts === null ? forgetRefusal(current) : current;
			return rotated === null ? settled : { ...settled, session: rotated };
		});
		const session = rotated ?? used.session;
		return facts === null ? { answer, facts, session } : { answer: null, facts, session };
	}

	private async call(
		request: Pick<IHttpRequestOptions, 'url' | 'qs' | 'body' | 'method'>,
		credential: ICredentialDataDecryptedObject,
		step: SessionStep,
	): Promise<IN8nHttpFullResponse> {
		const stored = this.context.getNode().credentials?.[CREDENTIAL];
		return (await this.context.helpers.httpRequestWithAuthentication.call(
			this.context,
			CREDENTIAL,
			requestOptions(request),
			{
				credentialsDecrypted: {
					id: stored?.id ?? '',
					name: stored?.name ?? '',
					type: CREDENTIAL,
					data: { ...credential, refresh: '', [SESSION_STEP]: step as never },
				},
				// n8n would send the request a second time after a 401.
				preAuthenticationRetryStatusCode: [],
			},
		)) as IN8nHttpFullResponse;
	}

	private async usableState(expected: Expected = 'json'): Promise<TokenState> {
		const state = await this.state();
		if (!isUsableSession(state.session)) this.refuse(refusalFacts('dead_cookie'));
		const paused = pauseFacts(state, new Date(), expected === 'torrent');
		if (paused !== null) this.refuse(paused);
		return state;
	}

	/** Whether another process stores a newer session after this one left `session` there. */
	private async isRotated(session: string, attempt: number): Promise<boolean> {
		for (const wait of REREAD_WAITS_MS.slice(attempt)) {
			this.stopIfCancelled();
			await sleep(wait);
			if ((await this.state()).session !== session) return true;
		}
		return false;
	}

	/** Remembers a refusal where it holds for later calls, then throws it. */
	private async settle(refused: FailureFacts, used: TokenState): Promise<never> {
		let facts = refused;
		await this.commit((current) => {
			if (current.pastedFingerprint !== used.pastedFingerprint) return current;
			const remembered = rememberRefusal(current, refused, new Date());
			facts = remembered.facts;
			return remembered.state;
		});
		return this.refuse(facts);
	}

	private refuse(facts: FailureFacts): never {
		noteRefusal(this.context.getExecutionId(), facts);
		throw failure(this.context.getNode(), withTime(facts));
	}

	private async waitForInterval(): Promise<void> {
		const credential = await this.credential();
		const { pastedFingerprint: key } = readTokenState(credential);
		const seconds = credential.requestIntervalSeconds;
		const interval = typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : 3000;
		const wait = (lastRequestAt.get(key) ?? 0) + interval - Date.now();
		if (wait > 0) await sleep(wait);
		this.stopIfCancelled();
		lastRequestAt.set(key, Date.now());
	}

	/** A stopped run finishes the request under way, but starts no other. */
	private stopIfCancelled(): void {
		if (this.context.getExecutionCancelSignal()?.aborted) {
			throw failure(this.context.getNode(), {
				// Nothing was sent, so nothing was booked either.
				cause: 'stale_plan',
				sentence: 'The run was stopped before the next request to MyAnonamouse.',
				action: 'Start the workflow again.',
			});
		}
	}

	private async credential(): Promise<ICredentialDataDecryptedObject> {
		return await this.context.getCredentials(CREDENTIAL, this.itemIndex);
	}
}

/** Runs `work` with the session while no other call of this process uses it. */
export async function withMamSession<T>(
	context: IExecuteFunctions,
	itemIndex: number,
	work: (session: MamSession) => Promise<T>,
): Promise<T> {
	const session = new MamSession(context, itemIndex);
	const { pastedFingerprint } = await session.state();
	return await inTurn(pastedFingerprint, async () => await work(session));
}
