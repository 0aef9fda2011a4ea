import { parseArgs } from 'node:util';

import { startMam } from './mam/standIn.mts';

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '0' },
		'tracker-port': { type: 'string', default: '0' },
		seed: { type: 'string', default: '1' },
	},
});
const mam = await startMam({
	port: Number(values.port),
	trackerPort: Number(values['tracker-port']),
	seed: Number(values.seed),
});
process.stdout.write(
	`MAM stand-in: ${mam.url}\nTracker:      ${mam.tracker.url}\nSession:      ${mam.session.issue()}\n`,
);
