import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import FormData from 'form-data';

import { http } from '../../dev/http.mts';
import { makeTorrent } from '../../dev/sandbox/mam/torrentFile.mts';
import {
	startQbittorrentStandIn,
	type QbittorrentOptions,
	type QbittorrentStandIn,
} from '../../dev/sandbox/qbittorrent/standIn.mts';
import type { Version } from '../../dev/sandbox/qbittorrent/versions.mts';

let client: QbittorrentStandIn;
let cookie: string;

afterEach(async () => await client.stop());

type Answer = AxiosResponse<string>;

async function ask(path: string, config: AxiosRequestConfig = {}): Promise<Answer> {
	return await http.request({
		url: `${client.url}/api/v2/${path}`,
		...config,
		headers: { cookie, ...config.headers },
	});
}

async function json<T>(path: string): Promise<T> {
	return JSON.parse((await ask(path)).data) as T;
}

async function post(path: string, fields: Record<string, string>): Promise<Answer> {
	return await ask(path, { method: 'POST', data: new URLSearchParams(fields) });
}

async function signIn(password = 'secret'): Promise<Answer> {
	const answer = await post('auth/login', { username: 'admin', password });
	cookie = answer.headers['set-cookie']?.[0].split(';')[0] ?? '';
	return answer;
}

async function open(version: Version, more: Partial<QbittorrentOptions> = {}): Promise<Answer> {
	client = await startQbittorrentStandIn({ password: 'secret', version, ...more });
	cookie = '';
	return await signIn();
}

async function list(query = ''): Promise<Array<Record<string, unknown>>> {
	return await json(`torrents/info?${query}`);
}

const names = async (query: string) => (await list(query)).map(({ name }) => name).join();

/** A form with .torrent files by name; `bad` ones are none. */
function files(name: string, ...more: string[]): FormData {
	const form = new FormData();
	for (const one of [name, ...more]) {
		const { bytes } = makeTorrent({ name: one, sizeBytes: 40_000, announce: 'http://127.0.0.1/a' });
		form.append('torrents', one === 'bad' ? Buffer.from('none') : bytes, `${one}.torrent`);
	}
	return form;
}

async function add(form: FormData): Promise<[number, string]> {
	const answer = await ask('torrents/add', { method: 'POST', data: form });
	return [answer.status, answer.data];
}

const ANY = { hashes: 'f'.repeat(40) };

describe('signing in', () => {
	for (const [version, good, bad, name] of [
		['4.5.2', [200, 'Ok.'], [200, 'Fails.'], /^SID=/],
		['5.1.0', [200, 'Ok.'], [200, 'Fails.'], /^SID=/],
		['5.3.0', [204, ''], [401, 'Unauthorized'], /^QBT_SID_\d+=/],
	] as const) {
		test(version, async () => {
			const answer = await open(version);
			assert.deepEqual([answer.status, answer.data], good);
			assert.match(cookie, name);
			assert.equal((await ask('app/version')).data, `v${version}`);
			const session = cookie;
			const wrong = await signIn('wrong');
			assert.deepEqual([wrong.status, wrong.data, cookie], [...bad, '']);
			cookie = session;
			assert.equal((await ask('app/version')).status, 200);
			client.signOutAll();
			const stale = await ask('app/version');
			assert.deepEqual([stale.status, stale.data], [403, 'Forbidden']);
		});
	}

	test('five failures ban, even with the right password', async () => {
		await open('5.1.0');
		for (let at = 0; at < 5; at++) assert.equal((await signIn('wrong')).status, 200);
		const banned = await signIn();
		assert.equal(banned.status, 403);
		assert.match(banned.data, /^Your IP address has been banned after too many failed/);
	});

	test('a page of another host is refused, its own is not', async () => {
		await open('5.1.0');
		const from = async (referer: string) =>
			(await ask('app/version', { headers: { referer } })).status;
		assert.equal(await from('http://evil.example/'), 401);
		assert.equal(await from(`${client.url}/`), 200);
	});

	test('an API key serves 5.3, except for auth', async () => {
		const authorization = 'Bearer qbt_key';
		const status = async (path: string, key = authorization) =>
			(await ask(path, { headers: { authorization: key, cookie: '' } })).status;
		await open('5.3.0', { apiKey: 'qbt_key' });
		assert.equal(await status('app/version'), 200);
		assert.equal(await status('app/version', 'Bearer qbt_other'), 403);
		await client.stop();
		await open('5.1.0', { apiKey: 'qbt_key' });
		assert.equal(await status('app/version'), 403);
	});
});

describe('adding', () => {
	for (const version of ['4.5.2', '5.1.0', '5.3.0'] as const) {
		test(version, async () => {
			await open(version);
			const isNew = version === '5.3.0';
			const form = files('one');
			for (const [field, value] of Object.entries({
				category: 'mam-farming',
				tags: 'mam,mam-7',
				savepath: '/downloads/mam',
				paused: 'true',
			})) {
				form.append(field, value);
			}
			const [status, text] = await add(form);
			assert.equal(status, 200);
			const [torrent] = await list();
			assert.deepEqual(
				[torrent.name, torrent.size, torrent.category, torrent.tags, torrent.save_path],
				['one', 40_000, 'mam-farming', 'mam, mam-7', '/downloads/mam'],
			);
			// The old name is ignored since 5.0.
			assert.equal(torrent.state, version === '4.5.2' ? 'pausedDL' : 'stalledDL');
			const counts = { failure_count: 0, pending_count: 0, success_count: 1 };
			const json = { added_torrent_ids: [torrent.hash], ...counts };
			assert.deepEqual(isNew ? JSON.parse(text) : text, isNew ? json : 'Ok.');

			assert.deepEqual(await add(files('one')), isNew ? [409, 'Conflict'] : [200, 'Fails.']);
			const [both, said] = await add(files('one', 'two'));
			assert.equal(both, 200);
			assert.equal(isNew ? JSON.parse(said).failure_count : said, isNew ? 1 : 'Ok.');
			const invalid = "Error: 'bad.torrent' is not a valid torrent file.";
			assert.deepEqual(await add(files('bad', 'three')), [415, invalid]);
			assert.equal(await names('sort=name'), 'one,three,two');

			const url = new FormData();
			url.append('urls', 'http://127.0.0.1:1/x.torrent');
			assert.equal((await add(url))[0], isNew ? 202 : 200);
			assert.equal((await list()).length, 3);
		});
	}
});

describe('torrents', () => {
	async function withTorrents(version: Version): Promise<void> {
		await open(version);
		const tracker = 'http://127.0.0.1/announce';
		client.give({ hash: 'a'.repeat(40), name: 'a', tracker, size: 3, tags: 'keep, mam' });
		client.give({ hash: 'b'.repeat(40), name: 'b', state: 'stoppedUP', progress: 1, size: 1 });
		client.give({
			hash: 'c'.repeat(40),
			name: 'c',
			category: 'books',
			size: 2,
			tracker,
			trackerMessage: 'unregistered torrent',
		});
	}

	test('are filtered, sorted and cut; an unknown filter lists everything', async () => {
		await withTorrents('5.1.0');
		assert.equal(await names('category=books'), 'c');
		assert.equal(await names('tag=keep'), 'a');
		assert.equal(await names('filter=stopped'), 'b');
		assert.equal(await names('filter=running'), 'a,c');
		assert.equal(await names('filter=paused'), 'a,b,c');
		assert.equal(await names('sort=size'), 'b,c,a');
		assert.equal(await names('sort=size&reverse=true&offset=1&limit=1'), 'c');
		assert.equal(await names(`hashes=${'a'.repeat(40)}|${'c'.repeat(40)}`), 'a,c');
	});

	test('4.5 says paused, and knows neither comments nor trackers in the list', async () => {
		await withTorrents('4.5.2');
		assert.equal(await names('filter=paused'), 'b');
		assert.equal(await names('filter=stopped'), 'a,b,c');
		const [a, b, c] = await list('includeTrackers=true');
		assert.equal(b.state, 'pausedUP');
		assert.ok(!('trackers' in a) && !('comment' in a));
		assert.deepEqual([a.tracker !== '', c.tracker], [true, '']);
	});

	test('trackers tell the refusal; its status differs by version', async () => {
		for (const [version, status] of [
			['5.1.0', 4],
			['5.3.0', 5],
		] as const) {
			if (version === '5.3.0') await client.stop();
			await withTorrents(version);
			const [listed] = await list('includeTrackers=true&category=books');
			const trackers = listed.trackers as Array<Record<string, unknown>>;
			assert.deepEqual(
				trackers.map(({ tier }) => tier),
				[-1, -1, -1, 0],
			);
			assert.deepEqual([trackers[3].status, trackers[3].msg], [status, 'unregistered torrent']);
			assert.equal(listed.state, 'stalledDL');
		}
	});

	test('are stopped and started by the name of the version', async () => {
		for (const [version, stop, start, state] of [
			['4.5.2', 'pause', 'resume', 'pausedDL'],
			['5.3.0', 'stop', 'start', 'stoppedDL'],
		] as const) {
			if (version === '5.3.0') await client.stop();
			await withTorrents(version);
			const hashes = 'a'.repeat(40);
			assert.equal((await post(`torrents/${stop}`, { hashes })).status, 200);
			assert.equal((await list(`hashes=${hashes}`))[0].state, state);
			await post(`torrents/${start}`, { hashes });
			assert.equal((await list(`hashes=${hashes}`))[0].state, 'stalledDL');
			const other = version === '4.5.2' ? 'stop' : 'pause';
			assert.equal((await post(`torrents/${other}`, { hashes })).status, 404);
		}
	});

	test('are deleted only when the fate of the files is said', async () => {
		await withTorrents('5.1.0');
		const hashes = `${'a'.repeat(40)}|${'b'.repeat(40)}`;
		assert.equal((await post('torrents/delete', { hashes })).status, 400);
		assert.equal((await post('torrents/delete', { hashes, deleteFiles: 'true' })).status, 200);
		assert.equal(await names(''), 'c');
	});

	test('that nobody has: details are 404, actions silent', async () => {
		await open('5.1.0');
		for (const detail of ['properties', 'trackers', 'files']) {
			assert.equal((await ask(`torrents/${detail}?hash=${ANY.hashes}`)).status, 404);
		}
		const fields = { ...ANY, deleteFiles: 'true', tags: 'x' };
		for (const action of ['delete', 'addTags', 'stop', 'recheck', 'reannounce']) {
			assert.equal((await post(`torrents/${action}`, fields)).status, 200, action);
		}
	});

	test('share limits need more fields with each version', async () => {
		const fields: Record<string, string> = { ...ANY, ratioLimit: '1', seedingTimeLimit: '1' };
		const statuses: number[] = [];
		for (const version of ['4.5.2', '5.1.0', '5.3.0'] as const) {
			if (statuses.length > 0) await client.stop();
			await open(version);
			statuses.push((await post('torrents/setShareLimits', fields)).status);
		}
		assert.deepEqual(statuses, [200, 400, 400]);
	});

	test('get categories and tags', async () => {
		await withTorrents('5.1.0');
		const hashes = 'a'.repeat(40);
		assert.equal((await post('torrents/setCategory', { hashes, category: 'new' })).status, 409);
		await post('torrents/createCategory', { category: 'new', savePath: '/new' });
		assert.equal((await post('torrents/createCategory', { category: 'new' })).status, 409);
		await post('torrents/setCategory', { hashes, category: 'new' });
		await post('torrents/addTags', { hashes, tags: 'x,mam' });
		await post('torrents/removeTags', { hashes, tags: 'keep' });
		await post('torrents/createTags', { tags: 'unused' });
		const [{ category, tags }] = await list(`hashes=${hashes}`);
		assert.deepEqual([category, tags], ['new', 'mam, x']);
		const categories = await json<object>('torrents/categories');
		assert.deepEqual(Object.keys(categories).sort(), ['books', 'new']);
		assert.deepEqual(await json('torrents/tags'), ['keep', 'mam', 'unused', 'x']);
	});
});

test('preferences are set one by one; bad JSON and unknown names are silently accepted', async () => {
	await open('5.1.0');
	const change = { max_active_uploads: -1, unknown: 1 };
	await post('app/setPreferences', { json: JSON.stringify(change) });
	assert.equal((await post('app/setPreferences', { json: '{' })).status, 200);
	const preferences = await json<Record<string, unknown>>('app/preferences');
	assert.equal(preferences.max_active_uploads, -1);
	assert.equal(preferences.max_active_downloads, 3);
	assert.ok(!('unknown' in preferences));
});

test('free space and connection; an unknown endpoint', async () => {
	await open('5.3.0');
	const { server_state: state } = await json<{ server_state: Record<string, unknown> }>(
		'sync/maindata',
	);
	assert.ok(Number(state.free_space_on_disk) > 0);
	const unknown = await ask('app/none');
	assert.deepEqual([unknown.status, unknown.data], [404, 'Endpoint does not exist']);
});
