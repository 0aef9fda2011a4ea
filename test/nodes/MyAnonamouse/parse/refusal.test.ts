import { refusalOf, type Expected } from '../../../../nodes/MyAnonamouse/parse/refusal';

const now = new Date('2026-10-05T16:00:00Z');

const SECRET = 'abcDEF123%2Bghi456%3D%3D';

function refusal(statusCode: number, body: string, expected: Expected = 'json', headers = {}) {
	const answer = { statusCode, headers, body: Buffer.from(body) };
	return refusalOf(answer, { expected, path: '/x.php', secrets: [SECRET] }, now);
}

test.each([
	[403, 'Error, you are not signed in <br />Invalid/missing cookie', 'dead_cookie'],
	[403, 'Invalid session - IP mismatch', 'ip_lock'],
	[403, '{"Success":false,"msg":"Invalid session - IP mismatch"}', 'ip_lock'],
	[403, 'Invalid session - ASN mismatch', 'asn_lock'],
	[403, 'Session ASN mismatch', 'asn_lock'],
	[403, 'Incorrect session type - not allowed this function', 'function_not_allowed'],
	[403, 'Incorrect session type - non-API session', 'session_type'],
	[403, 'No Session Cookie', 'dead_cookie'],
	[403, 'Invalid session - Other', 'dead_cookie'],
	[403, 'Your account has been disabled, contact staff', 'account_disabled'],
	[403, 'Forbidden by a proxy', 'session_refused'],
	[401, '', 'session_refused'],
	[429, '', 'rate_limited'],
	[302, '', 'site_unavailable'],
	[200, '', 'empty_body'],
	[200, ' \n', 'empty_body'],
	[200, '<html><body>Please log in</body></html>', 'not_json'],
	[200, '<html>Error, you are not signed in</html>', 'dead_cookie'],
	[200, 'Error, you are not signed in <br />Invalid/missing cookie', 'dead_cookie'],
	[200, 'Invalid session - IP mismatch', 'ip_lock'],
	[200, '{"uid":12', 'not_json'],
	[200, '{"data":[{"title":"The account of a disabled mouse"', 'not_json'],
	[300, '', 'site_unavailable'],
	[399, '', 'site_unavailable'],
	[400, 'no User-Agent', 'unknown'],
	[401, 'no auth cookie provided', 'dead_cookie'],
	[404, 'gone', 'gone'],
	[410, '', 'gone'],
	[500, '<h1>oops</h1>', 'site_unavailable'],
	[503, '', 'site_unavailable'],
	[403, '<!doctype html><title>Just a moment...</title>', 'site_unavailable'],
	[200, '<!doctype html><title>Just a moment...</title>', 'site_unavailable'],
	[403, '<html><h1>Access denied</h1></html>', 'site_unavailable'],
	[403, '<html><input disabled id="account"><p>Sorry</p></html>', 'site_unavailable'],
	[403, '<input disabled id="account">No.', 'session_refused'],
	[403, '<html><p title="The account is disabled">Sorry</p></html>', 'site_unavailable'],
	[403, '<html><script>say("not signed in")</script>Sorry</html>', 'site_unavailable'],
	[403, 'This account is disabled.', 'account_disabled'],
	[403, 'Only an account that never was disabled may do that', 'session_refused'],
	[200, '<html>Down for <b>maintenance</b></html>', 'site_unavailable'],
])('an answer %p %p where JSON was asked for is %s', (statusCode, body, cause) => {
	expect(refusal(statusCode, body)?.cause).toBe(cause);
});

test.each([
	['<html>VIP torrent and you are not VIP or higher</html>', 'vip_only'],
	['Invalid download link', 'gone'],
	['<html>something else</html>', 'bad_torrent'],
	['Error, you are not signed in', 'dead_cookie'],
	['', 'empty_body'],
])('a page %p where a torrent was asked for is %s', (body, cause) => {
	expect(refusal(200, body, 'torrent')?.cause).toBe(cause);
});

test.each([
	['VIP torrent and you are not VIP or higher', 'vip_only'],
	['Attempted to Download Past Unsatisfied limit.', 'download_freeze'],
	['Invalid download link', 'gone'],
	['Error, you are not signed in', 'dead_cookie'],
	['Forbidden', 'bad_torrent'],
])('a 403 %p where a torrent was asked for is %s', (body, cause) => {
	expect(refusal(403, body, 'torrent')?.cause).toBe(cause);
});

test('proper answers are no refusals', () => {
	expect(refusal(429, '{"Success":false,"msg":"Last change too recent"}')).toBeNull();
	expect(refusal(200, '{"msg":"Last change too recent"}')).toBeNull();
	expect(refusal(200, '{"uid":1}')).toBeNull();
	expect(refusal(200, '{"title":"You are not signed in"}')).toBeNull();
	expect(refusal(200, 'd8:announce3:urle', 'torrent')).toBeNull();
});

test('a download freeze names its deadline', () => {
	const body =
		'Attempted to Download Past Unsatisfied limit. Happened: 2026-10-05 15:53:57 Time Till Download Allowed: 1d 02:04:02';
	expect(refusal(200, body, 'torrent')).toMatchObject({
		cause: 'download_freeze',
		until: '2026-10-06T18:04:02.000Z',
	});
});

test('a freeze whose wait cannot be read lasts 26 hours from when it happened', () => {
	const body = 'Attempted to Download Past Unsatisfied limit. Happened: 2026-10-05 15:53:57';
	expect(refusal(200, body, 'torrent')?.until).toBe('2026-10-06T17:53:57.000Z');
});

test('every refusal says what happened and what to do', () => {
	for (const [status, body] of [
		[403, 'Invalid session - IP mismatch'],
		[429, ''],
		[200, ''],
		[500, 'x'],
	] as const) {
		const facts = refusal(status, body);
		expect(facts?.sentence).toMatch(/^MyAnonamouse .*\.$/);
		expect(facts?.action).toMatch(/\.$/);
	}
});

test.each([
	['1d 02:04:02', '2026-10-06T18:04:02.000Z'],
	['12d 00:00:01', '2026-10-17T16:00:01.000Z'],
	['1d  00:00:00', '2026-10-06T16:00:00.000Z'],
	['02:04:02', '2026-10-05T18:04:02.000Z'],
	['123:00:00', '2026-10-10T19:00:00.000Z'],
	['  00:30:00', '2026-10-05T16:30:00.000Z'],
])('a freeze of "%s" ends at %s', (wait, until) => {
	const body = `Past unsatisfied limit. Time Till Download Allowed: ${wait}`;
	expect(refusal(200, body, 'torrent')?.until).toBe(until);
});

test('a freeze of which nothing can be read lasts 26 hours from now', () => {
	expect(refusal(200, 'Past unsatisfied limit', 'torrent')?.until).toBe('2026-10-06T18:00:00.000Z');
	const odd = 'Past unsatisfied limit. Time Till Download Allowed: 3 : 4';
	expect(refusal(200, odd, 'torrent')?.until).toBe('2026-10-06T18:00:00.000Z');
});

test.each([
	['<style>\n.a{}\n</style><script type="x">1<2</script>Busy', 'Busy'],
	['<p>Try</p><p class="a">later</p>', 'Try later'],
	['mam_id = abc%3D; gone', 'mam_id = (hidden); gone'],
	['{mam_id:"secret"', "{mam_id:'(hidden)'"],
	[`now ${SECRET} then`, 'now (hidden) then'],
	[`now ${decodeURIComponent(SECRET)} then`, 'now (hidden) then'],
	[`now ${encodeURIComponent(SECRET)} then`, 'now (hidden) then'],
	['half 0123456789abcdef0123456789abcdef of it', 'half (hidden) of it'],
	['from 203.0.113.9, version 1.2', 'from (address), version 1.2'],
	['a\u0000\u202eb  \n c', 'a b c'],
	['a\u0000\u0000b', 'a b'],
	['say "x" \\ y', "say 'x' ' y"],
	['abc '.repeat(100), 'abc '.repeat(30).trim()],
])('an answer %p is quoted as %p', (body, quote) => {
	expect(refusal(200, body)?.sentence).toBe(
		`MyAnonamouse answered with something that is not JSON. It said: "${quote}".`,
	);
});

test('an answer that is not understood is quoted with its status', () => {
	expect(refusal(418, 'I am a teapot')).toEqual({
		cause: 'unknown',
		sentence:
			'MyAnonamouse gave an answer that is not understood. It said: "HTTP 418 I am a teapot".',
		action: 'Nothing was done. If it keeps happening, report it with the execution data.',
	});
	const refused = refusal(403, 'Forbidden');
	expect(refused?.sentence).toContain('"HTTP 403 Forbidden"');
	expect(refused?.action).toContain('staff may have disabled the account');
	expect(refusal(500, 'oops')?.sentence).toBe(
		'MyAnonamouse is not available at the moment. It said: "HTTP 500 oops".',
	);
	expect(refusal(404, 'x')?.sentence).not.toContain('It said');
});

test('a quoted answer shows no session, address or markup', () => {
	const facts = refusal(403, '<b>mam_id=SECRETVALUE</b> 203.0.113.9 "quoted"\u0000');
	expect(facts?.sentence).not.toMatch(/SECRETVALUE|203\.0\.113\.9|<b>/);
	expect(facts?.sentence).not.toContain('\0');
});

test.each([
	['https://www.myanonamouse.net/login.php?returnto=x', 'login_redirect'],
	['/login.php', 'login_redirect'],
	['https://status.example/maintenance', 'site_unavailable'],
])('a redirect to %s is %s', (location, cause) => {
	expect(refusal(302, '', 'json', { location })?.cause).toBe(cause);
});

test('a proxy that mitigates is not the site', () => {
	expect(refusal(403, 'x', 'json', { 'cf-mitigated': 'challenge' })?.cause).toBe(
		'site_unavailable',
	);
});

test('a page that the site does not have is named; only a torrent is called gone', () => {
	expect(refusal(404, 'x')?.sentence).toBe(
		'MyAnonamouse does not have /x.php (HTTP 404); nothing was done.',
	);
	expect(refusal(404, 'x', 'torrent')?.sentence).toBe('MyAnonamouse no longer has this torrent.');
});

test.each(['0000-00-00 00:00:00', '9999-99-99 99:99:99'])(
	'a freeze that happened at %s lasts 26 hours from now',
	(happened) => {
		const body = `Past unsatisfied limit. Happened: ${happened}`;
		expect(refusal(200, body, 'torrent')?.until).toBe('2026-10-06T18:00:00.000Z');
	},
);

test('a freeze of years is misread: it lasts 26 hours', () => {
	const body = 'Past unsatisfied limit. Time Till Download Allowed: 99999999999d 00:00:00';
	expect(refusal(200, body, 'torrent')?.until).toBe('2026-10-06T18:00:00.000Z');
});
