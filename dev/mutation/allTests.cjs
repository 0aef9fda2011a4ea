const { readdirSync } = require('node:fs');
const { join } = require('node:path');

/* global TEST_FOLDERS */

// As in the tests that follow: once n8n-workflow is loaded, their own mock of it comes too late.
jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: async () => {} }));

const files = TEST_FOLDERS.flatMap((folder) =>
	readdirSync(join('test', folder), { recursive: true })
		.filter((path) => path.endsWith('.test.ts') && !path.endsWith('.properties.test.ts'))
		.map((path) => join(folder, path)),
);

/** The tests of TEST_FOLDERS as one file, so that each mutant starts jest's machinery once. */
describe.each(files)('%s', (path) => {
	require(join('..', '..', 'test', path));
});
