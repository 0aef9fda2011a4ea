import { mamUrl, mayCarrySession } from '../../../../nodes/MyAnonamouse/session/hosts';

const SITE = 'https://www.myanonamouse.net';

test.each([
	['https://www.myanonamouse.net/jsonLoad.php', SITE, true],
	['https://t.myanonamouse.net/json/jsonIp.php', SITE, true],
	['https://cdn.myanonamouse.net/x', 'http://127.0.0.1:9000', true],
	['http://www.myanonamouse.net/jsonLoad.php', SITE, false],
	['http://www.myanonamouse.net/jsonLoad.php', 'http://www.myanonamouse.net', false],
	['https://myanonamouse.net.evil.example/', SITE, false],
	['https://evilmyanonamouse.net/', SITE, false],
	['https://evil.example/?x=www.myanonamouse.net', SITE, false],
	['https://www.myanonamouse.net@evil.example/', SITE, false],
	['http://127.0.0.1:9000/jsonLoad.php', 'http://127.0.0.1:9000', true],
	['http://127.0.0.1:9001/jsonLoad.php', 'http://127.0.0.1:9000', false],
	['https://127.0.0.1:9000/jsonLoad.php', 'http://127.0.0.1:9000', false],
	['no address', SITE, false],
])('the session may go to %s of a credential for %s: %p', (url, baseUrl, allowed) => {
	expect(mayCarrySession(url, baseUrl)).toBe(allowed);
});

test.each([
	[SITE, 't', 'https://t.myanonamouse.net/p'],
	['https://www.myanonamouse.net/', 'www', 'https://www.myanonamouse.net/p'],
	['http://www.myanonamouse.net', 'www', 'https://www.myanonamouse.net/p'],
	['', 'www', 'https://www.myanonamouse.net/p'],
	['http://127.0.0.1:9000/', 't', 'http://127.0.0.1:9000/p'],
	['http://stand-in/mam/', 'cdn', 'http://stand-in/mam/p'],
] as const)('with base URL %p the host %s is asked at %s', (baseUrl, host, url) => {
	expect(mamUrl(baseUrl, host, '/p')).toBe(url);
});
