import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions, IN8nHttpFullResponse, INode } from 'n8n-workflow';

import { failure, type FailureFacts } from '../../shared/failure';
import { parseJson } from '../../shared/json';
import { withoutSecrets } from '../parse/mask';
import { refusalFacts, refusalOf, type Answer, type Expected } from '../parse/refusal';
import { answerDeadline, noAnswerFacts, toAnswer } from './answer';
import { StoredCredential, type RequestParts } from './commit';
import { isUsableSession, rotatedSession } from './cookie';
import { claimPasted, type Identity } from './credentialsInUse';
import { noteRefusal, refusalOfExecution } from './execution';
import { mamUrl, mayCarrySession, type MamHost } from './hosts';
import { runExclusive } from './mutex';
import { acceptedState, pauseFacts, rememberRefusal, withTime } from './pause';
import type { TokenState } from './tokenState';
import { RENEW_EVERY_MS, Turn } from './turn';

/**
 * Waits before a refused value is looked up again, in ms. Another n8n process may have used it and be about
 * to store its successor: its answer takes up to seconds, so the waits grow.
 */
const REREAD_WAITS_MS = [150, 300, 600, 1200, 2400, 4800];

const DEFAULT_INTERVAL_MS = 3000;

/** How long after the last answer the stored state is read once more: an editor's save may put an old one back. */
const READ_BACK_MS = 500;

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
	sentence: 'n8n could not write the MyAnonamouse credential, so nothing was bought.',
	action: "Check that n8n's database can be written; the next run tries again.",
};

const NO_TURN: FailureFacts = {
	...NOT_STORED,
	sentence: 'n8n could not write the MyAnonamouse credential; nothing was sent.',
};

const STORED_LATE =
	"n8n could not store the new MyAnonamouse session. It is kept in memory and stored with the next call: check that n8n's database can be written before n8n is restarted.";

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

function intervalOf(seconds: unknown): number {
	return typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : DEFAULT_INTERVAL_MS;
}

/** The signed-in conversation with the site during one turn. Every answer's rotation is stored before it is read. */
export class MamSession {
	private readonly turn: Turn;

	/** Requests sent to the site: what fails before one is sent has bought nothing. */
	sentRequests = 0;

	/** Whether an answer was stored since the turn was taken. */
	private hasStored = false;

	/** The values of the session in this turn, which the site may echo. */
	private readonly secrets: string[] = [];

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly credential: StoredCredential,
		private readonly intervalMs: number,
		/** Fingerprint of the value that was pasted when the turn began. */
		private readonly pastedFingerprint: string,
	) {
		this.turn = new Turn(credential, intervalMs);
	}

	/** The node that failures name. */
	get node(): INode {
		return this.context.getNode();
	}

	/** The newest state of the session. */
	async state(): Promise<TokenState> {
		return await this.credential.state();
	}

	/** Changes the state. What cannot be stored at the moment is kept in memory. */
	async commit(change: (current: TokenState) => TokenState): Promise<void> {
		await this.credential.commit(change);
	}

	/** Changes the state. Throws when it could not be stored. */
	async commitOrThrow(change: (current: TokenState) => TokenState): Promise<void> {
		if (!(await this.credential.commit(change))) this.refuse(NOT_STORED);
	}

	/** The JSON value that `request` is answered with, without the secrets in it. Throws the refusal as a failure. */
	async json(request: MamRequest): Promise<unknown> {
		const answer = await this.request({ ...request, expected: 'json' });
		return withoutSecrets(parseJson(answer.body.toString('utf8')), this.secrets);
	}

	/** The bytes that `request` is answered with. Throws the refusal as a failure. */
	async bytes(request: MamRequest): Promise<Buffer> {
		return (await this.request({ ...request, expected: 'torrent' })).body;
	}

	/** Throws while the page or downloads are paused: nothing has to be looked up for a call that may not be made. */
	async requireCall(path: string, expected: Expected = 'json'): Promise<void> {
		await this.usableState({ path, expected });
	}

	/** Gives the turn back, and stores the state again where it was replaced by an older one meanwhile. */
	async end(): Promise<void> {
		if (!this.turn.isHeld) return;
		if (this.hasStored) await sleep(Math.min(READ_BACK_MS, this.turn.claimWaitMs));
		await this.credential.storeNewest(null);
		await this.turn.free();
		if (!this.credential.isBehind) return;
		this.context.logger.warn(STORED_LATE);
		this.context.addExecutionHints({ message: STORED_LATE, location: 'outputPane' });
	}

	private async request(request: MamRequest): Promise<Answer> {
		const before = refusalOfExecution(this.context.getExecutionId(), Date.now());
		if (before !== null) throw failure(this.node, withTime(before));
		await this.usableState(request);
		for (let attempt = 0; ; attempt++) {
			await this.ownTurn(request.spends === true);
			// During the waits another process may have rotated, paused or replaced the session.
			const used = await this.usableState(request);
			if (request.spends) await this.requireUnchanged(used);
			const { answer, facts, session } = await this.sendOnce(request, used);
			if (facts === null) return answer;
			const taken = facts.cause === 'dead_cookie' && (await this.isRotated(session, attempt));
			if (!taken) await this.rememberAndThrow(facts, used, request.path);
			else if (request.spends) this.refuse(SESSION_TAKEN);
		}
	}

	/**
	 * Takes or renews the turn, and waits for the interval, of which the claim's wait is a part. What was read in a
	 * turn that is lost may no longer be true, so nothing is spent after it.
	 */
	private async ownTurn(spends: boolean): Promise<void> {
		let wasHeld = this.turn.isHeld;
		do {
			if (!wasHeld || !(await this.turn.renew())) {
				if (wasHeld && spends) this.refuse(SESSION_TAKEN);
				await this.waitForInterval(this.turn.claimWaitMs);
				if (!(await this.turn.take()))
					this.refuse(this.turn.wasClaimed ? refusalFacts('session_busy') : NO_TURN);
				await this.credential.storeNewest(null);
			}
			wasHeld = true;
			await this.waitForInterval(0);
			this.stopIfCancelled();
			// An editor's save during the wait may have given the turn to another process.
		} while (!(await this.turn.isMine()));
	}

	/**
	 * What was read and noted in this turn must still hold when something is spent: the turn, the pasted value, and
	 * the note, which an editor's save may have removed from the stored state.
	 */
	private async requireUnchanged(used: TokenState): Promise<void> {
		if (used.pastedFingerprint !== this.pastedFingerprint) this.refuse(SESSION_TAKEN);
		if (!(await this.credential.storeNewest(null))) this.refuse(NOT_STORED);
		if (!(await this.turn.isMine())) this.refuse(SESSION_TAKEN);
	}

	/** Sends once with the session of `used`. The rotation is stored before anything else happens. */
	private async sendOnce(request: MamRequest, used: TokenState): Promise<Attempt> {
		const credential = await this.credential.read();
		const { host = 'www', path, method = 'GET', qs, body, expected = 'json' } = request;
		const url = mamUrl(String(credential.baseUrl), host, path);
		if (!mayCarrySession(url, String(credential.baseUrl))) this.refuse(BAD_BASE_URL);
		lastRequestAt.set(used.pastedFingerprint, Date.now());
		this.sentRequests += 1;
		this.secrets.push(used.session);
		const deadline = answerDeadline();
		let response: IN8nHttpFullResponse;
		try {
			const parts = { url, method, qs, body };
			response = await this.credential.send(parts, credential, used.session);
		} catch (error) {
			return { answer: null, facts: noAnswerFacts(error), session: used.session };
		}
		const rotated = rotatedSession(response.headers);
		if (rotated !== null) await this.keepRotation(rotated, used);
		const session = rotated ?? used.session;
		this.secrets.push(session);
		const answer = await toAnswer(response, deadline);
		if ('cause' in answer) return { answer: null, facts: answer, session };
		const facts = refusalOf(answer, { expected, path, secrets: this.secrets }, new Date());
		if (facts !== null) return { answer: null, facts, session };
		await this.commitFor(used, (current) => acceptedState(current, new Date()));
		return { answer, facts: null, session };
	}

	private async keepRotation(session: string, used: TokenState): Promise<void> {
		this.hasStored = true;
		await this.commitFor(used, (current) => ({
			...current,
			session,
			rotations: Math.max(current.rotations, used.rotations) + 1,
		}));
	}

	/** Changes the state unless a value pasted while the request was under way starts a line of its own. */
	private async commitFor(
		used: TokenState,
		change: (current: TokenState) => TokenState,
	): Promise<void> {
		await this.commit((current) =>
			current.pastedFingerprint === used.pastedFingerprint ? change(current) : current,
		);
	}

	private async usableState({ path, expected }: MamRequest): Promise<TokenState> {
		const state = await this.state();
		if (!isUsableSession(state.session)) this.refuse(refusalFacts('dead_cookie'));
		const paused = pauseFacts(state, new Date(), { path, isDownload: expected === 'torrent' });
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
	private async rememberAndThrow(
		refused: FailureFacts,
		used: TokenState,
		path: string,
	): Promise<never> {
		let facts = refused;
		await this.commitFor(used, (current) => {
			const remembered = rememberRefusal(current, refused, new Date(), path);
			facts = remembered.facts;
			return remembered.state;
		});
		return this.refuse(facts);
	}

	private refuse(facts: FailureFacts): never {
		noteRefusal(this.context.getExecutionId(), facts, Date.now());
		throw failure(this.node, withTime(facts));
	}

	/** Waits until the interval since the last request has only `restMs` left. */
	private async waitForInterval(restMs: number): Promise<void> {
		const { pastedFingerprint } = await this.state();
		const since = Date.now() - (lastRequestAt.get(pastedFingerprint) ?? -Infinity);
		// A clock that was set back makes no wait longer than the interval.
		let wait = this.intervalMs - Math.max(0, since) - restMs;
		while (wait > 0) {
			this.stopIfCancelled();
			const part = this.turn.isHeld ? Math.min(wait, RENEW_EVERY_MS) : wait;
			await sleep(part);
			wait -= part;
			if (wait > 0) await this.turn.renew();
		}
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

/** Refuses a pasted value that this process uses with another credential too: each would end the other's session. */
function requireOneCredential(
	context: IExecuteFunctions,
	own: Identity,
	pastedFingerprint: string,
): void {
	const other = claimPasted(pastedFingerprint, own, Date.now());
	if (other === null) return;
	const { cause, sentence, action } = refusalFacts('session_in_two_credentials');
	throw failure(context.getNode(), {
		cause,
		sentence: `${sentence} Nothing was sent with "${own.name}": it holds the same mam_id as "${other.name}".`,
		action: `${action} Without a new one, the second is used again 7 hours after the first was last used.`,
	});
}

/** Runs `work` with the session while no other call, of this process or another one, uses it. */
export async function withMamSession<T>(
	context: IExecuteFunctions,
	itemIndex: number,
	work: (session: MamSession) => Promise<T>,
): Promise<T> {
	const credential = new StoredCredential(context, itemIndex);
	const { requestIntervalSeconds } = await credential.read();
	const { pastedFingerprint } = await credential.state();
	requireOneCredential(context, credential.identity, pastedFingerprint);
	return await runExclusive(pastedFingerprint, async () => {
		const interval = intervalOf(requestIntervalSeconds);
		const session = new MamSession(context, credential, interval, pastedFingerprint);
		try {
			return await work(session);
		} finally {
			await session.end();
		}
	});
}
