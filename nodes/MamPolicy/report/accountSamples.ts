import type { Sample } from './exposition';
import type { AccountRecord } from '../../shared/records';

function numberOf(flag: boolean | null): number | null {
	return flag === null ? null : Number(flag);
}

/** The account group: what the site did not say is left out. */
export function accountSamples(account: AccountRecord): Sample[] {
	const { unsatisfied, hitAndRuns } = account;
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
		{ metric: 'mam_wedges', value: account.wedges },
		{ metric: 'mam_connectable', value: numberOf(account.connectable) },
		{ metric: 'mam_account_fetched_timestamp', value: Date.parse(account.fetchedAt) / 1000 },
	];
}
