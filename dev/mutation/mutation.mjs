import { fileURLToPath } from 'node:url';

/**
 * Stryker's configuration for one kind of file: it changes `mutate` bit by bit, and each time a test in
 * `testFolders` (below `test/`) should fail. A score below `least` percent fails the run.
 */
export function mutation({ name, mutate, testFolders, least }) {
	const report = `reports/mutation/${name}`;
	return {
		testRunner: 'jest',
		coverageAnalysis: 'perTest',
		jest: {
			config: {
				testMatch: ['<rootDir>/dev/mutation/allTests.cjs'],
				globals: { TEST_FOLDERS: testFolders },
				testEnvironment: fileURLToPath(new URL('environment.cjs', import.meta.url)),
				moduleNameMapper: {
					'^fast-check$': '<rootDir>/dev/mutation/noFastCheck.cjs',
					'^n8n-core$': '<rootDir>/dev/mutation/n8nCore.cjs',
					'^n8n-workflow$': '<rootDir>/dev/mutation/n8nWorkflow.cjs',
				},
				reporters: [],
			},
			enableFindRelatedTests: false,
		},
		mutate,
		concurrency: 2,
		// Against false alarms on a busy machine: what is too slow counts as killed.
		timeoutMS: 60_000,
		thresholds: { high: least, low: least, break: least },
		reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
		clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
		htmlReporter: { fileName: `${report}.html` },
		jsonReporter: { fileName: `${report}.json` },
		incremental: true,
		incrementalFile: `${report}-incremental.json`,
		tempDirName: 'reports/mutation/sandbox',
	};
}
