/** The site's rules and prices that more than one node relies on. */

/** Site, tracker and CDN are hosts of this domain. */
export const SITE_DOMAIN = 'myanonamouse.net';

function isBelow(hostname: string, domain: string): boolean {
	return hostname === domain || hostname.endsWith(`.${domain}`);
}

/** Whether `hostname` is one of the site's own hosts. */
export function isSiteHost(hostname: string): boolean {
	return isBelow(hostname, SITE_DOMAIN);
}

function hostOf(url: string): string | null {
	return URL.canParse(url) ? new URL(url).hostname : null;
}

/** The last address and its host: thousands of torrents of one account have the same one. */
let last = { url: '', host: hostOf('') };

/** Whether `url` is an address at `domain` or below it. */
export function isHostOf(url: string, domain: string): boolean {
	if (url !== last.url) last = { url, host: hostOf(url) };
	return last.host !== null && isBelow(last.host, domain);
}

/** Hours that a torrent must seed, freeleech included, or it is a Hit & Run. */
export const HIT_AND_RUN_HOURS = 72;

/** The site's words: "Automated spenders are limited to buying at least 50 GB of upload at a time". */
export const MIN_UPLOAD_GIB = 50;

/** Price of one GiB of upload credit, in bonus points. */
export const POINTS_PER_GIB = 500;

/** Price of one week of VIP, in bonus points. */
export const POINTS_PER_VIP_WEEK = 1250;

/** Balance above which further bonus points are lost. */
export const POINTS_CAP = 99_999;

/** Days after which a torrent that was added may be grabbed again. */
export const REGRAB_DAYS = 14;
