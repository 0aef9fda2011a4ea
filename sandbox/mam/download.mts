import { isVip, type AccountState } from './account.mts';
import type { Catalogue, Entry } from './catalogue.mts';

/** How long downloads stay refused after the limit was passed. */
const FREEZE_MS = 26 * 3_600_000;

/** A page or a file. */
export interface Served {
	status: number;
	body: Buffer | string;
}

function page(text: string): Served {
	return { status: 200, body: `<!doctype html><html><body>${text}</body></html>` };
}

function countdown(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	const two = (value: number) => String(value).padStart(2, '0');
	const days = Math.floor(seconds / 86_400);
	return `${days}d ${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function frozen(account: AccountState, now: number): Served {
	const happened = new Date(account.frozenUntil - FREEZE_MS).toISOString();
	return page(
		`Attempted to Download Past Unsatisfied limit. Happened: ${happened.slice(0, 19).replace('T', ' ')} Time Till Download Allowed: ${countdown(account.frozenUntil - now)}`,
	);
}

/** Takes a wedge also for a torrent that is free already, as the site does. */
function takesWedge(account: AccountState): boolean {
	if (account.wedges === 0) return false;
	account.wedges -= 1;
	return true;
}

/** `download.php`: the .torrent file, or the page that refuses it. Each one counts as unsatisfied. */
export function download(
	account: AccountState,
	catalogue: Catalogue,
	entry: Entry | undefined,
	useWedge: boolean,
	now: number,
): Served {
	if (entry === undefined) return { status: 404, body: 'Not found' };
	if (entry.vip && !isVip(account)) return page('VIP torrent and you are not VIP or higher');
	if (now < account.frozenUntil) return frozen(account, now);
	const { unsatisfied } = account;
	if (unsatisfied.count >= unsatisfied.limit) {
		account.frozenUntil = now + FREEZE_MS;
		return frozen(account, now);
	}
	if (useWedge && !takesWedge(account)) return page('You have no freeleech wedges');
	if (useWedge) entry.personalFreeleech = true;
	if (!entry.mySnatched) unsatisfied.count += 1;
	entry.mySnatched = true;
	return { status: 200, body: catalogue.file(entry.id).bytes };
}
