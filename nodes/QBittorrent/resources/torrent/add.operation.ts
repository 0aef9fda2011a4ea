import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { infoHashOf } from '../../../shared/bencode';
import { isRecord, parseJson } from '../../../shared/json';
import { operation } from '../../../shared/operation';
import { Parameters, splitList } from '../../../shared/parameters';
import { BROKEN_STATES, normaliseState } from '../../../shared/torrentStates';
import { textOf, unexpectedFacts, type Answer } from '../../client/answer';
import { clientOf, SLOW_REQUEST_TIMEOUT_MS, type Client } from '../../client/client';
import { CATEGORY_RULE, isCategoryName } from '../../client/categories';
import { Destinations } from '../../client/destinations';
import { listAllByHash, listByHash } from '../../client/torrents';
import { magnetHashes } from '../../parse/magnet';
import { isHash, type RawTorrent } from '../../parse/torrent';
import {
	CATEGORY,
	DOWNLOAD_LIMIT,
	readSpeedLimit,
	SAVE_PATH,
	TAGS,
	toItem,
	UPLOAD_LIMIT,
} from '../fields';
import { INACTIVE_SEEDING_TIME, RATIO, readShareLimits, SEEDING_TIME } from './shareLimits';

const SOURCE: INodeProperties = {
	displayName: 'Source',
	name: 'source',
	type: 'options',
	options: [
		{ name: 'Binary File', value: 'binary', description: 'A .torrent file of the input item' },
		{ name: 'URL or Magnet Link', value: 'url' },
	],
	default: 'binary',
	description: 'Where the torrent comes from',
};

const BINARY_FIELD: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	description: 'Name of the input binary field that contains the .torrent file',
	displayOptions: { show: { source: ['binary'] } },
};

const URL_: INodeProperties = {
	displayName: 'URL',
	name: 'url',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. magnet:?xt=urn:btih:…',
	description:
		'Magnet link, or the http(s) address of a .torrent file that qBittorrent fetches itself',
	displayOptions: { show: { source: ['url'] } },
};

const CATEGORY_TO_SET: INodeProperties = {
	...CATEGORY,
	description: 'Category of the torrent; qBittorrent creates it if it does not exist',
};

const CONTENT_LAYOUT: INodeProperties = {
	displayName: 'Content Layout',
	name: 'contentLayout',
	type: 'options',
	options: [
		{ name: 'No Subfolder', value: 'NoSubfolder' },
		{ name: 'Original', value: 'Original' },
		{ name: 'Subfolder', value: 'Subfolder' },
	],
	default: 'Original',
	description: 'Whether the content gets a folder of its own',
};

const ALLOW_SHARED_FILES: INodeProperties = {
	displayName: 'Allow Shared Files',
	name: 'allowSharedFiles',
	type: 'boolean',
	default: false,
	description:
		'Whether to add a torrent even if another torrent of the client has a file at one of its paths, as for cross-seeding. If the contents differ, qBittorrent downloads over that file. Only the files of a .torrent file are known.',
};

const SKIP_CHECKING: INodeProperties = {
	displayName: 'Skip Checking',
	name: 'skipChecking',
	type: 'boolean',
	default: false,
	description: 'Whether to trust that the data is already complete on disk instead of checking it',
};

const START: INodeProperties = {
	displayName: 'Start',
	name: 'start',
	type: 'options',
	options: [
		{ name: "Client's Default", value: 'default' },
		{ name: 'No', value: 'no' },
		{ name: 'Yes', value: 'yes' },
	],
	default: 'yes',
	description: 'Whether the torrent starts at once',
};

const RENAME: INodeProperties = {
	displayName: 'Name',
	name: 'rename',
	type: 'string',
	default: '',
	placeholder: 'e.g. A Book',
	description: 'Name of the torrent in the list; empty = its own',
};

const AUTO_MANAGEMENT: INodeProperties = {
	displayName: 'Automatic Management',
	name: 'autoManagement',
	type: 'boolean',
	default: true,
	description:
		"Whether qBittorrent keeps the data in the folder of the category. Without this option the client's default applies, or off if Save Path is set.",
};

const COOKIE: INodeProperties = {
	displayName: 'Cookie',
	name: 'cookie',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	placeholder: 'e.g. uid=1; pass=…',
	description:
		'Cookies that qBittorrent sends to the URL of the .torrent file (before 5.1). Never enter your MAM session: it would stop working in n8n.',
};

const FIRST_LAST_PIECE: INodeProperties = {
	displayName: 'First and Last Pieces First',
	name: 'firstLastPiece',
	type: 'boolean',
	default: false,
	description: 'Whether to download the first and last pieces of each file first',
};

const SEQUENTIAL: INodeProperties = {
	displayName: 'Sequential Download',
	name: 'sequential',
	type: 'boolean',
	default: false,
	description: 'Whether to download the pieces in order',
};

const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		ALLOW_SHARED_FILES,
		AUTO_MANAGEMENT,
		CONTENT_LAYOUT,
		COOKIE,
		DOWNLOAD_LIMIT,
		FIRST_LAST_PIECE,
		INACTIVE_SEEDING_TIME,
		RENAME,
		RATIO,
		SEEDING_TIME,
		SEQUENTIAL,
		SKIP_CHECKING,
		START,
		UPLOAD_LIMIT,
	],
};

/** What becomes of a torrent; `pending`: accepted, but not listed yet, `shares_files`: not sent. */
type AddResult = 'added' | 'duplicate' | 'pending' | 'invalid' | 'shares_files';

/** The torrent to add, known as well as its source allows. */
interface Source {
	/** Ids under which the client may list it; empty for an address that qBittorrent fetches. */
	hashes: string[];
	name: string | null;
	/** Paths of its files in the original layout; empty when they are not known. */
	files: string[];
	/** The .torrent file, or the address. */
	content: Buffer | string;
}

/** The add takes effect after its answer (up to 5.1): how often and how long to look, in milliseconds. */
const MAX_POLLS = 8;
const POLL_PAUSE_MS = 250;

function readLink(parameters: Parameters): Source {
	const url = parameters.text(URL_);
	if (!/^(magnet:\?|https?:\/\/)\S+$/i.test(url))
		parameters.refuse(URL_, 'enter one link that starts with magnet:?, http:// or https://.');
	// qBittorrent knows the scheme in lower case only.
	const content = url.replace(/^magnet:/i, 'magnet:');
	return { hashes: magnetHashes(url), name: null, files: [], content };
}

/** Null when the file is not a .torrent file. */
async function readFile(
	context: IExecuteFunctions,
	parameters: Parameters,
	itemIndex: number,
): Promise<Source | null> {
	const property = parameters.text(BINARY_FIELD);
	if (context.getInputData()[itemIndex].binary?.[property] === undefined) {
		parameters.refuse(
			BINARY_FIELD,
			`the input item has no "${property}"; enter the field in which the step before leaves the .torrent file.`,
		);
	}
	const content = await context.helpers.getBinaryDataBuffer(itemIndex, property);
	const torrent = infoHashOf(content);
	if (torrent === null) return null;
	const { clientHashes, name, files } = torrent;
	return { hashes: clientHashes, name, files, content };
}

/** A category that qBittorrent can have; it adds a torrent with another name without any category. */
function readCategory(parameters: Parameters): string {
	const category = parameters.locator(CATEGORY_TO_SET);
	if (!isCategoryName(category))
		parameters.refuse(CATEGORY_TO_SET, `qBittorrent cannot have this category; ${CATEGORY_RULE}`);
	return category;
}

/** The parameters to send, in qBittorrent's names except `stopped`, whose name differs between versions. */
function readSettings(parameters: Parameters): Record<string, string> {
	const { options } = parameters;
	// The client's own settings may change the layout, or stop the torrent for good.
	const settings: Record<string, string> = {
		contentLayout: options.choice(CONTENT_LAYOUT),
		stopCondition: 'None',
	};
	const start = options.choice(START);
	if (start !== 'default') settings.stopped = String(start === 'no');
	const category = readCategory(parameters);
	if (category !== '') settings.category = category;
	// 4.5 would keep the space after a comma as part of the next tag.
	const tags = splitList(parameters.locator(TAGS));
	if (tags.length > 0) settings.tags = tags.join(',');
	const savePath = parameters.text(SAVE_PATH);
	const isManaged = options.has(AUTO_MANAGEMENT) && options.flag(AUTO_MANAGEMENT);
	if (savePath !== '') {
		// Automatic management would put it into the category's folder instead.
		if (isManaged) options.refuse(AUTO_MANAGEMENT, 'switch it off, or leave Save Path empty.');
		settings.savepath = savePath;
		settings.autoTMM = 'false';
	} else if (options.has(AUTO_MANAGEMENT)) settings.autoTMM = String(isManaged);
	const rename = options.text(RENAME);
	if (rename !== '') settings.rename = rename;
	const cookie = options.text(COOKIE);
	if (cookie !== '') settings.cookie = cookie;
	if (options.flag(SKIP_CHECKING)) settings.skip_checking = 'true';
	if (options.flag(SEQUENTIAL)) settings.sequentialDownload = 'true';
	if (options.flag(FIRST_LAST_PIECE)) settings.firstLastPiecePrio = 'true';
	const upLimit = readSpeedLimit(options, UPLOAD_LIMIT);
	const dlLimit = readSpeedLimit(options, DOWNLOAD_LIMIT);
	if (upLimit !== '0') settings.upLimit = upLimit;
	if (dlLimit !== '0') settings.dlLimit = dlLimit;
	return { ...settings, ...readShareLimits(options) };
}

/** Refuses what this version would silently ignore. */
function checkSettings(client: Client, settings: Record<string, string>): void {
	const { cookieOfAdd, inactiveSeedingLimit } = client.capabilities;
	const refuse = (sentence: string, action: string) => {
		throw client.failure({ cause: 'bad_parameter', sentence, action });
	};
	if ('cookie' in settings && !cookieOfAdd)
		refuse(
			'This version of qBittorrent does not take a cookie with a torrent; nothing was added.',
			'From 5.1 on, enter the cookie in qBittorrent itself (Tools > Manage Cookies), and remove the option Cookie.',
		);
	if ('inactiveSeedingTimeLimit' in settings && !inactiveSeedingLimit)
		refuse(
			'This version of qBittorrent has no Inactive Seeding Time Limit for single torrents; nothing was added.',
			'Update qBittorrent to 4.6 or newer, or remove that option.',
		);
}

/** The settings as a simulation shows them. */
function shownSettings(settings: Record<string, string>): Record<string, string> {
	return 'cookie' in settings ? { ...settings, cookie: '(hidden)' } : settings;
}

function formOf(source: Source, settings: Record<string, string>, client: Client): FormData {
	const { stopped, ...others } = settings;
	const form = new FormData();
	if (stopped !== undefined) form.append(client.capabilities.stoppedParameter, stopped);
	for (const [name, value] of Object.entries(others)) form.append(name, value);
	if (typeof source.content === 'string') {
		form.append('urls', source.content);
	} else {
		const file = new Blob([new Uint8Array(source.content)], { type: 'application/x-bittorrent' });
		form.append('torrents', file, 'upload.torrent');
	}
	return form;
}

async function find(client: Client, hashes: string[]): Promise<RawTorrent | null> {
	const [torrent] = (await listByHash(client, hashes)).values();
	return torrent ?? null;
}

/** Looks until the torrent is listed and qBittorrent has finished its first look at the files. */
async function lookFor(client: Client, hashes: string[]): Promise<RawTorrent | null> {
	let found: RawTorrent | null = null;
	for (let poll = 0; poll < MAX_POLLS && hashes.length > 0; poll++) {
		if (poll > 0) await sleep(POLL_PAUSE_MS);
		found = (await find(client, hashes)) ?? found;
		if (found !== null && found.state !== 'checkingResumeData') break;
	}
	return found;
}

/** What is wrong with a torrent that was added all the same; nothing where the client sees no error yet. */
function warningOf({ state, save_path: path }: RawTorrent): { warning?: string } {
	if (!BROKEN_STATES.includes(String(state))) return {};
	return {
		warning: `qBittorrent reports an error with the files of this torrent. Check that it can create and write to "${String(path)}"; its execution log says more.`,
	};
}

/** "Ok." up to 5.1, counts as JSON since 5.2. */
function isAcceptance(answer: Answer): boolean {
	const text = textOf(answer);
	return text === 'Ok.' || typeof parseJson(text) === 'object';
}

/** The ids that the answer names, since 5.2. */
function idsIn(answer: Answer): string[] {
	const json = parseJson(textOf(answer));
	const ids = isRecord(json) ? json.added_torrent_ids : undefined;
	return Array.isArray(ids) ? ids.filter(isHash) : [];
}

/** Where the file `name` of the original layout goes. */
function inLayout(name: string, layout: string): string {
	const end = name.indexOf('/');
	if (layout === 'NoSubfolder') return name.slice(end + 1);
	if (layout === 'Subfolder' && end < 0) return `${name.replace(/\.[^.]*$/, '')}/${name}`;
	return name;
}

/** Where the torrents of one run put their files; the client is asked for all that it has once. */
const destinations = new WeakMap<Client, Promise<Destinations>>();

/** Why the torrent would be downloaded over a file of another one; null if it would not. */
async function overwriting(
	client: Client,
	{ hashes, name, files }: Source,
	{ contentLayout, savepath }: Record<string, string>,
): Promise<string | null> {
	if (files.length === 0) return null;
	let known = destinations.get(client);
	if (known === undefined) {
		known = listAllByHash(client).then((all) => new Destinations(client, [...all.values()]));
		destinations.set(client, known);
	}
	const collision = await (
		await known
	).planNew(
		{ hash: hashes[0], name: String(name) },
		files.map((file) => inLayout(file, contentLayout)),
		savepath ?? null,
	);
	return collision === null
		? null
		: `Not added: "${collision.path}" may be a file of the torrent "${collision.owner}", which would be overwritten if the contents differ. To add it all the same, use the option Allow Shared Files.`;
}

/** Sends the torrent and finds out what became of it. */
async function addTo(
	client: Client,
	source: Source,
	settings: Record<string, string>,
	allowSharedFiles: boolean,
): Promise<{ result: AddResult; found: RawTorrent | null; warning?: string }> {
	const listed = await find(client, source.hashes);
	if (listed !== null) return { result: 'duplicate', found: listed };
	const warning = allowSharedFiles ? null : await overwriting(client, source, settings);
	if (warning !== null) return { result: 'shares_files', found: null, warning };
	const answer = await client.send({
		method: 'POST',
		path: 'torrents/add',
		body: formOf(source, settings, client),
		accept: [409, 415],
		timeoutMs: SLOW_REQUEST_TIMEOUT_MS,
	});
	if (answer.status === 415) return { result: 'invalid', found: null };
	// "Fails." (up to 5.1) and 409 (since 5.2) mean a duplicate or a torrent that cannot be read.
	if (answer.status === 409 || textOf(answer) === 'Fails.') {
		const duplicate = await find(client, source.hashes);
		return { result: duplicate === null ? 'invalid' : 'duplicate', found: duplicate };
	}
	const found = await lookFor(client, [...source.hashes, ...idsIn(answer)]);
	if (found === null && !isAcceptance(answer))
		throw client.failure(unexpectedFacts(answer, 'torrents/add'));
	return { result: found === null ? 'pending' : 'added', found };
}

/**
 * One item: what became of the torrent, with the category, folder and state that it really has. Proven by the
 * client's own list before it says `added`; a folder that cannot be used shows as `warning` as far as the client
 * notices before data arrives.
 */
export const add = operation({
	value: 'add',
	name: 'Add',
	action: 'Add torrent',
	description: 'Add a torrent from a file, an address or a magnet link',
	changes: true,
	fields: [SOURCE, BINARY_FIELD, URL_, CATEGORY_TO_SET, TAGS, SAVE_PATH, OPTIONS],
	run: {
		perItem: async function ({ itemIndex, simulate }) {
			const parameters = new Parameters(this, itemIndex);
			const settings = readSettings(parameters);
			const source =
				parameters.choice(SOURCE) === 'url'
					? readLink(parameters)
					: await readFile(this, parameters, itemIndex);
			const { id } = this.getInputData()[itemIndex].json;
			const asked = {
				...(id === undefined ? {} : { id }),
				infoHash: source?.hashes[0] ?? null,
				name: source?.name ?? null,
			};
			const answer = (result: object) => [toItem({ ...asked, ...result }, itemIndex)];

			if (source === null) return answer({ result: 'invalid' });
			if (simulate)
				return answer({ result: 'simulated', simulated: true, wouldSend: shownSettings(settings) });
			const client = await clientOf(this);
			checkSettings(client, settings);
			const allowSharedFiles = parameters.options.flag(ALLOW_SHARED_FILES);
			const { found, ...result } = await addTo(client, source, settings, allowSharedFiles);
			if (found === null) return answer(result);
			const { hash, name, category, save_path: savePath, state } = found;
			const listed = { category, savePath, state: normaliseState(state), ...warningOf(found) };
			return answer({ infoHash: hash, name, ...result, ...listed });
		},
	},
});
