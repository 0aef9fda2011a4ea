import nock from 'nock';
import type { INodeParameters } from 'n8n-workflow';

import { CLIENT_URL, TestClient } from '../../helpers/qbittorrent';
import { runNodeJson, searchList } from './runNode';

const hash = (digit: number) => digit.toString(16).padStart(40, '0');
const chosen = (value: string, mode = 'list') => ({ __rl: true, mode, value });

describe('what the editor offers for choosing', () => {
	it('are the categories and tags of the client, by name', async () => {
		const client = new TestClient();
		for (const name of ['films', 'books', 'Audiobooks'])
			client.categories.set(name, { savePath: '' });
		const named = (...names: string[]) => ({
			results: names.map((name) => ({ name, value: name })),
		});
		expect(await searchList('searchCategories')).toEqual(named('Audiobooks', 'books', 'films'));
		expect(await searchList('searchCategories', 'BOOK')).toEqual(named('Audiobooks', 'books'));
		for (const name of ['mam', 'keep']) client.tags.add(name);
		expect(await searchList('searchTags')).toEqual(named('keep', 'mam'));
		expect(await searchList('searchTags', 'kee')).toEqual(named('keep'));
	});

	it('are the torrents of the client, found by name or hash', async () => {
		const client = new TestClient();
		client.list(hash(1), { name: 'A Book' });
		client.list(hash(2), { name: 'A Film' });
		expect(await searchList('searchTorrents', 'book')).toEqual({
			results: [{ name: 'A Book', value: hash(1) }],
		});
		expect(await searchList('searchTorrents', hash(2))).toEqual({
			results: [{ name: 'A Film', value: hash(2) }],
		});
	});

	it.each(['', 'torrent'])('are shown a hundred at a time, searching %j', async (filter) => {
		const client = new TestClient();
		for (let digit = 0; digit < 250; digit++) client.list(hash(digit));
		const seen = new Set<unknown>();
		let token: string | undefined;
		for (const size of [100, 100, 50]) {
			const { results, paginationToken } = await searchList('searchTorrents', filter, token);
			expect(results).toHaveLength(size);
			for (const { value } of results) seen.add(value);
			token = paginationToken as string | undefined;
		}
		expect(token).toBeUndefined();
		expect(seen.size).toBe(250);
		const limits = client.callsOf('torrents/info').map(({ fields }) => fields.limit);
		expect(limits.every((limit) => (filter === '' ? limit === '101' : limit === undefined))).toBe(
			true,
		);
	});

	it('is the reason in the words of the node, when the client is down', async () => {
		nock(CLIENT_URL)
			.persist()
			.post(/.*/)
			.replyWithError(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }));
		await expect(searchList('searchTorrents')).rejects.toMatchObject({
			message: `No qBittorrent answered at ${CLIENT_URL}: nothing listens there.`,
			description: expect.stringContaining('Check that qBittorrent is running'),
		});
	});
});

describe('what is chosen, typed or computed', () => {
	const items = [{ json: { hash: hash(1), category: 'books', tags: 'a, b' } }];

	it.each<[string, INodeParameters]>([
		['as a plain expression', { hash: '={{ $json.hash }}' }],
		['as an expression by hash', { hash: chosen('={{ $json.hash }}', 'hash') }],
		['from the list', { hash: chosen(hash(1)) }],
		['as text', { hash: hash(1) }],
	])('is the torrent that is stopped: %s', async (_how, parameters) => {
		const client = new TestClient();
		client.list(hash(1));
		const stop = { resource: 'torrent', operation: 'stop', ...parameters };
		expect(await runNodeJson(stop, { items })).toMatchObject([{ hash: hash(1), result: 'done' }]);
		expect(client.callsOf('torrents/pause')[0].fields).toEqual({ hashes: hash(1) });
	});

	it('is never guessed: without a torrent nothing is stopped', async () => {
		const client = new TestClient();
		client.list(hash(1));
		const stop = { resource: 'torrent', operation: 'stop', hash: chosen('') };
		expect(await runNodeJson(stop, { items })).toMatchObject([
			{ details: { cause: 'bad_parameter' } },
		]);
		expect(client.callsOf('torrents/pause')).toEqual([]);
	});

	it.each<[string, (value: string, expression: string) => INodeParameters[string]]>([
		['as a plain expression', (_value, expression) => expression],
		['as an expression by name', (_value, expression) => chosen(expression, 'name')],
		['from the list', (value) => chosen(value)],
		['as text', (value) => value],
	])('are the category and the tags: %s', async (_how, given) => {
		const client = new TestClient();
		client.categories.set('books', { savePath: '' });
		client.list(hash(1));
		const category = given('books', '={{ $json.category }}');
		const tags = given('a, b', '={{ $json.tags }}');
		const torrent = (operation: string) => ({ resource: 'torrent', operation, category, tags });
		await runNodeJson(torrent('setCategory'), { items });
		await runNodeJson(torrent('addTags'), { items });
		await runNodeJson(
			{ ...torrent('getAll'), returnAll: true, options: { category, tag: given('a', 'a') } },
			{ items },
		);
		await runNodeJson({ resource: 'category', operation: 'delete', category }, { items });
		const fields = (path: string) => client.callsOf(path).at(-1)?.fields;
		expect(fields('torrents/setCategory')).toMatchObject({ category: 'books' });
		expect(fields('torrents/addTags')).toMatchObject({ tags: 'a,b' });
		expect(fields('torrents/info')).toMatchObject({ category: 'books', tag: 'a' });
		expect(fields('torrents/removeCategories')).toEqual({ categories: 'books' });
	});

	it('is refused when it is an object, before anything is listed, added or deleted', async () => {
		const client = new TestClient();
		const torrent = { resource: 'torrent', returnAll: true };
		const options = { category: '={{ ({ a: 1 }) }}' };
		expect(
			await runNodeJson({ ...torrent, operation: 'getAll', options }, { items }),
		).toMatchObject([
			{
				error: expect.stringContaining('"Category"'),
				details: { cause: 'bad_parameter' },
			},
		]);
		expect(client.callsOf('torrents/info')).toEqual([]);
	});
});

describe('how much is returned', () => {
	it.each<[string, INodeParameters]>([
		['files', { resource: 'torrent', operation: 'getFiles', hash: hash(1) }],
		['trackers', { resource: 'torrent', operation: 'getTrackers', hash: hash(1) }],
		['categories', { resource: 'category', operation: 'getAll' }],
		['tags', { resource: 'tag', operation: 'getAll' }],
	])('is up to the limit, or everything: %s', async (_what, parameters) => {
		const client = new TestClient();
		client.list(hash(1));
		const many = Array.from({ length: 60 }, (_, index) => `number ${index}`);
		const answers = {
			'torrents/files': many.map((name) => ({ name })),
			'torrents/trackers': many.map((url) => ({ url, status: 2, tier: 0, msg: '' })),
			'torrents/categories': Object.fromEntries(many.map((name) => [name, { name }])),
			'torrents/tags': many,
		};
		for (const [path, answer] of Object.entries(answers)) {
			client.overrides.set(path, [200, JSON.stringify(answer)]);
		}
		expect(await runNodeJson(parameters)).toHaveLength(50);
		expect(await runNodeJson({ ...parameters, limit: 2 })).toHaveLength(2);
		expect(await runNodeJson({ ...parameters, returnAll: true })).toHaveLength(60);
		expect(await runNodeJson({ ...parameters, limit: 0 })).toMatchObject([
			{ details: { cause: 'bad_parameter' } },
		]);
	});
});
