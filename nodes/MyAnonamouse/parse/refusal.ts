import type { FailureFacts } from '../../shared/failure';
import { parseJson } from '../../shared/json';
import { SESSION_CAUSES, type Cause } from '../../shared/types';
import { quoteOf, visibleText } from './mask';

/** An HTTP answer of the site, its body as bytes. */
export interface Answer {
	statusCode: number;
	headers: Record<string, unknown>;
	body: Buffer;
}

/** What the caller expects in the body. */
export type Expected = 'json' | 'torrent';

/** What an answer answers. */
export interface AnsweredRequest {
	expected: Expected;
	/** From the root, e.g. `/jsonLoad.php`. */
	path?: string;
	/** Values that must not be quoted. */
	secrets?: readonly string[];
}

/**
 * Refusals that come before the site books anything. Not among them: a redirect and a refusal in unknown
 * words, because either may come after the booking.
 */
export const NOT_BOOKED: Cause[] = [
	...SESSION_CAUSES,
	'function_not_allowed',
	'session_in_two_credentials',
	'session_busy',
	'rate_limited',
	'gone',
	'stale_plan',
	'stale_account',
	'bad_parameter',
];

const FREEZE_FALLBACK_MS = 26 * 3_600_000;

const NEW_SESSION =
	'On the site, open Preferences > Security, create a new session for the address that n8n uses, and paste its value into the MyAnonamouse credential.';

const MESSAGES: Partial<Record<Cause, { sentence: string; action: string }>> = {
	dead_cookie: {
		sentence: 'MyAnonamouse no longer accepts the session (not signed in).',
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
	function_not_allowed: {
		sentence:
			'The session may not use this function of MyAnonamouse; other calls are not affected.',
		action:
			'On the site, open Preferences > Security and allow the session this function, or create a session that may use it and paste its value into the MyAnonamouse credential; then press Retry there.',
	},
	session_in_two_credentials: {
		sentence:
			'The same mam_id is in two credentials, and every answer to one ends the session of the other.',
		action:
			'On the site, open Preferences > Security, create a separate session for each credential and paste it there; or delete one of the two credentials in n8n and paste a new session into the other.',
	},
	session_busy: {
		sentence:
			'Another n8n process has been using the MyAnonamouse session for more than a minute; nothing was sent.',
		action:
			"Nothing to do: the next run tries again. If it happens often, run the workflows less often, and check that n8n's database stores a row within a second.",
	},
	site_unavailable: {
		sentence: 'MyAnonamouse is not available at the moment.',
		action:
			'Nothing to do: the next run tries again. If it stays down for hours, open the site in a browser.',
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
		sentence:
			'MyAnonamouse froze downloads because the limit on unsatisfied torrents was exceeded.',
		action:
			'Wait until the time given, keep unsatisfied torrents seeding, and raise Unsatisfied Reserve.',
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
		sentence: 'MyAnonamouse sent an empty answer.',
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

/** Ordered: the first pattern that the body matches names the refusal. */
const SESSION_PATTERNS: Array<[RegExp, Cause]> = [
	[/ASN mismatch/i, 'asn_lock'],
	[/IP mismatch/i, 'ip_lock'],
	[/not allowed this function/i, 'function_not_allowed'],
	[/Incorrect session type|non-API session/i, 'session_type'],
	[
		/account (?:is |was |has been )?(?:currently )?disabled\b|disabled (?:your|this) account/i,
		'account_disabled',
	],
	[
		/not signed in|invalid\/missing cookie|no session cookie|invalid session|no auth cookie/i,
		'dead_cookie',
	],
];

/** Pages of a proxy in front of the site that wants to see a browser. */
const CHALLENGE =
	/just a moment|checking your browser|attention required|enable javascript and cookies|challenge-platform/i;

const MAINTENANCE = /maintenance|temporarily (?:unavailable|offline|down)|back (?:soon|shortly)/i;

/** The site's freezes last about 26 hours; one that seems longer than this is misread. */
export const MAX_FREEZE_MS = 30 * 24 * 3_600_000;

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
	const start = happened === null ? NaN : Date.parse(`${happened[1]}T${happened[2]}Z`);
	const leftMs = waitMs ?? start + FREEZE_FALLBACK_MS - now.getTime();
	const isSane = leftMs >= -MAX_FREEZE_MS && leftMs <= MAX_FREEZE_MS;
	const until = now.getTime() + (isSane ? leftMs : FREEZE_FALLBACK_MS);
	return { ...refusalFacts('download_freeze'), until: new Date(until).toISOString() };
}

/** One answer, and what it answers. */
class Reading {
	private readonly raw: string;

	/** The words that a person would read. */
	private readonly text: string;

	constructor(
		private readonly answer: Answer,
		private readonly request: AnsweredRequest,
		private readonly now: Date,
	) {
		this.raw = answer.body.toString('latin1');
		this.text = this.isJsonLike ? this.raw : visibleText(this.raw);
	}

	/** Titles and names in JSON are not the site's words; a page's tags and scripts are not either. */
	private get isJsonLike(): boolean {
		return /^\s*[{[]/.test(this.raw);
	}

	private get isDocument(): boolean {
		return /<!doctype|<html/i.test(this.raw);
	}

	private get isTorrent(): boolean {
		return this.request.expected === 'torrent';
	}

	/** Why the answer is a refusal; null when it is a proper answer. */
	refusal(): FailureFacts | null {
		const { statusCode } = this.answer;
		// The seedbox page says so when it was called within an hour; that needs no pause.
		if (statusCode === 429 && /last change too recent/i.test(this.raw)) return null;
		if (statusCode === 429) return refusalFacts('rate_limited');
		if (statusCode >= 300 && statusCode < 400) return this.redirect();
		if (statusCode === 404 || statusCode === 410) return this.missing();
		if (statusCode >= 500) return this.quoted('site_unavailable');
		if (statusCode === 401 || statusCode === 403) return this.forbidden();
		if (statusCode >= 400) return this.quoted('unknown');
		return this.body();
	}

	private quoted(cause: Cause): FailureFacts {
		const { statusCode } = this.answer;
		const status = statusCode < 300 ? '' : `HTTP ${statusCode} `;
		return refusalFacts(cause, `${status}${quoteOf(this.raw, this.request.secrets ?? [])}`.trim());
	}

	private redirect(): FailureFacts {
		const location = String(this.answer.headers.location ?? '');
		if (/\/(?:take)?login\.php/i.test(location)) return refusalFacts('login_redirect');
		const { statusCode } = this.answer;
		return refusalFacts('site_unavailable', `HTTP ${statusCode} to another page`);
	}

	/** A page that is gone is the torrent's only where a torrent was asked for. */
	private missing(): FailureFacts {
		if (this.isTorrent) return refusalFacts('gone');
		const { path = 'this page' } = this.request;
		return {
			...refusalFacts('gone'),
			sentence: `MyAnonamouse does not have ${path} (HTTP ${this.answer.statusCode}); nothing was done.`,
			action:
				'Check the Base URL of the credential. If it is right, look for a newer version of this package.',
		};
	}

	/** The refusal of the session that the words of an answer name; null when they name none. */
	private session(): FailureFacts | null {
		const known = SESSION_PATTERNS.find(([pattern]) => pattern.test(this.text));
		return known === undefined ? null : refusalFacts(known[1]);
	}

	/** A refusal of the download alone, which says nothing of the session; null when the page is not one. */
	private download(): FailureFacts | null {
		if (!this.isTorrent) return null;
		if (/past unsatisfied limit/i.test(this.text)) return freezeFacts(this.text, this.now);
		if (/VIP torrent and you are not VIP/i.test(this.text)) return refusalFacts('vip_only');
		return /invalid download link/i.test(this.text) ? this.quoted('gone') : null;
	}

	/** A page that is not the site's. */
	private unavailable(): FailureFacts | null {
		if (this.isJsonLike) return null;
		const isChallenge = CHALLENGE.test(this.raw) || 'cf-mitigated' in this.answer.headers;
		return isChallenge || MAINTENANCE.test(this.text) ? this.quoted('site_unavailable') : null;
	}

	/** What a 401 or 403 means. Bare words that are not known may be about the account, an HTML document is a proxy's. */
	private forbidden(): FailureFacts {
		const known = this.download() ?? this.session() ?? this.unavailable();
		if (known !== null) return known;
		if (this.isTorrent) return this.quoted('bad_torrent');
		return this.quoted(this.isDocument ? 'site_unavailable' : 'session_refused');
	}

	private body(): FailureFacts | null {
		if (this.raw.trim() === '') return refusalFacts('empty_body');
		if (this.isTorrent) {
			if (this.raw.startsWith('d')) return null;
			const known = this.download() ?? this.session() ?? this.unavailable();
			return known ?? this.quoted('bad_torrent');
		}
		if (parseJson(this.answer.body.toString('utf8')) !== undefined) return null;
		// A truncated answer holds titles and names, whose words are not the site's.
		const known = this.isJsonLike ? null : (this.session() ?? this.unavailable());
		return known ?? this.quoted('not_json');
	}
}

/** Why an answer is a refusal, in the words for the user; null when it is a proper answer. Never throws. */
export function refusalOf(
	answer: Answer,
	request: AnsweredRequest,
	now: Date,
): FailureFacts | null {
	return new Reading(answer, request, now).refusal();
}
