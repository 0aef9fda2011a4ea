import type { IDataObject } from 'n8n-workflow';

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
}

async function download(
	parameters: IDataObject,
	{ file = { body: TORRENT }, record = { free: 1 }, wedges = 2 }: Site = {},
) {
	const first = newSession();
	const fetched: IDataObject[] = [];
	const site = new StrictSite(first)
		.on('/jsonLoad.php', () => ({ body: { ...ACCOUNT, wedges } }))
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
		settings: { onError: 'continueErrorOutput' },
		start: { credentials: mamCredentials(first) },
	});
	return { item: run.items('Node')[0], error: run.items('Node', 1)[0], fetched, site, run };
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

test('only if free: a torrent that is not free any more is left without downloading', async () => {
	const { item, fetched } = await download(
		{ options: { onlyIfFree: true } },
		{ record: { free: 0 } },
	);
	expect(item).toEqual({ id: 42, result: 'no_longer_free' });
	expect(fetched).toEqual([]);
	expect((await download({ options: { onlyIfFree: true } })).item).toHaveProperty('infoHash');
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
