import {
	rejectedHostHeaderFacts,
	isTimeout,
	networkFacts,
	noWebApiFacts,
	notQbittorrentFacts,
	textOf,
	toAnswer,
	unexpectedFacts,
} from '../../../../nodes/QBittorrent/client/answer';

const URL_ = 'http://qbt.test:8080';

function answer(statusCode: number, body: unknown = '', headers: Record<string, unknown> = {}) {
	return toAnswer({ statusCode, headers, body });
}

function networkError(code: unknown, cause?: unknown): Error {
	return Object.assign(new Error('x'), { code, cause });
}

describe('an answer', () => {
	it('keeps its bytes, its type, its target and the cookies that it sets', () => {
		const headers = {
			'content-type': ['text/plain', 'x'],
			location: '/login',
			challenge: '',
			'set-cookie': ['SID=abc=; HttpOnly; path=/', 'gone=; Max-Age=0', ' QBT_SID_8080=d ; x'],
		};
		expect(answer(200, Buffer.from([0, 255]), headers)).toEqual({
			status: 200,
			body: Buffer.from([0, 255]),
			contentType: 'text/plain',
			location: '/login',
			challenge: '',
			cookies: ['SID=abc=', 'QBT_SID_8080=d'],
		});
	});

	it('may have text, one cookie, or nothing at all', () => {
		expect(textOf(answer(200, ' Ok.\n'))).toBe('Ok.');
		expect(answer(200, '', { 'set-cookie': 'SID=1; path=/' }).cookies).toEqual(['SID=1']);
		expect(answer(204, undefined)).toMatchObject({
			body: Buffer.from(''),
			contentType: '',
			location: '',
			challenge: '',
			cookies: [],
		});
	});
});

describe('what is not qBittorrent', () => {
	it.each<[number, string, Record<string, string>, string | null]>([
		[200, 'Ok.', {}, null],
		[299, '', {}, null],
		[403, 'Forbidden', { 'content-type': 'text/plain' }, null],
		[499, '', {}, null],
		[300, '', { location: 'https://x.test/' }, 'the address redirects to "https://x.test/"'],
		[399, '', {}, 'the address redirects to another one'],
		[500, '', {}, 'the answer was HTTP 500'],
		[502, '', {}, 'the answer was HTTP 502'],
		[401, 'Unauthorized', {}, null],
		[
			401,
			'Unauthorized',
			{ 'www-authenticate': 'Basic realm="x"' },
			'a reverse proxy in front of it asks for its own sign-in (HTTP 401)',
		],
		[200, 'x', { 'content-type': 'Text/HTML; charset=utf-8' }, 'a web page came back (HTTP 200)'],
		[404, '  <!DOCTYPE html>', {}, 'a web page came back (HTTP 404)'],
		[200, '<html>', {}, 'a web page came back (HTTP 200)'],
		[200, 'about <html>', { 'content-type': 'x-text/html' }, null],
	])('HTTP %i %p with %j: %p', (status, body, headers, what) => {
		const facts = notQbittorrentFacts(answer(status, body, headers), URL_);
		if (what === null) expect(facts).toBeNull();
		else {
			expect(facts).toMatchObject({
				cause: 'client_unreachable',
				sentence: `No qBittorrent answered at ${URL_}: ${what}.`,
			});
			expect(facts?.action).toMatch(/^(Check|Enter) .*\.$/);
		}
	});

	it('is reported with the address and what to do', () => {
		expect(noWebApiFacts(URL_).sentence).toBe(
			`No qBittorrent answered at ${URL_}: there is no WebAPI at this address.`,
		);
		expect(noWebApiFacts(URL_).action).toContain('Check the URL in the credential');
		expect(rejectedHostHeaderFacts(URL_)).toMatchObject({
			cause: 'client_unreachable',
			sentence: `qBittorrent refuses to be called as ${URL_} (HTTP 401).`,
			action: expect.stringMatching(/^(?!.*validation).*"Server domains"/),
		});
	});
});

describe('an answer that nothing explains', () => {
	it('is quoted with its path, at most 200 characters of it', () => {
		const facts = unexpectedFacts(answer(409, 'x'.repeat(300)), 'torrents/add');
		expect(facts).toEqual({
			cause: 'unknown',
			sentence: `qBittorrent answered torrents/add with HTTP 409: ${'x'.repeat(200)}`,
			action:
				'Check the parameters of this operation; the text is what qBittorrent says about them.',
		});
		expect(unexpectedFacts(answer(409, ' '), 'x').sentence).toMatch(/HTTP 409: no text$/);
	});
});

describe('no answer', () => {
	it.each([
		['EAI_AGAIN', 'DNS lookup failed temporarily'],
		['ECONNABORTED', 'it did not answer in time'],
		['ECONNREFUSED', 'nothing listens there'],
		[
			'ECONNRESET',
			'the connection was closed without an answer, as happens when http and https are mixed up',
		],
		['EHOSTUNREACH', 'the host is unreachable'],
		['ENOTFOUND', 'the host name is not known'],
		['EPROTO', 'it does not speak https'],
		['ERR_CANCELED', 'the run was stopped'],
		['ETIMEDOUT', 'it did not answer in time'],
		['EODD', 'the connection failed'],
		['', 'the connection failed'],
		[5, 'the connection failed'],
	])('by %p: %s', (code, what) => {
		const facts = networkFacts(networkError(code), URL_);
		expect(facts).toMatchObject({
			cause: 'client_unreachable',
			sentence: `No qBittorrent answered at ${URL_}: ${what}.`,
		});
		expect(facts.action).toMatch(
			/^Check that qBittorrent is running with its WebUI enabled and speaks http there\. Check /,
		);
	});

	it.each([
		['http://localhost:8080', 'localhost is that container'],
		['http://127.0.0.1:8080', 'localhost is that container'],
		['http://qbittorrent:8080', 'as n8n reaches it'],
	])('does not advise to use %s, which has just failed', (url, words) => {
		const { action } = networkFacts(networkError('ECONNREFUSED'), url);
		expect(action).toContain(words);
		expect(action).not.toContain(url === 'http://qbittorrent:8080' ? 'e.g.' : url);
		expect(noWebApiFacts(url).action).toContain(words);
	});

	it('does not advise to switch off a protection', () => {
		expect(rejectedHostHeaderFacts(URL_).action).not.toMatch(/switch off|validation/i);
	});

	it.each(['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
		'by %s: says which switch to use for a certificate of one`s own',
		(code) => {
			const facts = networkFacts(networkError(code), URL_);
			expect(facts.sentence).toContain('its certificate is not trusted');
			expect(facts.action).toContain('Ignore SSL Issues');
		},
	);

	it('asks whether https is spoken where the address has it', () => {
		const facts = networkFacts(networkError('ECONNREFUSED'), 'https://qbt.test');
		expect(facts.action).toContain(' and speaks https there');
	});

	it('is known by the code of the error inside', () => {
		const wrapped = networkError('', networkError(undefined, networkError('ECONNREFUSED')));
		expect(networkFacts(wrapped, URL_).sentence).toContain('nothing listens there');
		expect(networkFacts(null, URL_).sentence).toContain('the connection failed');
		expect(networkFacts('text', URL_).sentence).toContain('the connection failed');
	});

	it('is a time-out or not', () => {
		expect(['ETIMEDOUT', 'ECONNABORTED'].map((code) => isTimeout(networkError(code)))).toEqual([
			true,
			true,
		]);
		expect(isTimeout(networkError('ECONNREFUSED'))).toBe(false);
	});
});
