import { mutation } from './mutation.mjs';

export default mutation({
	name: 'session',
	mutate: ['nodes/MyAnonamouse/{session,endpoints}/**/*.ts', 'nodes/QBittorrent/client/**/*.ts'],
	testFolders: ['credentials', 'nodes/MyAnonamouse', 'nodes/QBittorrent'],
	least: 80,
});
