import Fastify, { type FastifyInstance } from 'fastify';

import { healthyAccount, type AccountState } from './account.mts';
import type { Booking } from './bonus.mts';
import { Catalogue } from './catalogue.mts';
import { serveControl } from './control.mts';
import { RequestGuard, type LoggedRequest } from './requestGuard.mts';
import { Refusals, type RefusalRule } from './refusals.mts';
import { Seedbox } from './seedbox.mts';
import { Sessions } from './session.mts';
import { Site } from './site.mts';
import { Snatches } from './snatches.mts';
import { Tracker } from './tracker.mts';

/** How the stand-in is started. */
export interface MamOptions {
	/** 0 takes a free port. */
	port?: number;
	trackerPort?: number;
	/** Same seed, same catalogue. */
	seed?: number;
	/** Torrents in all; by default 1,400, of which about 1,300 are free. */
	catalogueSize?: number;
	/** Records in every odd shape that the site was seen to send. On by default. */
	oddShapes?: boolean;
	/** Each session value is valid once. On by default. */
	strictRotation?: boolean;
	/** How long the site takes to show a new snatch; 15 by default, as on the real one. */
	snatchLagMinutes?: number;
	account?: Partial<AccountState>;
}

/** A MyAnonamouse on loopback: site, tracker, account and catalogue, hostile by default. */
export class MamStandIn {
	url = '';

	readonly account: AccountState;

	readonly session: Sessions;

	readonly purchases: Booking[] = [];

	readonly seedbox = new Seedbox();

	readonly snatches: Snatches;

	readonly tracker: Tracker;

	catalogue!: Catalogue;

	private readonly refusals = new Refusals();

	private readonly guard: RequestGuard;

	private readonly app: FastifyInstance = Fastify({
		forceCloseConnections: true,
		routerOptions: { ignoreTrailingSlash: true },
	});

	private readonly options: MamOptions;

	constructor(options: MamOptions) {
		this.options = options;
		this.account = { ...healthyAccount(), ...options.account };
		this.session = new Sessions(options.strictRotation ?? true);
		this.snatches = new Snatches((options.snatchLagMinutes ?? 15) * 60_000);
		this.tracker = new Tracker(this.account, () => this.catalogue, this.snatches);
		this.guard = new RequestGuard(this.session, this.refusals);
	}

	/** Every request to the site, in the order in which the answers left. */
	get requests(): LoggedRequest[] {
		return this.guard.requests;
	}

	async start(): Promise<void> {
		const {
			seed = 1,
			catalogueSize = 1400,
			port = 0,
			trackerPort = 0,
			oddShapes = true,
		} = this.options;
		await this.tracker.start(trackerPort);
		this.catalogue = new Catalogue(seed, catalogueSize, this.tracker.url);
		// A body that is not JSON is answered with 200 and nothing, so it is parsed by hand.
		this.app.removeAllContentTypeParsers();
		this.app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
			done(null, body),
		);
		const { account, catalogue, snatches, seedbox, purchases } = this;
		const site = new Site({ account, catalogue, snatches, seedbox, purchases, oddShapes });
		site.serve(this.app, this.guard);
		serveControl(this.app, this);
		this.url = await this.app.listen({ port, host: '127.0.0.1' });
	}

	async stop(): Promise<void> {
		await this.app.close();
		await this.tracker.stop();
	}

	/** Switches a refusal on. */
	refuse(rule: RefusalRule): void {
		this.refusals.add(rule);
	}

	clearRefusals(): void {
		this.refusals.clear();
	}

	/** Requests whose path starts with `path`, oldest first. */
	requestsTo(path: string): LoggedRequest[] {
		return this.requests.filter((request) => request.path.startsWith(path));
	}
}

/** Starts a stand-in on free loopback ports. */
export async function startMam(options: MamOptions = {}): Promise<MamStandIn> {
	const standIn = new MamStandIn(options);
	await standIn.start();
	return standIn;
}
