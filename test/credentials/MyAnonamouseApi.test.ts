import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';

import { MyAnonamouseApi } from '../../credentials/MyAnonamouseApi.credentials';
import {
	readTokenState,
	writeTokenState,
	type TokenState,
} from '../../nodes/MyAnonamouse/session/tokenState';
import { mamCredentials, newSession } from '../helpers/mamCredentials';

const credential = new MyAnonamouseApi();

interface Answer {
	statusCode: number;
	body: string;
	setCookie?: string;
}

/** What n8n does for the Test button: preAuthentication, store, authenticate. */
async function pressTest(data: Record<string, unknown>, answer: Answer) {
	const sent: IHttpRequestOptions[] = [];
	const helpers = {
		httpRequest: async (options: IHttpRequestOptions) => {
			sent.push(options);
			return {
				statusCode: answer.statusCode,
				headers: answer.setCookie === undefined ? {} : { 'set-cookie': [answer.setCookie] },
				body: Buffer.from(answer.body),
			};
		},
	} as unknown as IHttpRequestHelper['helpers'];
	const stored = await credential.preAuthentication.call({ helpers }, data as never);
	const options = await (
		credential.authenticate as (
			data: unknown,
			options: IHttpRequestOptions,
		) => Promise<IHttpRequestOptions>
	)({ ...data, ...stored }, { url: 'https://t.myanonamouse.net/json/jsonIp.php' });
	return { sent, stored, options };
}

const GOOD = { statusCode: 200, body: '{"uid":1}', setCookie: 'mam_id=next%3D; Max-Age=1296000' };

test('a green Test stores its own rotation and sends no cookie to the address that needs none', async () => {
	const { myAnonamouseApi } = mamCredentials(newSession());
	const { sent, stored, options } = await pressTest(myAnonamouseApi, GOOD);
	expect(sent).toHaveLength(1);
	expect(sent[0].headers?.Cookie).toBe(`mam_id=${myAnonamouseApi.sessionToken}`);
	expect(stored.refresh).toBe('');
	expect(readTokenState({ ...myAnonamouseApi, ...stored }).session).toBe('next%3D');
	expect(options.headers?.Cookie).toBeUndefined();
});

test.each([
	[
		403,
		'Error, you are not signed in <br />Invalid/missing cookie',
		/not signed in.*paste its value/,
	],
	[403, 'Invalid session - IP mismatch', /IP address.*Preferences > Security/],
	[403, 'Invalid session - ASN mismatch', /network \(ASN\)/],
	[403, 'Incorrect session type - non-API session', /type may not use/],
	[429, '', /fewer requests/],
	[200, '<html>Login</html>', /not JSON/],
])(
	'a Test that is refused (%p %p) says what to do and stores nothing',
	async (statusCode, body, message) => {
		const { myAnonamouseApi } = mamCredentials(newSession());
		const setCookie = statusCode === 403 ? 'mam_id=deleted; Max-Age=0' : undefined;
		await expect(pressTest(myAnonamouseApi, { statusCode, body, setCookie })).rejects.toThrow(
			message,
		);
	},
);

test('a refusal that rotates the session is red and loses no rotation', async () => {
	const { myAnonamouseApi } = mamCredentials(newSession());
	const answer = { ...GOOD, statusCode: 502, body: 'bad gateway' };
	await expect(pressTest(myAnonamouseApi, answer)).rejects.toThrow(/not available at the moment/);
	const { stored } = await pressTest(myAnonamouseApi, {
		...GOOD,
		setCookie: 'mam_id=after; path=/',
	});
	expect(readTokenState({ ...myAnonamouseApi, ...stored }).session).toBe('after');
});

test('a Test whose data was read before another Test sends the session that the other one stored', async () => {
	const { myAnonamouseApi } = mamCredentials(newSession());
	const refused = { ...GOOD, statusCode: 502 };
	await expect(pressTest(myAnonamouseApi, refused)).rejects.toThrow(/not available/);
	const late = await pressTest(myAnonamouseApi, { ...GOOD, setCookie: 'mam_id=third; path=/' });
	expect(late.sent[0].headers?.Cookie).toBe('mam_id=next%3D');
	const newest = { ...myAnonamouseApi, ...late.stored };
	const elsewhere = {
		...readTokenState(newest),
		session: 'fourth',
		rotations: 9,
		generation: 9,
		acceptedAt: null,
	};
	const tokenState = writeTokenState(elsewhere);
	const last = await pressTest({ ...myAnonamouseApi, tokenState }, GOOD);
	expect(last.sent[0].headers?.Cookie).toBe('mam_id=fourth');
});

test('a Test that ends after a new value was pasted and tested does not store the old session over the new one', async () => {
	const { myAnonamouseApi } = mamCredentials(newSession());
	const tested = { ...myAnonamouseApi, ...(await pressTest(myAnonamouseApi, GOOD)).stored };
	const [old] = [readTokenState(tested)];
	const aDayOld = writeTokenState({ ...old, acceptedAt: '2026-11-26T12:00:00.000Z' });
	const row: Record<string, unknown> = { ...tested, tokenState: aDayOld };
	let answer = () => {};
	let ask = () => {};
	const late = new Promise<void>((resolve) => (answer = resolve));
	const asked = new Promise<void>((resolve) => (ask = resolve));
	const helpers = {
		httpRequest: async () => {
			ask();
			await late;
			return { statusCode: 200, headers: { 'set-cookie': ['mam_id=old'] }, body: '{"uid":1}' };
		},
	} as unknown as IHttpRequestHelper['helpers'];
	const first = credential.preAuthentication.call({ helpers }, { ...row } as never);
	await asked;
	row.sessionToken = newSession();
	Object.assign(row, (await pressTest(row, { ...GOOD, setCookie: 'mam_id=new' })).stored);
	answer();
	Object.assign(row, await first);
	expect(readTokenState(row).session).toBe('new');
});

test('while calls are paused, a Test makes none and names the time', async () => {
	const { myAnonamouseApi } = mamCredentials(newSession());
	const pause = {
		cause: 'rate_limited' as const,
		until: new Date(Date.now() + 60_000).toISOString(),
	};
	const tokenState = writeTokenState({ ...readTokenState(myAnonamouseApi), pause });
	await expect(pressTest({ ...myAnonamouseApi, tokenState }, GOOD)).rejects.toThrow(
		`No further calls until ${pause.until}.`,
	);
});

test('a Test within 15 minutes of an accepted answer is green from the record, and sends nothing', async () => {
	const { myAnonamouseApi } = mamCredentials(newSession());
	const first = await pressTest(myAnonamouseApi, GOOD);
	const again = await pressTest({ ...myAnonamouseApi, ...first.stored }, GOOD);
	expect(again.sent).toEqual([]);
	expect(again.stored).toEqual({ refresh: '' });
	const acceptedAt = new Date(Date.now() - 16 * 60_000).toISOString();
	const old = {
		...readTokenState({ ...myAnonamouseApi, ...first.stored }),
		acceptedAt,
		generation: 9,
	};
	const later = { ...myAnonamouseApi, tokenState: writeTokenState(old) };
	expect((await pressTest(later, GOOD)).sent).toHaveLength(1);
});

test('Retry asks again about a function that was not allowed, and forgets the refusal', async () => {
	const { myAnonamouseApi } = mamCredentials(newSession());
	const refused = {
		...readTokenState(myAnonamouseApi),
		acceptedAt: new Date().toISOString(),
		pausedPaths: { '/json/dynamicSeedbox.php': new Date(Date.now() + 3_600_000).toISOString() },
	};
	const tested = await pressTest(
		{ ...myAnonamouseApi, tokenState: writeTokenState(refused) },
		GOOD,
	);
	expect(tested.sent).toHaveLength(1);
	expect(readTokenState({ ...myAnonamouseApi, ...tested.stored }).pausedPaths).toEqual({});
});

describe('while a worker has the turn', () => {
	const turnToken = JSON.stringify({ claim: 'worker-1', n: 3 });

	function claimed(state: Partial<TokenState>) {
		const { myAnonamouseApi } = mamCredentials(newSession());
		const tokenState = writeTokenState({ ...readTokenState(myAnonamouseApi), ...state });
		return { ...myAnonamouseApi, tokenState, turnToken };
	}

	test('a Test sends nothing: green from the record', async () => {
		const { sent, stored } = await pressTest(
			claimed({ acceptedAt: '2026-01-01T00:00:00.000Z' }),
			GOOD,
		);
		expect(sent).toEqual([]);
		expect(stored).toEqual({ refresh: '' });
	});

	test('a refusal on record is shown again', async () => {
		const pause = {
			cause: 'ip_lock' as const,
			until: new Date(Date.now() + 3_600_000).toISOString(),
		};
		await expect(pressTest(claimed({ pause }), GOOD)).rejects.toThrow(
			/locked to another IP address/,
		);
	});

	test('without any record it asks to press Retry in a minute', async () => {
		await expect(pressTest(claimed({}), GOOD)).rejects.toThrow(/Press Retry in a minute/);
	});

	test('a claim that has stood still for 45 s is over', async () => {
		const dead = {
			...claimed({ acceptedAt: '2026-01-01T00:00:00.000Z' }),
			turnToken: '{"claim":"dead","n":1}',
		};
		jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
		try {
			expect((await pressTest(dead, GOOD)).sent).toEqual([]);
			jest.setSystemTime(Date.now() + 46_000);
			expect((await pressTest(dead, GOOD)).sent).toHaveLength(1);
		} finally {
			jest.useRealTimers();
		}
	});
});

test('two Tests within a minute ask for jsonIp.php once', async () => {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
	try {
		jest.setSystemTime(Date.now() + 3_600_000);
		const authenticate = credential.authenticate as (
			data: unknown,
			options: IHttpRequestOptions,
		) => Promise<IHttpRequestOptions>;
		const { myAnonamouseApi } = mamCredentials(newSession());
		const { baseURL, url } = { baseURL: 'https://t.myanonamouse.net', url: '/json/jsonIp.php' };
		const ask = async () => (await authenticate(myAnonamouseApi, { baseURL, url })).url;
		expect(await ask()).toBe(url);
		expect(await ask()).toMatch(/^data:/);
		jest.setSystemTime(Date.now() + 60_000);
		expect(await ask()).toBe(url);
	} finally {
		jest.useRealTimers();
	}
});

test('a Test with an invalid Base URL makes no call', async () => {
	const { myAnonamouseApi } = mamCredentials(newSession());
	await expect(pressTest({ ...myAnonamouseApi, baseUrl: 'nowhere' }, GOOD)).rejects.toThrow(
		'The Base URL is not an address. Enter https://www.myanonamouse.net.',
	);
});

test('a Test without an answer says why', async () => {
	const { myAnonamouseApi } = mamCredentials(newSession());
	const httpRequest = () => {
		throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
	};
	await expect(
		credential.preAuthentication.call({ helpers: { httpRequest } as never }, myAnonamouseApi),
	).rejects.toThrow(/could not be reached: the connection was refused\. Check n8n's network/);
});

test('an empty session is refused without a request', async () => {
	const { myAnonamouseApi } = mamCredentials('mam_id=deleted');
	await expect(pressTest(myAnonamouseApi, GOOD)).rejects.toThrow(/Paste a new value/);
});

test('the cookie is only added for node calls, and only to the hosts it belongs to', async () => {
	const authenticate = credential.authenticate as (
		data: unknown,
		options: IHttpRequestOptions,
	) => Promise<IHttpRequestOptions>;
	const data = {
		...mamCredentials('x').myAnonamouseApi,
		sessionStep: { kind: 'use', session: 'abc%3D' },
	};
	const abortSignal = new AbortController().signal;
	const options = await authenticate(data, { url: 'https://www.myanonamouse.net/x', abortSignal });
	expect(options.headers?.Cookie).toBe('mam_id=abc%3D');
	expect(options.abortSignal).toBeUndefined();
	await expect(authenticate(data, { url: 'https://evil.example/' })).rejects.toThrow(
		/only sent to myanonamouse\.net/,
	);
	await expect(authenticate(data, { url: 'http://www.myanonamouse.net/' })).rejects.toThrow(
		/https/,
	);
});
