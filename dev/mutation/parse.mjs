import { mutation } from './mutation.mjs';

export default mutation({
	name: 'parse',
	mutate: ['nodes/*/parse/**/*.ts', 'nodes/shared/bencode.ts'],
	testFolders: ['nodes/MyAnonamouse/parse', 'nodes/QBittorrent/parse', 'nodes/shared'],
	least: 80,
});
