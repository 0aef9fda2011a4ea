import type { IDataObject } from 'n8n-workflow';

import { mamCredentials, newSession } from '../../../helpers/mamCredentials';
import { ACCOUNT, StrictSite, type SiteAnswer } from '../../../helpers/mamSite';
import { runNode } from '../../../helpers/oneNode';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: async () => {} }));

const SEARCH = '/tor/js/loadSearchJSONbasic.php';

interface Asked {
	perpage: number;
	tor: IDataObject & { startNumber: number };
}

function result(id: number, change: IDataObject = {}): IDataObject {
	return { id, title: `T${id}`, size: '100.0 MiB', seeders: 5, leechers: 2, free: 1, ...change };
}

/** A catalogue that serves at most `most` torrents on a page, whatever is asked for. */
function catalogue(count: number, most = 100) {
	const all = Array.from({ length: count }, (_, at) => result(at + 1));
	return ({ perpage, tor }: Asked): SiteAnswer => {
		const data = all.slice(tor.startNumber, tor.startNumber + Math.min(perpage, most));
		return {
			body:
				data.length > 0 ? { found: count, data } : { error: `Nothing returned, out of ${count}` },
		};
	};
}

async function search(
	parameters: IDataObject,
	answer: (asked: Asked) => SiteAnswer,
	account: IDataObject = {},
) {
	const first = newSession();
	const asked: Asked[] = [];
	new StrictSite(first)
		.on('/jsonLoad.php', () => ({ body: { ...ACCOUNT, ...account } }))
		.on(SEARCH, ({ body }) => {
			asked.push(body as Asked);
			return answer(body as Asked);
		});
	const run = await runNode({
		type: 'myAnonamouse',
		parameters: { resource: 'torrent', operation: 'search', ...(parameters as object) },
		settings: { onError: 'continueErrorOutput' },
		start: { credentials: mamCredentials(first) },
	});
	return { run, asked, ids: run.items('Node').map(({ id }) => id) };
}

test('accident 10: the site filters, sorts and pages, with the page size at the root', async () => {
	const { asked, ids } = await search(
		{
			returnAll: true,
			minSizeMiB: 50,
			maxSizeMiB: 1024,
			minSeeders: 1,
			maxSeeders: 50,
			minLeechers: 1,
			mainCategories: 'Audiobooks, 14',
			languages: '1, 3',
		},
		catalogue(250),
	);
	expect(ids).toEqual(Array.from({ length: 250 }, (_, at) => at + 1));
	expect(asked.map(({ perpage, tor }) => [perpage, tor.startNumber])).toEqual([
		[1000, 0],
		[1000, 100],
		[1000, 200],
	]);
	expect(asked[0].tor).toMatchObject({
		searchType: 'fl',
		sortType: 'leechersDesc',
		minSize: 50,
		maxSize: 1024,
		unit: 1048576,
		minSeeders: 1,
		maxSeeders: 50,
		minLeechers: 1,
		main_cat: [13, 14],
		browse_lang: [1, 3],
	});
	expect(asked[0].tor).not.toHaveProperty('perpage');
	expect(asked[0].tor).not.toHaveProperty('maxLeechers');
});

test.each([
	[50, 1, 50],
	[3, 1, 3],
	[150, 2, 150],
])('a limit of %p takes %p requests and returns %p torrents', async (limit, requests, count) => {
	const { asked, ids } = await search({ limit }, catalogue(250));
	expect(asked).toHaveLength(requests);
	expect(ids).toHaveLength(count);
});

test('an exact last page costs no further request', async () => {
	expect((await search({ returnAll: true }, catalogue(200))).asked).toHaveLength(2);
});

test('a site that serves less than was asked for is read to its end', async () => {
	const { asked, ids } = await search({ returnAll: true }, catalogue(60, 20));
	expect(ids).toHaveLength(60);
	expect(asked.map(({ tor }) => tor.startNumber)).toEqual([0, 20, 40]);
});

test('pages of up to 1000', async () => {
	const { asked, ids } = await search({ limit: 1500 }, catalogue(1300, 1000));
	expect(ids).toHaveLength(1300);
	expect(asked.map(({ perpage }) => perpage)).toEqual([1000, 1000]);
});

test.each<[string, (asked: Asked) => IDataObject]>([
	['without a count', () => ({})],
	['whose count grows', ({ tor }) => ({ found: tor.startNumber + 1000 })],
	['whose count comes under another name', () => ({ total_found: 1_000_000 })],
])('a page %s that comes again and again ends the search', async (_what, count) => {
	const { asked, ids } = await search({ returnAll: true }, (page) => ({
		body: { ...count(page), data: [result(1), result(2)] },
	}));
	expect(ids).toEqual([1, 2]);
	expect(asked).toHaveLength(2);
});

test('a site that always has something new is left after 200 pages', async () => {
	let id = 0;
	const { asked } = await search({ returnAll: true }, () => ({ body: { data: [result(++id)] } }));
	expect(asked).toHaveLength(200);
}, 30_000);

test('a torrent that moves to the next page meanwhile is returned once', async () => {
	const pages = [
		Array.from({ length: 100 }, (_, at) => result(at + 1)),
		[result(100), result(101)],
	];
	const { ids } = await search({ returnAll: true }, ({ tor }) => ({
		body: { found: 102, data: pages[tor.startNumber / 100] },
	}));
	expect(ids).toHaveLength(101);
});

test.each([
	['User', null, 'fl', false],
	['VIP', '2099-01-01 00:00:00', 'fl-VIP', true],
	['Elite VIP', null, 'fl-VIP', true],
	['VIP', '2020-01-01 00:00:00', 'fl', false],
])(
	'"Free for This Account" asks for what is free for a %s until %s: %s',
	async (classname, vip_until, searchType, isFree) => {
		const data = [result(1, { free: 0, vip: 1 })];
		const { asked, run } = await search(
			{ searchType: 'free' },
			() => ({ body: { found: 1, data } }),
			{ classname, vip_until },
		);
		expect(asked[0].tor.searchType).toBe(searchType);
		expect(run.items('Node')[0]).toMatchObject({ isFree });
	},
);

test('what the site hands out to sign in never leaves, not even with Simplify off', async () => {
	const record = result(1, { dl: 'SECRETLINK', mam_id: 'SECRETVALUE', passkey: 'SECRETKEY' });
	const { run } = await search({ simplify: false }, () => ({ body: { found: 1, data: [record] } }));
	expect(run.items('Node')).toHaveLength(1);
	expect(JSON.stringify(run.items('Node'))).not.toContain('SECRET');
});

test('an odd record is skipped and the others are returned', async () => {
	const { run, ids } = await search({}, () => ({
		body: { found: 3, data: [result(1), result(2, { size: '?' }), result(3)] },
	}));
	expect(ids).toEqual([1, 3]);
	expect(run.failed).toBe(false);
});

test("Simplify leaves out the site's own record; off adds it", async () => {
	const one = (): SiteAnswer => ({ body: { found: 1, data: [result(1)] } });
	expect((await search({}, one)).run.items('Node')[0]).not.toHaveProperty('raw');
	const [full] = (await search({ simplify: false }, one)).run.items('Node');
	expect(full).toMatchObject({ id: 1, sizeBytes: 104_857_600, raw: { size: '100.0 MiB' } });
});

test('returns nothing, or the one marked item, when nothing is found', async () => {
	const nothing = (): SiteAnswer => ({ body: { error: 'Nothing returned, out of 1300' } });
	expect((await search({}, nothing)).run.items('Node')).toEqual([]);
	expect((await search({ options: { markEmpty: true } }, nothing)).run.items('Node')).toEqual([
		{ empty: true, fetchedAt: expect.stringMatching(/^20/) },
	]);
});

test('does not treat a refused search as an empty one', async () => {
	const { run } = await search({ options: { markEmpty: true } }, () => ({
		body: { error: 'Database is down' },
	}));
	expect(run.items('Node')).toEqual([]);
	expect(run.items('Node', 1)).toEqual([
		expect.objectContaining({ error: 'The site refused the search.' }),
	]);
});

test.each([
	[{ minSizeMiB: 100, maxSizeMiB: 50 }, 'Max Size'],
	[{ minSeeders: -1 }, 'Min Seeders'],
	[{ maxSeeders: '={{ $json.nothing }}' }, 'Max Seeders'],
	[{ mainCategories: 'films' }, 'Main Categories'],
	[{ languages: 'english' }, 'Languages'],
	[{ limit: 0 }, 'Limit'],
	[{ text: '={{ $json.nothing }}' }, 'Text'],
	[{ searchType: '={{ $json.nothing }}' }, 'Search Type'],
	[{ sortType: '={{ $json.nothing }}' }, 'Sort By'],
	[{ languages: '={{ $json.nothing }}' }, 'Languages'],
	[{ returnAll: '={{ $json.nothing }}' }, 'Return All'],
	[{ simplify: '={{ $json.nothing }}' }, 'Simplify'],
	[{ options: { markEmpty: '={{ $json.nothing }}' } }, 'Mark Empty'],
])('bad input %p names the field and sends nothing', async (parameters, field) => {
	const { run, asked } = await search(parameters, catalogue(1));
	expect(run.items('Node', 1)).toEqual([
		expect.objectContaining({
			message: expect.stringContaining(field),
			details: expect.objectContaining({ cause: 'bad_parameter' }),
		}),
	]);
	expect(asked).toEqual([]);
});
