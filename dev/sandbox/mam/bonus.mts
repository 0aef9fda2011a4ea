import { className, GIB, isVip, type AccountState } from './account.mts';
import { prettySize } from './size.mts';
import { siteTime } from './time.mts';

const POINTS_PER_GIB = 500;
const POINTS_PER_WEEK = 1250;
const POINTS_PER_WEDGE = 50_000;
const MIN_UPLOAD_GIB = 50;
const MAX_VIP_DAYS = 90;
const DAY_MS = 86_400_000;
const FOUR_DIGITS = { minimumSignificantDigits: 4, maximumSignificantDigits: 4 };

/** A purchase that was booked. */
export interface Booking {
	type: 'upload' | 'VIP' | 'wedges';
	/** GiB, weeks or wedges. */
	amount: number;
	points: number;
}

type Body = Record<string, unknown>;

function refused(error: string): Body {
	return { success: false, error };
}

function booked(account: AccountState, type: string, amount: number): Body {
	const { bonusPoints, uploadedBytes, downloadedBytes } = account;
	return {
		success: true,
		type,
		amount,
		seedbonus: bonusPoints,
		uploaded: uploadedBytes,
		downloaded: downloadedBytes,
		uploadFancy: prettySize(uploadedBytes, FOUR_DIGITS),
		downloadFancy: prettySize(downloadedBytes, FOUR_DIGITS),
		ratio:
			downloadedBytes === 0 ? 'Inf.' : Math.round((uploadedBytes / downloadedBytes) * 100) / 100,
	};
}

function buyUpload(account: AccountState, amount: number, bookings: Booking[]): Body {
	if (!Number.isInteger(amount) || amount < MIN_UPLOAD_GIB) {
		return refused(
			'Automated spenders are limited to buying at least 50 GB of upload at a time, due to log spam',
		);
	}
	const points = amount * POINTS_PER_GIB;
	if (points > account.bonusPoints) return refused('Not enough bonus, s1');
	account.bonusPoints -= points;
	account.uploadedBytes += amount * GIB;
	bookings.push({ type: 'upload', amount, points });
	return booked(account, 'upload', amount);
}

function buyVip(account: AccountState, duration: string, now: number, bookings: Booking[]): Body {
	// 4, 8 and 12 weeks are buttons of the web store.
	if (duration !== 'max') return refused('Invalid duration specified');
	if (!isVip(account) && className(account) !== 'Power User') return refused('Class not allowed');
	const until = Math.max(now, account.vipUntil === null ? now : Date.parse(`${account.vipUntil}Z`));
	const roomWeeks = (MAX_VIP_DAYS - (until - now) / DAY_MS) / 7;
	const weeks = Math.floor(roomWeeks * 10) / 10;
	if (roomWeeks < 1) return refused('Min VIP is 1 week purchased for Automated methods');
	const points = Math.ceil(weeks * POINTS_PER_WEEK);
	if (points > account.bonusPoints) return refused('Not enough bonus, s1');
	account.bonusPoints -= points;
	account.vipUntil = siteTime(until + weeks * 7 * DAY_MS);
	bookings.push({ type: 'VIP', amount: weeks, points });
	return booked(account, 'VIP', weeks);
}

function buyWedge(account: AccountState, bookings: Booking[]): Body {
	if (account.bonusPoints < POINTS_PER_WEDGE) return refused('Not enough bonus, s1');
	account.bonusPoints -= POINTS_PER_WEDGE;
	account.wedges += 1;
	bookings.push({ type: 'wedges', amount: 1, points: POINTS_PER_WEDGE });
	return booked(account, 'wedges', 1);
}

/** `bonusBuy.php`: books the purchase on the account, or says why not. */
export function buy(
	account: AccountState,
	query: Record<string, unknown>,
	now: number,
	bookings: Booking[],
): Body {
	switch (query.spendtype) {
		case 'upload':
			return buyUpload(account, Number(query.amount), bookings);
		case 'VIP':
			return buyVip(account, String(query.duration), now, bookings);
		case 'wedges':
			if (query.source !== 'points') return refused('Invalid source');
			return buyWedge(account, bookings);
		default:
			return refused('Invalid spendtype');
	}
}
