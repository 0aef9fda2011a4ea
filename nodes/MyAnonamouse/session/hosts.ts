import { isSiteHost, SITE_DOMAIN } from '../../shared/site';

/** The site's own address, and the default of the credential's `baseUrl`. */
export const SITE_URL = `https://www.${SITE_DOMAIN}`;

/** One fixed, honest, non-browser name, with the package's homepage: the site answers 400 without a User-Agent. */
export const USER_AGENT =
	'n8n-nodes-myanonamouse (+https://github.com/n8n-nodes-myanonamouse/n8n-nodes-myanonamouse)';

/** Which of the site's hosts serves an endpoint. They share the session. */
export type MamHost = 'www' | 't' | 'cdn';

function parsed(url: string): URL | null {
	try {
		return new URL(url);
	} catch {
		return null;
	}
}

/** Address of `path` on `host`; a stand-in's `baseUrl` replaces all hosts of the site. */
export function mamUrl(baseUrl: string, host: MamHost, path: string): string {
	const base = parsed(baseUrl.trim() === '' ? SITE_URL : baseUrl.trim());
	if (base === null) return path;
	if (!isSiteHost(base.hostname)) return base.origin + base.pathname.replace(/\/+$/, '') + path;
	return `https://${host}.${SITE_DOMAIN}${path}`;
}

/**
 * Whether the session may be sent to `url`: to the site's hosts over https, or to the stand-in that the
 * credential names, at exactly its origin.
 */
export function mayCarrySession(url: string, baseUrl: string): boolean {
	const target = parsed(url);
	if (target === null) return false;
	if (isSiteHost(target.hostname)) return target.protocol === 'https:';
	const base = parsed(baseUrl);
	return base !== null && !isSiteHost(base.hostname) && target.origin === base.origin;
}
