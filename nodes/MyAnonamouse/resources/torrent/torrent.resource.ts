import type { Resource } from '../../../shared/operation';
import { download } from './download.operation';
import { get } from './get.operation';
import { search } from './search.operation';

export const torrent: Resource = {
	value: 'torrent',
	name: 'Torrent',
	operations: [download, get, search],
	defaultOperation: search.value,
};
