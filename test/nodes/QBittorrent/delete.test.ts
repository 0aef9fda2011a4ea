import type { IDataObject } from 'n8n-workflow';

import { TestClient } from '../../helpers/qbittorrent';
import { runNodeJson } from './runNode';

const DELETE = { resource: 'torrent', operation: 'delete' };
const hash = (digit: number) => digit.toString(16).padStart(40, '0');

const itemsOf = (torrents: object[]) =>
	torrents.map((json) => ({ json: { ...json } as IDataObject }));

describe('torrent: delete', () => {
	it('deletes all items in one request and passes the reason on', async () => {
		const client = new TestClient();
		const torrents = [client.list(hash(1)), client.list(hash(2))];
		client.list(hash(3));
		const items = itemsOf(
			torrents.map((torrent) => ({ ...torrent, decision: { reason: 'zero_demand' } })),
		);
		expect(await runNodeJson({ ...DELETE, deleteFiles: true }, { items })).toEqual(
			torrents.map((torrent) => ({
				hash: torrent.hash,
				name: torrent.name,
				category: 'mam-farming',
				reason: 'zero_demand',
				deleted: true,
				result: 'deleted',
				files: 'removed',
			})),
		);
		expect([...client.torrents.keys()]).toEqual([hash(3)]);
		expect(client.callsOf('torrents/delete')).toEqual([
			{
				method: 'POST',
				path: 'torrents/delete',
				fields: { hashes: `${hash(1)}|${hash(2)}`, deleteFiles: 'true' },
			},
		]);
	});

	it('keeps the files where Delete Files is off, item by item, and asks for a plain yes or no', async () => {
		const client = new TestClient();
		const items = itemsOf([
			{ ...client.list(hash(1)), files: true },
			{ ...client.list(hash(2)), files: false },
			{ ...client.list(hash(3)), files: '' },
			{ ...client.list(hash(4)), files: undefined },
		]);
		expect(
			await runNodeJson({ ...DELETE, deleteFiles: '={{ $json.files }}' }, { items }),
		).toMatchObject([
			{ deleted: true },
			{ deleted: true },
			{ details: { cause: 'bad_parameter' } },
			{ details: { cause: 'bad_parameter' } },
		]);
		expect(client.callsOf('torrents/delete').map(({ fields }) => fields)).toEqual([
			{ hashes: hash(1), deleteFiles: 'true' },
			{ hashes: hash(2), deleteFiles: 'false' },
		]);
	});

	it('splits a large delete into requests of 2500', async () => {
		const client = new TestClient();
		const items = itemsOf(Array.from({ length: 2501 }, (_, digit) => client.list(hash(digit))));
		const results = await runNodeJson(DELETE, { items });
		expect(results.every(({ deleted }) => deleted === true)).toBe(true);
		expect(
			client
				.callsOf('torrents/delete')
				.map(({ fields }) => String(fields.hashes).split('|').length),
		).toEqual([2500, 1]);
	});

	it('never sends what is not one hash, and handles the others', async () => {
		const client = new TestClient();
		const good = client.list(hash(1));
		client.list(hash(2));
		const items = itemsOf([
			{ hash: 'all' },
			good,
			{ hash: `${hash(1)}|${hash(2)}` },
			{},
			{ ...good, hash: hash(2), error: 'failed before' },
		]);
		expect(await runNodeJson(DELETE, { items })).toMatchObject([
			{ details: { cause: 'bad_parameter' } },
			{ deleted: true },
			{ details: { cause: 'bad_parameter' } },
			{ details: { cause: 'bad_parameter' } },
			{ hash: hash(2), error: 'failed before' },
		]);
		expect([...client.torrents.keys()]).toEqual([hash(2)]);
	});

	it('leaves alone what changed since it was judged, or is gone', async () => {
		const client = new TestClient();
		const before = Array.from({ length: 8 }, (_, digit) => ({ ...client.list(hash(digit)) }));
		client.list(hash(0), { category: 'books' });
		client.list(hash(1), { tags: 'mam,keep' });
		client.list(hash(2), { state: 'checkingUP' });
		client.list(hash(3), { progress: 0.5 });
		client.list(hash(4), { downloaded: 101 });
		client.list(hash(5), { state: 'uploading' });
		client.drop(hash(6));
		const results = await runNodeJson(
			{ ...DELETE, onlyIfUnchanged: true },
			{ items: itemsOf(before) },
		);
		expect(results.map(({ result }) => result)).toEqual([
			'changed',
			'changed',
			'changed',
			'changed',
			'changed',
			'deleted',
			'gone',
			'deleted',
		]);
		expect(client.torrents.size).toBe(5);
	});

	it('looks once more before each of several requests', async () => {
		const client = new TestClient();
		const items = itemsOf([
			{ ...client.list(hash(1)), files: true },
			{ ...client.list(hash(2)), files: false },
		]);
		client.onRequest = (path) => {
			if (path === 'torrents/delete') client.list(hash(2), { tags: 'mam,keep' });
		};
		const careful = { ...DELETE, onlyIfUnchanged: true, deleteFiles: '={{ $json.files }}' };
		const results = await runNodeJson(careful, { items });
		expect(results.map(({ result }) => result)).toEqual(['deleted', 'changed']);
	});

	it('looks once more when comparing the files took long', async () => {
		const client = new TestClient();
		const place = { content_path: '/data', save_path: '/data' };
		const files = (name: string) => ({ ...place, files: [{ name, size: 1 }] });
		const items = itemsOf([client.list(hash(1), files('a')), client.list(hash(2), files('b'))]);
		const clock = jest.spyOn(Date, 'now');
		let now = Date.parse('2026-11-27T12:00:00Z');
		clock.mockImplementation(() => now);
		client.onRequest = (path) => {
			if (path !== 'torrents/files') return;
			now += 600;
			client.list(hash(1), { ...files('a'), tags: 'mam,keep' });
		};
		const careful = { ...DELETE, onlyIfUnchanged: true, deleteFiles: true };
		const results = await runNodeJson(careful, { items });
		expect(results.map(({ result }) => result)).toEqual(['changed', 'deleted']);
		expect(client.callsOf('torrents/files')).toHaveLength(2);
		clock.mockRestore();
	});

	it.each([
		['empty', [200, '[]']],
		['of no files', [200, '[{}]']],
		['gone', [404, 'Not Found']],
	] as const)(
		'keeps what may share files as long as a list of files is %s',
		async (_name, answer) => {
			const client = new TestClient();
			const place = { content_path: '/data/Own', save_path: '/data' };
			const items = itemsOf([client.list(hash(1), place)]);
			client.list(hash(2), { ...place, category: 'books' });
			client.overrides.set('torrents/files', [...answer]);
			const careful = { ...DELETE, deleteFiles: true, onlyIfUnchanged: true };
			expect(await runNodeJson(careful, { items })).toMatchObject([
				{ deleted: false, result: 'shared_content' },
			]);
			expect(client.torrents.size).toBe(2);
		},
	);

	it('keeps all when a list of files cannot be read', async () => {
		const client = new TestClient();
		const place = { content_path: '/data/Own', save_path: '/data' };
		const items = itemsOf([client.list(hash(1), place), client.list(hash(2), place)]);
		client.overrides.set('torrents/files', [200, '{"files":[]}']);
		const careful = { ...DELETE, deleteFiles: true, onlyIfUnchanged: true };
		const results = await runNodeJson(careful, { items });
		expect(results.every((item) => item.result === 'shared_content' || 'error' in item)).toBe(true);
		expect(client.torrents.size).toBe(2);
	});

	it.each([
		['the same path', '/data/Own'],
		['a file inside', '/data/Own/CD 1/part.m4b'],
	])(
		'spares the files of a torrent that was added after the decision with %s, unless set otherwise',
		async (_name, place) => {
			const client = new TestClient();
			const [own, other] = ['/data/Own', '/data/Other'].map((content_path, digit) =>
				client.list(hash(digit), { content_path, save_path: '/data' }),
			);
			const items = itemsOf([own, other]);
			client.list(hash(2), { category: 'books', content_path: place, save_path: '/data' });
			const careful = { ...DELETE, deleteFiles: true, onlyIfUnchanged: true };
			expect(await runNodeJson(careful, { items })).toMatchObject([
				{ deleted: false, result: 'shared_content' },
				{ deleted: true, result: 'deleted' },
			]);
			const careless = { ...careful, onlyIfUnchanged: false };
			expect(await runNodeJson(careless, { items })).toMatchObject([
				{ deleted: true },
				{ result: 'gone' },
			]);
		},
	);

	it('keeps a torrent with deselected files, unless the item mentions them', async () => {
		const client = new TestClient();
		const smaller = { size: 50, total_size: 100 };
		const partial = (digit: number, priority: number | null, name = 'b') =>
			client.list(hash(digit), {
				...smaller,
				files: [
					{ name: 'a', size: 50, priority: 1 },
					{ name, size: 50, priority },
				],
			});
		const items = itemsOf([
			{ ...partial(1, 0) },
			{ ...partial(2, 0), deselected_files: 0 },
			{ ...partial(3, 0), deselected_files: null },
			{ ...partial(4, null), deselected_files: 0 },
			// Neither the item nor the client tells.
			{ ...partial(8, null), deselected_files: null },
			{ ...partial(5, 0), deselected_files: 1 },
			{ ...partial(6, 0, '.pad/50'), deselected_files: null },
			{ ...client.list(hash(7)) },
		]);
		const results = await runNodeJson({ ...DELETE, onlyIfUnchanged: true }, { items });
		expect(results.map(({ result }) => result)).toEqual([
			...Array<string>(5).fill('partial_selection'),
			...Array<string>(3).fill('deleted'),
		]);
		expect(client.callsOf('torrents/files')).toHaveLength(7);
	});

	it('compares the real files where the paths of torrents meet', async () => {
		const client = new TestClient();
		// Without a folder of its own, its content path is its save path.
		const loose = client.list(hash(1), {
			content_path: '/data',
			save_path: '/data',
			files: ['vol1/A.bin', 'vol2/b.bin'].map((name) => ({ name, size: 1 })),
		});
		const own = client.list(hash(2), {
			content_path: '/data/vol1/a.bin',
			save_path: '/data/vol1',
			files: [{ name: 'a.bin', size: 1 }],
		});
		const beside = client.list(hash(3), {
			content_path: '/data/vol3',
			save_path: '/data',
			files: [{ name: 'vol3/c.bin', size: 1 }],
		});
		const apart = client.list(hash(5), { content_path: '/other/d', save_path: '/other' });
		const items = itemsOf([own, beside, apart, loose]);
		const careful = { ...DELETE, deleteFiles: true, onlyIfUnchanged: true };
		expect((await runNodeJson(careful, { items })).map(({ result }) => result)).toEqual([
			'shared_content',
			'deleted',
			'deleted',
			'shared_content',
		]);
		const asked = client.callsOf('torrents/files').map(({ fields }) => fields.hash);
		expect(new Set(asked).size).toBe(asked.length);
		expect(asked).not.toContain(hash(5));
	});

	it.each(['4.5.2', '5.1.0', '5.3.0'] as const)(
		'%s: says what became of the files',
		async (version) => {
			const client = new TestClient(version);
			const named = (digit: number, name: string) => client.list(hash(digit), { name });
			const items = itemsOf([named(1, 'A "good" one'), named(2, 'A'), named(3, 'B')]);
			client.unremovable.add(hash(2));
			client.undeletable.add(hash(3));
			const withFiles = { ...DELETE, deleteFiles: true };
			expect(await runNodeJson(withFiles, { items })).toMatchObject([
				{ deleted: true, files: 'removed' },
				{ deleted: true, files: 'left' },
				{ deleted: false, result: 'not_deleted' },
			]);
			named(4, 'kept');
			const kept = itemsOf([{ hash: hash(4) }]);
			expect(await runNodeJson(DELETE, { items: kept })).toMatchObject([
				{ name: 'kept', deleted: true, files: 'left' },
			]);
		},
	);

	it('says that the files went to the trash, where they still take space', async () => {
		const client = new TestClient('5.1.0');
		client.preferences.torrent_content_remove_option = 'MoveToTrash';
		const items = itemsOf([client.list(hash(1))]);
		expect(await runNodeJson({ ...DELETE, deleteFiles: true }, { items })).toMatchObject([
			{ deleted: true, files: 'trash' },
		]);
	});

	it('does not guess what became of the files when the log says nothing', async () => {
		const client = new TestClient();
		client.overrides.set('log/main', [403, 'no']);
		const items = itemsOf([client.list(hash(1))]);
		expect(await runNodeJson({ ...DELETE, deleteFiles: true }, { items })).toMatchObject([
			{ deleted: true, files: 'unknown' },
		]);
	});

	it('tells of each torrent what became of it when the answer does not come in time', async () => {
		const client = new TestClient();
		const listed = [1, 2, 3].map((digit) => client.list(hash(digit)));
		client.drop(hash(3));
		client.silentAt = 'torrents/delete';
		client.onRequest = (path) => {
			if (path === 'torrents/delete') client.drop(hash(1));
		};
		expect(await runNodeJson(DELETE, { items: itemsOf(listed) })).toMatchObject([
			{ deleted: true, result: 'deleted' },
			{ details: { cause: 'client_unreachable' } },
			{ deleted: false, result: 'gone' },
		]);
	});

	it('does not judge a change by an item that lacks the fields', async () => {
		const client = new TestClient();
		client.list(hash(1));
		const items = itemsOf([{ hash: hash(1) }]);
		expect(await runNodeJson({ ...DELETE, onlyIfUnchanged: true }, { items })).toMatchObject([
			{ details: { cause: 'no_data' } },
		]);
		expect(client.torrents.size).toBe(1);
	});

	it('says what is still there afterwards', async () => {
		const client = new TestClient();
		const items = itemsOf([client.list(hash(1)), client.list(hash(2))]);
		client.undeletable.add(hash(2));
		expect(await runNodeJson(DELETE, { items })).toMatchObject([
			{ hash: hash(1), deleted: true, result: 'deleted' },
			{ hash: hash(2), deleted: false, result: 'not_deleted' },
		]);
	});

	it('sends nothing when simulating or in a retry', async () => {
		const client = new TestClient();
		const items = itemsOf([client.list(hash(1))]);
		expect(await runNodeJson({ ...DELETE, simulate: true }, { items })).toMatchObject([
			{ hash: hash(1), deleted: false, simulated: true },
		]);
		expect(await runNodeJson(DELETE, { items, mode: 'retry' })).toMatchObject([
			{ details: { cause: 'stale_plan' } },
		]);
		expect(client.calls).toHaveLength(0);
	});

	it('answers for every item when the client is down, or stops the workflow', async () => {
		const client = new TestClient();
		const items = itemsOf([client.list(hash(1)), client.list(hash(2))]);
		client.overrides.set('torrents/info', [502, 'Bad Gateway']);
		expect(await runNodeJson(DELETE, { items })).toMatchObject([
			{ details: { cause: 'client_unreachable' } },
			{ details: { cause: 'client_unreachable' } },
		]);
		await expect(runNodeJson(DELETE, { items, continueOnFail: false })).rejects.toThrow('502');
	});
});
