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

/** What a request that got no answer means. The error's own text may hold headers, so only its code is read. */
export function noAnswerFacts(error: unknown): FailureFacts {
	const text = codesOf(error);
	if (/ETIMEDOUT|ECONNABORTED|timeout|timed out/i.test(text)) return refusalFacts('timeout');
	const code = /\b(E[A-Z]{4,}|CERT_[A-Z_]+|[A-Z_]*SELF_SIGNED[A-Z_]*)\b/.exec(text)?.[1] ?? '';
	return refusalFacts('unreachable', code);
}
