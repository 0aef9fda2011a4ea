import { TestClient } from '../../helpers/qbittorrent';
import { contextOf, runNodeJson } from './runNode';
import { QBittorrent } from '../../../nodes/QBittorrent/QBittorrent.node';

const GET = { resource: 'transfer', operation: 'get' };
const GET_FREE_SPACE = { resource: 'transfer', operation: 'getFreeSpace' };

/** One run of Transfer: Get, and the hints that the editor shows on its output. */
async function getWithHints(freeSpacePath: string) {
	const context = contextOf({ ...GET, freeSpacePath });
	const [[{ json }]] = await new QBittorrent().execute.call(context);
	return { json, hints: context.hints.map(({ message }) => message) };
}

describe('transfer: get', () => {
	it('gives the free space of the default save path, and null when the client does not know it', async () => {
		const client = new TestClient();
		client.freeSpace = 5_000_000_000;
		expect(await runNodeJson(GET)).toMatchObject([
			{ free_space_on_disk: 5_000_000_000, free_space_path: null, connection_status: 'connected' },
		]);
		client.freeSpace = -1;
		expect(await runNodeJson(GET)).toMatchObject([{ free_space_on_disk: null }]);
	});

	it('reads it from the client itself, whatever a torrent is called, and takes no web page for it', async () => {
		const client = new TestClient();
		client.freeSpace = 5_000_000_000;
		client.list('1'.repeat(40), { name: '"server_state":{"free_space_on_disk":1}' });
		expect(await runNodeJson(GET)).toMatchObject([{ free_space_on_disk: 5_000_000_000 }]);
		for (const odd of ['{"server_state":{"x":"}","free_space_on_disk":7}}', '{"rid":1}']) {
			client.overrides.set('sync/maindata', [200, odd]);
			const known = odd.includes('7') ? 7 : null;
			expect(await runNodeJson(GET)).toMatchObject([{ free_space_on_disk: known }]);
		}
		client.overrides.set('sync/maindata', [200, 'Sign in']);
		expect(await runNodeJson(GET)).toMatchObject([{ error: expect.stringContaining('Sign in') }]);
	});

	it('does not take the 0 of a client that has not measured yet for a full disk', async () => {
		const client = new TestClient();
		client.freeSpace = 0;
		client.onRequest = () => {
			if (client.callsOf('sync/maindata').length > 1) client.freeSpace = 5_000_000_000;
		};
		expect(await runNodeJson(GET)).toMatchObject([{ free_space_on_disk: 5_000_000_000 }]);
		client.onRequest = () => {};
		client.freeSpace = 0;
		expect(await runNodeJson(GET)).toMatchObject([{ free_space_on_disk: 0 }]);
	});

	it('gives the space of now on 4.5, whose first answer is what it measured for the request before', async () => {
		const client = new TestClient('4.5.2');
		client.freeSpace = 5_000_000_000;
		client.onRequest = () => {
			if (client.callsOf('sync/maindata').length > 1) client.freeSpace = 7_000_000_000;
		};
		expect(await runNodeJson(GET)).toMatchObject([{ free_space_on_disk: 7_000_000_000 }]);
	});

	it('asks once on 5.1, which measures by itself', async () => {
		const client = new TestClient('5.1.0');
		await runNodeJson(GET);
		expect(client.callsOf('sync/maindata')).toHaveLength(1);
	});

	it('measures the disk of the folder that is asked for, on 5.3', async () => {
		const client = new TestClient('5.3.0');
		client.freeSpace = 5_000_000_000;
		client.freeSpaceAt.set('/mnt/books', 7);
		expect(await getWithHints('/mnt/books')).toMatchObject({
			json: { free_space_on_disk: 7, free_space_path: '/mnt/books' },
			hints: [],
		});
	});

	it.each(['4.5.2', '5.1.0'] as const)(
		'gives that of the default save path on %s, and warns when the folder lies elsewhere',
		async (version) => {
			const client = new TestClient(version);
			client.freeSpace = 5_000_000_000;
			const json = { free_space_on_disk: 5_000_000_000, free_space_path: '/downloads' };
			const { hints, ...elsewhere } = await getWithHints('/downloads-2/books');
			expect(elsewhere).toMatchObject({ json });
			expect(hints).toEqual([
				expect.stringMatching(/that of "\/downloads", .*not know that of "\/downloads-2\/books"/),
			]);
			expect(await getWithHints('/downloads/books')).toMatchObject({ json, hints: [] });
			expect(await getWithHints('/downloads/')).toMatchObject({ json, hints: [] });
		},
	);

	it('refuses a path that is not a full one', async () => {
		new TestClient('5.3.0');
		expect(await runNodeJson({ ...GET, freeSpacePath: 'books' })).toMatchObject([
			{ message: 'Free Space Path: enter a full path without "..", e.g. /downloads/books.' },
		]);
	});
});

describe('transfer: getFreeSpace', () => {
	it('gives the bytes on the disk of a folder, and null when the client cannot tell', async () => {
		const client = new TestClient('5.3.0');
		client.freeSpaceAt.set('/mnt/books', 7);
		const get = async () => await runNodeJson({ ...GET_FREE_SPACE, path: '/mnt/books' });
		expect(await get()).toEqual([{ path: '/mnt/books', freeSpaceBytes: 7 }]);
		client.freeSpaceAt.set('/mnt/books', -1);
		expect(await get()).toEqual([{ path: '/mnt/books', freeSpaceBytes: null }]);
	});

	it.each(['4.5.2', '5.1.0'] as const)(
		'is refused on %s, with the version that has it',
		async (version) => {
			const client = new TestClient(version);
			expect(await runNodeJson({ ...GET_FREE_SPACE, path: '/mnt/books' })).toMatchObject([
				{ message: expect.stringMatching(/5\.3 or newer/), details: { cause: 'bad_parameter' } },
			]);
			expect(client.callsOf('app/getFreeSpaceAtPath')).toEqual([]);
		},
	);
});
