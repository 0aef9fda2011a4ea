import { mutation } from './mutation.mjs';

export default mutation({
	name: 'policy',
	mutate: ['nodes/MamPolicy/decisions/**/*.ts'],
	testFolders: ['nodes/MamPolicy/decisions'],
	least: 90,
});
