import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions, INode } from 'n8n-workflow';

import { failure, type FailureFacts } from '../../shared/failure';
import { parseJson } from '../../shared/json';
import { refusalFacts, refusalOf, type Answer, type Expected } from '../parse/refusal';
import { noAnswerFacts, toAnswer } from './answer';
import { StoredCredential, type RequestParts } from './commit';
import { isUsableSession, rotatedSession } from './cookie';
import { noteRefusal, refusalOfExecution } from './execution';
import { mamUrl, mayCarrySession, type MamHost } from './hosts';
import { runExclusive } from './mutex';
import { forgetRefusal, pauseFacts, rememberRefusal, withTime } from './pause';
import { readTokenState, type TokenState } from './tokenState';

/**
 * Waits before a refused value is looked up again, in ms. Another n8n process may have used it and be about
 * to store its successor: its answer takes up to seconds, so the waits grow.
 */
const REREAD_WAITS_MS = [150, 300, 600, 1200, 2400, 4800];

const SESSION_TAKEN: FailureFacts = {
	cause: 'stale_plan',
	sentence:
		'Another n8n process used the session at the same moment, so nothing was bought or downloaded.',
	action: 'Nothing to do: the next run plans again.',
};

const BAD_BASE_URL: FailureFacts = {
	cause: 'bad_parameter',
	sentence: 'The session may not be sent to the Base URL of the MyAnonamouse credential.',
	action: 'Set Base URL to https://www.myanonamouse.net, or to the full address of a stand-in.',
};

const NOT_STORED: FailureFacts = {
	cause: 'unknown',
	sentence: 'n8n could not store the rotated session in the credential.',
	action:
		'Check that the credential is saved and that its database can be written, then paste a new session.',
};

/** One request to the site. */
export interface MamRequest extends Omit<RequestParts, 'url'> {
	host?: MamHost;
	/** From the root, e.g. `/jsonLoad.php`. */
	path: string;
	method?: 'GET' | 'POST';
	expected?: Expected;
	/** A spending request is sent at most once, whatever happens. */
	spends?: boolean;
}

/** The outcome of one request, and the session now stored in the credential. */
type Attempt = { session: string } & (
	| { answer: Answer; facts: null }
	| { answer: null; facts: FailureFacts }
);

const lastRequestAt = new Map<string, number>();

/** The signed-in conversation with the site during one turn. Every answer's rotation is stored before it is returned. */
export class MamSession {
	private readonly credential: StoredCredential;

	constructor(
		private readonly context: IExecuteFunctions,
		itemIndex: number,
	) {
		this.credential = new StoredCredential(context, itemIndex);
	}

	/** The node that failures name. */
	get node(): INode {
		return this.context.getNode();
	}

	/** The stored state, read from the database. */
	async state(): Promise<TokenState> {
		return await this.credential.state();
	}

	/** Changes the stored state. Throws when n8n could not store it; the execution makes no further call then. */
	async commit(change: (current: TokenState) => TokenState): Promise<void> {
		if (!(await this.credential.commit(change))) this.refuse(NOT_STORED);
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

	/** Throws while downloads are paused: nothing has to be looked up for one that may not be made. */
	async requireDownloads(): Promise<void> {
		await this.usableState('torrent');
	}

	private async request(request: MamRequest): Promise<Answer> {
		const refusedBefore = refusalOfExecution(this.context.getExecutionId());
		if (refusedBefore !== null) this.refuse(refusedBefore);
		await this.usableState(request.expected);
		for (let attempt = 0; ; attempt++) {
			await this.waitForInterval();
			// During the wait another process may have rotated, paused or replaced the session.
			const used = await this.usableState(request.expected);
			const { answer, facts, session } = await this.sendOnce(request, used);
			if (facts === null) return answer;
			const taken = facts.cause === 'dead_cookie' && (await this.isRotated(session, attempt));
			if (!taken) await this.rememberAndThrow(facts, used);
			else if (request.spends) this.refuse(SESSION_TAKEN);
		}
	}

	/** Sends once with the session of `used`; the rotation is stored before anything else happens. */
	private async sendOnce(request: MamRequest, used: TokenState): Promise<Attempt> {
		const credential = await this.credential.read();
		const { host = 'www', path, method = 'GET', qs, body, expected = 'json' } = request;
		const url = mamUrl(String(credential.baseUrl), host, path);
		if (!mayCarrySession(url, String(credential.baseUrl))) this.refuse(BAD_BASE_URL);
		let answer: Answer;
		try {
			const parts = { url, method, qs, body };
			answer = toAnswer(await this.credential.send(parts, credential, used.session));
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
	private async rememberAndThrow(refused: FailureFacts, used: TokenState): Promise<never> {
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
		throw failure(this.node, withTime(facts));
	}

	private async waitForInterval(): Promise<void> {
		const credential = await this.credential.read();
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
			throw failure(this.node, {
				// Nothing was sent, so nothing was booked either.
				cause: 'stale_plan',
				sentence: 'The run was stopped before the next request to MyAnonamouse.',
				action: 'Run the workflow again.',
			});
		}
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
	return await runExclusive(pastedFingerprint, async () => await work(session));
}
