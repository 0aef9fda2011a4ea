import type { INodeParameters } from 'n8n-workflow';

import { TestClient, type Version } from '../../helpers/qbittorrent';
import { runNodeJson } from './runNode';

const torrent = (operation: string, more: INodeParameters = {}) => ({
	resource: 'torrent',
	operation,
	...more,
});
const hash = (digit: number) => digit.toString(16).padStart(40, '0');

/** A client with two torrents, and items of those two and of one that is gone. */
function twoAndAGhost(version?: Version) {
	const client = new TestClient(version);
	client.list(hash(1));
	client.list(hash(2));
	return { client, items: [1, 2, 3].map((digit) => ({ json: { hash: hash(digit) } })) };
}

describe('actions on torrents', () => {
	it.each([
		['4.5.2', 'stop', 'torrents/pause', {}, {}],
		['4.5.2', 'start', 'torrents/resume', {}, {}],
		['5.1.0', 'stop', 'torrents/stop', {}, {}],
		['5.3.0', 'start', 'torrents/start', {}, {}],
		['4.5.2', 'forceStart', 'torrents/setForceStart', {}, { value: 'true' }],
		['4.5.2', 'forceStart', 'torrents/setForceStart', { force: false }, { value: 'false' }],
		['4.5.2', 'recheck', 'torrents/recheck', {}, {}],
		['4.5.2', 'reannounce', 'torrents/reannounce', {}, {}],
		['4.5.2', 'addTags', 'torrents/addTags', { tags: ' a, b' }, { tags: 'a,b' }],
		['4.5.2', 'removeTags', 'torrents/removeTags', { tags: 'a' }, { tags: 'a' }],
		['4.5.2', 'setLocation', 'torrents/setLocation', { location: '/x' }, { location: '/x' }],
	] as const)('%s: %s is %s, once for all items', async (version, operation, path, more, form) => {
		const { client, items } = twoAndAGhost(version);
		expect(await runNodeJson(torrent(operation, more), { items })).toEqual([
			{ hash: hash(1), name: expect.any(String), result: 'done' },
			{ hash: hash(2), name: expect.any(String), result: 'done' },
			{ hash: hash(3), name: null, result: 'gone' },
		]);
		expect(client.callsOf(path).map(({ fields }) => fields)).toEqual([
			{ hashes: `${hash(1)}|${hash(2)}`, ...form },
		]);
	});

	it("does not treat a proxy's web page as success", async () => {
		const { client, items } = twoAndAGhost();
		client.overrides.set('torrents/reannounce', [200, '<!DOCTYPE html><title>Sign in</title>']);
		const results = await runNodeJson(torrent('reannounce'), { items });
		expect(results).toEqual(
			expect.arrayContaining([
				expect.objectContaining({
					error: expect.stringContaining('a web page came back'),
					details: expect.objectContaining({ cause: 'client_unreachable' }),
				}),
			]),
		);
		expect(results.filter(({ result }) => result === 'done')).toEqual([]);
	});

	it('sets one share limit and leaves the others, the action and the mode as they are', async () => {
		const { client, items } = twoAndAGhost('5.3.0');
		const own = {
			seeding_time_limit: 600,
			share_limit_action: 'Remove',
			share_limits_mode: 'MatchAll',
		};
		Object.assign(client.torrents.get(hash(1))!, own);
		await runNodeJson(torrent('setShareLimits', { limits: { ratioLimit: 2.5 } }), { items });
		expect(client.torrents.get(hash(1))).toMatchObject({ ratio_limit: 2.5, ...own });
		expect(client.torrents.get(hash(2))).toMatchObject({
			ratio_limit: 2.5,
			seeding_time_limit: -2,
			share_limit_action: 'Default',
		});
	});

	it.each(['4.5.2', '5.1.0', '5.3.0'] as const)(
		'%s: refuses share limits that would be rounded, clamped or have no meaning',
		async (version) => {
			const { client, items } = twoAndAGhost(version);
			for (const limits of [
				{ seedingTimeLimitMinutes: '={{ 3.21 * 1440 }}' },
				{ seedingTimeLimitMinutes: 4320.5 },
				{ seedingTimeLimitMinutes: 525_601 },
				{ ratioLimit: -1.5 },
				{ ratioLimit: -0.5 },
				{ ratioLimit: 10_000 },
				{ ratioLimit: '={{ undefined }}' },
				{ action: 'Destroy' },
				{},
			]) {
				const results = await runNodeJson(torrent('setShareLimits', { limits }), { items });
				for (const result of results)
					expect(result).toMatchObject({ details: { cause: 'bad_parameter' } });
			}
			expect(client.callsOf('torrents/setShareLimits')).toEqual([]);
		},
	);

	it.each([
		['4.5.2', { inactiveSeedingTimeLimitMinutes: 60 }, '4.6'],
		['5.1.0', { action: 'Stop' }, '5.2'],
		['5.1.0', { mode: 'MatchAny' }, '5.2'],
	] as const)(
		'%s: refuses %j, which it would ignore, and names the version',
		async (version, limits, has) => {
			const { client, items } = twoAndAGhost(version);
			const [refused] = await runNodeJson(torrent('setShareLimits', { limits }), { items });
			expect(refused).toMatchObject({
				error: expect.stringContaining('This version of qBittorrent has no'),
				message: expect.stringContaining(has),
				details: { cause: 'bad_parameter' },
			});
			expect(client.callsOf('torrents/setShareLimits')).toHaveLength(0);
			const one = torrent('setShareLimits', { limits: { ratioLimit: 1 } });
			expect((await runNodeJson(one, { items }))[0]).toMatchObject({ result: 'done' });
		},
	);

	it('says where an action can do nothing: stopped, or without metadata', async () => {
		const client = new TestClient();
		client.list(hash(1), { state: 'stoppedUP' });
		client.list(hash(2), { state: 'stoppedDL', total_size: -1 });
		client.list(hash(3), { state: 'metaDL' });
		const items = [1, 2, 3].map((digit) => ({ json: { hash: hash(digit) } }));
		expect(await runNodeJson(torrent('reannounce'), { items })).toMatchObject([
			{ result: 'stopped' },
			{ result: 'stopped' },
			{ result: 'done' },
		]);
		expect(await runNodeJson(torrent('recheck'), { items })).toMatchObject([
			{ result: 'done' },
			{ result: 'no_metadata' },
			{ result: 'no_metadata' },
		]);
	});

	it('moves to a full path only, and says that automatic management ends', async () => {
		const { client, items } = twoAndAGhost();
		client.torrents.get(hash(1))!.auto_tmm = true;
		const move = (location: string) => torrent('setLocation', { location });
		for (const location of ['archive', './archive', '~/archive', 'C:archive'])
			expect((await runNodeJson(move(location), { items }))[0]).toMatchObject({
				details: { cause: 'bad_parameter' },
			});
		expect(await runNodeJson(move('D:\\archive'), { items })).toEqual([
			expect.objectContaining({ result: 'done', autoManagement: 'switched_off' }),
			{ hash: hash(2), name: expect.any(String), result: 'done' },
			expect.objectContaining({ result: 'gone' }),
		]);
	});

	it('finds a torrent by its full v2 hash too, of which the client lists the first 40 digits', async () => {
		const client = new TestClient();
		client.list('ab'.repeat(20));
		const items = [{ json: { hash: 'AB'.repeat(32) } }];
		expect(await runNodeJson(torrent('get'), { items })).toMatchObject([{ hash: 'ab'.repeat(20) }]);
		expect(await runNodeJson(torrent('stop'), { items })).toMatchObject([{ result: 'done' }]);
	});

	it('limits speeds in KiB per second and switches automatic management', async () => {
		const { client, items } = twoAndAGhost();
		for (const [operation, more] of [
			['setSpeedLimits', { speedLimits: { downloadLimitKiBs: 2 } }],
			['setSpeedLimits', { speedLimits: { uploadLimitKiBs: 0.5 } }],
			['setAutoManagement', { autoManagement: true }],
		] as const)
			expect((await runNodeJson(torrent(operation, more), { items }))[0]).toMatchObject({
				result: 'done',
			});
		const limits = { dl_limit: 2048, up_limit: 512, auto_tmm: true };
		expect(client.torrents.get(hash(1))).toMatchObject(limits);
		expect(await runNodeJson(torrent('getProperties'), { items })).toMatchObject([
			{ hash: hash(1) },
			{ hash: hash(2) },
			{ details: { cause: 'gone' } },
		]);
	});

	it('switches the alternative speed limits, once', async () => {
		const client = new TestClient();
		const mode = (operation: string, more: INodeParameters = {}) => ({
			resource: 'transfer',
			operation,
			...more,
		});
		const set = mode('setSpeedMode', { alternative: true });
		expect(await runNodeJson(set)).toEqual([{ alternative: true, changed: true }]);
		expect(await runNodeJson(set)).toEqual([{ alternative: true, changed: false }]);
		expect(await runNodeJson(mode('getSpeedMode'))).toEqual([{ alternative: true }]);
		expect(client.callsOf('transfer/toggleSpeedLimitsMode')).toHaveLength(1);
	});

	it('groups items of equal parameters and fails only the group that is refused', async () => {
		const { client, items } = twoAndAGhost();
		client.categories.set('books', { savePath: '' });
		const named = items.map((item, index) => ({
			json: { ...item.json, to: index === 0 ? 'books' : 'nonesuch' },
		}));
		expect(
			await runNodeJson(torrent('setCategory', { category: '={{ $json.to }}' }), { items: named }),
		).toMatchObject([
			{ hash: hash(1), result: 'done' },
			{ error: expect.stringContaining('nonesuch'), details: { cause: 'bad_parameter' } },
			{ hash: hash(3), result: 'gone' },
		]);
	});

	it('distinguishes an unwritable folder from an expired session', async () => {
		const { client, items } = twoAndAGhost();
		client.overrides.set('torrents/setLocation', [403, 'Cannot write to directory']);
		expect(
			await runNodeJson(torrent('setLocation', { location: '/proc' }), { items }),
		).toMatchObject([
			{ error: expect.stringContaining('/proc') },
			{ error: expect.stringContaining('/proc') },
			{ result: 'gone' },
		]);
		expect(client.callsOf('auth/login')).toHaveLength(1);
	});

	it.each([
		['removeTags', { tags: ' , ' }],
		['setLocation', { location: '' }],
		['setShareLimits', { limits: { ratioLimit: '={{ NaN }}' } }],
		['setShareLimits', { limits: { seedingTimeLimitMinutes: -3 } }],
	])('%s refuses %j', async (operation, more) => {
		const { client, items } = twoAndAGhost();
		const results = await runNodeJson(torrent(operation, more), { items });
		expect(results).toHaveLength(3);
		for (const result of results) {
			expect(result).toMatchObject({ details: { cause: 'bad_parameter' } });
		}
		expect(client.callsOf(`torrents/${operation}`)).toHaveLength(0);
	});

	it.each([
		['setLocation', { location: '/x' }],
		['setShareLimits', { limits: { ratioLimit: 1 } }],
	])('%s sends nothing when simulating, nor in a retry', async (operation, more) => {
		const { client, items } = twoAndAGhost();
		const parameters = torrent(operation, { ...more, simulate: true });
		const simulated = await runNodeJson(parameters, { items });
		expect(simulated.every((result) => result.simulated === true)).toBe(true);
		const retried = await runNodeJson(torrent(operation, more), { items, mode: 'retry' });
		expect(retried).toMatchObject(items.map(() => ({ details: { cause: 'stale_plan' } })));
		expect(client.calls).toHaveLength(0);
	});
});

describe('the files of a torrent', () => {
	it('are items of their own', async () => {
		const { items } = twoAndAGhost();
		expect(await runNodeJson(torrent('getFiles'), { items: items.slice(1) })).toMatchObject([
			{ hash: hash(2), name: 'torrent 0000', size: 0 },
			{ details: { cause: 'gone' } },
		]);
	});

	it('come back as the .torrent file', async () => {
		const { client, items } = twoAndAGhost();
		const file = `d4:infod6:lengthi9e4:name4:a/:b12:piece lengthi1e6:pieces20:${'p'.repeat(20)}ee`;
		client.overrides.set('torrents/export', [200, file]);
		expect(await runNodeJson(torrent('export'), { items: items.slice(0, 1) })).toEqual([
			{ hash: hash(1), name: 'a/:b', fileName: 'a__b.torrent', sizeBytes: 9 },
		]);
		client.overrides.set('app/webapiVersion', [200, '2.8.5']);
		expect(await runNodeJson(torrent('export'), { items: items.slice(0, 1) })).toMatchObject([
			{
				error: expect.stringContaining('cannot export'),
				message: expect.stringContaining('4.5 or newer'),
			},
		]);
		client.overrides.delete('app/webapiVersion');
		client.overrides.set('torrents/export', [409, 'no metadata']);
		expect(await runNodeJson(torrent('export'), { items: items.slice(0, 1) })).toMatchObject([
			{ details: { cause: 'bad_torrent' } },
		]);
	});
});

describe('categories and tags', () => {
	const category = (operation: string, more: INodeParameters = {}) => ({
		resource: 'category',
		operation,
		...more,
	});

	it('creates, edits, lists and deletes a category', async () => {
		const client = new TestClient();
		const books = { category: 'books', savePath: '/a' };
		await runNodeJson(category('create', books));
		expect(await runNodeJson(category('create', books))).toMatchObject([
			{ details: { cause: 'bad_parameter' } },
		]);
		const moved = [{ name: 'books', savePath: '/b' }];
		expect(await runNodeJson(category('edit', { ...books, savePath: '/b' }))).toEqual(moved);
		expect(await runNodeJson(category('edit', { ...books, savePath: '/b' }))).toEqual(moved);
		expect(await runNodeJson(category('getAll'))).toEqual(moved);
		expect(await runNodeJson(category('edit', { category: 'nonesuch' }))).toMatchObject([
			{ details: { cause: 'bad_parameter' } },
		]);
		expect(await runNodeJson(category('delete', { category: 'nonesuch' }))).toEqual([
			{ name: 'nonesuch', deleted: false, subcategories: [] },
		]);
		expect(await runNodeJson(category('delete', { category: 'books' }))).toEqual([
			{ name: 'books', deleted: true, subcategories: [] },
		]);
		expect(client.callsOf('torrents/removeCategories')[0].fields).toEqual({ categories: 'books' });
	});

	it.each(['4.5.2', '5.1.0', '5.3.0'] as const)(
		'%s: edits the folder and leaves the folder for unfinished downloads as it is',
		async (version) => {
			const client = new TestClient(version);
			for (const downloadPath of ['/unfinished', '', false as const, undefined]) {
				const options = downloadPath === undefined ? {} : { downloadPath };
				client.categories.set('books', { savePath: '/a', ...options });
				const edit = category('edit', { category: 'books', savePath: '/b' });
				expect(await runNodeJson(edit)).toEqual([{ name: 'books', savePath: '/b' }]);
				expect(client.categories.get('books')).toEqual({ savePath: '/b', ...options });
			}
			const same = category('edit', { category: 'books', savePath: '/b/' });
			expect(await runNodeJson(same)).toEqual([{ name: 'books', savePath: '/b/' }]);
		},
	);

	it.each(['4.5.2', '5.3.0'] as const)(
		'%s: tells which subcategories went with their category',
		async (version) => {
			const client = new TestClient(version);
			for (const name of ['a', 'a/b', 'a/b/c', 'ab']) client.categories.set(name, { savePath: '' });
			const [result] = await runNodeJson(category('delete', { category: 'a' }));
			const gone = version === '4.5.2' ? [] : ['a/b', 'a/b/c'];
			expect(result).toEqual({ name: 'a', deleted: true, subcategories: gone });
			expect(client.categories.has('ab')).toBe(true);
		},
	);

	it('creates, lists and deletes tags', async () => {
		const client = new TestClient();
		const tag = (operation: string, tags = 'a, b') => ({ resource: 'tag', operation, tags });
		expect(await runNodeJson(tag('create'))).toEqual([
			{ name: 'a', created: true },
			{ name: 'b', created: true },
		]);
		expect(await runNodeJson(tag('getAll'))).toEqual([{ name: 'a' }, { name: 'b' }]);
		expect(await runNodeJson(tag('delete', 'a, nonesuch'))).toEqual([
			{ name: 'a', deleted: true },
			{ name: 'nonesuch', deleted: false },
		]);
		expect(client.callsOf('torrents/deleteTags')[0].fields).toEqual({ tags: 'a' });
	});

	describe('deletes unused tags', () => {
		const UNUSED = { resource: 'tag', operation: 'deleteUnused' };

		function withTags(...tags: string[]): TestClient {
			const client = new TestClient();
			for (const tag of tags) client.tags.add(tag);
			return client;
		}

		it('of the prefix and a number, that no torrent has, whatever its category', async () => {
			const client = withTags(
				'mam-1',
				'mam-22',
				'mam-333',
				'mam-',
				'mam-1x',
				'xmam-1',
				'MAM-1',
				'7',
			);
			client.list('1'.repeat(40), { category: 'books', tags: 'keep, mam-22' });
			expect(await runNodeJson(UNUSED)).toEqual([{ deleted: ['mam-1', 'mam-333'] }]);
			expect([...client.tags].sort()).toEqual(
				['MAM-1', 'mam-22', '7', 'keep', 'mam-', 'mam-1x', 'xmam-1'].sort(),
			);
			expect(await runNodeJson({ ...UNUSED, prefix: 'xmam-' })).toEqual([{ deleted: ['xmam-1'] }]);
		});

		it('but not that of a torrent that is just being added', async () => {
			const client = withTags('mam-1', 'mam-2');
			let lists = 0;
			client.onRequest = (path) => {
				lists += Number(path === 'torrents/info');
				if (lists === 2) client.list('2'.repeat(40), { tags: 'mam-2' });
			};
			expect(await runNodeJson(UNUSED)).toEqual([{ deleted: ['mam-1'] }]);
		});

		it('sends nothing where there is nothing to delete, when simulating, or without a prefix', async () => {
			const client = withTags('mam-1', 'keep');
			expect(await runNodeJson({ ...UNUSED, simulate: true })).toEqual([
				{ deleted: [], simulated: true, wouldSend: { tags: 'mam-1' } },
			]);
			expect(await runNodeJson({ ...UNUSED, prefix: 'x' })).toEqual([{ deleted: [] }]);
			expect(await runNodeJson({ ...UNUSED, prefix: ' ' })).toMatchObject([
				{ details: { cause: 'bad_parameter' } },
			]);
			expect(client.callsOf('torrents/deleteTags')).toHaveLength(0);
		});

		it('keeps all of them when the torrents cannot be listed', async () => {
			const client = withTags('mam-1');
			client.overrides.set('torrents/info', [200, '{}']);
			expect(await runNodeJson(UNUSED)).toMatchObject([{ error: expect.any(String) }]);
			expect(client.tags.size).toBe(1);
		});
	});
});

describe('preferences', () => {
	const set = (preferences: unknown, more: INodeParameters = {}) => ({
		resource: 'application',
		operation: 'setPreferences',
		preferences: preferences as string,
		...more,
	});
	const withPreferences = () => {
		const client = new TestClient();
		client.preferences = {
			queueing_enabled: true,
			max_active_downloads: 3,
			locale: 'en',
			proxy_password: 'x',
		};
		return client;
	};

	it('come without passwords', async () => {
		withPreferences();
		const get = { resource: 'application', operation: 'getPreferences' };
		const preferences = { queueing_enabled: true, max_active_downloads: 3 };
		expect(await runNodeJson(get)).toEqual([{ ...preferences, locale: 'en' }]);
		expect(await runNodeJson({ ...get, fields: 'essential' })).toEqual([preferences]);
	});

	it('are sent as far as they differ', async () => {
		const client = withPreferences();
		const wanted = { queueing_enabled: false, max_active_downloads: 3 };
		const drift = [{ key: 'queueing_enabled', from: true, to: false }];
		expect(await runNodeJson(set(wanted, { simulate: true }))).toEqual([
			{ drift, changed: false, simulated: true, wouldSend: { queueing_enabled: false } },
		]);
		expect(client.callsOf('app/setPreferences')).toHaveLength(0);
		expect(await runNodeJson(set(JSON.stringify(wanted)))).toEqual([
			{ drift, changed: true, remaining: [] },
		]);
		expect(await runNodeJson(set(wanted))).toEqual([{ drift: [], changed: false, remaining: [] }]);
		expect(client.callsOf('app/setPreferences').map(({ fields }) => fields)).toEqual([
			{ json: '{"queueing_enabled":false}' },
		]);
	});

	it('name what the client did not take', async () => {
		const client = withPreferences();
		client.overrides.set('app/setPreferences', [200, '']);
		expect(await runNodeJson(set({ queueing_enabled: false }))).toMatchObject([
			{ changed: true, remaining: ['queueing_enabled'] },
		]);
	});

	it.each([
		['listen_port', 99_999_999],
		['listen_port', -1],
		['web_ui_port', 0],
		['web_ui_port', 80.5],
	])('refuse %s %j, which is not a port', async (key, value) => {
		const client = withPreferences();
		Object.assign(client.preferences, { listen_port: 6881, web_ui_port: 8080 });
		expect(await runNodeJson(set({ [key]: value }))).toMatchObject([
			{ error: expect.stringContaining(key), details: { cause: 'bad_parameter' } },
		]);
		expect(client.callsOf('app/setPreferences')).toHaveLength(0);
	});

	it('do not drift by the slash at the end of a folder', async () => {
		const client = withPreferences();
		client.preferences.save_path = '/data/books';
		expect(await runNodeJson(set({ save_path: '/data/books/' }))).toMatchObject([
			{ drift: [], changed: false },
		]);
	});

	it('refuse a share limit that is switched on without its value', async () => {
		const client = withPreferences();
		Object.assign(client.preferences, { max_ratio_enabled: false, max_ratio: -1 });
		expect(await runNodeJson(set({ max_ratio_enabled: true }))).toMatchObject([
			{
				error: expect.stringContaining('stops every complete torrent'),
				message: 'Set "max_ratio" as well, to 0 or more.',
			},
		]);
		expect(client.callsOf('app/setPreferences')).toHaveLength(0);
		const whole = { max_ratio_enabled: true, max_ratio: 2 };
		expect(await runNodeJson(set(whole))).toMatchObject([{ changed: true, remaining: [] }]);
	});

	it.each([
		[{ nonesuch: 1 }],
		[{ max_active_downloads: '3' }],
		[{ proxy_password: 'y' }],
		['[1]'],
		['{'],
	])('refuse %j, which the client would silently ignore', async (preferences) => {
		const client = withPreferences();
		expect(await runNodeJson(set(preferences))).toMatchObject([
			{ details: { cause: 'bad_parameter' } },
		]);
		expect(client.callsOf('app/setPreferences')).toHaveLength(0);
	});
});
