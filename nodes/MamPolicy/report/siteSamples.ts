import type { AccountRecord } from '../../shared/records';
import { SESSION_CAUSES } from '../../shared/types';
import type { Cause } from '../../shared/types';
import type { Sample } from './exposition';
import type { RunOutcome } from './runReport';

/** Unix seconds of an ISO time; null without one. */
function seconds(iso: string | null): number | null {
	return typeof iso === 'string' ? Date.parse(iso) / 1000 : null;
}

/** The account group: what the site did not say is left out. */
export function accountSamples(account: AccountRecord): Sample[] {
	const { unsatisfied, hitAndRuns, connectable } = account;
	return [
		{ metric: 'mam_ratio', value: account.ratio },
		{
			metric: 'mam_class_code',
			value: account.classCode,
			labels: { classname: account.className },
		},
		{ metric: 'mam_downloaded_bytes', value: account.downloadedBytes },
		{ metric: 'mam_uploaded_bytes', value: account.uploadedBytes },
		{ metric: 'mam_bp_balance', value: account.bonusPoints },
		{ metric: 'mam_unsatisfied', value: unsatisfied?.count },
		{ metric: 'mam_unsatisfied_limit', value: unsatisfied?.limit },
		{ metric: 'mam_hit_and_runs', value: hitAndRuns?.notSeeding, labels: { kind: 'not_seeding' } },
		{ metric: 'mam_hit_and_runs', value: hitAndRuns?.seeding, labels: { kind: 'seeding' } },
		{ metric: 'mam_unsatisfied_not_seeding', value: account.inactiveUnsatisfied },
		{ metric: 'mam_vip_until_timestamp', value: seconds(account.vipUntil) },
		{ metric: 'mam_wedges', value: account.wedges },
		{ metric: 'mam_connectable', value: connectable === null ? null : Number(connectable) },
		{ metric: 'mam_account_fetched_timestamp', value: seconds(account.fetchedAt) },
	];
}

/**
 * Causes with which the site refused the session. A time-out or a network failure is not one: it says nothing
 * about the session, so such a run leaves the group as it was.
 */
const REFUSALS: readonly Cause[] = [
	...SESSION_CAUSES,
	'function_not_allowed',
	'rate_limited',
	'download_freeze',
	'not_json',
	'empty_body',
	'login_redirect',
	'session_refused',
];

/** The session group: empty when the run learned nothing about the session. */
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
