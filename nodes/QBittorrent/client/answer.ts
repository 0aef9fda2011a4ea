import type { IHttpRequestOptions } from 'n8n-workflow';

import type { FailureFacts } from '../../shared/failure';

/** One answer over HTTP, whatever its status. */
export interface Answer {
	status: number;
	body: Buffer;
	contentType: string;
	/** Target of a redirect, or ''. */
	location: string;
	/** Which sign-in is asked for (`WWW-Authenticate`), or ''. qBittorrent itself asks for none this way. */
	challenge: string;
	/** Cookies set by the answer, each as `name=value`; deleted ones left out. */
	cookies: string[];
}

/** Request options that every call shares: the answer comes back raw and complete, whatever its status. */
export const RAW_ANSWER = {
	encoding: 'arraybuffer',
	returnFullResponse: true,
	ignoreHttpStatusErrors: true,
	disableFollowRedirect: true,
	sendCredentialsOnCrossOriginRedirect: false,
} as const satisfies Partial<IHttpRequestOptions>;

interface FullResponse {
	statusCode: number;
	headers: Record<string, string | string[] | undefined>;
	body: unknown;
}

function header(response: FullResponse, name: string): string {
	const value = response.headers[name];
	return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** Reads what n8n's HTTP helper returns for {@link RAW_ANSWER}. */
export function toAnswer(response: unknown): Answer {
	const full = response as FullResponse;
	const setCookie = full.headers['set-cookie'] ?? [];
	return {
		status: full.statusCode,
		body: Buffer.isBuffer(full.body) ? full.body : Buffer.from(String(full.body ?? '')),
		contentType: header(full, 'content-type'),
		location: header(full, 'location'),
		challenge: header(full, 'www-authenticate'),
		cookies: (Array.isArray(setCookie) ? setCookie : [setCookie])
			.map((cookie) => cookie.split(';')[0].trim())
			.filter((pair) => /^[^=]+=./.test(pair)),
	};
}

/** The body as text, without spaces around it. */
export function textOf(answer: Answer): string {
	return answer.body.toString('utf8').trim();
}

function isWebPage(answer: Answer): boolean {
	return /^text\/html/i.test(answer.contentType) || /^<(!doctype|html)/i.test(textOf(answer));
}

/** What to look at in the URL, without the advice to use what has just failed. */
function checkAddress(url: string): string {
	const rule =
		'Check the URL in the credential: it is the address of the WebUI with its port and, behind a reverse proxy, its path';
	const isLocal = /^https?:\/\/(localhost|127\.|\[::1\])/i.test(url);
	return isLocal
		? `${rule}. If n8n runs in a container, localhost is that container: use the name of the container or host of qBittorrent, e.g. http://qbittorrent:8080.`
		: `${rule}, as n8n reaches it.`;
}

/**
 * What is wrong when no qBittorrent speaks in `answer` (a web page, a redirect, a proxy's refusal);
 * null when the answer can be qBittorrent's own.
 */
export function notQbittorrentFacts(answer: Answer, url: string): FailureFacts | null {
	const { status } = answer;
	const facts = (what: string, action = checkAddress(url)): FailureFacts => ({
		cause: 'client_unreachable',
		sentence: `No qBittorrent answered at ${url}: ${what}.`,
		action,
	});
	if (status >= 300 && status < 400) {
		return facts(
			`the address redirects to ${answer.location === '' ? 'another one' : `"${answer.location}"`}`,
			'Enter the address that it redirects to as URL in the credential, or let the proxy in front pass /api/v2 through.',
		);
	}
	if (status === 401 && answer.challenge !== '') {
		return facts(
			'a reverse proxy in front of it asks for its own sign-in (HTTP 401)',
			'Enter "Basic Auth User" and "Basic Auth Password" in the credential, or let the proxy pass /api/v2 without a sign-in.',
		);
	}
	if (status >= 500) {
		return facts(
			`the answer was HTTP ${status}`,
			'Check that qBittorrent is running; a reverse proxy in front of it answers like this while it is down.',
		);
	}
	if (isWebPage(answer)) return facts(`a web page came back (HTTP ${status})`);
	return null;
}

/** The facts of an address at which something answers, but not with qBittorrent's WebAPI. */
export function noWebApiFacts(url: string): FailureFacts {
	return {
		cause: 'client_unreachable',
		sentence: `No qBittorrent answered at ${url}: there is no WebAPI at this address.`,
		action: checkAddress(url),
	};
}

/** The facts of a bare 401: qBittorrent checks the Host header against its own port and its "Server domains". */
export function rejectedHostHeaderFacts(url: string): FailureFacts {
	return {
		cause: 'client_unreachable',
		sentence: `qBittorrent refuses to be called as ${url} (HTTP 401).`,
		action:
			'In qBittorrent under WebUI, add the host name to "Server domains", and use the same port outside the container as inside.',
	};
}

/** The facts of an answer that nothing else explains. */
export function unexpectedFacts(answer: Answer, path: string): FailureFacts {
	return {
		cause: 'unknown',
		sentence: `qBittorrent answered ${path} with HTTP ${answer.status}: ${textOf(answer).slice(0, 200) || 'no text'}`,
		action: 'Check the parameters of this operation; the text is what qBittorrent says about them.',
	};
}

function codeOf(error: unknown): string {
	let current: unknown = error;
	// n8n wraps the network error in its own; the chain is never long.
	for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
		const { code } = current as { code?: unknown };
		if (typeof code === 'string' && code !== '') return code;
		current = (current as { cause?: unknown }).cause;
	}
	return '';
}

/** In words, because n8n replaces a message that contains one of these codes by a text of its own. */
const NETWORK_CODES: Record<string, string> = {
	EAI_AGAIN: 'DNS lookup failed temporarily',
	ECONNABORTED: 'it did not answer in time',
	ECONNREFUSED: 'nothing listens there',
	ECONNRESET:
		'the connection was closed without an answer, as happens when http and https are mixed up',
	EHOSTUNREACH: 'the host is unreachable',
	ENOTFOUND: 'the host name is not known',
	EPROTO: 'it does not speak https',
	ERR_CANCELED: 'the run was stopped',
	ETIMEDOUT: 'it did not answer in time',
};

/** Whether a request was given up because its answer did not come in time. */
export function isTimeout(error: unknown): boolean {
	return ['ECONNABORTED', 'ETIMEDOUT'].includes(codeOf(error));
}

/** What was called, with the port where `url` leaves it to be guessed. */
function calledAddress(url: string): string {
	if (/^https?:\/\/[^/]*:\d+(\/|$)/i.test(url)) return url;
	const port = url.startsWith('https:') ? 443 : 80;
	return `${url} (it names no port, so ${port} was tried)`;
}

/** The facts of a request that got no answer at all (refused, timed out, TLS). */
export function networkFacts(error: unknown, url: string): FailureFacts {
	const code = codeOf(error);
	const facts = (what: string, action: string): FailureFacts => ({
		cause: 'client_unreachable',
		sentence: `No qBittorrent answered at ${calledAddress(url)}: ${what}.`,
		action,
	});
	if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
		return facts(
			'its certificate is not trusted',
			'Switch on "Ignore SSL Issues (Insecure)" in the credential if the certificate is your own.',
		);
	}
	const protocol = url.startsWith('https:') ? 'https' : 'http';
	return facts(
		NETWORK_CODES[code] ?? 'the connection failed',
		`Check that qBittorrent is running with its WebUI enabled and speaks ${protocol} there. ${checkAddress(url)}`,
	);
}
