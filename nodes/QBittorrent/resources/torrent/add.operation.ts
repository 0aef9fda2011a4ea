import { sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isSimulated, simulateProperty } from '../../../shared/acting';
import { splitList } from '../../../shared/lists';
import { infoHashOf } from '../../../shared/bencode';
import { checkNumber } from '../../../shared/checks';
import { failure } from '../../../shared/failure';
import { magnetHash } from '../../parse/magnet';
import { jsonOf, textOf, unexpectedFacts, type Answer } from '../../client/answer';
import { clientOf, SLOW_REQUEST_TIMEOUT_MS, type Client } from '../../client/client';
import { listByHash } from '../../client/torrents';
import { categoryProperty, located, tagsProperty } from '../locators';
import { shownFor } from '../../../shared/display';

export const description = [
	...shownFor('torrent', 'add', [
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			options: [
				{ name: 'Binary File', value: 'binary', description: 'A .torrent file of the input item' },
				{ name: 'URL or Magnet Link', value: 'url' },
			],
			default: 'binary',
			description: 'Where the torrent comes from',
		},
	]),
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string' as const,
		required: true,
		default: 'data',
		description: 'Name of the binary field of the input item that holds the .torrent file',
		displayOptions: { show: { resource: ['torrent'], operation: ['add'], source: ['binary'] } },
	},
	{
		displayName: 'URL',
		name: 'url',
		type: 'string' as const,
		required: true,
		default: '',
		placeholder: 'magnet:?xt=urn:btih:…',
		description:
			'Magnet link, or the http(s) address of a .torrent file that qBittorrent fetches itself',
		displayOptions: { show: { resource: ['torrent'], operation: ['add'], source: ['url'] } },
	},
	...shownFor('torrent', 'add', [
		{
			...categoryProperty,
			description: 'Category of the torrent; qBittorrent creates it when it does not exist',
		},
		tagsProperty,
		{
			displayName: 'Save Path',
			name: 'savePath',
			type: 'string',
			default: '',
			description: 'Folder on the machine of qBittorrent; empty = its default',
		},
		simulateProperty,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
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
				},
				{
					displayName: 'Download Limit (KiB/S)',
					name: 'downloadLimitKiBs',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					description: 'Highest download speed in KiB per second; 0 = no limit',
				},
				{
					displayName: 'Skip Checking',
					name: 'skipChecking',
					type: 'boolean',
					default: false,
					description:
						'Whether to trust that the data is already complete on disk instead of checking it',
				},
				{
					displayName: 'Stopped',
					name: 'stopped',
					type: 'boolean',
					default: false,
					description: 'Whether to add the torrent without starting it',
				},
				{
					displayName: 'Upload Limit (KiB/S)',
					name: 'uploadLimitKiBs',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					description: 'Highest upload speed in KiB per second; 0 = no limit',
				},
			],
		},
	]),
];

/** What becomes of an added torrent; `pending`: accepted, but not listed yet. */
type AddResult = 'added' | 'duplicate' | 'pending' | 'invalid';

interface Options {
	contentLayout?: string;
	downloadLimitKiBs?: number;
	skipChecking?: boolean;
	stopped?: boolean;
	uploadLimitKiBs?: number;
}

/** The torrent to add, known as well as its source allows. */
interface Source {
	/** Ids under which the client may list it; empty for an address that qBittorrent fetches. */
	hashes: string[];
	name: string | null;
	/** The .torrent file, or the address. */
	content: Buffer | string;
}

/** The add takes effect after its answer (up to 5.1): how often and how long to look, in milliseconds. */
const LOOK_TIMES = 8;
const LOOK_PAUSE_MS = 250;

async function readSource(context: IExecuteFunctions, itemIndex: number): Promise<Source | null> {
	if (context.getNodeParameter('source', itemIndex) === 'url') {
		const url = String(context.getNodeParameter('url', itemIndex) ?? '').trim();
		if (!/^(magnet:\?|https?:\/\/)/i.test(url)) {
			throw failure(context.getNode(), {
				cause: 'bad_parameter',
				sentence: 'The URL is neither a magnet link nor an http(s) address; nothing was added.',
				action: 'Give "URL" a link that starts with magnet:?, http:// or https://.',
			});
		}
		const hash = magnetHash(url);
		return { hashes: hash === null ? [] : [hash], name: null, content: url };
	}
	const property = String(context.getNodeParameter('binaryPropertyName', itemIndex));
	if (context.getInputData()[itemIndex].binary?.[property] === undefined) {
		throw failure(context.getNode(), {
			cause: 'bad_parameter',
			sentence: `The input item has no binary field "${property}"; nothing was added.`,
			action:
				'Set "Input Binary Field" to the field in which the step before leaves the .torrent file.',
		});
	}
	const content = await context.helpers.getBinaryDataBuffer(itemIndex, property);
	const torrent = infoHashOf(content);
	if (torrent === null) return null;
	return { hashes: torrent.clientHashes, name: torrent.name, content };
}

/** Bytes per second; 0 = no limit. */
function bytesPerSecond(
	context: IExecuteFunctions,
	field: string,
	label: string,
	value: unknown,
): number {
	const bad = checkNumber(field, value, { label });
	if (bad === null) return Math.round((value as number) * 1024);
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: `The ${label} is not usable; nothing was added.`,
		action: bad.fix,
	});
}

/** The parameters to send, in qBittorrent's names except `stopped`, whose name differs between versions. */
function settingsOf(context: IExecuteFunctions, itemIndex: number): Record<string, string> {
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	const options = context.getNodeParameter('options', itemIndex, {}) as Options;
	const settings: Record<string, string> = { stopped: String(options.stopped === true) };
	const category = located(context, 'category', itemIndex);
	if (category !== '') settings.category = category;
	// 4.5 would keep the space after a comma as part of the next tag.
	const tags = splitList(located(context, 'tags', itemIndex));
	if (tags.length > 0) settings.tags = tags.join(',');
	if (text('savePath') !== '') {
		settings.savepath = text('savePath');
		// Automatic management would put it into the category's folder instead.
		settings.autoTMM = 'false';
	}
	if (options.skipChecking) settings.skip_checking = 'true';
	if (options.contentLayout) settings.contentLayout = options.contentLayout;
	const { uploadLimitKiBs = 0, downloadLimitKiBs = 0 } = options;
	const upLimit = bytesPerSecond(context, 'uploadLimitKiBs', 'Upload Limit', uploadLimitKiBs);
	const dlLimit = bytesPerSecond(context, 'downloadLimitKiBs', 'Download Limit', downloadLimitKiBs);
	if (upLimit > 0) settings.upLimit = String(upLimit);
	if (dlLimit > 0) settings.dlLimit = String(dlLimit);
	return settings;
}

function formOf(source: Source, settings: Record<string, string>, client: Client): FormData {
	const { stopped, ...others } = settings;
	const form = new FormData();
	form.append(client.capabilities.stoppedParameter, stopped);
	for (const [name, value] of Object.entries(others)) form.append(name, value);
	if (typeof source.content === 'string') {
		form.append('urls', source.content);
	} else {
		const file = new Blob([new Uint8Array(source.content)], { type: 'application/x-bittorrent' });
		form.append('torrents', file, 'upload.torrent');
	}
	return form;
}

interface Found {
	hash: string;
	name: unknown;
}

async function find(client: Client, hashes: string[]): Promise<Found | null> {
	const [torrent] = (await listByHash(client, hashes)).values();
	return torrent === undefined ? null : { hash: torrent.hash, name: torrent.name };
}

async function lookFor(client: Client, hashes: string[]): Promise<Found | null> {
	for (let look = 0; look < LOOK_TIMES && hashes.length > 0; look++) {
		if (look > 0) await sleep(LOOK_PAUSE_MS);
		const found = await find(client, hashes);
		if (found !== null) return found;
	}
	return null;
}

/** "Ok." up to 5.1, counts as JSON since 5.2. */
function isAcceptance(answer: Answer): boolean {
	const text = textOf(answer);
	return text === 'Ok.' || typeof jsonOf(text) === 'object';
}

/** Sends the torrent and finds out what became of it. */
async function addTo(
	client: Client,
	source: Source,
	settings: Record<string, string>,
): Promise<{ result: AddResult; found: Found | null }> {
	const listed = await find(client, source.hashes);
	if (listed !== null) return { result: 'duplicate', found: listed };
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
	const found = await lookFor(client, source.hashes);
	if (found === null && !isAcceptance(answer))
		throw client.failure(unexpectedFacts(answer, 'torrents/add'));
	return { result: found === null ? 'pending' : 'added', found };
}

/** One item: what became of the torrent. Proven by the client's own list before it says `added`. */
export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const simulate = isSimulated(this, itemIndex);
	const settings = settingsOf(this, itemIndex);
	const source = await readSource(this, itemIndex);
	const { id } = this.getInputData()[itemIndex].json;
	const asked: IDataObject = {
		...(id === undefined ? {} : { id }),
		infoHash: source?.hashes[0] ?? null,
		name: source?.name ?? null,
	};
	const answer = (result: IDataObject): INodeExecutionData[] => [
		{ json: { ...asked, ...result }, pairedItem: { item: itemIndex } },
	];

	if (source === null) return answer({ result: 'invalid' });
	if (simulate) return answer({ result: 'simulated', simulated: true, wouldSend: settings });
	const { result, found } = await addTo(await clientOf(this), source, settings);
	if (found === null) return answer({ result });
	return answer({ infoHash: found.hash, name: String(found.name), result });
}
