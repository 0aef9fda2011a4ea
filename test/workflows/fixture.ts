import type { IDataObject, INode, WorkflowExecuteMode } from 'n8n-workflow';
import nock from 'nock';

import type { Tables } from '../engine/baseNodes';
import { runWorkflow, type FinishedRun } from '../engine/engine';
import { mamCredentials, newSession } from '../helpers/mamCredentials';
import { ACCOUNT, StrictSite } from '../helpers/mamSite';
import { TestClient } from '../helpers/qbittorrent';
import { newCredential } from '../nodes/QBittorrent/runNode';
import { SHIPPED, type Shipped } from './files';

const GATEWAY = 'http://pushgateway:9091';
export const [GRABBER, JANITOR, SPENDER, KEEPER] = SHIPPED;
export const MIB = 1024 ** 2;
export const HOUR = 3600;

/** Everything that the flows talk to, and what reached it. */
export class Fixture {
	readonly site: StrictSite;

	readonly client: TestClient;

	/** Bodies by group path; a group pushed twice shows twice. */
	readonly pushed: Array<{ group: string; body: string }> = [];

	readonly credentials;

	readonly staticData: IDataObject = {};

	/** Whether n8n hands no static data to its runs, as 2.40 and 2.41 in queue mode. */
	forgetsStaticData = false;

	/** Those that the daily report makes. */
	readonly tables: Tables = { mam_runs: [], mam_memory: [] };

	account: IDataObject = {};

	/** Torrents of the site. */
	results: IDataObject[] = [];

	readonly purchases: string[] = [];

	constructor(session = newSession()) {
		this.site = new StrictSite(session, /myanonamouse\.net/);
		this.client = new TestClient('5.3.0');
		this.client.freeSpace = 1024 ** 4;
		this.credentials = { ...mamCredentials(session), qBittorrentWebApi: newCredential() };
		this.site
			.on('/jsonLoad.php', () => ({ body: { ...ACCOUNT, ...this.account } }))
			.on('/tor/js/loadSearchJSONbasic.php', ({ body }) =>
				this.search(body as { tor: IDataObject }),
			)
			.on('/tor/download.php', ({ query }) => ({ body: torrentFile(Number(query.get('tid'))) }))
			.on('/json/bonusBuy.php/', ({ query }) => {
				this.purchases.push(String(query.get('amount') ?? query.get('duration')));
				return {
					body: {
						success: true,
						seedbonus: 551,
						uploaded: 50 * 1024 ** 3,
						downloaded: 715.55 * MIB,
					},
				};
			});
		nock(GATEWAY)
			.persist()
			.put(/.*/)
			.reply((group, body) => {
				this.pushed.push({ group, body: String(body) });
				return [200, ''];
			});
	}

	private search({ tor }: { tor: IDataObject }) {
		const data = this.results.filter(({ id }) => tor.id === undefined || tor.id === id);
		return {
			body:
				data.length === 0
					? { error: 'Nothing returned, out of 1300' }
					: { found: data.length, data },
		};
	}

	async run(
		shipped: Shipped,
		mode: WorkflowExecuteMode = 'trigger',
		changes: Record<string, Partial<INode>> = {},
	): Promise<FinishedRun> {
		this.pushed.length = 0;
		const workflow = structuredClone(shipped.workflow);
		for (const node of workflow.nodes) {
			const { parameters, ...change } = changes[node.name] ?? {};
			Object.assign(node, change);
			Object.assign(node.parameters, parameters);
		}
		const type = mode === 'manual' ? 'manualTrigger' : 'scheduleTrigger';
		const trigger = workflow.nodes.find((node) => node.type === `n8n-nodes-base.${type}`)!.name;
		// A retry of the whole run gets no static data from n8n either.
		const given = this.forgetsStaticData || mode === 'retry' ? {} : this.staticData;
		const run = await runWorkflow(workflow, {
			trigger,
			mode,
			credentials: this.credentials,
			staticData: given,
			tables: this.tables,
		});
		// What a retry changed, n8n saves in place of all of it.
		if (mode === 'retry' && (given as { __dataChanged?: boolean }).__dataChanged) {
			for (const key of Object.keys(this.staticData)) delete this.staticData[key];
			Object.assign(this.staticData, given);
		}
		return run;
	}

	get groups(): string[] {
		return this.pushed.map(({ group }) => group).sort();
	}

	/** The lines of all pushed bodies that start with `metric`. */
	samples(metric: string): string[] {
		return this.pushed.flatMap(({ body }) =>
			body.split('\n').filter((line) => line.startsWith(metric)),
		);
	}
}

function torrentFile(id: number): Buffer {
	const name = `book-${id}`;
	return Buffer.from(
		`d8:announce18:http://127.0.0.1/a4:infod6:lengthi104857600e4:name${name.length}:${name}12:piece lengthi104857600e6:pieces20:${'x'.repeat(20)}ee`,
	);
}

export function candidate(id: number, change: IDataObject = {}): IDataObject {
	return {
		id,
		title: `T${id}`,
		size: '100.0 MiB',
		seeders: 5,
		leechers: id % 100,
		free: 1,
		my_snatched: 0,
		...change,
	};
}

export const MOUSE = {
	classname: 'Mouse',
	ratio: 0,
	uploaded_bytes: 0,
	downloaded_bytes: Math.round(715.55 * MIB),
};

export const hashOf = (index: number) => index.toString(16).padStart(40, '0');

/** A torrent of the client as qBittorrent lists it. */
export function torrent(hoursOld: number, change: IDataObject = {}): IDataObject {
	return {
		added_on: Math.floor(Date.now() / 1000) - hoursOld * HOUR,
		amount_left: 0,
		completed: 100 * MIB,
		content_path: '',
		downloaded: 100 * MIB,
		name: 'A book',
		num_complete: 6,
		num_incomplete: 0,
		save_path: '/downloads',
		seeding_time: hoursOld * HOUR,
		size: 100 * MIB,
		uploaded: 1,
		...change,
	};
}

/** The trackers of a torrent that is heard. */
export const WORKING = [{ url: 'http://t/a', status: 2, tier: 0, msg: '' }];

export const NEVER_STARTED = {
	state: 'stalledDL',
	progress: 0,
	downloaded: 0,
	completed: 0,
	seeding_time: 0,
};

