const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** n8n-core reads these when it is first imported; the test workers inherit them. */
module.exports = () => {
	process.env.N8N_USER_FOLDER = mkdtempSync(join(tmpdir(), 'n8n-engine-'));
	process.env.N8N_ENCRYPTION_KEY = 'engine-tests-only';
	process.env.N8N_LOG_LEVEL = 'silent';
};
