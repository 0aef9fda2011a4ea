/** Policy, parsing and node tests; the engine tests live in test/engine, the real stack in test/e2e. */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json' }] },
	reporters: ['default', '<rootDir>/test/closingLine.cjs'],
	setupFiles: ['<rootDir>/test/engine/env.cjs'],
	setupFilesAfterEnv: ['<rootDir>/test/helpers/noNetwork.ts'],
	restoreMocks: true,
};
