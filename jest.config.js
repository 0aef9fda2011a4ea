/** Policy, parsing, node and in-process engine tests; the real stack is tested in test/e2e. */
module.exports = {
	testEnvironment: '<rootDir>/test/helpers/environment.cjs',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json' }] },
	reporters: ['default', '<rootDir>/test/closingLine.cjs'],
	globalSetup: '<rootDir>/test/engine/globalSetup.cjs',
	globalTeardown: '<rootDir>/test/engine/globalTeardown.cjs',
	setupFilesAfterEnv: ['<rootDir>/test/helpers/noNetwork.ts'],
	// The in-process n8n and the stand-ins of a test file start slowly on a busy machine.
	testTimeout: 60_000,
	restoreMocks: true,
};
