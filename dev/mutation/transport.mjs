import { mutation } from './mutation.mjs';

export default mutation({
	name: 'transport',
	mutate: ['nodes/*/transport/**/*.ts'],
	testFolders: ['credentials', 'nodes/MyAnonamouse', 'nodes/QBittorrent'],
	least: 80,
});
