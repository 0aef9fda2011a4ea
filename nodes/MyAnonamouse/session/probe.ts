import { UserError } from 'n8n-workflow';
import type { IHttpRequestHelper, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { refusalOf, type Answer } from '../parse/refusal';
import type { FailureFacts } from '../../shared/failure';
import { noAnswerFacts, requestOptions, toAnswer } from './answer';
import { cookieHeader, isUsableSession, rotatedSession } from './cookie';
import { mamUrl, mayCarrySession } from './hosts';
import { cacheTokenState, withCachedState } from './tokenStateCache';
import {
	forgetRefusal,
	isOfTheSession,
	pauseFacts,
	rememberRefusal,
	testMayCall,
	withTime,
} from './pause';
import { readTokenState, writeTokenState, type SessionFields } from './tokenState';
import { runExclusive } from './mutex';

/** The credential's fields as n8n hands them to preAuthentication. */
type ProbeCredential = SessionFields & { baseUrl?: unknown };

type HttpRequest = IHttpRequestHelper['helpers']['httpRequest'];

async function send(
	httpRequest: HttpRequest,
	options: IHttpRequestOptions,
): Promise<Answer | FailureFacts> {
	try {
		return toAnswer((await httpRequest(options)) as IN8nHttpFullResponse);
	} catch (error) {
		return noAnswerFacts(error);
	}
}

function refuse(facts: FailureFacts): never {
	// A session is tried again whenever the user presses Retry, so the time of its daily probe does not matter here.
	const { sentence, action } = isOfTheSession(facts.cause) ? facts : withTime(facts);
	throw new UserError(`${sentence} ${action}`);
}

/**
 * One signed-in request for the Test button.
 *
 * Returns the `tokenState` to store. Throws a `UserError` with what happened and what to do when the site
 * refuses; nothing is stored then, because the data of a Test may be older than the stored session.
 */
export async function probeSession(
	helpers: IHttpRequestHelper['helpers'],
	credential: ProbeCredential,
): Promise<string> {
	return await runExclusive(readTokenState(credential).pastedFingerprint, async () => {
		const state = readTokenState(withCachedState(credential));
		const baseUrl = String(credential.baseUrl ?? '');
		if (!isUsableSession(state.session)) {
			throw new UserError('The session is empty or has been retired. Paste a new value of mam_id.');
		}
		const now = new Date();
		const paused = testMayCall(state.pause) ? null : pauseFacts(state, now, false);
		if (paused !== null) refuse(paused);
		const url = mamUrl(baseUrl, 'www', '/jsonLoad.php');
		if (!mayCarrySession(url, baseUrl)) {
			throw new UserError('The Base URL is not an address. Enter https://www.myanonamouse.net.');
		}
		const options = requestOptions({ url, method: 'GET' });
		options.headers = { ...options.headers, Cookie: cookieHeader(state.session) };
		const answer = await send(helpers.httpRequest, options);
		if ('cause' in answer) refuse(answer);
		const session = rotatedSession(answer.headers);
		const refused = refusalOf(answer, 'json', now);
		if (refused !== null && session === null) refuse(rememberRefusal(state, refused, now).facts);
		const accepted = {
			...(refused === null ? forgetRefusal(state) : state),
			session: session ?? state.session,
		};
		const probeRefusal = refused === null ? null : `${refused.sentence} ${refused.action}`;
		const tokenState = writeTokenState({ ...accepted, probeRefusal });
		cacheTokenState(tokenState, credential);
		return tokenState;
	});
}
