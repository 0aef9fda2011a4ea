import { isVip, type AccountState } from './account.mts';
import type { Catalogue, Entry } from './catalogue.mts';
import type { Reply } from './requestGuard.mts';
import type { Snatches } from './snatches.mts';
import { countdown, siteTime } from './time.mts';

/** How long downloads stay refused after the limit was passed. */
const FREEZE_MS = 26 * 3_600_000;

/** What a download needs to know. */
export interface DownloadRequest {
	/** The torrent that was asked for, if the site has it. */
	entry: Entry | undefined;
	useWedge: boolean;
	/** Unix milliseconds. */
	now: number;
}

/** A page that says no. */
export function refusalPage(text: string): Reply {
	return { body: `<!doctype html><html><body>${text}</body></html>` };
}

function frozen(account: AccountState, now: number): Reply {
	const happened = siteTime(account.frozenUntil - FREEZE_MS);
	const wait = countdown(account.frozenUntil - now);
	return refusalPage(
		`Attempted to Download Past Unsatisfied limit. Happened: ${happened} Time Till Download Allowed: ${wait}`,
	);
}

/** Takes a wedge also for a torrent that is free already, as the site does. */
function takesWedge(account: AccountState): boolean {
	if (account.wedges === 0) return false;
	account.wedges -= 1;
	return true;
}

/** `download.php`: the .torrent file, or the page that refuses it. Each new one counts as unsatisfied. */
export function download(
	account: AccountState,
	catalogue: Catalogue,
	snatches: Snatches,
	{ entry, useWedge, now }: DownloadRequest,
): Reply {
	if (entry === undefined) return { status: 404, body: 'Not found' };
	if (entry.vip && !isVip(account)) return refusalPage('VIP torrent and you are not VIP or higher');
	if (now < account.frozenUntil) return frozen(account, now);
	const { unsatisfied } = account;
	if (unsatisfied.count >= unsatisfied.limit) {
		account.frozenUntil = now + FREEZE_MS;
		return frozen(account, now);
	}
	if (useWedge && !takesWedge(account)) return refusalPage('You have no freeleech wedges');
	if (useWedge) entry.personalFreeleech = true;
	if (snatches.start(entry.id, now)) unsatisfied.count += 1;
	entry.mySnatched = true;
	return { type: 'application/x-bittorrent', body: catalogue.file(entry.id).bytes };
}
