import nock from 'nock';

import { mamCredentials, newSession, storeElsewhere } from '../../../helpers/mamCredentials';
import { ACCOUNT, StrictSite } from '../../../helpers/mamSite';
import { runNode } from '../../../helpers/oneNode';
import { VirtualClock } from '../../../helpers/virtualClock';
import { readTokenState } from '../../../../nodes/MyAnonamouse/session/tokenState';

const { Readable } = jest.requireActual<typeof import('node:stream')>('node:stream');

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: jest.fn() }));

let clock: VirtualClock;

beforeEach(() => {
	clock = new VirtualClock();
});

afterEach(() => {
	jest.useRealTimers();
});

const GET_ACCOUNT = { resource: 'account', operation: 'get' };

type Stored = ReturnType<typeof mamCredentials>;

async function getAccount(
	stored: Stored,
	times = 1,
	onError: 'stopWorkflow' | 'continueErrorOutput' = 'stopWorkflow',
) {
	return await runNode({
		type: 'myAnonamouse',
		parameters: GET_ACCOUNT,
		input: Array.from({ length: times }, () => ({})),
		settings: { onError },
		start: { credentials: stored },
	});
}

/** Reads the account for two items in a run that is stopped when it waits for `wait` ms. */
async function getAccountsStopped(stored: Stored, wait: number) {
	let stop = () => {};
	clock.onWait = (ms) => {
		if (ms === wait) stop();
	};
	return await runNode({
		type: 'myAnonamouse',
		parameters: GET_ACCOUNT,
		input: [{}, {}],
		start: { credentials: stored, onStart: (stopRun) => (stop = stopRun) },
	});
}

test('every rotation is stored and used next: ten calls in a row, none refused', async () => {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	const run = await getAccount(stored, 10);
	expect(run.failed).toBe(false);
	expect(run.items('Node')).toHaveLength(10);
	expect(site.accepted).toHaveLength(10);
	expect(site.refused).toEqual([]);
	expect(JSON.parse(stored.myAnonamouseApi.tokenState).session).toBe(site.current);
	expect(stored.myAnonamouseApi.refresh).toBe('');
});

test('accident 16: runs at the same time share the session and lose no rotation', async () => {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	const runs = await Promise.all(
		Array.from({ length: 8 }, async () => await getAccount(stored, 3)),
	);
	expect(runs.filter((run) => run.failed)).toEqual([]);
	expect(site.accepted).toHaveLength(24);
	expect(site.refused).toEqual([]);
});

test('looks up again a value that another process has used meanwhile', async () => {
	const first = newSession();
	const site = new StrictSite('rotated-by-another');
	const stored = mamCredentials(first);
	site.onRefused = () => {
		storeElsewhere(stored, { session: site.current });
	};
	const run = await getAccount(stored);
	expect(run.failed).toBe(false);
	expect(site.refused).toHaveLength(1);
	expect(site.accepted).toHaveLength(1);
});

test('a dead session says what to do, and the next run reports the same without calling', async () => {
	const first = newSession();
	const site = new StrictSite('something else');
	const stored = mamCredentials(first);
	const [item] = (await getAccount(stored, 3, 'continueErrorOutput')).items('Node', 1);
	expect(item).toMatchObject({
		error: expect.stringContaining('not signed in'),
		message: expect.stringContaining('paste its value'),
		details: { cause: 'dead_cookie', node: 'Node', operation: 'account:get' },
	});
	expect(site.refused).toHaveLength(1);
	const [again] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	const { until } = again.details as { until: string };
	expect(again.error).toMatch(
		new RegExp(`\\(not signed in\\)\\. .* No further calls until ${until}\\.$`),
	);
	expect(again.details).toMatchObject({
		cause: 'dead_cookie',
		until: expect.stringMatching(/^20/),
	});
	expect(site.refused).toHaveLength(1);
	expect(stored.myAnonamouseApi.tokenState).not.toContain('deleted');
});

test('accident 17: a newly pasted value is used at once, although the old one is paused', async () => {
	const stored = mamCredentials(newSession());
	new StrictSite('something else');
	await getAccount(stored, 1, 'continueErrorOutput');
	stored.myAnonamouseApi.sessionToken = newSession();
	const site = new StrictSite(stored.myAnonamouseApi.sessionToken);
	expect((await getAccount(stored)).items('Node')).toHaveLength(1);
	expect(site.refused).toEqual([]);
});

test('accident 18: a second pasted value that is refused too is named as what it may be', async () => {
	const stored = mamCredentials(newSession());
	new StrictSite('something else');
	await getAccount(stored, 1, 'continueErrorOutput');
	stored.myAnonamouseApi.sessionToken = newSession();
	const [item] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(item.details).toMatchObject({ cause: 'account_disabled' });
	expect(item.message).toContain('contact staff');
});

test('a 429 holds the next run for half an hour, and its rotation is kept', async () => {
	const first = newSession();
	const site = new StrictSite(first).on('/jsonLoad.php', () => ({ status: 429, body: '' }));
	const stored = mamCredentials(first);
	await getAccount(stored, 1, 'continueErrorOutput');
	const [item] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(item.details).toMatchObject({ cause: 'rate_limited' });
	expect(site.accepted).toHaveLength(1);
	expect(JSON.parse(stored.myAnonamouseApi.tokenState).session).toBe(site.current);
});

test('a refusal in words that are not known holds later runs for a day, until a new value is pasted', async () => {
	const first = newSession();
	const site = new StrictSite(first).on('/jsonLoad.php', () => ({ status: 403, body: 'No.' }));
	const stored = mamCredentials(first);
	const [refused] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(refused.error).toContain('It said: "HTTP 403 No.". No further calls until 20');
	const [held] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(held.details).toMatchObject({ cause: 'session_refused' });
	expect(site.accepted).toHaveLength(1);
	stored.myAnonamouseApi.sessionToken = newSession();
	new StrictSite(stored.myAnonamouseApi.sessionToken);
	expect((await getAccount(stored)).items('Node')).toHaveLength(1);
});

test.each([
	[401, 'who are you', 'session_refused'],
	[500, 'oops', 'site_unavailable'],
	[200, '', 'empty_body'],
	[200, '<html>Login</html>', 'not_json'],
	[302, '', 'site_unavailable'],
])(
	'an answer %p %p is asked for once, and no further call is made in the run',
	async (status, body, cause) => {
		const first = newSession();
		const site = new StrictSite(first).on('/jsonLoad.php', () => ({ status, body }));
		const run = await getAccount(mamCredentials(first), 3, 'continueErrorOutput');
		expect(run.items('Node', 1).map(({ details }) => (details as { cause: string }).cause)).toEqual(
			[cause, cause, cause],
		);
		expect(site.accepted).toHaveLength(1);
	},
);

test('a connection that breaks is named; the session stays what it was', async () => {
	const first = newSession();
	nock('https://www.myanonamouse.net')
		.get(/.*/)
		.replyWithError(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
	const stored = mamCredentials(first);
	const [item] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(item.details).toMatchObject({ cause: 'unreachable' });
	expect(stored.myAnonamouseApi.tokenState).toBe('');
});

test('the session is not sent to a Base URL that is not a valid address', async () => {
	const stored = mamCredentials(newSession());
	stored.myAnonamouseApi.baseUrl = 'not an address';
	const [item] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(item.details).toMatchObject({ cause: 'bad_parameter' });
});

test('the account is asked for with its snatches; one that cannot be read says what it lacks', async () => {
	const first = newSession();
	let asked: URLSearchParams | undefined;
	new StrictSite(first).on('/jsonLoad.php', ({ query }) => {
		asked = query;
		return { body: { ...ACCOUNT, seedbonus: null } };
	});
	const [item] = (await getAccount(mamCredentials(first), 1, 'continueErrorOutput')).items(
		'Node',
		1,
	);
	expect(asked?.has('snatch_summary')).toBe(true);
	expect(item).toMatchObject({
		error: 'The account has no readable seedbonus.',
		details: { cause: 'unknown' },
	});
});

test.each<[string, object, string]>([
	['is not there', { data: [], found: 0 }, 'gone'],
	['cannot be read', { data: [{ id: 7, size: 'huge' }] }, 'no_data'],
	['is another one', { data: [{ id: 8, size: 1, seeders: 1, leechers: 1 }] }, 'gone'],
])('a torrent that %s is named', async (_name, body, cause) => {
	const first = newSession();
	new StrictSite(first).on('/tor/js/loadSearchJSONbasic.php', () => ({ body }));
	const run = await runNode({
		type: 'myAnonamouse',
		parameters: { resource: 'torrent', operation: 'get', id: 7 },
		settings: { onError: 'continueErrorOutput' },
		start: { credentials: mamCredentials(first) },
	});
	const [item] = run.items('Node', 1);
	expect(item.details).toMatchObject({ cause });
	if (cause === 'no_data') expect(item.error).toBe('Torrent 7 has no readable size.');
});

test("the account is returned simplified, or with the site's own page", async () => {
	const first = newSession();
	new StrictSite(first);
	const stored = mamCredentials(first);
	const [simple] = (await getAccount(stored)).items('Node');
	expect(simple).toMatchObject({ bonusPoints: ACCOUNT.seedbonus });
	expect(simple).not.toHaveProperty('raw');
	const full = await runNode({
		type: 'myAnonamouse',
		parameters: { ...GET_ACCOUNT, simplify: false },
		start: { credentials: stored },
	});
	expect(full.items('Node')).toEqual([{ ...simple, fetchedAt: expect.any(String), raw: ACCOUNT }]);
});

test('neither items nor errors show a session value', async () => {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	const good = await getAccount(stored, 2);
	const sent = site.current;
	site.on('/jsonLoad.php', () => ({
		body: { ...ACCOUNT, note: `${sent} is now ${site.current}` },
	}));
	const echoed = await runNode({
		type: 'myAnonamouse',
		parameters: { ...GET_ACCOUNT, simplify: false },
		start: { credentials: stored },
	});
	expect(echoed.items('Node')[0].raw).toMatchObject({ note: '(hidden) is now (hidden)' });
	site.on('/jsonLoad.php', () => ({ status: 403, body: `Forbidden mam_id=${site.current}` }));
	const bad = await getAccount(stored, 1, 'continueErrorOutput');
	const thrown = await getAccount(stored);
	const shown = JSON.stringify([good, echoed, bad, thrown]);
	expect(shown).toContain(String(ACCOUNT.uid));
	expect(shown).not.toMatch(/session-\d|rotated-\d/);
});

test.each<[string, unknown, number]>([
	['of the credential', 20, 20_000],
	['of 3 s, where the credential has no usable one', 'soon', 3000],
	['of 3 s, where it is below zero', -1, 3000],
])('waits the interval %s between two calls, and no longer', async (_name, seconds, interval) => {
	const first = newSession();
	const times: number[] = [];
	new StrictSite(first).on('/jsonLoad.php', () => {
		times.push(Date.now());
		return { body: ACCOUNT };
	});
	const stored = mamCredentials(first);
	stored.myAnonamouseApi.requestIntervalSeconds = seconds as number;
	await getAccount(stored, 3);
	expect(times.slice(1).map((time, at) => time - times[at])).toEqual([interval, interval]);
});

test('a clock that is set back an hour makes no wait longer than the interval', async () => {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	stored.myAnonamouseApi.requestIntervalSeconds = 3;
	await getAccount(stored);
	clock.jump(-3_600_000);
	clock.waits.length = 0;
	await getAccount(stored);
	expect(site.accepted).toHaveLength(2);
	expect(Math.max(...clock.waits)).toBeLessThanOrEqual(3000);
});

test('a run that is stopped while it waits for the interval makes no further call', async () => {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	stored.myAnonamouseApi.requestIntervalSeconds = 3600;
	// The wait of the second call, before it claims its turn.
	await getAccountsStopped(stored, 3_600_000 - 1500);
	expect(site.accepted).toHaveLength(1);
	expect(readTokenState(stored.myAnonamouseApi).session).toBe(site.current);
});

test('a run that is stopped while it looks for a newer session does not call the session dead', async () => {
	const site = new StrictSite('rotated-by-another');
	const stored = mamCredentials(newSession());
	await getAccountsStopped(stored, 150);
	expect(site.refused).toHaveLength(1);
	expect(readTokenState(stored.myAnonamouseApi)).toMatchObject({
		pause: null,
		lastRejectedPaste: null,
	});
});

/** A database that refuses to be written (or read) as long as `isBusy` says so. */
function busy(stored: Stored, isBusy: () => boolean, reason = 'SQLITE_BUSY'): void {
	const { myAnonamouseApi } = stored;
	let { tokenState } = myAnonamouseApi;
	Object.defineProperty(myAnonamouseApi, 'tokenState', {
		enumerable: true,
		get: () => tokenState,
		set: (value: string) => {
			if (isBusy()) throw new Error(`${reason}: UPDATE credentials SET data = ${value}`);
			tokenState = value;
		},
	});
}

test.each(['SQLITE_BUSY', 'current transaction is aborted', 'SQLITE_ABORT'])(
	'a write that fails for seconds (%s) is tried again: the run succeeds and the session is stored',
	async (reason) => {
		const first = newSession();
		const site = new StrictSite(first);
		const stored = mamCredentials(first);
		let failures = 5;
		busy(stored, () => --failures > 0, reason);
		const run = await getAccount(stored, 2);
		expect(run.items('Node')).toHaveLength(2);
		expect(site.refused).toEqual([]);
		expect(readTokenState(stored.myAnonamouseApi).session).toBe(site.current);
		expect(JSON.stringify(run)).not.toMatch(/session-\d|rotated-\d/);
	},
);

test('a session that could not be stored at all stays in memory, and the next run stores it', async () => {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	let isBusy = true;
	busy(stored, () => isBusy);
	expect((await getAccount(stored, 2)).items('Node')).toHaveLength(2);
	expect(readTokenState(stored.myAnonamouseApi).session).toBe(first);
	isBusy = false;
	expect((await getAccount(stored)).items('Node')).toHaveLength(1);
	expect(site.refused).toEqual([]);
	expect(readTokenState(stored.myAnonamouseApi)).toMatchObject({
		session: site.current,
		pause: null,
	});
});

test("an editor's save that puts an old state back loses nothing: the next run heals it", async () => {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	await getAccount(stored);
	const old = stored.myAnonamouseApi.tokenState;
	for (let save = 0; save < 20; save++) {
		await getAccount(stored);
		stored.myAnonamouseApi.tokenState = old;
	}
	expect(site.refused).toEqual([]);
	expect(site.accepted).toHaveLength(21);
	// A save while a run is about to end is noticed before it gives its turn back.
	clock.onWait = (ms) => {
		if (ms === 500) stored.myAnonamouseApi.tokenState = old;
	};
	stored.myAnonamouseApi.requestIntervalSeconds = 3;
	await getAccount(stored);
	expect(readTokenState(stored.myAnonamouseApi).session).toBe(site.current);
});

test('a credential that cannot be read for seconds is said to be so, without the words of the database', async () => {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	let failures = 3;
	Object.defineProperty(stored.myAnonamouseApi, 'sessionToken', {
		enumerable: true,
		get: () => {
			if (--failures >= 0) throw new Error('SQLITE_BUSY: SELECT data FROM credentials');
			return first;
		},
	});
	expect((await getAccount(stored)).items('Node')).toHaveLength(1);
	failures = 1000;
	const [item] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(item.error).toBe('n8n could not read the MyAnonamouse credential; nothing was sent.');
	expect(JSON.stringify(item)).not.toContain('SQLITE');
	expect(site.accepted).toHaveLength(1);
});

test('the rotation is stored although the answer is too large to be read', async () => {
	const first = newSession();
	const site = new StrictSite(first).on('/jsonLoad.php', () => ({
		body: Buffer.alloc(40 * 1024 * 1024),
	}));
	const stored = mamCredentials(first);
	const [item] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(item.error).toContain('more than 32 MiB');
	expect(readTokenState(stored.myAnonamouseApi).session).toBe(site.current);
});

test('the rotation is stored although the answer never ends', async () => {
	jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.abort());
	const first = newSession();
	const body = new Readable({ read() {} });
	body.push('{');
	const site = new StrictSite(first).on('/jsonLoad.php', () => ({ body }));
	const stored = mamCredentials(first);
	const [item] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(item.details).toMatchObject({ cause: 'timeout' });
	expect(readTokenState(stored.myAnonamouseApi).session).toBe(site.current);
});

test('the rotation is stored although the answer cannot be read', async () => {
	const first = newSession();
	const site = new StrictSite(first).on('/tor/download.php', () => ({
		body: 'Attempted to Download Past Unsatisfied limit. Happened: 0000-00-00 00:00:00',
	}));
	const stored = mamCredentials(first);
	const run = await runNode({
		type: 'myAnonamouse',
		parameters: { resource: 'torrent', operation: 'download', id: 7, simulate: false },
		settings: { onError: 'continueErrorOutput' },
		start: { credentials: stored },
	});
	expect(run.items('Node', 1)[0].details).toMatchObject({ cause: 'download_freeze' });
	expect(readTokenState(stored.myAnonamouseApi).session).toBe(site.current);
});

test('a function that the session may not use is refused alone', async () => {
	const first = newSession();
	const site = new StrictSite(first).on('/jsonLoad.php', () => ({
		status: 403,
		body: 'Incorrect session type - not allowed this function',
	}));
	const stored = mamCredentials(first);
	site.on('/tor/js/loadSearchJSONbasic.php', () => ({ body: { data: [] } }));
	const [refused] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(refused.details).toMatchObject({ cause: 'function_not_allowed' });
	const [again] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(again.details).toMatchObject({ cause: 'function_not_allowed', until: expect.any(String) });
	expect(site.accepted).toEqual(['/jsonLoad.php']);
	const search = await runNode({
		type: 'myAnonamouse',
		parameters: { resource: 'torrent', operation: 'search' },
		start: { credentials: stored },
	});
	expect(search.failed).toBe(false);
	expect(site.accepted).toHaveLength(2);
});
