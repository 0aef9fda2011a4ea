import type { INodeParameters } from 'n8n-workflow';

import { TestClient } from '../../helpers/qbittorrent';
import { runNodeJson } from './runNode';

const LIST = { resource: 'torrent', operation: 'getAll', returnAll: true };
const hash = (digit: number) => digit.toString(16).padStart(40, '0');

describe('torrent: get many', () => {
	it('gives one item per torrent in the words of 5.x', async () => {
		const client = new TestClient();
		client.list(hash(1), { state: 'pausedUP', ratio: 3 });
		client.list(hash(2));
		const items = await runNodeJson(LIST);
		expect(items).toMatchObject([{ hash: hash(1), state: 'stoppedUP' }, { hash: hash(2) }]);
		expect(items[0]).not.toHaveProperty('ratio');
		expect((await runNodeJson({ ...LIST, fields: 'all' }))[0]).toHaveProperty('ratio', 3);
	});

	it('gives the selected fields only, and says in one of them who shares content', async () => {
		const client = new TestClient();
		client.list(hash(1), { content_path: '/d/one', save_path: '/d' });
		client.list(hash(2), { content_path: '/d/two', save_path: '/d' });
		client.list(hash(3), { content_path: '/d/TWO/', save_path: '/d' });
		const selectedFields = ['hash', 'shares_content'];
		expect(await runNodeJson({ ...LIST, fields: 'selected', selectedFields })).toEqual([
			{ hash: hash(1), shares_content: false },
			{ hash: hash(2), shares_content: true },
			{ hash: hash(3), shares_content: true },
		]);
		const fields = { fields: 'selected', selectedFields: ['name', 'magnet_uri'] };
		await expect(runNodeJson({ ...LIST, ...fields }, { continueOnFail: false })).rejects.toThrow(
			'Selected Fields',
		);
	});

	it.each(['4.5.2', '5.1.0', '5.3.0'] as const)(
		'%s: finds torrents without a category or tags, and by a part of their name',
		async (version) => {
			const client = new TestClient(version);
			client.list(hash(1), { name: 'The Hobbit', category: '', tags: 'keep' });
			client.list(hash(2), { name: 'Hobbits at Home', category: 'books', tags: '' });
			client.list(hash(3), { name: 'Dune', category: '', tags: '' });
			const found = async (options: INodeParameters, more: INodeParameters = {}) =>
				(await runNodeJson({ ...LIST, ...more, options })).map(({ name }) => name);
			expect(await found({ uncategorized: true })).toEqual(['The Hobbit', 'Dune']);
			expect(await found({ untagged: true })).toEqual(['Hobbits at Home', 'Dune']);
			expect(await found({ uncategorized: true, untagged: true })).toEqual(['Dune']);
			expect(await found({ untagged: true, category: 'books' })).toEqual(['Hobbits at Home']);
			expect(await found({ name: 'hoBBit' })).toEqual(['The Hobbit', 'Hobbits at Home']);
			expect(await found({ name: 'hobbit', untagged: true })).toEqual(['Hobbits at Home']);
			expect(await found({ name: 'none' })).toEqual([]);
			// The limit applies to what is found, and the order is the client's.
			const first = { returnAll: false, limit: 1 };
			expect(await found({ name: 'hobbit', sort: 'name' }, first)).toEqual(['Hobbits at Home']);
			const withTrackers = { name: 'hobbit', includeTrackers: true, sort: 'name' };
			expect(await found(withTrackers)).toEqual(['Hobbits at Home', 'The Hobbit']);
		},
	);

	it.each([
		[{ uncategorized: true, category: 'books' }, /^Uncategorized: .*clear Category/],
		[{ untagged: true, tag: 'keep' }, /^Untagged: .*clear Tag/],
	])('refuses %j', async (options, message) => {
		new TestClient();
		expect(await runNodeJson({ ...LIST, options })).toMatchObject([
			{ message: expect.stringMatching(message), details: { cause: 'bad_parameter' } },
		]);
	});

	it('gives times in ISO beside those of the client, and null for what never happened', async () => {
		const client = new TestClient();
		client.list(hash(1), { added_on: 1_700_000_000, completion_on: 1_700_000_060 });
		client.list(hash(2), { added_on: 1_700_000_000, completion_on: -1 });
		const times = {
			addedAt: '2023-11-14T22:13:20.000Z',
			completedAt: '2023-11-14T22:14:20.000Z',
		};
		const seconds = { added_on: 1_700_000_000, completion_on: 1_700_000_060 };
		const [one, two] = await runNodeJson(LIST);
		expect(one).toMatchObject({ ...seconds, ...times });
		expect(two).toMatchObject({ completedAt: null });
		const selected = { fields: 'selected', selectedFields: ['completedAt', 'added_on'] };
		expect((await runNodeJson({ ...LIST, ...selected }))[0]).toEqual({
			completedAt: times.completedAt,
			added_on: seconds.added_on,
		});
		expect((await runNodeJson({ ...LIST, fields: 'all' }))[0]).not.toHaveProperty('addedAt');
	});

	it('lets the client filter, sort and cut', async () => {
		const client = new TestClient();
		await runNodeJson({
			resource: 'torrent',
			operation: 'getAll',
			limit: 7,
			options: {
				category: 'books',
				tag: 'keep',
				filter: 'stopped',
				hashes: `${hash(1)}, ${hash(2)}`,
				sort: 'name',
				reverse: true,
			},
		});
		expect(client.callsOf('torrents/info')[0].fields).toEqual({
			category: 'books',
			tag: 'keep',
			filter: 'paused',
			hashes: `${hash(1)}|${hash(2)}`,
			sort: 'name',
			reverse: 'true',
			limit: '7',
		});
	});

	it.each([
		['4.5.2', 'running', 'resumed'],
		['5.1.0', 'running', 'running'],
		['5.3.0', 'stopped', 'stopped'],
	] as const)('%s: asks for %s as %s', async (version, filter, sent) => {
		const client = new TestClient(version);
		await runNodeJson({ ...LIST, options: { filter } });
		expect(client.callsOf('torrents/info')[0].fields.filter).toBe(sent);
	});

	it('asks for many hashes without a URL that is too long', async () => {
		const client = new TestClient();
		const hashes = Array.from({ length: 500 }, (_, digit) => hash(digit));
		for (const one of [...hashes, hash(1000)]) client.list(one);
		const items = await runNodeJson({ ...LIST, options: { hashes: hashes.join(', ') } });
		expect(items).toHaveLength(500);
		expect(client.callsOf('torrents/info').map(({ method }) => method)).toEqual(['POST']);
	});

	it('shows what it is sorted by, also where that is not essential', async () => {
		const client = new TestClient();
		client.list(hash(1), { ratio: 3 });
		const [item] = await runNodeJson({ ...LIST, options: { sort: 'ratio' } });
		expect(item).toMatchObject({ hash: hash(1), ratio: 3 });
	});

	it('refuses a filter that the client would take for everything', async () => {
		const client = new TestClient();
		expect(await runNodeJson({ ...LIST, options: { filter: '={{ "paused" }}' } })).toMatchObject([
			{ details: { cause: 'bad_parameter' } },
		]);
		expect(client.callsOf('torrents/info')).toHaveLength(0);
	});

	it('marks a proven empty list, and only that', async () => {
		const client = new TestClient();
		const options = { markEmpty: true };
		expect(await runNodeJson({ ...LIST, options })).toEqual([
			{ empty: true, fetchedAt: expect.any(String) },
		]);
		expect(await runNodeJson(LIST)).toEqual([]);
		client.overrides.set('torrents/info', [500, 'oops']);
		expect(await runNodeJson({ ...LIST, options })).toMatchObject([{ error: expect.any(String) }]);
	});

	it.each(['', '{"a":1}', 'not json'])(
		'fails on an answer that is not a list: %j',
		async (body) => {
			const client = new TestClient();
			client.overrides.set('torrents/info', [200, body]);
			expect(await runNodeJson({ ...LIST, options: { markEmpty: true } })).toMatchObject([
				{ error: expect.any(String) },
			]);
		},
	);

	it('leaves out what is not a torrent and keeps the rest', async () => {
		const client = new TestClient();
		client.overrides.set('torrents/info', [
			200,
			JSON.stringify([null, { name: 'x' }, { hash: hash(1) }]),
		]);
		const selected = { fields: 'selected', selectedFields: ['hash', 'state', 'name'] };
		expect(await runNodeJson({ ...LIST, ...selected })).toEqual([
			{ hash: hash(1), state: 'unknown' },
		]);
	});
});

describe('the trackers of the list', () => {
	const options = { includeTrackers: true };
	const tracker = { url: 'http://t:80/passkey/announce', status: 4, tier: 0, msg: 'gone' };
	const told = [
		{ url: '** [DHT] **', status: 2, tier: -1, msg: '' },
		{ ...tracker, num_peers: 3 },
	];
	const refused = [{ ...tracker, url: 'http://t/' }];

	it('come with the list since 5.1', async () => {
		const client = new TestClient('5.1.0');
		client.list(hash(1));
		client.setTrackers(hash(1), told);
		expect(await runNodeJson({ ...LIST, options })).toMatchObject([{ trackers: refused }]);
		expect(client.callsOf('torrents/trackers')).toHaveLength(0);
	});

	it('are asked one by one before, of torrents that announce', async () => {
		const client = new TestClient();
		client.list(hash(1));
		client.list(hash(2), { state: 'queuedUP' });
		client.list(hash(3), { state: 'pausedDL' });
		client.list(hash(4), { state: 'checkingUP' });
		client.setTrackers(hash(1), told);
		const items = await runNodeJson({ ...LIST, options });
		expect(items[0].trackers).toEqual(refused);
		expect(items.slice(1).some((item) => 'trackers' in item)).toBe(false);
	});

	it('do not take the last working tracker in the list for a working one', async () => {
		const client = new TestClient();
		client.list(hash(1), { tracker: 'http://t/announce' });
		client.setTrackers(hash(1), told);
		expect(await runNodeJson({ ...LIST, options })).toMatchObject([{ trackers: refused }]);
	});

	it('never give the passkey away, unless all fields are asked for', async () => {
		const client = new TestClient('5.1.0');
		client.list(hash(1), { tracker: 'https://t:2710/passkey/announce?key=passkey' });
		client.setTrackers(hash(1), told);
		const [item] = await runNodeJson({ ...LIST, options });
		expect(item.tracker).toBe('https://t:2710/');
		expect(JSON.stringify(item)).not.toContain('passkey');
		const [whole] = await runNodeJson({ ...LIST, fields: 'all', options });
		expect(whole.trackers).toEqual(told);
	});

	it('are read for 30 torrents, for others in the next run, and out of turn in a manual run', async () => {
		const client = new TestClient();
		for (let at = 0; at < 60; at++) client.list(hash(0xa00 + at));
		const askedIn = async (mode?: 'manual') =>
			(await runNodeJson({ ...LIST, options }, { mode }))
				.filter((item) => 'trackers' in item)
				.map((item) => item.hash);
		const manual = await askedIn('manual');
		expect(manual).toHaveLength(30);
		const both = [...(await askedIn()), ...(await askedIn())];
		expect(new Set(both).size).toBe(60);
		expect(client.callsOf('torrents/trackers')).toHaveLength(90);
	});

	it('are read for the same torrents in the next run when the client did not answer about them', async () => {
		const client = new TestClient();
		for (let at = 0; at < 60; at++) client.list(hash(0xb00 + at));
		const asked = () => client.callsOf('torrents/trackers').map(({ fields }) => fields.hash);
		client.overrides.set('torrents/trackers', [500, '']);
		expect(await runNodeJson({ ...LIST, options })).toMatchObject([{ error: expect.any(String) }]);
		const failed = asked();
		client.overrides.clear();
		await runNodeJson({ ...LIST, options });
		expect(asked().slice(failed.length)).toEqual(expect.arrayContaining(failed));
	});

	it('are asked of all when there are no more than 30', async () => {
		const client = new TestClient();
		for (let at = 0; at < 30; at++) client.list(hash(at));
		const items = await runNodeJson({ ...LIST, options });
		expect(items.every((item) => 'trackers' in item)).toBe(true);
	});
});

describe('the deselected files of the list', () => {
	const file = (name: string, priority: number) => ({ name, size: 50, priority });
	const smaller = { size: 50, total_size: 100 };
	const SELECTED = { ...LIST, fields: 'selected', selectedFields: ['hash', 'deselected_files'] };
	const countsOf = (items: Array<Record<string, unknown>>) =>
		items.map(({ deselected_files: count }) => count);

	it('are counted where less is wanted than there is, padding left out', async () => {
		const client = new TestClient();
		client.list(hash(1), { size: 100, total_size: 100 });
		const files = [file('Set/1.mp3', 1), file('Set/2.mp3', 0), file('Set/3.mp3', 0)];
		client.list(hash(2), { ...smaller, files });
		const padded = [file('Set/1.mp3', 1), file('Set/.pad/14', 0), file('.pad\\7', 0)];
		client.list(hash(3), { ...smaller, files: padded });
		client.list(hash(4), { ...smaller, files: [{ name: 'odd', size: 50, priority: null }] });
		for (const fields of [LIST, { ...LIST, fields: 'all' }, SELECTED])
			expect(countsOf(await runNodeJson(fields))).toEqual([0, 2, 0, null]);
		const get = { resource: 'torrent', operation: 'get' };
		const items = [{ json: { hash: hash(2) } }];
		expect(countsOf(await runNodeJson(get, { items }))).toEqual([2]);
	});

	it('are not read unless they are wanted', async () => {
		const client = new TestClient();
		client.list(hash(1), smaller);
		await runNodeJson({ ...SELECTED, selectedFields: ['hash'] });
		expect(client.callsOf('torrents/files')).toHaveLength(0);
	});

	afterEach(() => jest.useRealTimers());

	it('are read for at most 20 torrents per run, and for all of them within 12 runs', async () => {
		const client = new TestClient();
		const listed = Array.from({ length: 60 }, (_, at) => hash(at));
		for (const one of listed) client.list(one, { ...smaller, files: [file('a', 1)] });
		const asked = new Set<unknown>();
		for (let run = 0; run < 12; run++) {
			jest.useFakeTimers({
				now: new Date(Date.parse('2026-11-23T12:30:00Z') + run * 15 * 60_000),
				doNotFake: ['nextTick', 'setImmediate', 'setInterval', 'setTimeout', 'queueMicrotask'],
			});
			const items = await runNodeJson(SELECTED);
			const known = items.filter(({ deselected_files: count }) => count === 0);
			expect(known).toHaveLength(20);
			for (const item of known) asked.add(item.hash);
		}
		expect([...asked].sort()).toEqual(listed.sort());
	});
});

describe('one torrent', () => {
	const GET = { resource: 'torrent', operation: 'get' };

	it('is got by its hash, with all fields when they are wanted', async () => {
		const client = new TestClient();
		client.list(hash(1), { ratio: 3 });
		const items = [{ json: { hash: hash(1) } }, { json: { hash: hash(2) } }, { json: {} }];
		expect(await runNodeJson({ ...GET, fields: 'all' }, { items })).toMatchObject([
			{ hash: hash(1), ratio: 3 },
			{ details: { cause: 'gone' } },
			{ details: { cause: 'bad_parameter' } },
		]);
		const [essential] = await runNodeJson(GET, { items });
		expect(essential).toMatchObject({ hash: hash(1), category: 'mam-farming' });
		expect(essential).not.toHaveProperty('ratio');
	});

	it('gives its trackers, or says that it is gone', async () => {
		const client = new TestClient();
		client.list(hash(1));
		const real = { url: 'http://t/passkey/announce', status: 4, tier: 0, msg: 'no', num_peers: 1 };
		client.setTrackers(hash(1), [{ url: '** [DHT] **', status: 0, tier: '', msg: '' }, real]);
		const items = [{ json: { hash: hash(1) } }, { json: { hash: hash(2) } }];
		const trackers = { resource: 'torrent', operation: 'getTrackers' };
		expect(await runNodeJson(trackers, { items })).toMatchObject([
			{ hash: hash(1), url: 'http://t/', status: 4, msg: 'no' },
			{ details: { cause: 'gone' } },
		]);
		expect(await runNodeJson({ ...trackers, fields: 'all' }, { items })).toMatchObject([
			{ hash: hash(1), url: '** [DHT] **', tier: -1 },
			{ hash: hash(1), ...real },
			{ details: { cause: 'gone' } },
		]);
	});
});
