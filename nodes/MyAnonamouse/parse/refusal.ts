import type { FailureFacts } from '../../shared/failure';
import { parseJson } from '../../shared/json';
import { SESSION_CAUSES, type Cause } from '../../shared/types';

/** An HTTP answer of the site, its body as bytes. */
export interface Answer {
	statusCode: number;
	headers: Record<string, unknown>;
	body: Buffer;
}

/** What the caller expects in the body. */
export type Expected = 'json' | 'torrent';

/**
 * Refusals that come before the site books anything. Not among them: a redirect and a refusal in unknown
 * words, because either may come after the booking.
 */
export const NOT_BOOKED: Cause[] = [
	...SESSION_CAUSES,
	'rate_limited',
	'stale_plan',
	'bad_parameter',
];

const FREEZE_FALLBACK_MS = 26 * 3_600_000;

const NEW_SESSION =
	'On the site, open Preferences > Security, create a new session for the address that n8n uses, and paste its value into the MyAnonamouse credential.';

const MESSAGES: Partial<Record<Cause, { sentence: string; action: string }>> = {
	dead_cookie: {
		sentence: 'MyAnonamouse does not accept the session any more (not signed in).',
		action: NEW_SESSION,
	},
	ip_lock: {
		sentence: 'MyAnonamouse refused the session because it is locked to another IP address.',
		action:
			"On the site, open Preferences > Security and add n8n's public IP address to the session, or create a session locked to its network (ASN), then press Retry in the credential.",
	},
	asn_lock: {
		sentence: 'MyAnonamouse refused the session because it is locked to another network (ASN).',
		action:
			"On the site, open Preferences > Security and add n8n's network to the session, or create a new one there, then press Retry in the credential.",
	},
	session_type: {
		sentence: 'MyAnonamouse refused the session because its type may not use this function.',
		action:
			'On the site, open Preferences > Security, create a session that may use the API functions, and paste its value into the MyAnonamouse credential.',
	},
	account_disabled: {
		sentence:
			'MyAnonamouse refuses this account, even with a newly made session: staff may have disabled it.',
		action:
			'Stop pasting new sessions. Sign in to the site in a browser and contact staff if it says that the account is disabled.',
	},
	rate_limited: {
		sentence:
			'MyAnonamouse asked for fewer requests (HTTP 429), so nothing is called for 30 minutes.',
		action: 'Wait. If it happens again, run the workflows less often.',
	},
	download_freeze: {
		sentence: 'MyAnonamouse froze downloads because the limit of unsatisfied torrents was passed.',
		action:
			'Wait until the time given; keep seeding what is unsatisfied, and raise the reserve of unsatisfied torrents.',
	},
	vip_only: {
		sentence: 'This torrent is for VIP accounts only.',
		action: 'Nothing to do: the torrent is skipped.',
	},
	gone: {
		sentence: 'MyAnonamouse no longer has this torrent.',
		action: 'Nothing to do: the torrent is skipped.',
	},
	login_redirect: {
		sentence:
			'MyAnonamouse sent the request to another page instead of answering: the session is not signed in.',
		action: NEW_SESSION,
	},
	session_refused: {
		sentence: 'MyAnonamouse refused the session or the account for an unknown reason.',
		action:
			'Read its message, fix the cause and press Retry in the credential; otherwise paste a new session. If a new one does not help, stop pasting sessions: staff may have disabled the account, so sign in to the site in a browser and contact them.',
	},
	empty_body: {
		sentence: 'MyAnonamouse answered with nothing.',
		action:
			'Press Retry in the credential. If that does not help, check that the site is up, then create a new session.',
	},
	timeout: {
		sentence: 'MyAnonamouse did not answer within 30 seconds.',
		action: 'Check that n8n reaches the site; the next run tries again.',
	},
	unreachable: {
		sentence: 'MyAnonamouse could not be reached.',
		action: "Check n8n's network and that the site is up; the next run tries again.",
	},
	bad_torrent: {
		sentence: 'MyAnonamouse answered with something that is not a complete .torrent file.',
		action: 'Nothing was added. The next run tries again.',
	},
	not_json: {
		sentence: 'MyAnonamouse answered with something that is not JSON.',
		action: 'Press Retry in the credential. If it shows a page of the site, create a new session.',
	},
};

/** The facts of a refusal by its cause, in the words for the user. */
export function refusalFacts(cause: Cause, quote = ''): FailureFacts {
	const message = MESSAGES[cause] ?? {
		sentence: 'MyAnonamouse gave an answer that is not understood.',
		action: 'Nothing was done. If it keeps happening, report it with the execution data.',
	};
	const sentence = quote === '' ? message.sentence : `${message.sentence} It said: "${quote}".`;
	return { cause, sentence, action: message.action };
}

/** The readable start of an answer that should have been something else. */
function quoted(text: string): string {
	return text
		.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
		.replace(/<[^>]*>/g, ' ')
		.replace(/mam_id\s*=\s*\S+/gi, 'mam_id=(hidden)')
		.replace(/\b\d{1,3}(\.\d{1,3}){3}\b/g, '(address)')
		.replace(/[^\x20-\x7e]+/g, ' ')
		.replace(/["\\]/g, "'")
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, 120);
}

/** Ordered: the first pattern that the body matches names the refusal. */
const SESSION_PATTERNS: Array<[RegExp, Cause]> = [
	[/ASN mismatch/i, 'asn_lock'],
	[/IP mismatch/i, 'ip_lock'],
	[/Incorrect session type|non-API session/i, 'session_type'],
	[/account[^<]{0,40}disabled|disabled[^<]{0,40}account/i, 'account_disabled'],
	[
		/not signed in|invalid\/missing cookie|no session cookie|invalid session|no auth cookie/i,
		'dead_cookie',
	],
];

/** The refusal of the session that the words of an answer name; null when they name none. */
function sessionFacts(text: string): FailureFacts | null {
	const known = SESSION_PATTERNS.find(([pattern]) => pattern.test(text));
	return known === undefined ? null : refusalFacts(known[1]);
}

/** `1d 02:04:02` in milliseconds; null when it is not of that form. */
function durationMs(text: string): number | null {
	const parts = /^(?:(\d+)d\s+)?(\d+):(\d{2}):(\d{2})/.exec(text.trim());
	if (parts === null) return null;
	const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
	return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

function freezeFacts(text: string, now: Date): FailureFacts {
	const happened = /Happened:\s*(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/i.exec(text);
	const wait = /Time Till Download Allowed:\s*([\dd :]+)/i.exec(text);
	// The wait counts from now; "Happened" tells when the limit was passed and only serves without it.
	const waitMs = wait === null ? null : durationMs(wait[1]);
	const start = happened === null ? now.getTime() : Date.parse(`${happened[1]}T${happened[2]}Z`);
	const until = waitMs === null ? start + FREEZE_FALLBACK_MS : now.getTime() + waitMs;
	return { ...refusalFacts('download_freeze'), until: new Date(until).toISOString() };
}

/** A refusal of the download alone, which says nothing of the session; null when the page is not one. */
function downloadRefusal(text: string, now: Date): FailureFacts | null {
	if (/past unsatisfied limit/i.test(text)) return freezeFacts(text, now);
	if (/VIP torrent and you are not VIP/i.test(text)) return refusalFacts('vip_only');
	if (/invalid download link/i.test(text)) return refusalFacts('gone', quoted(text));
	return null;
}

function torrentPageFacts(text: string, now: Date): FailureFacts {
	return (
		downloadRefusal(text, now) ?? sessionFacts(text) ?? refusalFacts('bad_torrent', quoted(text))
	);
}

/** What a 401 or 403 means. In words that are not known it may be a disabled account, so it is not just unclear. */
function forbiddenFacts(answer: Answer, text: string, expected: Expected, now: Date): FailureFacts {
	return (
		(expected === 'torrent' ? downloadRefusal(text, now) : null) ??
		sessionFacts(text) ??
		refusalFacts('session_refused', `HTTP ${answer.statusCode} ${quoted(text)}`)
	);
}

function bodyFacts(text: string, expected: Expected, now: Date): FailureFacts | null {
	if (text.trim() === '') return refusalFacts('empty_body');
	if (expected === 'torrent') return text.startsWith('d') ? null : torrentPageFacts(text, now);
	if (parseJson(text) !== undefined) return null;
	// A truncated answer holds titles and names, whose words are not the site's.
	const isTruncated = /^\s*[{[]/.test(text);
	return (isTruncated ? null : sessionFacts(text)) ?? refusalFacts('not_json', quoted(text));
}

/** Why an answer is a refusal, in the words for the user; null when it is a proper answer. */
export function refusalOf(answer: Answer, expected: Expected, now: Date): FailureFacts | null {
	const { statusCode } = answer;
	const text = answer.body.toString('latin1');
	// The seedbox page says so, once an hour at most; it asks for no pause.
	if (statusCode === 429 && /last change too recent/i.test(text)) return null;
	if (statusCode === 429) return refusalFacts('rate_limited');
	if (statusCode >= 300 && statusCode < 400) return refusalFacts('login_redirect');
	if (statusCode === 401 || statusCode === 403) return forbiddenFacts(answer, text, expected, now);
	if (statusCode === 404 || statusCode === 410) return refusalFacts('gone');
	if (statusCode >= 500) return refusalFacts('unreachable', `HTTP ${statusCode} ${quoted(text)}`);
	if (statusCode >= 400) return refusalFacts('unknown', `HTTP ${statusCode} ${quoted(text)}`);
	return bodyFacts(text, expected, now);
}
