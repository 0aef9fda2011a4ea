import nock from 'nock';

import { CLIENT_URL, TestClient } from '../../helpers/qbittorrent';
import { newCredential, runNodeJson } from './runNode';

const LIST_STOPPED = { resource: 'torrent', operation: 'getAll', options: { filter: 'stopped' } };

const GET_VERSION = { resource: 'application', operation: 'getVersion' };

const stored = (credential: { tokenState?: unknown }) => JSON.parse(String(credential.tokenState));

describe('signing in', () => {
	it.each(['4.5.2', '5.1.0', '5.3.0'] as const)(
		'works on %s and keeps the session',
		async (version) => {
			const client = new TestClient(version);
			const credential = newCredential();
			expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([
				{ version: `v${version}` },
			]);
			await runNodeJson(GET_VERSION, { credential });
			expect(client.callsOf('auth/login')).toHaveLength(1);
			expect(JSON.stringify(credential.tokenState)).not.toContain('secret-word');
		},
	);

	it('signs in again when the session has ended, and sends the request then', async () => {
		const client = new TestClient();
		const credential = newCredential();
		await runNodeJson(GET_VERSION, { credential });
		client.endSessions();
		expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([{ version: 'v4.5.2' }]);
		expect(client.callsOf('auth/login')).toHaveLength(2);
	});

	it('asks for the version once for all nodes of a run, and again in another session or a minute later', async () => {
		const client = new TestClient();
		const credential = newCredential();
		const LIST = { resource: 'torrent', operation: 'getAll', returnAll: true };
		const asked = async () => {
			await runNodeJson(LIST, { credential });
			return client.callsOf('app/webapiVersion').length;
		};
		const first = await asked();
		expect(await asked()).toBe(first);
		client.endSessions();
		expect(await asked()).toBeGreaterThan(first);
		const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
		const before = client.callsOf('app/webapiVersion').length;
		expect(await asked()).toBe(before + 1);
		clock.mockRestore();
	});

	it.each([
		['', false],
		[' where it asks for no sign-in', true],
	])('does not mistake an updated client for the old one%s', async (_where, trustsAddress) => {
		const client = new TestClient('5.1.0');
		client.trustsAddress = trustsAddress;
		client.overrides.set('app/webapiVersion', [200, '2.8.19']);
		const credential = newCredential();
		await runNodeJson(LIST_STOPPED, { credential });
		client.overrides.clear();
		// It was updated and restarted.
		client.endSessions();
		// To a newer client, the old name of the stopped filter means all torrents.
		const [refused] = await runNodeJson(LIST_STOPPED, { credential });
		expect(refused).toMatchObject({ error: expect.stringContaining('another version') });
		expect(client.callsOf('torrents/info').map(({ fields }) => fields.filter)).toEqual([
			'paused',
			'paused',
		]);
		await runNodeJson(LIST_STOPPED, { credential });
		expect(client.callsOf('torrents/info').at(-1)?.fields.filter).toBe('stopped');
	});

	it('asks for the version again if there is no session to know the client by', async () => {
		const client = new TestClient('5.1.0');
		client.overrides.set('auth/login', [200, 'Ok.']);
		client.overrides.set('torrents/info', [200, '[]']);
		client.overrides.set('app/webapiVersion', [200, '2.8.19']);
		const credential = newCredential();
		await runNodeJson(LIST_STOPPED, { credential });
		client.overrides.set('app/webapiVersion', [200, '2.11.4']);
		await runNodeJson(LIST_STOPPED, { credential });
		expect(client.callsOf('torrents/info').at(-1)?.fields.filter).toBe('stopped');
	});

	it.each(['4.5.2', '5.3.0'] as const)(
		'%s: sends a wrong password once, however many runs',
		async (version) => {
			const client = new TestClient(version);
			const credential = newCredential({ password: 'wrong-word' });
			const items = [{ json: {} }, { json: {} }];
			for (let run = 0; run < 3; run++) {
				expect(await runNodeJson(GET_VERSION, { credential, items })).toMatchObject([
					{ error: expect.stringContaining('password'), details: { cause: 'client_auth' } },
					{ details: { cause: 'client_auth' } },
				]);
			}
			expect(client.callsOf('auth/login')).toHaveLength(1);
			expect(JSON.stringify(credential.tokenState)).not.toContain('wrong-word');

			credential.password = 'secret-word';
			expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([
				{ version: `v${version}` },
			]);
		},
	);

	it.each(['4.5.2', '5.3.0'] as const)(
		'%s: sends a wrong password once, also from eight runs at the same time',
		async (version) => {
			const client = new TestClient(version);
			const credential = newCredential({ password: 'wrong-word' });
			const runs = Array.from(
				{ length: 8 },
				async () => await runNodeJson(GET_VERSION, { credential }),
			);
			for (const [refused] of await Promise.all(runs))
				expect(refused).toMatchObject({ details: { cause: 'client_auth' } });
			expect(client.callsOf('auth/login')).toHaveLength(1);
		},
	);

	it('signs in once for eight runs at the same time', async () => {
		const client = new TestClient();
		const credential = newCredential();
		for (let round = 1; round <= 2; round++) {
			const runs = Array.from(
				{ length: 8 },
				async () => await runNodeJson(GET_VERSION, { credential }),
			);
			for (const [answer] of await Promise.all(runs))
				expect(answer).toMatchObject({ version: 'v4.5.2' });
			expect(client.callsOf('auth/login')).toHaveLength(round);
			client.endSessions();
		}
	});

	it('finds out by itself that the password was corrected in qBittorrent, without being banned', async () => {
		const client = new TestClient();
		client.login.password = 'another';
		const credential = newCredential();
		const hours = (count: number) => Date.parse('2026-11-27T12:00:00Z') + count * 3_600_000;
		const clock = jest.spyOn(Date, 'now');
		const runAt = async (hour: number) => {
			clock.mockReturnValue(hours(hour));
			return (await runNodeJson(GET_VERSION, { credential }))[0];
		};
		expect(await runAt(0)).toMatchObject({ details: { until: '2026-11-27T13:00:00.000Z' } });
		for (const hour of [0.9, 1.1, 2, 5, 5.2]) await runAt(hour);
		expect(client.callsOf('auth/login')).toHaveLength(3);
		client.login.password = 'secret-word';
		expect(await runAt(6)).toMatchObject({ details: { cause: 'client_auth' } });
		expect(await runAt(22)).toMatchObject({ version: 'v4.5.2' });
		expect(client.callsOf('auth/login')).toHaveLength(4);
	});

	it('forgets the session of another user or address', async () => {
		const client = new TestClient();
		const credential = newCredential();
		await runNodeJson(GET_VERSION, { credential });
		credential.password = 'wrong-word';
		expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([
			{ details: { cause: 'client_auth' } },
		]);
		expect(client.callsOf('auth/login')).toHaveLength(2);
	});

	it("passes a reverse proxy's own sign-in beside the session", async () => {
		const client = new TestClient();
		client.basicAuth = 'reader:pass word';
		const login = { basicAuthUser: 'reader', basicAuthPassword: 'pass word' };
		expect(await runNodeJson(GET_VERSION, { credential: newCredential(login) })).toMatchObject([
			{ version: 'v4.5.2' },
		]);
		const [refused] = await runNodeJson(GET_VERSION);
		expect(refused).toMatchObject({
			error: expect.stringContaining('its own sign-in'),
			message: expect.stringContaining('Basic Auth User'),
			details: { cause: 'client_unreachable' },
		});
	});

	it('says that the address is banned, and tries again later', async () => {
		const client = new TestClient();
		const credential = newCredential();
		client.overrides.set('auth/login', [403, 'Your IP address has been banned']);
		expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([
			{ details: { cause: 'client_banned' } },
		]);
		client.overrides.clear();
		expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([{ version: 'v4.5.2' }]);
	});

	it.each(['http://admin:secret-word@qbt.test:8080', 'admin:secret-word@qbt.test:8080'])(
		'calls nobody by an address with a password in it, and does not quote it: %s',
		async (url) => {
			const client = new TestClient();
			const [failed] = await runNodeJson(GET_VERSION, { credential: newCredential({ url }) });
			expect(failed).toMatchObject({ details: { cause: 'bad_parameter' } });
			expect(JSON.stringify(failed)).not.toContain('secret-word');
			expect(client.calls).toHaveLength(0);
		},
	);

	it('uses an API key without signing in, and names a refused one', async () => {
		const client = new TestClient('5.3.0');
		client.login.apiKey = 'qbt_right';
		const right = newCredential({ apiKey: 'qbt_right' });
		expect(await runNodeJson(GET_VERSION, { credential: right })).toMatchObject([
			{ version: 'v5.3.0' },
		]);
		const wrong = newCredential({ apiKey: 'qbt_wrong' });
		expect(await runNodeJson(GET_VERSION, { credential: wrong })).toMatchObject([
			{
				error: expect.stringContaining('API key'),
				message: expect.stringContaining('since qBittorrent 5.2'),
				details: { cause: 'client_auth' },
			},
		]);
		expect(client.callsOf('auth/login')).toHaveLength(0);
	});

	it.each([
		['auth/login', 418, 'teapot', 'unknown', 'answered the sign-in with HTTP 418: teapot'],
		['app/webapiVersion', 403, 'Forbidden', 'client_auth', 'right after a successful sign-in'],
		['app/webapiVersion', 404, 'no', 'client_unreachable', 'there is no WebAPI at this address'],
		['app/webapiVersion', 200, 'hello', 'client_unreachable', 'there is no WebAPI at this address'],
		['app/version', 404, 'Not Found', 'unknown', 'answered app/version with HTTP 404: Not Found'],
		['app/version', 403, 'Read-only', 'unknown', 'answered app/version with HTTP 403: Read-only'],
	] as const)('names what %s answered with %i %p', async (path, status, text, cause, words) => {
		const client = new TestClient();
		client.overrides.set(path, [status, text]);
		const [failed] = await runNodeJson(GET_VERSION);
		expect(failed).toMatchObject({ error: expect.stringContaining(words), details: { cause } });
		expect(failed.message).not.toBe('');
	});

	it('keeps no cookie where qBittorrent asks for no sign-in', async () => {
		const client = new TestClient();
		client.overrides.set('auth/login', [200, 'Ok.']);
		client.overrides.set('app/webapiVersion', [200, '2.8.19']);
		client.overrides.set('app/version', [200, 'v4.5.2']);
		const credential = newCredential();
		expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([{ version: 'v4.5.2' }]);
		expect(stored(credential).cookie).toBe('');
	});
});

describe('an address without a usable qBittorrent', () => {
	const failureOf = async (status: number, body: string, headers: Record<string, string> = {}) => {
		nock(CLIENT_URL).persist().get(/.*/).reply(status, body, headers);
		nock(CLIENT_URL).persist().post(/.*/).reply(status, body, headers);
		const [failure] = await runNodeJson(GET_VERSION);
		return failure;
	};

	it.each([
		['a web page', 200, '<!doctype html><html>', { 'content-type': 'text/html' }, 'web page'],
		['no such path', 404, 'Not Found', {}, 'no WebAPI'],
		['a proxy without its client', 502, 'Bad Gateway', {}, '502'],
		['a redirect', 302, '', { location: 'https://elsewhere.test/' }, 'https://elsewhere.test/'],
		['a refused Host header', 401, 'Unauthorized', {}, 'refuses to be called as'],
	])('is named: %s', async (_what, status, body, headers, words) => {
		const failure = await failureOf(status, body, headers as Record<string, string>);
		expect(failure.error).toContain(words);
		expect(failure.details).toMatchObject({ cause: 'client_unreachable' });
		expect(failure.message).not.toBe('');
	});

	it.each([
		['ECONNREFUSED', 'nothing listens'],
		['ENOTFOUND', 'not known'],
		['ETIMEDOUT', 'in time'],
		['EPROTO', 'does not speak https'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
	])('is named: %s', async (code, words) => {
		nock(CLIENT_URL)
			.post(/.*/)
			.replyWithError(Object.assign(new Error(code), { code }));
		const [failure] = await runNodeJson(GET_VERSION);
		expect(failure.error).toContain(words);
		expect(failure.details).toMatchObject({ cause: 'client_unreachable' });
	});

	it.each([
		['http://qbt.test', 'it names no port, so 80 was tried'],
		['https://qbt.test/qbt', 'it names no port, so 443 was tried'],
		['http://qbt.test:80', 'No qBittorrent answered at http://qbt.test:80: nothing'],
	])('is reported with the port that was tried: %s', async (url, words) => {
		nock(new URL(url).origin)
			.post(/.*/)
			.replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
		const [failure] = await runNodeJson(GET_VERSION, { credential: newCredential({ url }) });
		expect(failure.error).toContain(words);
	});

	it('asks for http(s) in an address without it', async () => {
		const credential = newCredential({ url: 'localhost:8080' });
		expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([
			{ details: { cause: 'bad_parameter' } },
		]);
	});
});
