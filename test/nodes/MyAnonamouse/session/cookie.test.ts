import {
	isUsableSession,
	pastedSession,
	rotatedSession,
} from '../../../../nodes/MyAnonamouse/session/cookie';

test.each([
	['abc%3Ddef', 'abc%3Ddef'],
	['  abc%3D \n', 'abc%3D'],
	['mam_id=abc%3D;', 'abc%3D'],
	['Cookie: mam_id=abc; other=1', 'abc'],
	['"abc"', 'abc'],
	['uid=3; mam_id=abc', 'abc'],
	["'abc'", 'abc'],
	['mam_id=abc\tother=1', 'abc'],
	['Set-Cookie:mam_id=abc', 'abc'],
	['xmam_id=abc', 'xmam_id=abc'],
	['abc ; def', 'abc'],
	['', ''],
	[undefined, ''],
])('a user may paste %p', (pasted, session) => {
	expect(pastedSession(pasted)).toBe(session);
});

test.each([
	[
		['mam_id=new%3Dvalue; Max-Age=1296000; path=/; domain=.myanonamouse.net; secure; SameSite=Lax'],
		'new%3Dvalue',
	],
	[['other=1; path=/', 'mam_id=next; path=/'], 'next'],
	['mam_id=single; path=/', 'single'],
	[['mam_id=deleted; Max-Age=0'], null],
	[['mam_id=; path=/'], null],
	[['mam_id=value; Max-Age=0'], null],
	[['mam_id=value;  max-age=0 ; path=/'], null],
	[['mam_id=value; Max-Age=01'], 'value'],
	[['mam_id=value; x-Max-Age=0'], 'value'],
	[[' mam_id = value ; path=/'], 'value'],
	[[5, 'mam_id=value'], 'value'],
	[['mam_id=first', 'mam_id=deleted; Max-Age=0'], 'first'],
	[['mam_id'], null],
	[['mam_id=DELETED; path=/'], null],
	[['not_mam_id=x'], null],
	[undefined, null],
])('Set-Cookie %p gives %p', (setCookie, session) => {
	expect(rotatedSession({ 'set-cookie': setCookie })).toBe(session);
});

test.each([
	['deleted'],
	[''],
	['a b'],
	['a;b'],
	['a,b'],
	['a"b'],
	['a\\b'],
	[' ab'],
	['ab\u007f'],
	['a\r\nX: y'],
	['naïve'],
])('%p is never kept or sent', (value) => {
	expect(isUsableSession(value)).toBe(false);
});
