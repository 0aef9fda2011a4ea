import type { FastifyInstance } from 'fastify';

import type { RefusalRule } from './refusals.mts';
import type { MamStandIn } from './standIn.mts';

/** Lets another process look at the stand-in and change it, under `/sandbox/`. */
export function serveControl(app: FastifyInstance, mam: MamStandIn): void {
	app.get('/sandbox/state', async () => ({
		account: mam.account,
		purchases: mam.purchases,
		requests: mam.requests,
		session: { accepted: mam.session.accepted, refused: mam.session.refused },
	}));
	app.post('/sandbox/refuse', async ({ body }) => {
		mam.refuse(JSON.parse(String(body)) as RefusalRule);
		return {};
	});
	app.delete('/sandbox/refuse', async () => {
		mam.clearRefusals();
		return {};
	});
	app.post('/sandbox/account', async ({ body }) =>
		Object.assign(mam.account, JSON.parse(String(body))),
	);
	app.post('/sandbox/session', async () => ({ value: mam.session.issue() }));
}
