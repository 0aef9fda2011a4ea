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
		seeding: 40,
		leeching: 0,
		frozenUntil: 0,
	};
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

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes in the site's way: `1,002.9 MiB`. */
export function prettySize(bytes: number): string {
	let value = bytes;
	let unit = 0;
	// The site changes units late, so sizes above 1,000 keep the smaller one and gain a comma.
	for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
	const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
	return `${value.toLocaleString('en-US', digits)} ${UNITS[unit]}`;
}

/** The ratio in one of the odd shapes: a number, "Inf." or a string with commas. */
function ratioShape(account: AccountState, odd: boolean): unknown {
	const { uploadedBytes, downloadedBytes } = account;
	if (downloadedBytes === 0) return 'Inf.';
	const ratio = Math.round((uploadedBytes / downloadedBytes) * 1e4) / 1e4;
	return odd ? ratio.toLocaleString('en-US') : ratio;
}

function counters(account: AccountState): Record<string, unknown> {
	const counter = (name: string, count: number) => ({ count, name, size: null });
	const { unsatisfied, hitAndRuns, seeding, leeching } = account;
	return {
		connectable: account.connectable,
		unsat: { ...counter('unsat', unsatisfied.count), limit: unsatisfied.limit },
		inactHnr: counter('inactHnr', hitAndRuns.notSeeding),
		seedHnr: counter('seedHnr', hitAndRuns.seeding),
		inactUnsat: counter('inactUnsat', 0),
		seedUnsat: counter('seedUnsat', unsatisfied.count),
		sSat: counter('sSat', seeding),
		inactSat: counter('inactSat', 0),
		leeching: counter('leeching', leeching),
		upAct: counter('upAct', 0),
		upInact: counter('upInact', 0),
		ite: { count: 0, latest: null },
	};
}

/** The body of `jsonLoad.php`. `legacy` puts the counters at the top, as before 2026-09-23. */
export function accountBody(
	account: AccountState,
	{ summary, legacy }: { summary: boolean; legacy: boolean },
): Record<string, unknown> {
	const body = {
		classname: className(account),
		downloaded: prettySize(account.downloadedBytes),
		downloaded_bytes: account.downloadedBytes,
		ratio: ratioShape(account, legacy),
		seedbonus: account.bonusPoints,
		uid: account.uid,
		uploaded: prettySize(account.uploadedBytes),
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
