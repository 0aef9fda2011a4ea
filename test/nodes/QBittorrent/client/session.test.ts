import {
	isOwnAddress,
	loginFields,
	readSession,
	sessionMark,
	urlFacts,
	type LoginFields,
} from '../../../../nodes/QBittorrent/client/session';

function fields(change: Partial<LoginFields> = {}): LoginFields {
	return {
		...loginFields({ url: 'http://qbt.test:8080/', username: 'u', password: 'p' }),
		...change,
	};
}

/** The credential after a sign-in that ended in `cookie`. */
function signedIn(cookie: string | null, change: Partial<LoginFields> = {}): LoginFields {
	const state = { ...readSession(fields(change)), cookie };
	return fields({ ...change, tokenState: JSON.stringify(state) });
}

describe('the fields of the credential', () => {
	it('are read as they are meant', () => {
		expect(
			loginFields({
				url: ' https://qbt.test/qbt// ',
				username: ' u ',
				password: ' p ',
				apiKey: ' k\n',
				allowUnauthorizedCerts: true,
				tokenState: 's',
			}),
		).toEqual({
			url: 'https://qbt.test/qbt',
			username: ' u ',
			password: ' p ',
			apiKey: 'k',
			allowUnauthorizedCerts: true,
			basicAuthUser: '',
			basicAuthPassword: '',
			tokenState: 's',
		});
	});

	it('are empty where nothing was filled in; certificates are checked then', () => {
		expect(loginFields({ allowUnauthorizedCerts: 'yes' })).toEqual({
			url: '',
			username: '',
			password: '',
			apiKey: '',
			allowUnauthorizedCerts: false,
			basicAuthUser: '',
			basicAuthPassword: '',
			tokenState: '',
		});
	});
});

describe('the address', () => {
	it.each(['http://qbt.test', 'HTTPS://qbt.test:8080/path'])('%s can be called', (url) => {
		expect(urlFacts(fields({ url }))).toBeNull();
	});

	it.each([
		['qbt.test:8080', '"qbt.test:8080" is not a valid qBittorrent WebUI address.'],
		['http:///x', '"http:///x" is not a valid qBittorrent WebUI address.'],
		['ftp://qbt.test', '"ftp://qbt.test" is not a valid qBittorrent WebUI address.'],
		['http://a b', '"http://a b" is not a valid qBittorrent WebUI address.'],
		['x http://qbt.test', '"x http://qbt.test" is not a valid qBittorrent WebUI address.'],
		['u:secret@qbt.test', '"qbt.test" is not a valid qBittorrent WebUI address.'],
		['http://u@qbt.test', 'The URL in the credential contains a user or password.'],
		['http://:secret@qbt.test', 'The URL in the credential contains a user or password.'],
	])('%s cannot: %s', (url, sentence) => {
		const facts = urlFacts(fields({ url }));
		expect(facts).toMatchObject({ cause: 'bad_parameter', sentence });
		expect(facts?.action).toMatch(/^Enter .*\.$/);
	});

	it.each<[string, string | undefined, boolean]>([
		['http://qbt.test:8080/api', undefined, true],
		['/api', undefined, true],
		['/api', 'http://qbt.test:8080/x', true],
		['/api', 'http://other.test', false],
		['http://qbt.test/api', undefined, false],
		['https://qbt.test:8080/api', undefined, false],
		['http://', undefined, false],
	])('the session goes to %s below %p: %p', (url, baseURL, own) => {
		expect(isOwnAddress(fields(), { url, baseURL })).toBe(own);
	});
});

describe('the stored session', () => {
	it('serves the login that it belongs to, and no other', () => {
		expect(readSession(signedIn('SID=1')).cookie).toBe('SID=1');
		const { tokenState } = signedIn('SID=1');
		for (const change of [
			{ url: 'http://x' },
			{ username: 'x' },
			{ password: 'x' },
			{ apiKey: 'x' },
			{ basicAuthUser: 'x' },
			{ basicAuthPassword: 'x' },
		]) {
			expect(readSession(fields({ ...change, tokenState }))).toMatchObject({
				cookie: null,
				refusal: null,
			});
		}
	});

	it('is none where nothing readable is stored', () => {
		for (const tokenState of ['', 'x', '{}']) {
			expect(readSession(fields({ tokenState }))).toMatchObject({ cookie: null, refusal: null });
		}
	});

	it('is distinguished from another without being shown', () => {
		const mark = sessionMark(signedIn('SID=1'));
		expect(mark).toMatch(/^[\da-f]{12}$/);
		expect(sessionMark(signedIn('SID=1'))).toBe(mark);
		expect(sessionMark(signedIn('SID=2'))).not.toBe(mark);
		expect(sessionMark(signedIn('SID=1', { username: 'x' }))).not.toBe(mark);
	});

	it('has no mark before a sign-in, without a cookie and with an API key', () => {
		expect(sessionMark(fields())).toBeNull();
		expect(sessionMark(signedIn(''))).toBeNull();
		expect(sessionMark(signedIn('SID=1', { apiKey: 'k' }))).toBeNull();
	});
});
