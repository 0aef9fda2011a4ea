/** How a request can be refused or go wrong, by name. */
export type RefusalName =
	| 'dead_cookie'
	| 'ip_mismatch'
	| 'asn_mismatch'
	| 'session_asn_mismatch'
	| 'session_type'
	| 'non_api_session'
	| 'challenge'
	| 'maintenance'
	| 'disabled'
	| 'rate_limited'
	| 'login_page'
	| 'empty'
	| 'redirect'
	| 'garbage'
	| 'truncated_torrent'
	| 'hang'
	| 'late'
	| 'server_error_after_booking'
	| 'reset'
	| 'gone';

/** A refusal that is switched on. */
export interface RefusalRule {
	refusal: RefusalName;
	/** Only requests whose path starts so; without it all. */
	path?: string;
	/** How often; without it until it is switched off. */
	times?: number;
	/** For `late`: how long, in milliseconds, the finished answer is held back. */
	ms?: number;
	/** For `redirect`: where to; by default to the login page. */
	location?: string;
	/** For what is answered at once: other words than the usual ones. */
	body?: string;
}

/** The answer instead of the usual one. */
export interface FixedAnswer {
	status: number;
	body: string;
	type: string;
	location?: string;
	/** Whether the session rotates all the same. */
	rotates: boolean;
	/** Whether it comes with `mam_id=deleted`. */
	retires: boolean;
}

function fixed(status: number, body: string, more: Partial<FixedAnswer> = {}): FixedAnswer {
	return {
		status,
		body,
		type: 'text/html; charset=UTF-8',
		rotates: false,
		retires: false,
		...more,
	};
}

/** Refusals that answer at once. The others need the usual answer first. */
export const FIXED_ANSWERS: Partial<Record<RefusalName, FixedAnswer>> = {
	dead_cookie: fixed(403, 'Error, you are not signed in <br />Invalid/missing cookie', {
		retires: true,
	}),
	ip_mismatch: fixed(403, 'Invalid session - IP mismatch'),
	asn_mismatch: fixed(403, 'Invalid session - ASN mismatch'),
	session_asn_mismatch: fixed(403, 'Session ASN mismatch'),
	session_type: fixed(403, 'Incorrect session type - not allowed this function'),
	non_api_session: fixed(403, 'Incorrect session type - non-API session'),
	challenge: fixed(403, '<!doctype html><html><title>Just a moment...</title></html>'),
	maintenance: fixed(302, '', { location: 'https://status.example/maintenance.html' }),
	disabled: fixed(403, 'Error, you are not signed in <br />Invalid/missing cookie', {
		retires: true,
	}),
	rate_limited: fixed(429, '', { rotates: true }),
	login_page: fixed(
		200,
		'<!doctype html><html><body><form action="takelogin.php">Login</form></body></html>',
	),
	empty: fixed(200, ''),
	redirect: fixed(302, '', { location: '/login.php' }),
	garbage: fixed(200, '{"uid": 12', { rotates: true }),
	gone: fixed(404, 'Not found', { rotates: true }),
};

/** The refusals that are switched on, first come first served. */
export class Refusals {
	private rules: RefusalRule[] = [];

	add(rule: RefusalRule): void {
		this.rules.push({ ...rule });
	}

	clear(): void {
		this.rules = [];
	}

	/** The rule for a request, counted down. */
	take(path: string): RefusalRule | null {
		const rule = this.rules.find((candidate) => path.startsWith(candidate.path ?? '/'));
		if (rule === undefined) return null;
		if (rule.times !== undefined && (rule.times -= 1) <= 0) {
			this.rules = this.rules.filter((candidate) => candidate !== rule);
		}
		return rule;
	}
}
