import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { MamTorrentRecord } from '../../../shared/records';

/** Option to see what the site itself said about a torrent. */
export const includeRawOption: INodeProperties = {
	displayName: 'Include Raw',
	name: 'includeRaw',
	type: 'boolean',
	default: false,
	description: "Whether to add the site's own record under raw",
};

/** The output item of one torrent. */
export function torrentItem(
	torrent: MamTorrentRecord,
	raw: unknown,
	includeRaw: boolean,
	itemIndex: number,
): INodeExecutionData {
	const json = includeRaw ? { ...torrent, raw } : { ...torrent };
	return { json: json as INodeExecutionData['json'], pairedItem: { item: itemIndex } };
}
