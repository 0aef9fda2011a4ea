import { mutation } from './mutation.mjs';

export default mutation({
	name: 'decisions',
	mutate: ['nodes/MamPolicy/decisions/**/*.ts'],
	testFolders: ['nodes/MamPolicy/decisions'],
	least: 90,
});
