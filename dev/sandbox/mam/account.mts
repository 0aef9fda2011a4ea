import type { Entry } from './catalogue.mts';
import { prettySize } from './size.mts';

export const GIB = 1024 ** 3;

/** An account of the stand-in. Bytes, points, ISO-like UTC times as the site writes them. */
export interface AccountState {
	uid: number;
	username: string;
	/** The class while the ratio is fine; below 1 everybody is a Mouse. */
	baseClass: string;
	uploadedBytes: number;
	downloadedBytes: number;
	bonusPoints: number;
	wedges: number;
	vipUntil: string | null;
	connectable: 'yes' | 'no' | 'offline';
	unsatisfied: { count: number; limit: number };
	hitAndRuns: { notSeeding: number; seeding: number };
	/** Unsatisfied torrents that the site does not see seeding. */
	inactiveUnsatisfied: number;
	seeding: number;
	leeching: number;
	/** Unix milliseconds until which downloads are refused. */
	frozenUntil: number;
}

/** A healthy account. */
export function healthyAccount(): AccountState {
	return {
		uid: 123456,
		username: 'sandbox',
		baseClass: 'User',
		uploadedBytes: 48 * GIB,
		downloadedBytes: 20 * GIB,
		bonusPoints: 30_000,
		wedges: 1,
		vipUntil: null,
		connectable: 'yes',
		unsatisfied: { count: 3, limit: 50 },
		hitAndRuns: { notSeeding: 0, seeding: 0 },
		inactiveUnsatisfied: 0,
		seeding: 40,
		leeching: 0,
		frozenUntil: 0,
	};
}

/** Whether the account downloads a torrent without its bytes being counted. */
export function isFreeFor(account: AccountState, entry: Entry): boolean {
	const { free, personalFreeleech, vip, flVip } = entry;
	return free || personalFreeleech || ((vip || flVip) && isVip(account));
}

/** The class as the site sets it: a ratio below 1 makes a Mouse. */
export function className(account: AccountState): string {
	const { uploadedBytes, downloadedBytes, baseClass } = account;
	return downloadedBytes > 0 && uploadedBytes < downloadedBytes ? 'Mouse' : baseClass;
}

export function isMouse(account: AccountState): boolean {
	return className(account) === 'Mouse';
}

export function isVip(account: AccountState): boolean {
	return ['VIP', 'Elite VIP'].includes(className(account));
}

/** The ratio in one of the odd shapes: a number, "Inf." or a string with commas. */
function ratioShape(account: AccountState, odd: boolean): unknown {
	const { uploadedBytes, downloadedBytes } = account;
	if (downloadedBytes === 0) return 'Inf.';
	const ratio = Math.round((uploadedBytes / downloadedBytes) * 1e4) / 1e4;
	return odd ? ratio.toLocaleString('en-US', { maximumFractionDigits: 4 }) : ratio;
}

/** A size as the account page writes it: `1.00 GiB`. */
function shownSize(bytes: number): string {
	return prettySize(bytes, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function counters(account: AccountState): Record<string, unknown> {
	const counter = (name: string, count: number) => ({ count, name, size: null });
	const { unsatisfied, hitAndRuns, inactiveUnsatisfied, seeding, leeching } = account;
	return {
		connectable: account.connectable,
		unsat: { ...counter('unsat', unsatisfied.count), limit: unsatisfied.limit },
		inactHnr: counter('inactHnr', hitAndRuns.notSeeding),
		seedHnr: counter('seedHnr', hitAndRuns.seeding),
		inactUnsat: counter('inactUnsat', inactiveUnsatisfied),
		seedUnsat: counter('seedUnsat', unsatisfied.count),
		sSat: counter('sSat', seeding),
		inactSat: counter('inactSat', 0),
		leeching: counter('leeching', leeching),
		upAct: counter('upAct', 0),
		upInact: counter('upInact', 0),
		ite: { count: 0, latest: null },
		duplicates: counter('duplicates', 0),
		reseed: counter('reseed', 0),
		partial: counter('partial', 0),
		recently_deleted: counter('recently_deleted', 0),
	};
}

/** The body of `jsonLoad.php`. `legacy` puts the counters at the top, as before 2026-09-23. */
export function accountBody(
	account: AccountState,
	{ summary, legacy }: { summary: boolean; legacy: boolean },
): Record<string, unknown> {
	const body = {
		classname: className(account),
		downloaded: shownSize(account.downloadedBytes),
		downloaded_bytes: account.downloadedBytes,
		ratio: ratioShape(account, legacy),
		seedbonus: account.bonusPoints,
		uid: account.uid,
		uploaded: shownSize(account.uploadedBytes),
		uploaded_bytes: account.uploadedBytes,
		username: account.username,
		vip_until: account.vipUntil,
		wedges: account.wedges,
	};
	if (!summary) return body;
	const counts = counters(account);
	if (!legacy) return { ...body, snatch_summary: counts };
	const red = Object.entries(counts).map(([key, value]) => [
		key,
		typeof value === 'object' ? { ...value, red: false } : value,
	]);
	return { ...body, ...Object.fromEntries(red) };
}
