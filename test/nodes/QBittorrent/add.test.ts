import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { infoHashOf } from '../../../nodes/shared/bencode';
import { TestClient } from '../../helpers/qbittorrent';
import { runNodeJson } from './runNode';

const ADD = {
	resource: 'torrent',
	operation: 'add',
	category: 'mam-farming',
	tags: '=mam, mam-{{ $json.id }}',
	savePath: '/downloads/mam',
};

const torrentFile = (name: string) =>
	Buffer.from(
		`d4:infod6:lengthi1e4:name${name.length}:${name}12:piece lengthi1e6:pieces20:${'p'.repeat(20)}ee`,
	);

const item = (json: IDataObject, content: Buffer) => ({
	json,
	binary: { data: { data: content.toString('base64'), mimeType: 'application/x-bittorrent' } },
});

const hashOf = (name: string) => infoHashOf(torrentFile(name))!.infoHash;

describe('torrent: add', () => {
	it.each(['4.5.2', '5.1.0', '5.3.0'] as const)(
		'%s: adds a file and proves it',
		async (version) => {
			const client = new TestClient(version);
			const items = [item({ id: 7 }, torrentFile('book')), item({ id: 8 }, torrentFile('book'))];
			const listed = {
				category: 'mam-farming',
				savePath: '/downloads/mam',
				state: 'stoppedDL',
			};
			expect(await runNodeJson({ ...ADD, options: { start: 'no' } }, { items })).toEqual([
				{ id: 7, infoHash: hashOf('book'), name: 'book', result: 'added', ...listed },
				{ id: 8, infoHash: hashOf('book'), name: 'book', result: 'duplicate', ...listed },
			]);
			expect(client.torrents.get(hashOf('book'))).toMatchObject({
				state: 'stoppedDL',
				category: 'mam-farming',
				tags: 'mam, mam-7',
				save_path: '/downloads/mam',
			});
		},
	);

	describe('a file that another torrent has', () => {
		const OTHER = 'ab'.repeat(20);
		const other = (client: TestClient, folder: string, file: string) =>
			client.list(OTHER, {
				name: 'a re-upload',
				save_path: folder,
				content_path: `${folder}/${file}`,
				files: [{ name: file, size: 1 }],
			});
		const oneItem = { items: [item({ id: 7 }, torrentFile('book.m4b'))] };
		const refused = [
			{ id: 7, result: 'shares_files', warning: expect.stringContaining('"a re-upload"') },
		];

		it.each<[string, INodeParameters, string, string]>([
			['at the same path', {}, '/downloads/mam', 'book.m4b'],
			['that differs in case only', {}, '/downloads/MAM', 'Book.m4b'],
			['anywhere, while the client chooses the folder', { savePath: '' }, '/else', 'book.m4b'],
			[
				'in the subfolder that it gets',
				{ options: { contentLayout: 'Subfolder' } },
				'/downloads/mam/book',
				'book.m4b',
			],
		])('is not downloaded over: %s', async (_what, parameters, folder, file) => {
			const client = new TestClient('5.3.0');
			other(client, folder, file);
			expect(await runNodeJson({ ...ADD, ...parameters }, oneItem)).toMatchObject(refused);
			expect(client.callsOf('torrents/add')).toEqual([]);
		});

		it.each<[string, INodeParameters, string, string]>([
			['in another folder', {}, '/else', 'book.m4b'],
			['of another name', {}, '/downloads/mam', 'book.epub'],
			['but it may', { options: { allowSharedFiles: true } }, '/downloads/mam', 'book.m4b'],
		])('is none: %s', async (_what, parameters, folder, file) => {
			const client = new TestClient('5.3.0');
			other(client, folder, file);
			expect(await runNodeJson({ ...ADD, ...parameters }, oneItem)).toMatchObject([
				{ id: 7, result: 'added' },
			]);
		});

		it('is noticed among the torrents of one run', async () => {
			const client = new TestClient('5.3.0');
			const reupload = Buffer.from(
				torrentFile('book.m4b').toString('latin1').replace('p'.repeat(20), 'q'.repeat(20)),
				'latin1',
			);
			const items = [item({ id: 7 }, torrentFile('book.m4b')), item({ id: 8 }, reupload)];
			for (const savePath of ['/downloads/mam', '']) {
				expect(await runNodeJson({ ...ADD, savePath }, { items })).toMatchObject([
					{ id: 7, result: savePath === '' ? 'duplicate' : 'added' },
					{ id: 8, result: 'shares_files' },
				]);
			}
			expect(client.torrents.size).toBe(1);
		});
	});

	it('says that the client cannot use the folder, as soon as the client knows', async () => {
		const client = new TestClient();
		const states = ['checkingResumeData', 'checkingResumeData', 'error'];
		client.onRequest = (path) => {
			const added = client.torrents.get(hashOf('book'));
			if (path === 'torrents/info' && added !== undefined) added.state = states.shift() ?? 'error';
		};
		const items = [item({ id: 7 }, torrentFile('book'))];
		expect(await runNodeJson(ADD, { items })).toMatchObject([
			{ result: 'added', state: 'error', warning: expect.stringContaining('"/downloads/mam"') },
		]);
	});

	it.each(['4.5.2', '5.3.0'] as const)(
		'%s: distinguishes a refused torrent from a duplicate',
		async (version) => {
			const client = new TestClient(version);
			client.overrides.set(
				'torrents/add',
				version === '4.5.2' ? [200, 'Fails.'] : [409, 'Conflict'],
			);
			const items = [item({ id: 7 }, torrentFile('book'))];
			expect(await runNodeJson(ADD, { items })).toMatchObject([{ id: 7, result: 'invalid' }]);
		},
	);

	it('does not send what is not a torrent, nor the failure of an earlier step', async () => {
		const client = new TestClient();
		const items = [
			item({ id: 1 }, Buffer.from('<html>Error, you are not signed in')),
			{ ...item({ id: 2, error: 'refused' }, torrentFile('book')) },
			{ json: { id: 3 } },
		];
		expect(await runNodeJson(ADD, { items })).toMatchObject([
			{ id: 1, result: 'invalid', infoHash: null },
			{ id: 2, error: 'refused' },
			{ details: { cause: 'bad_parameter' } },
		]);
		expect(client.callsOf('torrents/add')).toHaveLength(0);
	});

	it('does not wait for each item when the client has stopped answering', async () => {
		const client = new TestClient();
		client.silentAt = 'torrents/add';
		const items = ['one', 'two', 'three'].map((name) => item({ id: name }, torrentFile(name)));
		const results = await runNodeJson(ADD, { items });
		expect(results).toHaveLength(3);
		for (const result of results) {
			expect(result).toMatchObject({
				error: expect.stringMatching(/did not answer in time/),
				details: { cause: 'client_unreachable' },
			});
		}
		// The torrent itself, and all that the client has.
		expect(client.callsOf('torrents/info')).toHaveLength(2);
	});

	it('takes an unreadable answer for a failure, unless the client lists the torrent', async () => {
		const client = new TestClient();
		client.overrides.set('torrents/add', [200, '{"hash": [']);
		const items = [item({ id: 7 }, torrentFile('book'))];
		expect(await runNodeJson(ADD, { items })).toMatchObject([
			{
				error: expect.stringMatching(/torrents\/add.*"hash"/),
				details: { cause: 'unknown' },
			},
		]);
	});

	it('takes a link, and is pending until the client lists it', async () => {
		const client = new TestClient();
		client.overrides.set('torrents/add', [200, 'Ok.']);
		const link = (url: string) => ({ ...ADD, tags: '', source: 'url', url });
		const [pending] = await runNodeJson(link('http://host.test/a.torrent'));
		expect(pending).toEqual({ infoHash: null, name: null, result: 'pending' });
		client.list('ab'.repeat(20));
		const magnet = link(`magnet:?xt=urn:btih:${'AB'.repeat(20)}`);
		expect(await runNodeJson(magnet)).toMatchObject([
			{ infoHash: 'ab'.repeat(20), result: 'duplicate' },
		]);
		expect(await runNodeJson(link('/etc/passwd'))).toMatchObject([
			{ details: { cause: 'bad_parameter' } },
		]);
	});

	it.each(['4.5.2', '5.1.0', '5.3.0'] as const)(
		'%s: starts the torrent whatever the client does by default, unless it may decide',
		async (version) => {
			const client = new TestClient(version);
			const stops = version === '4.5.2' ? 'start_paused_enabled' : 'add_stopped_enabled';
			Object.assign(client.preferences, { [stops]: true, torrent_stop_condition: 'FilesChecked' });
			const start = '={{ $json.start }}';
			const items = ['yes', 'no', 'default'].map((choice) =>
				item({ start: choice }, torrentFile(choice)),
			);
			expect(await runNodeJson({ ...ADD, options: { start } }, { items })).toMatchObject([
				{ state: 'stalledDL' },
				{ state: 'stoppedDL' },
				{ state: 'stoppedDL' },
			]);
		},
	);

	it.each(['a//b', '/x', 'x/', 'a\\b'])(
		'refuses the category %s, which qBittorrent would drop',
		async (category) => {
			const client = new TestClient();
			const items = [item({ id: 7 }, torrentFile('book'))];
			expect(await runNodeJson({ ...ADD, category }, { items })).toMatchObject([
				{ details: { cause: 'bad_parameter' } },
			]);
			expect(client.torrents.size).toBe(0);
		},
	);

	it.each(['4.5.2', '5.3.0'] as const)('%s: finds magnet links of every kind', async (version) => {
		new TestClient(version);
		const [v1, v2] = ['cd'.repeat(20), 'ef'.repeat(32)];
		const link = (url: string) => ({ ...ADD, tags: '', source: 'url', url });
		for (const [url, infoHash] of [
			[`magnet:?xt=urn:btmh:1220${'ab'.repeat(32)}`, 'ab'.repeat(20)],
			[`magnet:?xt=urn:btih:${v1}&xt=urn:btmh:1220${v2}`, v2.slice(0, 40)],
			[`MAGNET:?xt=urn%3Abtih%3A${'12'.repeat(20)}`, '12'.repeat(20)],
		]) {
			expect(await runNodeJson(link(url))).toMatchObject([{ infoHash, result: 'added' }]);
		}
		const two = `magnet:?xt=urn:btih:${'34'.repeat(20)}\nmagnet:?xt=urn:btih:${'56'.repeat(20)}`;
		expect(await runNodeJson(link(two))).toMatchObject([{ details: { cause: 'bad_parameter' } }]);
	});

	it('takes a file that ends with a newline', async () => {
		new TestClient();
		const content = Buffer.concat([torrentFile('book'), Buffer.from('\r\n')]);
		expect(await runNodeJson(ADD, { items: [item({ id: 7 }, content)] })).toMatchObject([
			{ infoHash: hashOf('book'), result: 'added' },
		]);
	});

	it('only says what it would send when simulating', async () => {
		const client = new TestClient();
		const items = [item({ id: 7 }, torrentFile('book'))];
		expect(
			await runNodeJson({ ...ADD, simulate: true, options: { uploadLimitKiBs: 2 } }, { items }),
		).toMatchObject([
			{
				id: 7,
				infoHash: hashOf('book'),
				simulated: true,
				wouldSend: { category: 'mam-farming', savepath: '/downloads/mam', upLimit: '2048' },
			},
		]);
		expect(client.calls).toHaveLength(0);
	});

	it('refuses to act in a retry of an old execution', async () => {
		const client = new TestClient();
		const items = [item({ id: 7 }, torrentFile('book'))];
		expect(await runNodeJson(ADD, { items, mode: 'retry' })).toMatchObject([
			{ details: { cause: 'stale_plan' } },
		]);
		expect(client.calls).toHaveLength(0);
	});

	it('signs in again in the middle of a run and sends the file once more', async () => {
		const client = new TestClient();
		client.sessionsEndAt = 'torrents/add';
		const items = [item({ id: 7 }, torrentFile('book'))];
		expect(await runNodeJson(ADD, { items })).toMatchObject([{ id: 7, result: 'added' }]);
		expect(client.callsOf('torrents/add')).toHaveLength(2);
	});
});

describe('torrent: add with options', () => {
	const add = async (options: INodeParameters, more: INodeParameters = {}) =>
		await runNodeJson(
			{ ...ADD, savePath: '', ...more, options },
			{ items: [item({}, torrentFile('book'))] },
		);
	const added = (client: TestClient) => client.torrents.get(hashOf('book'));

	it.each(['5.1.0', '5.3.0'] as const)('%s: they reach the torrent', async (version) => {
		const client = new TestClient(version);
		const [result] = await add({
			autoManagement: true,
			firstLastPiece: true,
			inactiveSeedingTimeLimitMinutes: 60,
			ratioLimit: 1.5,
			rename: 'A Book',
			seedingTimeLimitMinutes: 6000,
			sequential: true,
		});
		expect(result).toMatchObject({ result: 'added', name: 'A Book' });
		expect(added(client)).toMatchObject({
			name: 'A Book',
			auto_tmm: true,
			seq_dl: true,
			f_l_piece_prio: true,
			ratio_limit: 1.5,
			seeding_time_limit: 6000,
			inactive_seeding_time_limit: 60,
		});
	});

	it('leaves them to the client unless they are set', async () => {
		const client = new TestClient();
		await add({});
		const [{ fields }] = client.callsOf('torrents/add');
		for (const name of ['autoTMM', 'rename', 'ratioLimit', 'seedingTimeLimit', 'cookie'])
			expect(fields.multipart).not.toContain(`"${name}"`);
	});

	it.each([
		[{ autoManagement: true }, { savePath: '/downloads/x' }, /leave Save Path empty/],
		[{ seedingTimeLimitMinutes: 4320.5 }, {}, /whole number/],
		[{ ratioLimit: -1.5 }, {}, /0 or more/],
		[{ inactiveSeedingTimeLimitMinutes: 60 }, {}, /4\.6 or newer/],
	])('4.5.2: %j is refused before anything is added', async (options, more, message) => {
		const client = new TestClient('4.5.2');
		expect(await add(options, more)).toMatchObject([
			{ message: expect.stringMatching(message), details: { cause: 'bad_parameter' } },
		]);
		expect(client.callsOf('torrents/add')).toEqual([]);
	});

	it('a cookie is sent where the version takes one, is never shown, and is refused elsewhere', async () => {
		const old = new TestClient('4.5.2');
		const cookie = 'uid=1; pass=very-secret';
		expect(JSON.stringify(await add({ cookie }, { simulate: true }))).not.toContain('very-secret');
		expect(await add({ cookie })).toMatchObject([{ result: 'added' }]);
		expect(old.callsOf('torrents/add')[0].fields.multipart).toContain(cookie);
		nock.cleanAll();
		const newer = new TestClient('5.1.0');
		const results = await add({ cookie });
		expect(results).toMatchObject([{ message: expect.stringMatching(/Manage Cookies/) }]);
		expect(JSON.stringify(results)).not.toContain('very-secret');
		expect(newer.callsOf('torrents/add')).toEqual([]);
	});
});
