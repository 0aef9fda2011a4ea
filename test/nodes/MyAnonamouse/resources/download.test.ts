import type { IDataObject, INode } from 'n8n-workflow';

import { mamCredentials, newSession } from '../../../helpers/mamCredentials';
import { ACCOUNT, StrictSite, type SiteAnswer } from '../../../helpers/mamSite';
import { runNode } from '../../../helpers/oneNode';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: async () => {} }));

const PIECES = 'x'.repeat(20);
const TORRENT = Buffer.from(
	`d8:announce21:http://127.0.0.1:1/an4:infod6:lengthi1048576e4:name4:book12:piece lengthi1048576e6:pieces20:${PIECES}ee`,
);

interface Site {
	file?: SiteAnswer;
	record?: IDataObject;
	wedges?: number;
	account?: IDataObject;
	/** How often the torrent is asked for in the run. */
	times?: number;
	settings?: Partial<INode>;
	mode?: 'retry' | 'trigger';
}

async function download(parameters: IDataObject, site: Site = {}) {
	const {
		file = { body: TORRENT },
		record = { free: 1 },
		wedges = 2,
		times = 1,
		settings,
		mode = 'trigger',
	} = site;
	const { account = {} } = site;
	const first = newSession();
	const fetched: IDataObject[] = [];
	const strict = new StrictSite(first)
		.on('/jsonLoad.php', () => ({ body: { ...ACCOUNT, wedges, ...account } }))
		.on('/tor/js/loadSearchJSONbasic.php', () => ({
			body: {
				found: 1,
				data: [{ id: 42, title: 'A book', size: '1.0 MiB', seeders: 3, leechers: 1, ...record }],
			},
		}))
		.on('/tor/download.php', ({ query }) => {
			fetched.push(Object.fromEntries(query));
			return file;
		});
	const run = await runNode({
		type: 'myAnonamouse',
		parameters: {
			resource: 'torrent',
			operation: 'download',
			id: 42,
			simulate: false,
			...(parameters as object),
		},
		input: Array.from({ length: times }, () => ({})),
		settings: { onError: 'continueErrorOutput', ...settings },
		start: { credentials: mamCredentials(first), mode },
	});
	const errors = run.items('Node', 1);
	const items = run.items('Node');
	return { item: items[0], items, error: errors[0], errors, fetched, site: strict };
}

test('returns the file with what is read from it', async () => {
	const { item, fetched } = await download({});
	expect(item).toEqual({
		id: 42,
		infoHash: expect.stringMatching(/^[\da-f]{40}$/),
		name: 'book',
		fileName: 'mam-42.torrent',
		sizeBytes: 1048576,
	});
	expect(fetched).toEqual([{ tid: '42' }]);
});

test('only if free: a torrent that is no longer free is skipped without downloading', async () => {
	const { item, fetched } = await download(
		{ options: { onlyIfFree: true } },
		{ record: { free: 0 } },
	);
	const reason = 'no_longer_free';
	expect(item).toEqual({ id: 42, result: reason, skipped: true, reason });
	expect(fetched).toEqual([]);
	expect((await download({ options: { onlyIfFree: true } })).item).toHaveProperty('infoHash');
});

test.each([
	['User', null, false],
	['VIP', '2099-01-01 00:00:00', true],
	['VIP', '2020-01-01 00:00:00', false],
])(
	'only if free: for a %s until %s a VIP torrent is free: %p, by the account read in the same run',
	async (classname, vip_until, isFree) => {
		const account = { classname, vip_until };
		const record = { free: 0, vip: 1 };
		const options = { onlyIfFree: true };
		const { items, site } = await download({ options }, { record, account, times: 2 });
		expect(items.map((item) => 'infoHash' in item)).toEqual([isFree, isFree]);
		expect(site.accepted.filter((path) => path === '/jsonLoad.php')).toHaveLength(1);
	},
);

test('no wedge is spent on a torrent that VIP makes free', async () => {
	const account = { classname: 'VIP', vip_until: '2099-01-01 00:00:00' };
	const record = { free: 0, vip: 1 };
	const { error, fetched } = await download({ options: { useWedge: true } }, { record, account });
	expect(error.details).toMatchObject({ cause: 'bad_parameter' });
	expect(fetched).toEqual([]);
});

test('a wedge is spent only when asked for', async () => {
	expect((await download({}, { record: { free: 0 } })).fetched).toEqual([{ tid: '42' }]);
	expect(
		(await download({ options: { useWedge: true } }, { record: { free: 0 } })).fetched,
	).toEqual([{ tid: '42', fl: '' }]);
});

test.each([
	['on a free torrent', { record: { free: 1 } }],
	['without wedges', { record: { free: 0 }, wedges: 0 }],
])('a wedge is never spent: %s', async (_what, site) => {
	const { error, fetched } = await download({ options: { useWedge: true } }, site);
	expect(error.details).toMatchObject({ cause: 'bad_parameter' });
	expect(fetched).toEqual([]);
});

test('Retry On Fail is refused with a wedge, which it would spend again', async () => {
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
	const site = { record: { free: 0 }, settings };
	const { error, fetched } = await download({ options: { useWedge: true } }, site);
	expect(error).toMatchObject({
		message: expect.stringContaining('Retry On Fail'),
		details: { cause: 'bad_parameter' },
	});
	expect(fetched).toEqual([]);
	expect((await download({}, site)).item).toHaveProperty('infoHash');
});

test.each<[string, SiteAnswer]>([
	['a server failure', { status: 502, body: 'bad gateway' }],
	['nothing', { body: '' }],
	['a truncated file', { body: TORRENT.subarray(0, 80) }],
	['a page', { body: '<html>oops</html>' }],
	['a redirect', { status: 302, body: '' }],
])('%s: the wedge may be spent, and the run does not request a second one', async (_what, file) => {
	const { errors, fetched } = await download(
		{ options: { useWedge: true } },
		{ record: { free: 0 }, file, times: 2 },
	);
	expect(errors[0]).toMatchObject({
		error: expect.stringContaining('not known whether a wedge was spent on torrent 42'),
		details: { cause: 'spend_unknown' },
	});
	expect(errors).toHaveLength(2);
	expect(fetched).toHaveLength(1);
});

test.each<[string, SiteAnswer, string]>([
	['VIP only', { body: 'VIP torrent and you are not VIP or higher' }, 'vip_only'],
	['a 429', { status: 429, body: '' }, 'rate_limited'],
	['a dead session', { status: 403, body: 'Error, you are not signed in' }, 'dead_cookie'],
])('%s spends no wedge, and keeps its cause', async (_what, file, cause) => {
	const options = { useWedge: true };
	const { error } = await download({ options }, { record: { free: 0 }, file });
	expect(error.details).toMatchObject({ cause });
});

test.each([
	['a page', { body: '<html>VIP torrent and you are not VIP or higher</html>' }, 'vip_only'],
	[
		'a freeze',
		{
			body: 'Attempted to Download Past Unsatisfied limit. Happened: 2026-10-05 15:53:57 Time Till Download Allowed: 1d 02:04:02',
		},
		'download_freeze',
	],
	['a 404', { status: 404, body: '' }, 'gone'],
	['a truncated file', { body: TORRENT.subarray(0, 80) }, 'bad_torrent'],
	[
		'a file with something behind it',
		{ body: Buffer.concat([TORRENT, Buffer.from('<html>')]) },
		'bad_torrent',
	],
	['nothing', { body: '' }, 'empty_body'],
])('%s instead of the file is %p', async (_what, file, cause) => {
	const { item, error } = await download({}, { file });
	expect(item).toBeUndefined();
	expect(error.details).toMatchObject({ cause });
});

test('a freeze stops later downloads without a call, and not the account', async () => {
	const first = newSession();
	const stored = mamCredentials(first);
	const site = new StrictSite(first).on('/tor/download.php', () => ({
		body: 'Attempted to Download Past Unsatisfied limit. Happened: 2026-10-05 15:53:57 Time Till Download Allowed: 1d 02:04:02',
	}));
	const run = async (parameters: IDataObject) =>
		await runNode({
			type: 'myAnonamouse',
			parameters: { simulate: false, id: 42, ...(parameters as object) },
			settings: { onError: 'continueErrorOutput' },
			start: { credentials: stored },
		});
	await run({ resource: 'torrent', operation: 'download' });
	const next = { resource: 'torrent', operation: 'download', options: { onlyIfFree: true } };
	const [held] = (await run(next)).items('Node', 1);
	expect(held.details).toMatchObject({
		cause: 'download_freeze',
		until: expect.stringMatching(/^20/),
	});
	expect((await run({ resource: 'account', operation: 'get' })).items('Node')).toHaveLength(1);
	expect(site.accepted).toEqual(['/tor/download.php', '/jsonLoad.php']);
});

test('the retry of an old execution downloads nothing', async () => {
	const { error, site } = await download({}, { mode: 'retry' });
	expect(error.details).toMatchObject({ cause: 'stale_plan' });
	expect(site.accepted).toEqual([]);
});

test('simulated: says what it would fetch and calls nothing', async () => {
	const { item, site } = await download({ simulate: true });
	expect(item).toEqual({ id: 42, useWedge: false, simulated: true });
	expect(site.accepted).toEqual([]);
});

test.each([[0], ['42x'], ['={{ $json.nothing }}'], [1.5]])('the id %p is refused', async (id) => {
	const { error, site } = await download({ id });
	expect(error.details).toMatchObject({ cause: 'bad_parameter' });
	expect(site.accepted).toEqual([]);
});
