import type { FastifyInstance, FastifyRequest } from 'fastify';

import { accountBody, type AccountState } from './account.mts';
import { buy, type Booking } from './bonus.mts';
import type { Catalogue } from './catalogue.mts';
import { download, refusalPage } from './download.mts';
import { parseJson, type RequestGuard, type Reply } from './requestGuard.mts';
import { record, UNREADABLE } from './oddShapes.mts';
import { nestedQuery, search } from './search.mts';
import type { Seedbox } from './seedbox.mts';
import type { Snatches } from './snatches.mts';

export const SEARCH_PATH = '/tor/js/loadSearchJSONbasic.php';

/** What the pages of the site show and change. */
export interface SiteParts {
	account: AccountState;
	catalogue: Catalogue;
	snatches: Snatches;
	seedbox: Seedbox;
	purchases: Booking[];
	oddShapes: boolean;
}

/** The pages of the hosts `www.`, `t.` and `cdn.`, on one host. */
export class Site {
	private readonly parts: SiteParts;

	private accountReads = 0;

	/** Points before and after a purchase: the next account page still shows those before. */
	private stale: { before: number; after: number } | null = null;

	constructor(parts: SiteParts) {
		this.parts = parts;
	}

	/** Adds the pages to `app`, each behind `guard`. */
	serve(app: FastifyInstance, guard: RequestGuard): void {
		const { seedbox } = this.parts;
		app.get(
			'/jsonLoad.php',
			guard.page((request) => this.account(queryOf(request))),
		);
		app.get(
			SEARCH_PATH,
			guard.page((request) => this.search(nestedQuery(queryOf(request)))),
		);
		app.post(
			SEARCH_PATH,
			guard.page(({ body }) => this.searchJson(String(body))),
		);
		app.get(
			'/json/bonusBuy.php',
			guard.page((request) => this.bonus(queryOf(request))),
		);
		app.get(
			'/tor/download.php',
			guard.page((request) => this.byId(queryOf(request))),
		);
		app.get(
			'/tor/download.php/:dl',
			guard.page((request) => this.byLink(request), { session: 'optional' }),
		);
		app.get(
			'/json/loadUserDetailsTorrents.php',
			guard.page((request) => this.snatches(queryOf(request))),
		);
		app.get(
			'/json/jsonIp.php',
			guard.page(() => seedbox.seen(Date.now()), { session: 'unused' }),
		);
		app.get(
			'/json/dynamicSeedbox.php',
			guard.page(() => seedbox.register(Date.now()), {
				refuse: (text, hasCookie) => seedbox.refusal(text, hasCookie),
			}),
		);
	}

	private account(query: Record<string, unknown>): Reply {
		const { account, snatches, oddShapes } = this.parts;
		const { unsatisfied, bonusPoints } = account;
		const missed = snatches.missed(Date.now());
		const shown: AccountState = {
			...account,
			bonusPoints: this.stale?.after === bonusPoints ? this.stale.before : bonusPoints,
			unsatisfied: { ...unsatisfied, count: Math.max(0, unsatisfied.count - missed) },
		};
		this.stale = null;
		const legacy = oddShapes && this.accountReads++ % 2 === 1;
		return { body: accountBody(shown, { summary: 'snatch_summary' in query, legacy }) };
	}

	private searchJson(body: string): Reply {
		const root = parseJson(body);
		if (typeof root !== 'object' || root === null) return { body: '' };
		return this.search(root as Record<string, unknown>);
	}

	private search(root: Record<string, unknown>): Reply {
		const { catalogue, snatches, oddShapes: odd } = this.parts;
		const { entries, perpage, start, total, found } = search(catalogue, root);
		if (entries.length === 0) return { body: { error: `Nothing returned, out of ${total}` } };
		const now = Date.now();
		const data: unknown[] = entries.map((entry) => {
			const mySnatched = entry.mySnatched && snatches.isShown(entry.id, now);
			return record(entry, { odd, root, mySnatched });
		});
		// A page that is not full also holds a record that nobody can read.
		if (odd && entries.length < perpage) data.splice(1, 0, UNREADABLE);
		return { body: { perpage, start, total, found, data } };
	}

	private bonus(query: Record<string, unknown>): Reply {
		const { account, purchases } = this.parts;
		const before = account.bonusPoints;
		const body = buy(account, query, Date.now(), purchases);
		if (body.success === true) this.stale = { before, after: account.bonusPoints };
		return { body };
	}

	private byId({ tid, fl }: Record<string, unknown>): Reply {
		if (tid === undefined) return refusalPage('Invalid download link');
		return this.download(this.parts.catalogue.find(Number(tid)), fl !== undefined);
	}

	/** The direct link: needs no session when requested from the account's registered IP. */
	private byLink(request: FastifyRequest): Reply {
		const { seedbox, catalogue } = this.parts;
		const hasCookie = /mam_id=/.test(request.headers.cookie ?? '');
		if (!hasCookie && seedbox.callerIp !== seedbox.registeredIp) {
			const text = `ip ${seedbox.callerIp} does not match account, and no auth cookie provided`;
			return { status: 401, body: text };
		}
		const { dl } = request.params as { dl: string };
		const entry = catalogue.entries.find((candidate) => candidate.dl === dl);
		if (entry === undefined) return refusalPage('Invalid download link');
		return this.download(entry, 'fl' in queryOf(request));
	}

	private download(entry: Catalogue['entries'][number] | undefined, useWedge: boolean): Reply {
		const { account, catalogue, snatches } = this.parts;
		return download(account, catalogue, snatches, { entry, useWedge, now: Date.now() });
	}

	private snatches({ uid, iteration, type }: Record<string, unknown>): Reply {
		const { account, catalogue, snatches } = this.parts;
		if (Number(uid) !== account.uid) return { body: { rows: [], success: false } };
		const page = Number(iteration ?? 0);
		return { body: snatches.page(catalogue, String(type), page, Date.now()) };
	}
}

function queryOf(request: FastifyRequest): Record<string, unknown> {
	return request.query as Record<string, unknown>;
}
