import { sleep } from 'n8n-workflow';
import nock from 'nock';

import { mamCredentials, newSession } from '../../../helpers/mamCredentials';
import { ACCOUNT, StrictSite } from '../../../helpers/mamSite';
import { runNode } from '../../../helpers/oneNode';
import { readTokenState, writeTokenState } from '../../../../nodes/MyAnonamouse/session/tokenState';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: jest.fn() }));

const waits = jest.mocked(sleep);

beforeEach(() => {
	waits.mockReset().mockResolvedValue(undefined);
});

afterEach(() => {
	jest.restoreAllMocks();
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

/** Reads the account for two items in a run that is stopped while it waits for the first time. */
async function getAccountsStopped(stored: Stored) {
	let stop = () => {};
	waits.mockImplementationOnce(async () => stop());
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

test('a value that another process has used meanwhile is looked up again', async () => {
	const first = newSession();
	const site = new StrictSite('rotated-by-another');
	const stored = mamCredentials(first);
	site.onRefused = () => {
		const state = readTokenState({ sessionToken: first });
		stored.myAnonamouseApi.tokenState = writeTokenState({ ...state, session: site.current });
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
		new RegExp(`\\(not signed in\\)\\. No further calls until ${until}\\.$`),
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

test('accident 18: a second pasted value that is refused too is called what it may be', async () => {
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
	const [told] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(told.error).toContain('It said: "HTTP 403 No.". No further calls until 20');
	const [held] = (await getAccount(stored, 1, 'continueErrorOutput')).items('Node', 1);
	expect(held.details).toMatchObject({ cause: 'session_refused' });
	expect(site.accepted).toHaveLength(1);
	stored.myAnonamouseApi.sessionToken = newSession();
	new StrictSite(stored.myAnonamouseApi.sessionToken);
	expect((await getAccount(stored)).items('Node')).toHaveLength(1);
});

test.each([
	[401, 'who are you', 'session_refused'],
	[500, 'oops', 'unreachable'],
	[200, '', 'empty_body'],
	[200, '<html>Login</html>', 'not_json'],
	[302, '', 'login_redirect'],
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

test('the session is not sent to a Base URL that is no address of the site or of a stand-in', async () => {
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

test('the account is returned simplified, or with the own page of the site', async () => {
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
	site.on('/jsonLoad.php', () => ({ status: 403, body: `Forbidden mam_id=${site.current}` }));
	const bad = await getAccount(stored, 1, 'continueErrorOutput');
	const thrown = await getAccount(stored);
	const shown = JSON.stringify([good, bad, thrown]);
	expect(shown).toContain(String(ACCOUNT.uid));
	expect(shown).not.toMatch(/session-\d|rotated-\d/);
});

test.each<[string, unknown, number[]]>([
	['of the credential', 20, [20_000, 20_000]],
	['of 3 s, where the credential has no usable one', 'soon', [3000, 3000]],
	['of 3 s, where it is below zero', -1, [3000, 3000]],
	['of 0, which the credential may say', 0, []],
])('waits the interval %s between two calls', async (_name, seconds, waited) => {
	jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-11-23T12:00:00Z'));
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	stored.myAnonamouseApi.requestIntervalSeconds = seconds as number;
	await getAccount(stored, 3);
	expect(site.accepted).toHaveLength(3);
	expect(waits.mock.calls.map(([ms]) => ms)).toEqual(waited);
});

test('a run that is stopped while it waits for the interval makes no further call', async () => {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	stored.myAnonamouseApi.requestIntervalSeconds = 3600;
	await getAccountsStopped(stored);
	expect(waits).toHaveBeenCalledTimes(1);
	expect(site.accepted).toHaveLength(1);
	expect(readTokenState(stored.myAnonamouseApi).session).toBe(site.current);
});

test('a run that is stopped while it looks for a newer session does not call the session dead', async () => {
	const site = new StrictSite('rotated-by-another');
	const stored = mamCredentials(newSession());
	await getAccountsStopped(stored);
	expect(waits).toHaveBeenCalledTimes(1);
	expect(site.refused).toHaveLength(1);
	expect(readTokenState(stored.myAnonamouseApi)).toMatchObject({
		pause: null,
		lastRejectedPaste: null,
	});
});

test.each(['SQLITE_READONLY', 'current transaction is aborted', 'SQLITE_ABORT'])(
	'a rotated session that cannot be stored (%s) ends the run: it says so, calls no more and shows no secret',
	async (reason) => {
		const first = newSession();
		const site = new StrictSite(first);
		const stored = mamCredentials(first);
		Object.defineProperty(stored.myAnonamouseApi, 'tokenState', {
			enumerable: true,
			get: () => '',
			set: (value: string) => {
				throw new Error(`${reason}: UPDATE credentials SET data = ${value}`);
			},
		});
		const run = await getAccount(stored, 3, 'continueErrorOutput');
		const failed = run.items('Node', 1);
		expect(failed).toHaveLength(3);
		for (const item of failed) {
			expect(item).toMatchObject({
				error: 'n8n could not store the rotated session in the credential.',
				message: expect.stringContaining('paste a new session'),
				details: { cause: 'unknown' },
			});
		}
		expect([...site.accepted, ...site.refused]).toHaveLength(1);
		expect(JSON.stringify(run)).not.toMatch(/session-\d|rotated-\d/);
	},
);
