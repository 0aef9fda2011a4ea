import type { FastifyInstance } from 'fastify';

import type { AccountState } from './account.mts';
import type { Booking } from './bonus.mts';
import type { LoggedRequest } from './requestGuard.mts';
import type { RefusalRule } from './refusals.mts';
import type { Sessions } from './session.mts';

/** What another process can see and change of a stand-in. */
export interface Controlled {
	readonly account: AccountState;
	readonly purchases: Booking[];
	readonly requests: LoggedRequest[];
	readonly session: Sessions;
	refuse(rule: RefusalRule): void;
	clearRefusals(): void;
}

/** Lets another process look at the stand-in and change it, under `/sandbox/`. */
export function serveControl(app: FastifyInstance, mam: Controlled): void {
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
