const { TestEnvironment } = require('jest-environment-node');

/**
 * Where the tests of a mutant run. Jest loads every module again for each mutant, which for n8n's engine takes
 * ten times as long as its tests; n8nCore.cjs and n8nWorkflow.cjs take it from outside, where it is loaded once.
 */
module.exports = class extends TestEnvironment {
	constructor(config, context) {
		super(config, context);
		this.global.outside = require;
		// One class for both sides, as n8n asks for `instanceof Error`.
		this.global.Error = Error;
	}

	/** One failed test is enough to kill a mutant: to report all that fail takes longer than to run them. */
	handleTestEvent({ name, test }) {
		if (name === 'test_done') this.hasFailed ||= test.errors.length > 0;
		if (name === 'test_start' && this.hasFailed) test.mode = 'skip';
	}
};
