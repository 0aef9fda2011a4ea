import type { INodeParameters } from 'n8n-workflow';

import { TestClient, type Version } from '../../helpers/qbittorrent';
import { runNodeJson } from './runNode';

const VERSIONS = ['4.5.2', '5.1.0', '5.3.0'] as const;
const SECRET_PART = 'f'.repeat(22);
const OLD = `http://tracker.test/${SECRET_PART}/announce`;
const NEW = `http://tracker.test/${'0'.repeat(22)}/announce`;

const hash = (digit: number) => digit.toString(16).padStart(40, '0');
const torrent = (operation: string, more: INodeParameters = {}) => ({
	resource: 'torrent',
	operation,
	...more,
});
const items = [1, 2, 3].map((digit) => ({ json: { hash: hash(digit) } }));
const DONE = [{ result: 'done' }, { result: 'done' }, { result: 'gone' }];

/** A client with two torrents still to be downloaded, of three files each. */
function newClient(version?: Version) {
	const client = new TestClient(version);
	for (const digit of [1, 2]) {
		client.list(hash(digit), {
			progress: 0.5,
			tracker: OLD,
			files: ['set/a', 'set/b', 'set/more/c'].map((name) => ({ name, size: 1 })),
		});
	}
	return client;
}

/** What the client itself says of the first torrent. */
async function read(operation: 'getFiles' | 'getTrackers', field: string) {
	const read = torrent(operation, { hash: hash(1), returnAll: true, fields: 'all' });
	return (await runNodeJson(read)).map(({ [field]: value }) => value);
}

const announces = async () =>
	(await read('getTrackers', 'url')).filter((url) => !String(url).startsWith('**'));

describe('trackers of torrents', () => {
	it.each(VERSIONS)('%s: are added, edited and removed', async (version) => {
		newClient(version);
		const others = ['udp://a.test:1/announce', 'http://b.test/announce'];
		const run = async (operation: string, more: INodeParameters) =>
			expect(await runNodeJson(torrent(operation, more), { items })).toMatchObject(DONE);
		await run('addTrackers', { trackerUrls: `${others.join('\n')}\n` });
		expect(await announces()).toEqual([OLD, ...others]);
		await run('editTracker', { trackerUrl: OLD, newTrackerUrl: NEW });
		expect(await announces()).toEqual([NEW, ...others]);
		await run('removeTrackers', { trackerUrls: others.join(' ') });
		expect(await announces()).toEqual([NEW]);
	});

	it('stay as they are when there is none to edit', async () => {
		newClient();
		const edit = torrent('editTracker', { trackerUrl: NEW, newTrackerUrl: OLD });
		expect(await runNodeJson(edit, { items })).toMatchObject([
			{ error: expect.stringMatching(/changed no tracker/), details: { cause: 'bad_parameter' } },
			{ details: { cause: 'bad_parameter' } },
			{ result: 'gone' },
		]);
	});

	it.each(VERSIONS)('%s: are removed whatever characters are encoded in them', async (version) => {
		newClient(version);
		const odd = 'http://a.test/%61%20%2F?x=%7C';
		await runNodeJson(torrent('addTrackers', { trackerUrls: odd }), { items });
		const remove = torrent('removeTrackers', { trackerUrls: odd });
		expect(await runNodeJson(remove, { items })).toMatchObject(DONE);
		expect(await announces()).toEqual([OLD]);
	});

	it('are not said to be removed or edited when the client shows otherwise', async () => {
		const client = newClient();
		client.overrides.set('torrents/removeTrackers', [200, '']);
		const remove = torrent('removeTrackers', { trackerUrls: OLD });
		const one = { items: items.slice(0, 1) };
		const results = await runNodeJson(remove, one);
		expect(results).toMatchObject([
			{
				error: expect.stringContaining('still has 1 of the trackers to remove'),
				details: { cause: 'unknown' },
			},
		]);
		expect(JSON.stringify(results)).not.toContain(SECRET_PART);
		const edit = torrent('editTracker', { trackerUrl: OLD, newTrackerUrl: 'http://a.test/%20b' });
		expect(await runNodeJson(edit, one)).toMatchObject([
			{
				error: expect.stringContaining('did not take the new URL as it is'),
				details: { cause: 'unknown' },
			},
		]);
		expect(await announces()).toEqual(['http://a.test/ b']);
	});

	it.each([
		['addTrackers', { trackerUrls: `${OLD} nonsense-${SECRET_PART}` }],
		['addTrackers', { trackerUrls: `${OLD}|${NEW}` }],
		['removeTrackers', { trackerUrls: ' ' }],
		['editTracker', { trackerUrl: OLD, newTrackerUrl: `${NEW}\n${OLD}` }],
	])('%s refuses %j without a passkey in what it says', async (operation, more) => {
		const client = newClient();
		const results = await runNodeJson(torrent(operation, more), { items });
		expect(results[0]).toMatchObject({ details: { cause: 'bad_parameter' } });
		expect(JSON.stringify(results)).not.toContain(SECRET_PART);
		expect(client.calls).toEqual([]);
	});

	it.each([
		['addTrackers', { trackerUrls: OLD }, { urls: 'http://tracker.test/' }],
		['removeTrackers', { trackerUrls: OLD }, { urls: 'http://tracker.test/' }],
		[
			'editTracker',
			{ trackerUrl: OLD, newTrackerUrl: NEW },
			{ url: 'http://tracker.test/', newUrl: 'http://tracker.test/' },
		],
	])('%s simulates without a passkey', async (operation, more, wouldSend) => {
		newClient();
		const simulated = torrent(operation, { ...more, simulate: true });
		expect(await runNodeJson(simulated, { items: [items[0]] })).toMatchObject([{ wouldSend }]);
	});
});

describe('files and names of torrents', () => {
	it.each(VERSIONS)('%s: files get a priority', async (version) => {
		newClient(version);
		for (const [fileIndexes, priority, expected] of [
			['0, 2', 'skip', [0, 1, 0]],
			[2, 'maximum', [0, 1, 7]],
			['0', 'normal', [1, 1, 7]],
			['1', 'high', [1, 6, 7]],
		] as const) {
			const set = torrent('setFilePriority', { fileIndexes, priority });
			expect(await runNodeJson(set, { items })).toMatchObject(DONE);
			expect(await read('getFiles', 'priority')).toEqual(expected);
		}
	});

	it('says which files do not exist, and that a magnet link has none yet', async () => {
		const client = newClient();
		client.list(hash(3), { state: 'metaDL', progress: 0, total_size: -1 });
		const set = torrent('setFilePriority', { fileIndexes: '0, 9', priority: 'skip' });
		expect(await runNodeJson(set, { items })).toMatchObject([
			{ error: expect.stringMatching(/no file with one of the indexes 0, 9/) },
			{ details: { cause: 'bad_parameter' } },
			{ result: 'no_metadata' },
		]);
		expect(await read('getFiles', 'priority')).toEqual([1, 1, 1]);
	});

	it.each(VERSIONS)('%s: torrents, files and folders are renamed', async (version) => {
		const client = newClient(version);
		const run = async (operation: string, more: INodeParameters) =>
			expect(await runNodeJson(torrent(operation, more), { items })).toMatchObject(DONE);
		await run('rename', { newName: 'A Book' });
		expect(client.torrents.get(hash(1))!.name).toBe('A Book');
		await run('renameFile', { oldPath: 'set/a', newPath: 'set/first' });
		await run('renameFolder', { oldPath: 'set/more', newPath: 'set/rest' });
		expect(await read('getFiles', 'name')).toEqual(['set/first', 'set/b', 'set/rest/c']);
	});

	it.each([
		['renameFile', { oldPath: 'set/none', newPath: 'set/x' }, /no file "set\/none"/],
		['renameFolder', { oldPath: 'none', newPath: 'x' }, /no folder "none"/],
	])('%s of %j is refused', async (operation, more, sentence) => {
		newClient();
		expect(await runNodeJson(torrent(operation, more), { items: [items[0]] })).toMatchObject([
			{ error: expect.stringMatching(sentence), details: { cause: 'bad_parameter' } },
		]);
	});

	it.each(['../out', 'set/../../out', '/etc/x', 'C:\\x', '\\x', 'set\\..\\x'])(
		'a file or folder never leaves the save path: %s',
		async (newPath) => {
			const client = newClient();
			for (const operation of ['renameFile', 'renameFolder']) {
				const move = torrent(operation, { oldPath: 'set', newPath });
				expect(await runNodeJson(move, { items: [items[0]] })).toMatchObject([
					{ message: 'New Path: enter a path below the save path, without ".." in it.' },
				]);
			}
			expect(client.calls).toEqual([]);
		},
	);
});

describe('files never go where others lie, which qBittorrent would overwrite', () => {
	const FILES = ['set/f', 'set/sub/f', 'set/g'];

	/** A client with the torrent `hash(1)` of {@link FILES} in /d, and others beside it. */
	function newShelf(others: object[] = []) {
		const client = new TestClient();
		const shelf = [
			{ content_path: '/d/set', files: FILES, name: 'set' },
			{ content_path: '/d/one.bin', files: ['one.bin'], name: 'one' },
			...others,
		];
		for (const [at, { files, ...fields }] of (shelf as Array<{ files: string[] }>).entries()) {
			const all = files.map((name) => ({ name, size: 1 }));
			client.list(hash(at + 1), { save_path: '/d', ...fields, files: all });
		}
		return client;
	}

	const move = async (operation: string, more: INodeParameters, digits = [1]) =>
		await runNodeJson(torrent(operation, more), {
			items: digits.map((digit) => ({ json: { hash: hash(digit) } })),
		});

	const unfinished = {
		name: 'two',
		files: ['two.bin'],
		content_path: '/tmp/two.bin',
		download_path: '/tmp',
		progress: 0.5,
	};
	const loose = { name: 'loose', files: ['a/b.bin', 'c.bin'], content_path: '/d' };

	it.each([
		['renameFile', { oldPath: 'set/f', newPath: 'one.bin' }, '"/d/one.bin"', 'one'],
		['renameFile', { oldPath: 'set/f', newPath: 'ONE.bin' }, '"/d/ONE.bin"', 'one'],
		['renameFile', { oldPath: 'set/f', newPath: 'two.bin' }, '"/d/two.bin"', 'two'],
		['renameFile', { oldPath: 'set/f', newPath: 'a/b.bin' }, '"/d/a/b.bin"', 'loose'],
		['renameFile', { oldPath: 'set/f', newPath: 'set//g' }, '"/d/set/g"', 'set'],
		['renameFile', { oldPath: 'set//f', newPath: 'set/g' }, '"/d/set/g"', 'set'],
		['renameFolder', { oldPath: 'set/', newPath: 'set/sub' }, '"/d/set/sub/f"', 'set'],
		['renameFolder', { oldPath: 'set', newPath: 'other' }, '"/d/other/g"', 'other'],
		['setLocation', { location: '/e/' }, '"/e/set/g"', 'elsewhere'],
	])('%s of %j is refused before anything is sent', async (operation, more, path, owner) => {
		const client = newShelf([
			unfinished,
			loose,
			{ name: 'other', files: ['other/g'], content_path: '/d/other' },
			{ name: 'elsewhere', files: ['set/g'], content_path: '/e/set', save_path: '/e' },
		]);
		const field = operation === 'setLocation' ? 'Location' : 'New Path';
		expect(await move(operation, more)).toMatchObject([
			{
				error: `Nothing was moved: ${path} belongs to the torrent "${owner}", and its data would be lost.`,
				message: `${field}: enter a path that no other file has.`,
				details: { cause: 'bad_parameter' },
			},
		]);
		expect(client.callsOf(`torrents/${operation}`)).toEqual([]);
	});

	it.each([
		['renameFile', { oldPath: 'set/f', newPath: 'a/c.bin' }],
		['renameFile', { oldPath: 'set/f', newPath: 'set/F' }],
		['renameFile', { oldPath: 'set/f', newPath: 'set/f' }],
		['renameFolder', { oldPath: 'set', newPath: 'a' }],
		['renameFolder', { oldPath: 'set/sub', newPath: 'set/more' }],
		['setLocation', { location: '/d' }],
		['setLocation', { location: '/e' }],
	])('%s of %j meets no other file', async (operation, more) => {
		newShelf([loose, { name: 'e', files: ['set/h'], content_path: '/e/set', save_path: '/e' }]);
		expect(await move(operation, more)).toMatchObject([{ result: 'done' }]);
	});

	it('two torrents do not go to one place in one run, unless they share the file', async () => {
		const twin = { name: 'twin', files: ['one.bin'], content_path: '/d/one.bin' };
		const namesake = { ...twin, name: 'namesake', content_path: '/c/one.bin', save_path: '/c' };
		const client = newShelf([twin, namesake]);
		expect(await move('setLocation', { location: '/e' }, [2, 3, 4])).toMatchObject([
			{ result: 'done' },
			{ result: 'done' },
			{ error: expect.stringContaining('"/e/one.bin" belongs to the torrent') },
		]);
		expect(client.callsOf('torrents/setLocation').map(({ fields }) => fields)).toEqual([
			{ hashes: `${hash(2)}|${hash(3)}`, location: '/e' },
		]);
		expect(await move('renameFolder', { oldPath: 'none', newPath: 'one.bin' })).toMatchObject([
			{ error: expect.stringContaining('no folder "none"') },
		]);
		expect(client.callsOf('torrents/renameFolder')).toEqual([]);
	});

	it('a place that cannot be compared is refused', async () => {
		const client = newShelf();
		for (const location of ['/d/../e', '/d/./e', 'C:\\d\\..\\e'])
			expect(await move('setLocation', { location })).toMatchObject([
				{ message: expect.stringContaining('without ".."') },
			]);
		for (const oldPath of ['set/../set/f', './set/f'])
			expect(await move('renameFile', { oldPath, newPath: 'x' })).toMatchObject([
				{ message: expect.stringContaining('Current Path') },
			]);
		expect(client.calls).toEqual([]);
	});
});

describe('the queue', () => {
	it.each([
		['top', [4, 1, 2, 3]],
		['bottom', [1, 2, 3, 4]],
		['up', [1, 2, 4, 3]],
		['down', [1, 2, 3, 4]],
	])('a torrent is moved to the %s', async (position, expected) => {
		const client = new TestClient();
		for (const digit of [1, 2, 3, 4]) client.list(hash(digit), { progress: 0 });
		client.list(hash(5));
		const moved = [4, 5, 6].map((digit) => ({ json: { hash: hash(digit) } }));
		expect(
			await runNodeJson(torrent('setQueuePosition', { position }), { items: moved }),
		).toMatchObject([{ result: 'done' }, { result: 'complete' }, { result: 'gone' }]);
		const queue = [...client.torrents.keys()].filter((one) => one !== hash(5));
		expect(queue).toEqual(expected.map(hash));
	});

	it('is refused clearly while queueing is off', async () => {
		const client = newClient();
		client.preferences.queueing_enabled = false;
		expect(await runNodeJson(torrent('setQueuePosition'), { items: [items[0]] })).toMatchObject([
			{
				error: expect.stringMatching(/queueing is switched off/),
				message: expect.stringMatching(/queueing_enabled/),
			},
		]);
	});
});

describe('torrent: setTags', () => {
	it.each(['5.1.0', '5.3.0'] as const)('%s: replaces the tags', async (version) => {
		const client = newClient(version);
		const set = torrent('setTags', { tags: 'keep, new' });
		expect(await runNodeJson(set, { items })).toMatchObject(DONE);
		expect(client.torrents.get(hash(2))!.tags).toBe('keep, new');
		expect(client.callsOf('torrents/setTags')).toHaveLength(1);
	});

	it('is refused before 5.1, with the version that has it', async () => {
		const client = newClient('4.5.2');
		const set = torrent('setTags', { tags: 'keep' });
		expect(await runNodeJson(set, { items: [items[0]] })).toMatchObject([
			{ message: expect.stringMatching(/5\.1 or newer/), details: { cause: 'bad_parameter' } },
		]);
		expect(client.torrents.get(hash(1))!.tags).toBe('mam');
	});
});

describe('torrent: setSpeedLimits', () => {
	it('sets what is added and leaves the other limit as it is', async () => {
		const client = newClient();
		client.torrents.get(hash(1))!.dl_limit = 7;
		const set = (speedLimits: INodeParameters) => torrent('setSpeedLimits', { speedLimits });
		expect(await runNodeJson(set({ uploadLimitKiBs: 10 }), { items })).toMatchObject(DONE);
		expect(client.torrents.get(hash(1))).toMatchObject({ dl_limit: 7, up_limit: 10_240 });
		const both = { uploadLimitKiBs: 0, downloadLimitKiBs: 0.5 };
		expect(await runNodeJson(set(both), { items })).toMatchObject(DONE);
		expect(client.torrents.get(hash(2))).toMatchObject({ dl_limit: 512, up_limit: 0 });
	});

	it.each([{}, { uploadLimitKiBs: -1 }, { downloadLimitKiBs: 2_097_152 }])(
		'refuses %j, which qBittorrent would make another limit of',
		async (speedLimits) => {
			const client = newClient();
			const set = torrent('setSpeedLimits', { speedLimits });
			expect(await runNodeJson(set, { items: [items[0]] })).toMatchObject([
				{ details: { cause: 'bad_parameter' } },
			]);
			expect(client.calls).toEqual([]);
		},
	);
});
