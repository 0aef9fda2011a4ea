import type { AccountRecord } from '../../shared/records';

const BYTES_PER_GIB = 1024 ** 3;
const HOUR_MS = 3_600_000;

/** What was noted of a purchase. */
export interface NotedPurchase {
	what: 'upload' | 'vip';
	/** GiB of upload; 0 for VIP. */
	amount: number;
	/** ISO time. */
	at: string;
	/** The account just before, to see later whether it shows the purchase. */
	bonusPoints: number;
	uploadedBytes: number;
	vipUntil: string | null;
}

/**
 * Whether the account shows `noted`. An unchanged account proves nothing: the site updates it late. The balance
 * may lag behind the goods; within an hour nobody earns what a purchase costs.
 */
export function isShown(noted: NotedPurchase, account: AccountRecord, now: Date): boolean {
	const isRecent = Math.abs(now.getTime() - Date.parse(noted.at)) < HOUR_MS;
	if (isRecent && account.bonusPoints >= noted.bonusPoints) return false;
	if (noted.what === 'upload') {
		return account.uploadedBytes >= noted.uploadedBytes + noted.amount * BYTES_PER_GIB;
	}
	return Date.parse(account.vipUntil ?? '') > (Date.parse(noted.vipUntil ?? '') || 0);
}
