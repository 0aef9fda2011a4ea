import type {
	IDataObject,
	INodeParameters,
	INodeProperties,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { MamPolicy } from '../../nodes/MamPolicy/MamPolicy.node';
import { RESOURCES as SITE } from '../../nodes/MyAnonamouse/MyAnonamouse.node';
import { RESOURCES as CLIENT } from '../../nodes/QBittorrent/QBittorrent.node';
import { operationsOf, type Resource } from '../../nodes/shared/operation';
import { mamCredentials, newSession } from '../helpers/mamCredentials';
import { ACCOUNT, StrictSite } from '../helpers/mamSite';
import { runNode, type OneNode } from '../helpers/oneNode';
import { TestClient } from '../helpers/qbittorrent';
import { newCredential } from './QBittorrent/runNode';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: async () => {} }));

const HASH = 'a'.repeat(40);
const ADDRESS = '203.0.113.7';
const TORRENT = Buffer.from(
	`d4:infod6:lengthi1e4:name4:book12:piece lengthi1e6:pieces20:${'p'.repeat(20)}ee`,
);

/** Good values of every field of every operation; n8n drops those that an operation does not have. */
const PARAMETERS: INodeParameters = {
	id: 42,
	amountGiB: 50,
	costPoints: 25000,
	reservePoints: 0,
	plannedAt: '={{ $now.toISO() }}',
	expectedIp: ADDRESS,
	hash: HASH,
	category: 'books',
	tags: 'new',
	savePath: '/other',
	location: '/other',
	path: '/other',
	speedLimits: { downloadLimitKiBs: 10 },
	alternative: true,
	autoManagement: true,
	limits: { ratioLimit: 2 },
	trackerUrls: 'http://tracker.test/b',
	trackerUrl: 'http://tracker.test/a',
	newTrackerUrl: 'http://tracker.test/c',
	newName: 'another',
	oldPath: 'set/book',
	newPath: 'set/other',
	fileIndexes: 0,
	preferences: '{ "max_active_downloads": 7 }',
	source: 'url',
	url: `magnet:?xt=urn:btih:${'b'.repeat(40)}`,
};

/** Values for operations that need others. */
const OTHERS: Record<string, INodeParameters> = {
	'category:create': { category: 'films' },
	'torrent:download': { options: { useWedge: true } },
	'tag:delete': { tags: 'mam' },
	'tag:deleteUnused': { prefix: 'mam-' },
	'torrent:renameFolder': { oldPath: 'set', newPath: 'other' },
};

const OPERATIONS = [
	...[...operationsOf(SITE)].map(([name, one]) => ['myAnonamouse', name, one] as const),
	...[...operationsOf(CLIENT)].map(([name, one]) => ['qBittorrent', name, one] as const),
];
const CHANGING = OPERATIONS.filter(([, , { changes }]) => changes);
const READING = OPERATIONS.filter(([, , { changes }]) => !changes);

type Type = OneNode['type'];

interface Change {
	mode?: WorkflowExecuteMode;
	simulate?: boolean | string;
	input?: IDataObject;
	/** Instead of those of {@link PARAMETERS}. */
	parameters?: INodeParameters;
}

/** Runs one operation against a site and a client; says what it returned and which requests would change something. */
async function run(
	type: Type,
	name: string,
	{ mode, simulate = false, input, parameters }: Change = {},
) {
	const session = newSession();
	const changes: string[] = [];
	const changing = (path: string, body: object) => () => {
		changes.push(path);
		return { body };
	};
	const site = new StrictSite(session, /^https:\/\/\w+\.myanonamouse\.net/)
		.on('/tor/js/loadSearchJSONbasic.php', () => ({
			body: {
				found: 1,
				data: [{ id: 42, title: 'A book', size: '1.0 MiB', seeders: 3, leechers: 1, free: 0 }],
			},
		}))
		.on('/json/loadUserDetailsTorrents.php', () => ({ body: { rows: [] } }))
		.on('/json/jsonIp.php', () => ({ body: { ip: ADDRESS } }))
		.on('/json/dynamicSeedbox.php', changing('dynamicSeedbox', { Success: true, msg: 'Completed' }))
		.on('/json/bonusBuy.php/', changing('bonusBuy', { success: true, ...ACCOUNT }))
		.on('/tor/download.php', ({ query }) => {
			if (query.has('fl')) changes.push('download with a wedge');
			return { body: TORRENT };
		});
	const client = new TestClient('5.3.0');
	client.tags.add('mam-1');
	client.list(HASH, {
		category: 'books',
		save_path: '/downloads',
		file: TORRENT,
		files: [{ name: 'set/book', size: 1 }],
		tracker: 'http://tracker.test/a',
		progress: 0.5,
	});
	const [resource, operation] = name.split(':');
	const finished = await runNode({
		type,
		parameters: { ...PARAMETERS, ...OTHERS[name], ...parameters, resource, operation, simulate },
		input: [input ?? {}],
		settings: { onError: 'continueRegularOutput' },
		start: {
			mode: mode ?? 'trigger',
			credentials: { ...mamCredentials(session), qBittorrentWebApi: newCredential() },
		},
	});
	const posted = client.calls.filter(
		({ method, path }) => method === 'POST' && !['auth/login', 'torrents/info'].includes(path),
	);
	return {
		output: finished.items('Node'),
		requests: [...site.accepted, ...client.calls.map(({ path }) => path)],
		changes: [...changes, ...posted.map(({ path }) => path)],
	};
}

describe('every operation that changes something', () => {
	test.each(CHANGING)('%s %s does so', async (type, name) => {
		const { output, changes } = await run(type, name);
		expect(output[0].error).toBeUndefined();
		expect(changes).not.toEqual([]);
	});

	test.each(CHANGING)('%s %s refuses a retry of an old execution', async (type, name) => {
		const { output, requests } = await run(type, name, { mode: 'retry' });
		expect(output).toMatchObject([{ details: { cause: 'stale_plan' } }]);
		expect(requests).toEqual([]);
	});

	test.each(CHANGING)('%s %s changes nothing when simulated', async (type, name) => {
		const { output, changes } = await run(type, name, { simulate: true });
		expect(output[0]).toMatchObject({ simulated: true });
		expect(changes).toEqual([]);
	});

	test.each(CHANGING)('%s %s refuses Simulate without true or false', async (type, name) => {
		for (const simulate of ['={{ undefined }}', '={{ null }}', "={{ 'false' }}"]) {
			const { output, requests } = await run(type, name, { simulate });
			expect(output).toMatchObject([{ details: { cause: 'bad_parameter' } }]);
			expect(output[0].message).toMatch(/^Simulate: /);
			expect(requests).toEqual([]);
		}
	});
});

test.each(READING)(
	'%s %s, which says that it changes nothing, sends no change',
	async (type, name) => {
		const { output, changes } = await run(type, name);
		expect(output[0]?.error).toBeUndefined();
		expect(changes).toEqual([]);
	},
);

test.each(OPERATIONS)(
	'%s %s passes failures and skipped items on unchanged',
	async (type, name) => {
		const failed = {
			hash: HASH,
			error: 'The step before failed.',
			message: 'Look at it.',
			details: {},
		};
		const skipped = { hash: HASH, skipped: true, reason: 'no_longer_free' };
		for (const input of [failed, skipped]) {
			const { output, requests } = await run(type, name, { input });
			expect(output).toEqual([input]);
			expect(requests).toEqual([]);
		}
	},
);

/** Every field of every operation but Simulate, with parameters by which it is shown and yields nothing. */
const EMPTY_FIELDS = OPERATIONS.flatMap(([type, name, { fields }]) =>
	fields
		.filter((field) => field.name !== 'simulate' && field.type !== 'notice')
		.flatMap((field) =>
			field.type === 'collection'
				? field.options!.map((one): [string, INodeParameters] => [
						`${field.name}.${one.name}`,
						{ [field.name]: { [one.name]: '={{ undefined }}' } },
					])
				: [[field.name, { ...shownBy(field), [field.name]: '={{ undefined }}' }] as const],
		)
		.map(([field, parameters]) => [type, name, field, parameters] as const),
);

function shownBy({ displayOptions }: INodeProperties): INodeParameters {
	const conditions = Object.entries(displayOptions?.show ?? {});
	return Object.fromEntries(conditions.map(([name, values]) => [name, values![0] as string]));
}

test.each(EMPTY_FIELDS)(
	'%s %s: an expression that yields nothing for %s is refused, never taken for a default',
	async (type, name, _field, parameters) => {
		const { output, changes } = await run(type, name, { parameters });
		expect(output).toMatchObject([{ details: { cause: 'bad_parameter' } }]);
		expect(changes).toEqual([]);
	},
);

test('MAM Policy decides and changes nothing: it has no credential and no Simulate', () => {
	const { credentials, properties } = new MamPolicy().description;
	expect(credentials).toBeUndefined();
	expect(properties.map(({ name }) => name)).not.toContain('simulate');
});

/** Keeps the lists above honest. */
test('each node offers the operations of its resources', () => {
	const count = (resources: Resource[]) => operationsOf(resources).size;
	expect(OPERATIONS).toHaveLength(count(SITE) + count(CLIENT));
	expect(CHANGING.length).toBeGreaterThan(15);
});
