import { setTimeout as delay } from 'node:timers/promises';

import FormData from 'form-data';

import { http } from '../../http.mts';
import { makeTorrent } from '../mam/torrentFile.mts';

/** What was answered: the status, the type, and the text, or the shape of JSON. */
export interface Said {
	status: number;
	type: string;
	body: unknown;
}

/** Every call of the conversation with its answer. */
export type Conversation = Record<string, Said>;

/** Whom to talk with. */
export interface Partner {
	url: string;
	username: string;
	password: string;
}

interface Call {
	form?: Record<string, string> | FormData;
	headers?: Record<string, string>;
	/** What to note of an answer instead of the text, or the shape of JSON. */
	note?: (answer: never) => unknown;
}

interface LogEntry {
	type: number;
	message: string;
}

/** A tracker that nobody serves: adding a torrent needs none. */
const ANNOUNCE = 'http://127.0.0.1:9/announce';
const UNKNOWN = '0'.repeat(40);
const MAGNET = 'ab'.repeat(20);

function fileOf(name: string): Buffer {
	return makeTorrent({ name, sizeBytes: 40_000, announce: ANNOUNCE, private: true }).bytes;
}

function hashOf(name: string): string {
	return makeTorrent({ name, sizeBytes: 40_000, announce: ANNOUNCE, private: true }).infoHash;
}

/** Types instead of values; of a list the shape of its first entry; keys of objects that are themselves hashes as one. */
function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
	if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
	const entries = Object.entries(value).map(([key, member]): [string, unknown] => [
		/^[0-9a-f]{40}$/.test(key) ? '<hash>' : key,
		shapeOf(member),
	]);
	return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The entries of the log about removed torrents, not trackers; their order is chance. */
const removalsIn = (entries: LogEntry[]) =>
	entries
		.filter(({ message }) => /^(?!.*tracker).*remove/i.test(message))
		.map(({ type, message }) => `${type} ${message}`)
		.sort();

/** For a size or a path that depends on the machine. */
const wherever = (text: string) => text.replace(/^\d+$/, '<number>').replace(/^\/.*$/, '<path>');

/** The announce addresses of a torrent; their order is chance on some versions. */
const announcesOf = (trackers: Array<{ url: string }>) =>
	trackers
		.map(({ url }) => url)
		.filter((url) => url.startsWith('http'))
		.sort();

const namesOf = (list: Array<{ name: string }>) => list.map(({ name }) => name);

/** Holds one and the same conversation with a client that has nothing yet: the real one, or the stand-in. */
class Talk {
	readonly said: Conversation = {};

	private readonly partner: Partner;

	private cookie = '';

	constructor(partner: Partner) {
		this.partner = partner;
	}

	/** One call, noted under `name`. */
	async say(name: string, path: string, call: Call = {}): Promise<void> {
		const { status, type, text } = await this.send(path, call);
		const isJson = /json/.test(type);
		const answer: unknown = isJson ? JSON.parse(text) : text.trim();
		const note = call.note ?? (isJson ? shapeOf : (words: unknown) => words);
		const body = note(answer as never);
		this.said[name] = { status, type: type.split(';')[0], body };
	}

	async signIn(name: string, password = this.partner.password): Promise<void> {
		this.cookie = '';
		const form = { username: this.partner.username, password };
		const { status, type, text, cookies } = await this.send('auth/login', { form });
		this.cookie = cookies[0]?.split(';')[0] ?? '';
		const cookie = this.cookie.split('=')[0].replace(/\d+$/, '<port>');
		this.said[name] = { status, type: type.split(';')[0], body: { text: text.trim(), cookie } };
	}

	forgetSession(): void {
		this.cookie = '';
	}

	/** Adding and deleting take effect after their answer, and what is added is checked first. */
	async untilListed(count: number): Promise<void> {
		for (let look = 0; look < 100; look++) {
			const { text } = await this.send('torrents/info');
			const states = (JSON.parse(text) as Array<{ state: string }>).map(({ state }) => state);
			if (states.length === count && !states.some((state) => /^checking/.test(state))) return;
			await delay(100);
		}
		throw new Error(`The client does not list ${count} torrents at rest.`);
	}

	/** A file gets its new name after the answer. */
	async untilNamed(hash: string, name: string): Promise<void> {
		for (let look = 0; look < 100; look++) {
			const { text } = await this.send(`torrents/files?hash=${hash}`);
			if (namesOf(JSON.parse(text) as Array<{ name: string }>).includes(name)) return;
			await delay(100);
		}
		throw new Error(`The client does not rename a file to ${name}.`);
	}

	/** The log tells of removed files after the answer. */
	async untilLogged(count: number): Promise<void> {
		for (let look = 0; look < 100; look++) {
			const { text } = await this.send('log/main');
			const logged = removalsIn(JSON.parse(text) as LogEntry[]);
			if (logged.filter((entry) => /content/.test(entry)).length === count) return;
			await delay(100);
		}
		throw new Error(`The client does not log the end of ${count} contents.`);
	}

	/** One call that is not noted. */
	async send(path: string, { form, headers = {} }: Call = {}) {
		const answer = await http.request<string>({
			url: `${this.partner.url}/api/v2/${path}`,
			method: form === undefined ? 'GET' : 'POST',
			data: form === undefined || form instanceof FormData ? form : new URLSearchParams(form),
			headers: { ...(this.cookie === '' ? {} : { cookie: this.cookie }), ...headers },
		});
		const type = String(answer.headers['content-type'] ?? '');
		const cookies = answer.headers['set-cookie'] ?? [];
		return { status: answer.status, type, text: answer.data, cookies };
	}
}

async function unauthenticatedCalls(talk: Talk): Promise<void> {
	await talk.say('without a session', 'app/version');
	await talk.say('an API key that is none', 'app/version', {
		headers: { authorization: 'Bearer qbt_none' },
	});
	await talk.signIn('a wrong password', 'wrong');
	await talk.signIn('the right password');
	await talk.say('a foreign Referer', 'app/version', { headers: { referer: 'http://a.example/' } });
	await talk.say('a foreign Origin', 'app/version', { headers: { origin: 'http://a.example' } });
	await talk.say('a foreign Host', 'app/version', { headers: { host: 'a.example:8080' } });
}

async function client(talk: Talk): Promise<void> {
	await talk.say('version', 'app/version');
	await talk.say('build info', 'app/buildInfo');
	await talk.say('version of the WebAPI', 'app/webapiVersion');
	await talk.say('preferences', 'app/preferences');
	const set = async (name: string, json: string) =>
		await talk.say(name, 'app/setPreferences', { form: { json } });
	await set('set a preference', '{"max_active_downloads":7}');
	await set('set a preference that is none', '{"no_such_key":1}');
	await set('set preferences by bad JSON', '{');
	await talk.say('transfer', 'transfer/info');
	await talk.say('default save path', 'app/defaultSavePath', { note: wherever });
	await talk.say('free space of a folder', 'app/getFreeSpaceAtPath?path=/none/yet', {
		note: wherever,
	});
	await talk.say('free space of a relative path', 'app/getFreeSpaceAtPath?path=none');
	await talk.say('free space of no path', 'app/getFreeSpaceAtPath');
	await talk.say('speed mode', 'transfer/speedLimitsMode');
	await talk.say('toggle it', 'transfer/toggleSpeedLimitsMode', { form: {} });
	await talk.say('speed mode after that', 'transfer/speedLimitsMode');
	await talk.send('transfer/toggleSpeedLimitsMode', { form: {} });
	await talk.say('an unknown endpoint', 'app/none');
	await talk.say('an action by GET', 'torrents/delete');
}

async function adding(talk: Talk): Promise<void> {
	const formOf = (files: string[], fields: Record<string, string> = {}) => {
		const form = new FormData();
		for (const [field, value] of Object.entries({ stopped: 'true', paused: 'true', ...fields })) {
			form.append(field, value);
		}
		for (const file of files) {
			const bytes = file === 'bad' ? Buffer.from('none') : fileOf(file);
			form.append('torrents', bytes, `${file}.torrent`);
		}
		return form;
	};
	const add = async (name: string, files: string[], fields: Record<string, string> = {}) =>
		await talk.say(name, 'torrents/add', { form: formOf(files, fields) });
	await add('add a file', ['one'], { category: 'books', tags: 'keep,mam' });
	await talk.untilListed(1);
	await add('add it again', ['one']);
	await add('add a duplicate and a new file', ['one', 'two']);
	await talk.untilListed(2);
	await add('add what is not a torrent', ['bad']);
	await add('add a bad and a good file', ['bad', 'three']);
	// It reads the files in no order of ours and ends at the bad one: the good one may be there or not.
	await talk.send('torrents/add', { form: formOf(['three']) });
	await talk.untilListed(3);
	await add('add an address that nobody serves', [], { urls: 'http://127.0.0.1:9/x.torrent' });
	await add('add a magnet link', [], { urls: `magnet:?xt=urn:btih:${MAGNET}&dn=later` });
	await talk.untilListed(4);
	await talk.say('changes since nothing', 'sync/maindata?rid=0');
}

async function listing(talk: Talk): Promise<void> {
	const list = async (query: string) =>
		await talk.say(
			`list ${query.replace(/hashes=.*/, 'hashes')}`,
			`torrents/info?sort=name&${query}`,
			{ note: namesOf },
		);
	await talk.say('list', 'torrents/info?category=books');
	const hashes = `hashes=${hashOf('one')}|${hashOf('three')}`;
	for (const query of ['category=books', 'category=none', 'tag=keep', 'tag=none', hashes]) {
		await list(query);
	}
	for (const query of ['category=', 'tag=', 'category=&tag=keep']) await list(query);
	for (const query of ['limit=2', 'limit=2&offset=1', 'limit=1&reverse=true']) await list(query);
	for (const filter of ['stopped', 'paused', 'running', 'resumed', 'completed', 'downloading']) {
		await list(`filter=${filter}`);
	}
	for (const filter of ['seeding', 'active', 'errored', 'checking', 'moving', 'none']) {
		await list(`filter=${filter}`);
	}
	await talk.say('list by a form', 'torrents/info', {
		form: { hashes: `${hashOf('one')}|${hashOf('two')}`, sort: 'name' },
		note: namesOf,
	});
	await talk.say('list with trackers', 'torrents/info?category=books&includeTrackers=true');
	for (const detail of ['properties', 'trackers', 'files']) {
		await talk.say(detail, `torrents/${detail}?hash=${hashOf('one')}`);
		await talk.say(`${detail} of an unknown torrent`, `torrents/${detail}?hash=${UNKNOWN}`);
	}
	await talk.say('export of an unknown torrent', `torrents/export?hash=${UNKNOWN}`);
	await talk.say('export of a magnet link', `torrents/export?hash=${MAGNET}`);
}

async function acting(talk: Talk): Promise<void> {
	const one = hashOf('one');
	const act = async (name: string, action: string, fields: Record<string, string> = {}) =>
		await talk.say(name, `torrents/${action}`, { form: { hashes: one, ...fields } });
	for (const action of ['stop', 'pause', 'start', 'resume', 'recheck', 'reannounce']) {
		await act(action, action);
		await act(`${action} an unknown torrent`, action, { hashes: UNKNOWN });
	}
	await act('force start', 'setForceStart', { value: 'true' });
	const two = { ratioLimit: '1', seedingTimeLimit: '1' };
	const three = { ...two, inactiveSeedingTimeLimit: '1' };
	await act('share limits: one', 'setShareLimits', { ratioLimit: '1' });
	await act('share limits: two', 'setShareLimits', two);
	await act('share limits: three', 'setShareLimits', three);
	await act('share limits: five', 'setShareLimits', {
		...three,
		shareLimitAction: 'Default',
		shareLimitsMode: 'Default',
	});
	await act('set a category that is none', 'setCategory', { category: 'none' });
	await act('set no category', 'setCategory', { category: '' });
	await act('set a category', 'setCategory', { category: 'books' });
	await act('set no location', 'setLocation', { location: '' });
	await act('add tags', 'addTags', { tags: 'new' });
	await act('add no tags', 'addTags', { tags: '' });
	await act('remove tags', 'removeTags', { tags: 'new' });
	for (const limit of ['setDownloadLimit', 'setUploadLimit'])
		await act(limit, limit, { limit: '1024' });
	await act('set tags', 'setTags', { tags: 'keep,set' });
	await act('set tags of an unknown torrent', 'setTags', { hashes: UNKNOWN, tags: 'set' });
	await act('set tags without tags', 'setTags', {});
	await act('automatic management', 'setAutoManagement', { enable: 'false' });
	await act('without hashes', 'recheck', { hashes: '' });
}

async function editing(talk: Talk): Promise<void> {
	const hash = hashOf('two');
	const edit = async (name: string, action: string, fields: Record<string, string> = {}) =>
		await talk.say(name, `torrents/${action}`, { form: { hash, ...fields } });
	const trackers = async (name: string) =>
		await talk.say(name, `torrents/trackers?hash=${hash}`, { note: announcesOf });
	const url = (part: string) => `http://127.0.0.1:9/${part}`;
	await edit('add trackers', 'addTrackers', { urls: `${url('a')}\n${url('b')}` });
	await edit('add one again', 'addTrackers', { urls: url('a') });
	await edit('add trackers to an unknown torrent', 'addTrackers', {
		hash: UNKNOWN,
		urls: url('a'),
	});
	await edit('add trackers without any', 'addTrackers');
	await trackers('trackers that are there now');
	const change = async (name: string, from: string, to: string, fields = {}) => {
		const form = { origUrl: url(from), url: url(from), newUrl: url(to), ...fields };
		await edit(name, 'editTracker', form);
	};
	await change('edit a tracker', 'a', 'c');
	await change('edit it to one that is there', 'b', 'c');
	await change('edit a tracker that is none', 'none', 'd');
	await change('edit a tracker of an unknown torrent', 'b', 'd', { hash: UNKNOWN });
	await edit('remove trackers', 'removeTrackers', { urls: `${url('c')}|${url('none')}` });
	await edit('remove trackers of an unknown torrent', 'removeTrackers', {
		hash: UNKNOWN,
		urls: url('b'),
	});
	await trackers('trackers that are left');
	const odd = url('%61%20%2F');
	await edit('add a tracker with encoded characters', 'addTrackers', { urls: odd });
	await edit('remove it as it is listed', 'removeTrackers', { urls: odd });
	await trackers('trackers after that');
	await edit('remove it encoded', 'removeTrackers', { urls: odd.replaceAll('%', '%25') });
	await trackers('trackers without it');
	await edit('add a plain tracker', 'addTrackers', { urls: url('plain') });
	await change('edit it to encoded characters', 'plain', '%61%20%2F');
	await trackers('trackers with what became of it');
	await edit('rename', 'rename', { name: 'two' });
	await edit('rename to nothing', 'rename', { name: '' });
	await edit('rename an unknown torrent', 'rename', { hash: UNKNOWN, name: 'x' });
	const priority = async (name: string, id: string, value: string, fields = {}) =>
		await edit(name, 'filePrio', { id, priority: value, ...fields });
	await priority('skip a file', '0', '0');
	await priority('want it again', '0', '1');
	await priority('priority of a file that is none', '7', '1');
	await priority('priority of what is no index', 'x', '1');
	await priority('a priority that is none', '0', '4');
	await priority('priority in an unknown torrent', '0', '1', { hash: UNKNOWN });
	await priority('priority in a magnet link', '0', '1', { hash: MAGNET });
	const move = async (name: string, what: string, oldPath: string, newPath: string) =>
		await edit(name, `rename${what}`, { oldPath, newPath });
	await move('rename a file', 'File', 'two', 'folder/file');
	await talk.untilNamed(hash, 'folder/file');
	await move('rename a file that is none', 'File', 'two', 'three');
	await move('rename a file to a full path', 'File', 'folder/file', '/two');
	await move('rename a folder', 'Folder', 'folder', 'other');
	await talk.untilNamed(hash, 'other/file');
	await move('rename a folder to one that is there', 'Folder', 'folder', 'other');
	await move('rename a folder that is none', 'Folder', 'folder', 'third');
	await talk.say('files after that', `torrents/files?hash=${hash}`, { note: namesOf });
	for (const isOn of [false, true]) {
		const json = JSON.stringify({ queueing_enabled: isOn });
		await talk.send('app/setPreferences', { form: { json } });
		for (const action of ['topPrio', 'bottomPrio', 'increasePrio', 'decreasePrio']) {
			const name = `${action} with queueing ${isOn ? 'on' : 'off'}`;
			await talk.say(name, `torrents/${action}`, { form: { hashes: hash } });
		}
	}
}

async function organising(talk: Talk): Promise<void> {
	const category = async (name: string, action: string, form: Record<string, string>) =>
		await talk.say(name, `torrents/${action}`, { form });
	await category('create a category', 'createCategory', { category: 'films', savePath: '/a' });
	await category('create it again', 'createCategory', { category: 'films', savePath: '/a' });
	await category('create one without a name', 'createCategory', { category: '', savePath: '' });
	await category('edit a category', 'editCategory', { category: 'films', savePath: '/b' });
	await category('edit it to what it is', 'editCategory', { category: 'films', savePath: '/b' });
	await category('edit one that is none', 'editCategory', { category: 'none', savePath: '/b' });
	await talk.say('categories', 'torrents/categories');
	await category('delete a category', 'removeCategories', { categories: 'films' });
	await category('delete one that is none', 'removeCategories', { categories: 'none' });
	await talk.say('create tags', 'torrents/createTags', { form: { tags: 'a,b' } });
	await talk.say('tags', 'torrents/tags', { note: (tags: string[]) => tags.sort() });
	await talk.say('delete tags', 'torrents/deleteTags', { form: { tags: 'a,new' } });
	await talk.say('tags that are left', 'torrents/tags', { note: (tags: string[]) => tags.sort() });
}

async function leaving(talk: Talk): Promise<void> {
	const drop = async (name: string, form: Record<string, string>) =>
		await talk.say(name, 'torrents/delete', { form });
	await drop('delete without saying whether the files', { hashes: hashOf('one') });
	await drop('delete an unknown torrent', { hashes: UNKNOWN, deleteFiles: 'false' });
	await drop('delete two', { hashes: `${hashOf('one')}|${hashOf('two')}`, deleteFiles: 'true' });
	await talk.untilListed(2);
	await talk.untilLogged(2);
	await talk.say('log of that', 'log/main', { note: removalsIn });
	await talk.say('list after that', 'torrents/info?sort=name', { note: namesOf });
	await talk.say('sign out', 'auth/logout', { form: {} });
	await talk.say('with a session that ended', 'app/version');
	talk.forgetSession();
	for (let failure = 1; failure <= 5; failure++) {
		await talk.signIn(`wrong password ${failure} in a row`, 'wrong');
	}
	await talk.signIn('the right password after five wrong ones');
}

/** Holds the conversation with `partner`, which must be new, and says what was answered. */
export async function converse(partner: Partner): Promise<Conversation> {
	const talk = new Talk(partner);
	for (const part of [
		unauthenticatedCalls,
		client,
		adding,
		listing,
		acting,
		editing,
		organising,
		leaving,
	]) {
		await part(talk);
	}
	return talk.said;
}
