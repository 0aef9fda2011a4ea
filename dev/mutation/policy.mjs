import { mutation } from './mutation.mjs';

export default mutation({
	name: 'policy',
	mutate: ['nodes/MamPolicy/policy/**/*.ts'],
	testFolders: ['nodes/MamPolicy/policy'],
	least: 90,
});
