const { TestEnvironment } = require('jest-environment-node');

/** Gives tests, which jest runs as CommonJS, the sandbox's stand-in, whose files are ECMAScript modules. */
module.exports = class extends TestEnvironment {
	async setup() {
		await super.setup();
		const sandbox = await import('../../dev/sandbox/qbittorrent/standIn.mts');
		this.global.QbittorrentStandIn = sandbox.QbittorrentStandIn;
	}
};
