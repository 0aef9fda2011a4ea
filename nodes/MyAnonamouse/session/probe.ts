import { UserError } from 'n8n-workflow';
import type { IHttpRequestHelper, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { FailureFacts } from '../../shared/failure';
import { refusalOf } from '../parse/refusal';
import { answerDeadline, noAnswerFacts, requestOptions, toAnswer } from './answer';
import { readTurn, type HiddenKeys } from './commit';
import { cookieHeader, isUsableSession, rotatedSession } from './cookie';
import { mamUrl, mayCarrySession } from './hosts';
import { runExclusive } from './mutex';
import {
	acceptedState,
	isOfTheSession,
	pauseFacts,
	rememberRefusal,
	testMayCall,
	withTime,
} from './pause';
import {
	nextGeneration,
	readTokenState,
	writeTokenState,
	type SessionFields,
	type TokenState,
} from './tokenState';
import { cacheTokenState, isReplaced, newestState, notePasted } from './tokenStateCache';
import { isClaimed } from './turn';

const PATH = '/jsonLoad.php';

const CALL = { path: PATH, isDownload: false };

/** An answer so young proves that the session is alive. */
const FRESH_MS = 15 * 60_000;

/** The credential's fields as n8n hands them to preAuthentication. */
type ProbeCredential = SessionFields & { baseUrl?: unknown; turnToken?: unknown };

type HttpRequest = IHttpRequestHelper['helpers']['httpRequest'];

function refuse(facts: FailureFacts): never {
	// A session is tried again whenever the user presses Retry, so the time of its daily probe does not matter here.
	const { sentence, action } = isOfTheSession(facts.cause) ? facts : withTime(facts);
	throw new UserError(`${sentence} ${action}`);
}

/** Whether the stored record proves that the session is alive, so that nothing has to be sent. */
function isProven(state: TokenState, now: Date): boolean {
	const { acceptedAt, pause, pausedPaths, probeRefusal } = state;
	const age = now.getTime() - Date.parse(acceptedAt ?? '');
	const isRefused = pause !== null || probeRefusal !== null || Object.keys(pausedPaths).length > 0;
	return !isRefused && age >= 0 && age < FRESH_MS;
}

/** While a worker uses the session, the stored record has to answer: a request would end the worker's session. */
function answerFromRecord(state: TokenState, now: Date): void {
	const paused = pauseFacts(state, now, CALL);
	if (paused !== null) refuse(paused);
	if (state.acceptedAt === null) {
		throw new UserError(
			'A workflow is using this credential at the moment, so the session was not tested. Press Retry in a minute.',
		);
	}
}

/** Sends one signed-in request. Returns the state to store; throws what the site refuses. */
async function send(
	httpRequest: HttpRequest,
	options: IHttpRequestOptions,
	state: TokenState,
	now: Date,
): Promise<TokenState> {
	const deadline = answerDeadline();
	let response: IN8nHttpFullResponse;
	try {
		response = (await httpRequest(options)) as IN8nHttpFullResponse;
	} catch (error) {
		return refuse(noAnswerFacts(error));
	}
	const rotated = rotatedSession(response.headers);
	const session = rotated ?? state.session;
	const rotations = state.rotations + (rotated === null ? 0 : 1);
	// Kept before the answer is read: what comes of it may be a refusal.
	if (rotated !== null) cacheTokenState(nextGeneration({ ...state, session, rotations }));
	const answer = await toAnswer(response, deadline);
	const secrets = [state.session, session];
	const refused =
		'cause' in answer ? answer : refusalOf(answer, { expected: 'json', path: PATH, secrets }, now);
	if (refused !== null && rotated === null) {
		refuse(rememberRefusal(state, refused, now, PATH).facts);
	}
	const probeRefusal = refused === null ? null : `${refused.sentence} ${refused.action}`;
	// Whoever presses Retry may have changed what the session is allowed.
	const kept = refused === null ? { ...acceptedState(state, now), pausedPaths: {} } : state;
	return nextGeneration(nextGeneration({ ...kept, session, rotations, probeRefusal }));
}

/**
 * What the Test button does. It cannot take turns, so it sends nothing while a workflow uses the session, or when
 * the site accepted an answer within the last 15 minutes; otherwise one signed-in request.
 *
 * Returns the keys to store. Throws a `UserError` with what happened and what to do when the site
 * refuses; nothing is stored then, because the data of a Test may be older than the stored session.
 */
export async function probeSession(
	helpers: IHttpRequestHelper['helpers'],
	credential: ProbeCredential,
): Promise<HiddenKeys> {
	notePasted(credential);
	return await runExclusive(readTokenState(credential).pastedFingerprint, async () => {
		const state = newestState(credential);
		const now = new Date();
		if (isReplaced(state)) {
			throw new UserError('Another mam_id was pasted meanwhile. Press Retry.');
		}
		if (!isUsableSession(state.session)) {
			throw new UserError('The session is empty or has been retired. Paste a new value of mam_id.');
		}
		const paused = testMayCall(state.pause) ? null : pauseFacts(state, now, CALL);
		if (paused !== null) refuse(paused);
		const baseUrl = String(credential.baseUrl ?? '');
		const url = mamUrl(baseUrl, 'www', PATH);
		if (!mayCarrySession(url, baseUrl)) {
			throw new UserError('The Base URL is not an address. Enter https://www.myanonamouse.net.');
		}
		if (isProven(state, now)) return {};
		if (isClaimed(readTurn(credential), now.getTime())) {
			answerFromRecord(state, now);
			return {};
		}
		const options = requestOptions({ url, method: 'GET' });
		options.headers = { ...options.headers, Cookie: cookieHeader(state.session) };
		const tested = await send(helpers.httpRequest, options, state, now);
		cacheTokenState(tested);
		// The state of an old value, stored now, would hide that of the new one.
		if (isReplaced(tested)) return {};
		return { tokenState: writeTokenState(tested) };
	});
}
