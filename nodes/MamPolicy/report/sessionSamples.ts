import { SESSION_CAUSES, type Cause } from '../../shared/types';
import type { Sample } from './exposition';
import type { RunOutcome } from './runReport';

/**
 * Causes with which the site refused the session. A time-out or a dead line is none: it says nothing of
 * the session, so such a run leaves the group as it was.
 */
const REFUSALS: readonly Cause[] = [
	...SESSION_CAUSES,
	'rate_limited',
	'download_freeze',
	'not_json',
	'empty_body',
	'login_redirect',
	'session_refused',
];

/** The session group: empty when the run learned nothing of the session. */
export function sessionSamples({ account, failures }: RunOutcome): Sample[] {
	const causes = new Set(failures.map(({ cause }) => cause));
	const refused = REFUSALS.filter((cause) => causes.has(cause));
	if (account === null && refused.length === 0) return [];
	const refusals: Sample[] = refused.map((cause) => ({
		metric: 'mam_session_refused',
		value: 1,
		labels: { cause },
	}));
	const none: Sample = { metric: 'mam_session_refused', value: 0, labels: { cause: 'none' } };
	return [
		{ metric: 'mam_farming_cookie_expired', value: Number(causes.has('dead_cookie')) },
		...(refusals.length === 0 ? [none] : refusals),
	];
}
