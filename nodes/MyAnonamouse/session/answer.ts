import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { FailureFacts } from '../../shared/failure';
import { refusalFacts, type Answer } from '../parse/refusal';
import { USER_AGENT } from './hosts';

/** A slow answer may carry a rotation, so a request is given this long and never cut short. */
const TIMEOUT_MS = 30_000;

/** The request as every call to the site is sent: one answer, no redirects, the body untouched. */
export function requestOptions(
	request: Pick<IHttpRequestOptions, 'url' | 'qs' | 'body' | 'method'>,
): IHttpRequestOptions {
	return {
		...request,
		headers: { 'User-Agent': USER_AGENT },
		encoding: 'arraybuffer',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		timeout: TIMEOUT_MS,
	};
}

/** n8n's full response as an {@link Answer}. */
export function toAnswer(response: IN8nHttpFullResponse): Answer {
	return {
		statusCode: response.statusCode,
		headers: response.headers,
		body: Buffer.isBuffer(response.body)
			? response.body
			: Buffer.from(
					response.body instanceof ArrayBuffer
						? new Uint8Array(response.body)
						: String(response.body ?? ''),
				),
	};
}

function codesOf(error: unknown): string {
	const { code, cause, message } = (error ?? {}) as {
		code?: unknown;
		cause?: unknown;
		message?: unknown;
	};
	const own = `${String(code ?? '')} ${String(message ?? '')}`;
	return cause === undefined || cause === error ? own : `${own} ${codesOf(cause)}`;
}

/**
 * Causes of a failed connection by the codes that name them. The codes themselves stay out of the sentence:
 * n8n replaces a message that holds one by its own.
 */
const CONNECTION_CAUSES: Array<[RegExp, string]> = [
	[/ECONNREFUSED/, 'the connection was refused'],
	[/ENOTFOUND|EAI_AGAIN/, 'its name was not found'],
	[/ECONNRESET|EPIPE|socket hang up/, 'the connection broke'],
	[/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/, 'its certificate is not trusted'],
];

/** What a request that got no answer means. The error's own text may hold headers, so only its code is read. */
export function noAnswerFacts(error: unknown): FailureFacts {
	const text = codesOf(error);
	if (/ETIMEDOUT|ECONNABORTED|timeout|timed out/i.test(text)) return refusalFacts('timeout');
	const facts = refusalFacts('unreachable');
	const because = CONNECTION_CAUSES.find(([pattern]) => pattern.test(text))?.[1];
	return because === undefined
		? facts
		: { ...facts, sentence: `MyAnonamouse could not be reached: ${because}.` };
}
