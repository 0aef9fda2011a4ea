import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	INodePropertyMode,
} from 'n8n-workflow';

import { splitList, type Field, type Parameters } from '../../shared/parameters';
import { isHash, listedHash, type Fields } from '../parse/torrent';

const FROM_LIST = { displayName: 'From List', name: 'list' };

/** A mode that shows what the client has: see listSearch.ts. */
function fromList(searchListMethod: string): INodePropertyMode {
	return { ...FROM_LIST, type: 'list', typeOptions: { searchListMethod, searchable: true } };
}

/** The torrent that an operation is about. */
export const TORRENT: INodeProperties = {
	displayName: 'Torrent',
	name: 'hash',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The torrent, chosen from the client or by its info hash',
	modes: [
		fromList('searchTorrents'),
		{
			displayName: 'By Hash',
			name: 'hash',
			type: 'string',
			placeholder: 'e.g. {{ $json.hash }}',
			hint: 'Info hash of one torrent: 40 hex digits (64 for a full v2 hash)',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '([0-9a-fA-F]{40}|[0-9a-fA-F]{64})',
						errorMessage: 'Not the hash of one torrent: 40 (or 64) hex digits',
					},
				},
			],
		},
	],
};

/** A category of the client, or the name of one that it may not have yet. */
export const CATEGORY: INodeProperties = {
	displayName: 'Category',
	name: 'category',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'A category, chosen from the client or by its name',
	modes: [
		fromList('searchCategories'),
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. books' },
	],
};

/** One tag of the client, for a filter. */
export const TAG: INodeProperties = {
	displayName: 'Tag',
	name: 'tag',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'Only torrents with this tag; empty = any tag or none',
	modes: [
		fromList('searchTags'),
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. keep' },
	],
};

/** A tag of the client, or the names of several, also of new ones. */
export const TAGS: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'resourceLocator',
	default: { mode: 'name', value: '' },
	description: 'One tag chosen from the client, or the names of several',
	modes: [
		fromList('searchTags'),
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. keep, mam',
			hint: 'Comma-separated tags',
		},
	],
};

/** Where data is saved, on the machine of the client. */
export const SAVE_PATH: INodeProperties = {
	displayName: 'Save Path',
	name: 'savePath',
	type: 'string',
	default: '',
	placeholder: 'e.g. /downloads/books',
	description: 'Folder as qBittorrent sees it; empty = its default',
};

/** Whether `path` starts at a root: qBittorrent puts any other path below its default folder. */
function isAbsolute(path: string): boolean {
	return /^(\/|[a-z]:[\\/]|\\\\)/i.test(path);
}

/** Whether a part of `path` is `.` or `..`: such a path cannot be compared with others. */
export function hasDots(path: string): boolean {
	return path.split(/[\\/]/).some((part) => part === '.' || part === '..');
}

/** The full path in `field`, or '' where the field may be empty. */
export function readFullPath(parameters: Parameters, field: Field): string {
	const path = parameters.text(field);
	if (path !== '' && (!isAbsolute(path) || hasDots(path)))
		parameters.refuse(field, 'enter a full path without "..", e.g. /downloads/books.');
	return path;
}

/** qBittorrent keeps bytes per second in 31 bits; a larger value would become another limit. */
const MAX_SPEED_KIBS = 2_097_151;

function speedLimit(displayName: string, name: string, what: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_SPEED_KIBS },
		default: 0,
		description: `Maximum ${what} speed in KiB per second; 0 = no limit`,
	};
}

export const DOWNLOAD_LIMIT = speedLimit(
	'Download Limit (KiB per Second)',
	'downloadLimitKiBs',
	'download',
);
export const UPLOAD_LIMIT = speedLimit(
	'Upload Limit (KiB per Second)',
	'uploadLimitKiBs',
	'upload',
);

/** The bytes per second of `field`, as qBittorrent wants them. */
export function readSpeedLimit(parameters: Parameters, field: Field): string {
	return String(Math.round(parameters.number(field) * 1024));
}

/** The choice of how much of each record to return; `essential` says what that is. */
export function fieldsChoice(essential: string, byDefault: Fields = 'essential'): INodeProperties {
	return {
		displayName: 'Fields',
		name: 'fields',
		type: 'options',
		options: [
			{
				name: 'All',
				value: 'all',
				description: 'Everything this version of qBittorrent returns',
			},
			{ name: 'Essential', value: 'essential', description: essential },
		],
		default: byDefault,
		description: 'Which fields to return',
	};
}

/** The hash that {@link TORRENT} names, as the client lists it: never `all`, never a joined list. */
export function readHash(parameters: Parameters): string {
	const hash = parameters.locator(TORRENT);
	if (isHash(hash)) return listedHash(hash);
	return parameters.refuse(
		TORRENT,
		'choose one from the list, or enter the 40 (or 64) hex digits of one torrent, e.g. {{ $json.hash }} of a listed torrent.',
	);
}

/** The tags of `field`, of which there must be one: qBittorrent takes none for all of them when removing. */
export function readTags(parameters: Parameters, field: Field): string[] {
	const tags = splitList(parameters.locator(field));
	return tags.length > 0 ? tags : parameters.refuse(field, 'enter at least one tag.');
}

/** One result of the input item `itemIndex`. */
export function toItem(json: object, itemIndex: number): INodeExecutionData {
	return { json: json as IDataObject, pairedItem: { item: itemIndex } };
}
