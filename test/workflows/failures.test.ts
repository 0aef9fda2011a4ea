import type { IDataObject, INode } from 'n8n-workflow';

import { ownType, wires, type Shipped } from './files';
import {
	candidate,
	Fixture,
	GRABBER,
	hashOf,
	JANITOR,
	KEEPER,
	MOUSE,
	NEVER_STARTED,
	WORKING,
	SPENDER,
	torrent,
} from './fixture';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: async () => {} }));

/** The output of Report Run that names a failed run. */
const FAILED = 4;

/** A flow with something to do for every step that acts. */
interface Busy {
	what: string;
	shipped: Shipped;
	prepare: (fixture: Fixture) => void;
	changes?: Record<string, Partial<INode>>;
	/** Steps that skip what there is to do. */
	idle?: string[];
}

const BUSY: Busy[] = [
	{
		what: 'grabber',
		shipped: GRABBER,
		prepare: (fixture) => {
			fixture.results = [candidate(1)];
		},
	},
	{
		what: 'janitor',
		shipped: JANITOR,
		prepare: ({ client }) => {
			client.list(hashOf(1), torrent(30, NEVER_STARTED));
			client.setTrackers(hashOf(1), WORKING);
		},
	},
	{
		what: 'spender that buys upload',
		shipped: SPENDER,
		prepare: (fixture) => {
			fixture.account = { ...MOUSE, seedbonus: 25_551 };
		},
		idle: ['Buy VIP'],
	},
	{
		what: 'spender that buys VIP',
		shipped: SPENDER,
		prepare: (fixture) => {
			fixture.account = { classname: 'Power User', vip_until: '2026-11-30 00:00:00' };
		},
		changes: { 'Plan Spend': { parameters: { options: { vip: true } } } },
		idle: ['Buy Upload'],
	},
	{
		what: 'keeper',
		shipped: KEEPER,
		prepare: ({ client }) => {
			client.preferences = {
				queueing_enabled: false,
				max_active_downloads: 3,
				max_active_uploads: 3,
				max_active_torrents: 5,
				dont_count_slow_torrents: true,
			};
			client.tags.add('mam-1');
			client.list(hashOf(1), torrent(10, { state: 'stalledUP' }));
			client.setTrackers(hashOf(1), [
				{ url: 'http://t/a', status: 4, tier: 0, msg: 'Connection timed out' },
			]);
		},
	},
];

/** What each step that acts has done, as the services saw it. */
const ACTS: Record<string, (fixture: Fixture) => unknown[]> = {
	'Add to qBittorrent': ({ client }) => client.callsOf('torrents/add'),
	'Delete Torrents': ({ client }) => client.callsOf('torrents/delete'),
	'Reannounce Torrents': ({ client }) => client.callsOf('torrents/reannounce'),
	'Delete Unused Tags': ({ client }) => client.callsOf('torrents/deleteTags'),
	'Set Preferences': ({ client }) => client.callsOf('app/setPreferences'),
	'Buy Upload': ({ purchases }) => purchases,
	'Buy VIP': ({ purchases }) => purchases,
};

/** How a step fails by itself. */
const WAYS: Record<string, Partial<INode>> = {
	'an expression that throws': { parameters: { resource: "={{ $('No Such Node').first().json }}" } },
	'an operation that does not exist': { parameters: { operation: 'nonsense' } },
	'a credential that is missing': { credentials: {} },
};

function doesIo(node: INode): boolean {
	return ['myAnonamouse', 'qBittorrent'].includes(ownType(node) ?? '');
}

/** `node` and the steps after it. */
function onwards({ workflow }: Shipped, node: string): string[] {
	const next = wires(workflow)
		.filter(({ from }) => from === node)
		.map(({ to }) => to);
	return [node, ...next.flatMap((step) => onwards({ workflow } as Shipped, step))];
}

describe.each(BUSY)('$what:', ({ shipped, prepare, changes = {}, idle = [] }) => {
	const steps = shipped.workflow.nodes
		.filter(doesIo)
		.map(({ name }) => name)
		.filter((name) => !idle.includes(name));

	async function run(more: Record<string, Partial<INode>>) {
		const fixture = new Fixture();
		prepare(fixture);
		const finished = await fixture.run(shipped, 'trigger', { ...changes, ...more });
		return { fixture, finished };
	}

	/** The acts from `first` on were not done. */
	function expectNothingDone(fixture: Fixture, first: string): void {
		for (const step of onwards(shipped, first))
			expect([step, ACTS[step]?.(fixture) ?? []]).toEqual([step, []]);
	}

	test('it acts, and its one report is not a failure', async () => {
		const { fixture, finished } = await run({});
		expect([finished.failed, finished.errorMessage]).toEqual([false, '']);
		expect(finished.times('Report Run')).toBe(1);
		for (const step of steps.filter((name) => name in ACTS))
			expect([step, ACTS[step](fixture).length]).toEqual([step, 1]);
	});

	describe.each(Object.entries(WAYS))('%s', (_way, broken) => {
		test.each(steps)('in %s: one red report that names it, a hint, and nothing done', async (step) => {
			const { fixture, finished } = await run({ [step]: { disabled: false, ...broken } });
			expect(finished.failed).toBe(true);
			expect(finished.times('Report Run')).toBe(1);
			expect(finished.items('Report Run', FAILED)).toMatchObject([{ failed: true, node: step }]);
			expect(finished.times('Mark Run Failed')).toBe(1);
			expect(finished.hints(step)).toHaveLength(1);
			expectNothingDone(fixture, step);
		});
	});

	const policies = shipped.workflow.nodes
		.filter(({ parameters }) => Object.values(parameters).some((value) => typeof value === 'number'))
		.filter((node) => ownType(node) === 'mamPolicy')
		.map((node): [string, INode] => [node.name, node]);

	test.each(policies)('a bad threshold in %s: one red report that names it, and a hint', async (name, node) => {
		const field = Object.keys(node.parameters).find((key) => typeof node.parameters[key] === 'number')!;
		const { fixture, finished } = await run({ [name]: { parameters: { [field]: -2 } } });
		expect(finished.items('Report Run', FAILED)).toMatchObject([{ cause: 'bad_parameter', node: name }]);
		expect(finished.times('Report Run')).toBe(1);
		expect(finished.hints(name)).toEqual([expect.stringMatching(/^Failed: /)]);
		expectNothingDone(fixture, name);
	});

	test('a deactivated Settings ends red with one report, and stops what reads a setting', async () => {
		const { fixture, finished } = await run({ Settings: { disabled: true } });
		expect(finished.failed).toBe(true);
		expect(finished.times('Report Run')).toBe(1);
		expect(finished.items('Report Run', FAILED)).toMatchObject([{ cause: 'bad_parameter' }]);
		const readers = shipped.workflow.nodes.filter(
			({ name, parameters }) =>
				name !== 'Report Run' && JSON.stringify(parameters).includes("$('Settings')"),
		);
		for (const { name } of readers) expectNothingDone(fixture, name);
	});

	test('a setting whose expression throws ends red with one report, and nothing is done', async () => {
		const broken = {
			id: 'broken',
			name: 'category',
			value: "={{ $('No Such Node').first() }}",
			type: 'string',
		};
		const { fixture, finished } = await run({
			Settings: { parameters: { assignments: { assignments: [broken] } } },
		});
		expect(finished.failed).toBe(true);
		expect(finished.times('Report Run')).toBe(1);
		expectNothingDone(fixture, 'Settings');
	});
});

/** Fields of a Failed item. */
function failedItem(items: IDataObject[]) {
	const [{ node, cause }] = items;
	return { node, cause };
}

test('of two steps that fail, the report names the first', async () => {
	const fixture = new Fixture();
	fixture.site.on('/jsonLoad.php', () => ({ status: 403, body: 'Invalid session - IP mismatch' }));
	fixture.credentials.qBittorrentWebApi.url = 'http://127.0.0.1:9';
	const run = await fixture.run(GRABBER);
	expect(failedItem(run.items('Report Run', FAILED))).toEqual({ node: 'Get Account', cause: 'ip_lock' });
});

test('each torrent is added with the category, tags and path that Rank Candidates put on it', async () => {
	const fixture = new Fixture();
	fixture.results = [candidate(3), candidate(2), candidate(1)];
	// The second one is skipped, so that the positions before and after it differ.
	fixture.site.on('/tor/js/loadSearchJSONbasic.php', ({ body }) => {
		const { id } = (body as { tor: IDataObject }).tor;
		const data = fixture.results
			.filter((result) => id === undefined || result.id === id)
			.map((result) => (id === 2 ? { ...result, free: 0 } : result));
		return { body: { found: data.length, data } };
	});
	const run = await fixture.run(GRABBER, 'trigger', {
		'Rank Candidates': {
			parameters: { category: "={{ 'books-' + (1 + 1) }}", savePath: '/data/mam', tags: 'a,b' },
		},
	});
	expect([run.failed, run.errorMessage]).toEqual([false, '']);
	expect(
		[...fixture.client.torrents.values()].map(({ category, tags, save_path: path }) => ({
			...{ category, tags, path },
		})),
	).toEqual([
		{ category: 'books-2', tags: 'a, b, mam-3', path: '/data/mam' },
		{ category: 'books-2', tags: 'a, b, mam-1', path: '/data/mam' },
	]);
});
