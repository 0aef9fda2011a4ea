import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { FailureFacts } from '../../shared/failure';
import { refusalFacts, type Answer } from '../parse/refusal';
import { USER_AGENT } from './hosts';

/** A slow answer may carry a rotation, so a request is given this long, its body included, and never cut short. */
const TIMEOUT_MS = 30_000;

/** The site's largest answers, pages of 1000 torrents and .torrent files, have a few MiB. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** The request as every call to the site is sent: one answer, no redirects, the body as it comes. */
export function requestOptions(
	request: Pick<IHttpRequestOptions, 'url' | 'qs' | 'body' | 'method'>,
): IHttpRequestOptions {
	return {
		...request,
		headers: { 'User-Agent': USER_AGENT },
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		timeout: TIMEOUT_MS,
	};
}

/** Aborts when the answer to a request that is sent now has to be complete: its claim lasts little longer. */
export function answerDeadline(): AbortSignal {
	return AbortSignal.timeout(TIMEOUT_MS);
}

/** A body that arrives in chunks. */
type Chunks = AsyncIterable<Uint8Array> & { destroy?: (error?: Error) => void };

function isStream(body: unknown): body is Chunks {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

async function readChunks(chunks: Chunks, deadline: AbortSignal): Promise<Buffer | null> {
	const stop = () => chunks.destroy?.(new Error('timed out'));
	if (deadline.aborted) stop();
	deadline.addEventListener('abort', stop, { once: true });
	const read: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of chunks) {
		size += chunk.length;
		if (size > MAX_BODY_BYTES) {
			chunks.destroy?.();
			return null;
		}
		read.push(chunk);
	}
	return Buffer.concat(read);
}

/** The complete body; null when it is larger than any that the site serves. Throws when the connection breaks. */
async function readBody(body: unknown, deadline: AbortSignal): Promise<Buffer | null> {
	if (isStream(body) && !Buffer.isBuffer(body)) return await readChunks(body, deadline);
	const bytes = Buffer.isBuffer(body) ? body : Buffer.from(String(body ?? ''));
	return bytes.length > MAX_BODY_BYTES ? null : bytes;
}

const TOO_LARGE: FailureFacts = {
	...refusalFacts('not_json'),
	sentence: 'MyAnonamouse answered with more than 32 MiB, far more than any page of its API.',
};

/** n8n's full response as an {@link Answer}, read to its end. What cannot be read before `deadline` is a failure. */
export async function toAnswer(
	response: IN8nHttpFullResponse,
	deadline: AbortSignal,
): Promise<Answer | FailureFacts> {
	const { statusCode, headers } = response;
	try {
		const body = await readBody(response.body, deadline);
		return body === null ? TOO_LARGE : { statusCode, headers, body };
	} catch (error) {
		return noAnswerFacts(error);
	}
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
	[/ECONNRESET|EPIPE|socket hang up|aborted/, 'the connection broke'],
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
