import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, afterEach, before, describe, test } from 'node:test';

import type { Entry } from '../../dev/sandbox/mam/catalogue.mts';
import type { MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { MOUSE_MESSAGE } from '../../dev/sandbox/mam/tracker.mts';
import type { Execution } from '../../dev/stack/n8nApi.mts';
import { waitFor } from '../../dev/stack/process.mts';
import { seedTorrentFile, type SeedTorrent } from '../../dev/stack/seedTorrents.mts';
import {
	adapt,
	differences,
	GRABBER,
	JANITOR,
	KEEPER,
	readWorkflow,
	SPENDER,
} from '../../dev/stack/workflowFiles.mts';
import { registered, seed } from '../../dev/stack/seeds.mts';
import { Home, log, Scenario, type ScenarioOptions } from '../../dev/stack/world.mts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const HOUR = 3600;
const SEARCH = '/tor/js/loadSearchJSONbasic.php';

const GRABBER_GROUPS = {
	'PUT mam-freeleech-grabber': 1,
	'PUT mam-freeleech-grabber/kind/success': 1,
	'PUT mam-account': 1,
	'PUT mam-session': 1,
};
const SPENDER_GROUPS = {
	'PUT mam-bp-spender': 1,
	'PUT mam-bp-spender/kind/success': 1,
	'PUT mam-account': 1,
	'PUT mam-session': 1,
};
const JANITOR_GROUPS = {
	'PUT mam-farming-janitor': 1,
	'PUT mam-farming-janitor/kind/success': 1,
};

/** The account that the earlier system of docs/accidents.md dug itself into. */
const MOUSE = { uploadedBytes: 0, downloadedBytes: Math.round(715.55 * MIB) };

let home: Home;
let scenario: Scenario;

async function open(options: ScenarioOptions = {}): Promise<Scenario> {
	scenario = await Scenario.open(home, options);
	return scenario;
}

before(async () => {
	home = await Home.open();
});
afterEach(async () => await scenario?.close());
after(async () => await home?.close());

function assertSucceeded(execution: Execution): void {
	assert.equal(execution.error, '');
	assert.equal(execution.status, 'success');
	assert.equal(execution.times('Report Run'), 1);
}

function measured(what: string, execution: Execution): void {
	log(`${what}: ${execution.durationMs} ms, ${execution.storedBytes} bytes stored`);
}

test('an installation changes addresses, credentials and the schedule of the shipped files, nothing else', async () => {
	const installation = {
		credentials: { myAnonamouseApi: 'a', qBittorrentWebApi: 'b' },
		pushgatewayUrl: 'http://127.0.0.1:1',
		cron: '1 2 3 * * *',
	};
	for (const file of [GRABBER, JANITOR, SPENDER, KEEPER]) {
		const shipped = await readWorkflow(file);
		const changes = differences(shipped, adapt(shipped, installation));
		for (const change of changes) {
			log(`${file}: ${change}`);
			assert.match(
				change,
				/\.credentials\.\w+\.id: |Settings\.parameters\.assignments\.assignments\.\d\.value: |interval\.0\.expression: /,
			);
		}
		assert.ok(changes.length > 0);
	}
});

describe('grabber', () => {
	test('accident 1: a Mouse grabs nothing, says so, and is reported', async () => {
		const { mam, client, gateway } = await open({ mam: { account: MOUSE } });
		const [run] = await scenario.flows.runScheduled(GRABBER);
		assertSucceeded(run);
		assert.equal(run.mode, 'trigger');
		const line = 'Skip grab: ratio=0.0 class=Mouse (floor=1.2) reason=mouse_class';
		assert.equal(run.items('Guard Account', 2)[0].line, line);
		assert.match(run.customData.freeleech_grabber_line, new RegExp(line.replace(/[()]/g, '\\$&')));
		assert.deepEqual(await client.torrents(), []);
		assert.deepEqual(
			mam.requests.map(({ path }) => path),
			['/jsonLoad.php'],
		);
		assert.deepEqual(scenario.takePushes(), GRABBER_GROUPS);
		assert.equal(await gateway.value('mam_class_code', { classname: 'Mouse' }), 0);
		assert.equal(await gateway.value('mam_grabber_skipped_reason', { reason: 'mouse_class' }), 1);
	});

	/** The best five by the published rule, from the raw catalogue. */
	function bestFive({ catalogue }: MamStandIn): Entry[] {
		const score = ({ leechers, seeders, free, personalFreeleech }: Entry) =>
			leechers * 3 - seeders * 0.5 + (free || personalFreeleech ? 200 : 0);
		return catalogue.entries
			.filter((entry) => (entry.free || entry.personalFreeleech) && !entry.mySnatched)
			.filter(({ sizeBytes }) => sizeBytes >= 50 * MIB && sizeBytes <= 1024 * MIB)
			.filter(({ leechers, seeders }) => leechers >= 1 && seeders >= 1 && seeders <= 50)
			.sort(
				(a, b) =>
					score(b) - score(a) ||
					b.leechers - a.leechers ||
					a.sizeBytes - b.sizeBytes ||
					a.id - b.id,
			)
			.slice(0, 5);
	}

	test('accident 10: the five best of the catalogue are really added, and none twice', async () => {
		const { mam, client } = await open();
		const first = bestFive(mam).map(({ id }) => id);
		const [run] = await scenario.flows.runScheduled(GRABBER);
		assertSucceeded(run);
		measured('grabber, five grabbed', run);
		assert.deepEqual(scenario.takePushes(), GRABBER_GROUPS);

		const added = await client.torrents();
		assert.deepEqual(
			added.map(({ name }) => name).sort(),
			first.map((id) => `mam-${id}.m4b`).sort(),
		);
		for (const { name, category, tags, save_path: path } of added) {
			assert.equal(category, 'mam-farming');
			const id = /\d+/.exec(name)?.[0];
			assert.deepEqual(tags.split(', ').sort(), ['freeleech', 'mam', `mam-${id}`].sort());
			assert.equal(path, '/downloads/mam-farming');
		}

		const searches = mam
			.requestsTo(SEARCH)
			.map(({ body }) => body as { perpage: number; tor: Record<string, unknown> });
		const pages = searches.filter(({ tor }) => tor.id === undefined);
		assert.equal(pages.length, 1);
		assert.equal(pages[0].perpage, 1000);
		const { maxSeeders, minLeechers, minSize, maxSize, unit } = pages[0].tor;
		assert.deepEqual(
			{ maxSeeders, minLeechers, minSize, maxSize, unit },
			{ maxSeeders: 50, minLeechers: 1, minSize: 50, maxSize: 1024, unit: MIB },
		);

		// The site's own flag lags by minutes: the client's tags must be enough.
		for (const entry of mam.catalogue.entries) entry.mySnatched = false;
		mam.catalogue.entries
			.filter(({ id }) => first.includes(id))
			.forEach((entry) => (entry.leechers += 100));
		const [again] = await scenario.flows.runScheduled(GRABBER);
		assertSucceeded(again);
		const names = (await client.torrents()).map(({ name }) => name);
		assert.equal(new Set(names).size, names.length);
		assert.equal(names.length, 10);
		const reasons = again
			.items('Rank Candidates', 1)
			.map(({ decision }) => (decision as { reason: string }).reason);
		assert.equal(reasons.filter((reason) => reason === 'already_in_client').length, 5);
	});

	test('a manual run shows every candidate with its verdict and changes nothing', async () => {
		const { client, clientProxy, mam } = await open();
		const run = await scenario.flows.runManually(GRABBER);
		assertSucceeded(run);
		const held = run.items('Rank Candidates', 1);
		assert.equal(
			held.filter(({ decision }) => (decision as { reason: string }).reason === 'selected').length,
			5,
		);
		assert.ok(held.every(({ dryRun }) => dryRun === true));
		assert.deepEqual(run.items('Rank Candidates', 0), []);
		assert.deepEqual(await client.torrents(), []);
		assert.deepEqual(mam.requestsTo('/tor/download.php'), []);
		assert.ok(
			clientProxy.requests.every(
				({ method, path }) => method === 'GET' || path.endsWith('/auth/login'),
			),
		);
		assert.deepEqual(scenario.takePushes(), { 'PUT mam-freeleech-grabber/kind/dry_run': 1 });
	});

	test('accident 11: an empty search and an empty client are a success', async () => {
		const { mam } = await open({ mam: { catalogueSize: 0 } });
		const [run] = await scenario.flows.runScheduled(GRABBER);
		assertSucceeded(run);
		assert.deepEqual(scenario.takePushes(), GRABBER_GROUPS);
		assert.equal(mam.session.refused, 0);
	});

	test('a client that is down: one report, and the run is red', async () => {
		const { client, gateway } = await open();
		await client.stop();
		const [run] = await scenario.flows.runScheduled(GRABBER);
		assert.equal(run.status, 'error');
		assert.match(run.error, /client_unreachable/);
		assert.equal(run.times('Report Run'), 1);
		const pushes = scenario.takePushes();
		assert.equal(pushes['PUT mam-freeleech-grabber'], 1);
		assert.equal(pushes['PUT mam-freeleech-grabber/kind/success'], undefined);
		assert.equal(await gateway.value('mam_grabber_run_failed', { cause: 'client_unreachable' }), 1);
	});

	test('a bad threshold: everything is held, the field is named, one report, red', async () => {
		const { client } = await open();
		scenario.flows.change(GRABBER, 'Rank Candidates', ({ parameters }) => {
			parameters.grabPerRun = -1;
		});
		const [run] = await scenario.flows.runScheduled(GRABBER);
		assert.equal(run.status, 'error');
		assert.match(run.error, /bad_parameter.*Grab per Run/);
		assert.equal(run.times('Report Run'), 1);
		assert.equal(scenario.takePushes()['PUT mam-freeleech-grabber'], 1);
		assert.deepEqual(await client.torrents(), []);
	});

	test('accident 18: a dead session is red, says what to do, and is not called again', async () => {
		const { mam, gateway } = await open();
		mam.session.retireAll();
		const [run] = await scenario.flows.runScheduled(GRABBER);
		assert.equal(run.status, 'error');
		assert.match(run.error, /dead_cookie.*Preferences > Security/);
		assert.equal(await gateway.value('mam_farming_cookie_expired', {}), 1);
		assert.equal(mam.requests.length, 1);
		assert.equal(scenario.takePushes()['PUT mam-session'], 1);
		const [next] = await scenario.flows.runScheduled(SPENDER);
		assert.equal(next.status, 'error');
		assert.match(next.error, /dead_cookie/);
		assert.equal(mam.requests.length, 1);
	});
});

describe('spender', () => {
	test('accident 2: with 24551 points nothing is bought, and what is missing is said', async () => {
		const { mam } = await open({ mam: { account: { ...MOUSE, bonusPoints: 24551 } } });
		const [run] = await scenario.flows.runScheduled(SPENDER);
		assertSucceeded(run);
		measured('spender, nothing bought', run);
		const line = String(run.items('Plan Spend', 2)[0].line);
		assert.match(line, /deficit=1\.40 GiB needed=3 affordable=48 buy=0$/);
		const { reason, detail } = run.items('Plan Spend', 1)[0].decision as {
			reason: string;
			detail: string;
		};
		assert.equal(reason, 'cannot_afford');
		assert.match(detail, /^949 more points are needed.*25000 plus the reserve of 500/);
		assert.deepEqual(mam.purchases, []);
		assert.deepEqual(scenario.takePushes(), SPENDER_GROUPS);
	});

	test('accident 2: with 25551 points 50 GiB are bought once, and the next grabber run grabs', async () => {
		const { mam, client, gateway } = await open({
			mam: { account: { ...MOUSE, bonusPoints: 25551 } },
		});
		const dry = await scenario.flows.runManually(SPENDER);
		assertSucceeded(dry);
		assert.deepEqual(mam.purchases, []);
		assert.deepEqual(scenario.takePushes(), { 'PUT mam-bp-spender/kind/dry_run': 1 });

		const [run] = await scenario.flows.runScheduled(SPENDER);
		assertSucceeded(run);
		assert.deepEqual(mam.purchases, [{ type: 'upload', amount: 50, points: 25_000 }]);
		assert.equal(mam.account.bonusPoints, 551);
		assert.equal(mam.account.uploadedBytes, 50 * GIB);
		assert.deepEqual(scenario.takePushes(), SPENDER_GROUPS);
		assert.equal(await gateway.value('mam_bp_spent_gb', {}), 50);
		assert.ok(Number(await gateway.value('mam_ratio', {})) > 70);

		const [grab] = await scenario.flows.runScheduled(GRABBER);
		assertSucceeded(grab);
		assert.equal(await gateway.value('mam_class_code', { classname: 'User' }), 2);
		assert.equal((await client.torrents()).length, 5);
	});
});

describe('janitor', () => {
	/** The states in which the 501 torrents of accident 4 may be found; `isReady` once the client has settled. */
	const FOUND: Array<{
		what: string;
		options?: ScenarioOptions;
		preferences?: object;
		states: string[];
		isReady: (torrents: Listed) => Promise<boolean>;
	}> = [
		{
			what: 'with a tracker that works',
			states: ['stalledDL'],
			isReady: async (torrents) => torrents.every(({ tracker }) => tracker !== ''),
		},
		{
			what: 'with the tracker of a Mouse',
			options: { mam: { account: MOUSE } },
			states: ['stalledDL'],
			isReady: async (torrents) => {
				const answers = torrents.slice(-40).map(async ({ hash }) => {
					return (await scenario.client.trackers(hash)).some(({ msg }) => msg === MOUSE_MESSAGE);
				});
				return (await Promise.all(answers)).every(Boolean);
			},
		},
		{
			what: 'in a queue of three',
			preferences: {
				queueing_enabled: true,
				max_active_downloads: 3,
				max_active_torrents: 3,
				dont_count_slow_torrents: false,
			},
			states: ['queuedDL', 'stalledDL'],
			isReady: async (torrents) =>
				torrents.filter(({ state }) => state === 'queuedDL').length === 498 &&
				torrents.some(({ tracker }) => tracker !== ''),
		},
	];
	type Listed = Awaited<ReturnType<Scenario['client']['torrents']>>;

	for (const found of FOUND) {
		test(`accident 4: 466 that never started go, 35 in progress stay, ${found.what}`, async () => {
			const torrents = (mam: MamStandIn) =>
				registered(
					mam,
					...Array.from({ length: 466 }, (_, at) => seed(mam, `never-${at}`)),
					...Array.from({ length: 35 }, (_, at) => seed(mam, `progress-${at}`, { progress: 0.5 })),
				);
			const { client, clientProxy } = await open({ ...found.options, torrents });
			if (found.preferences !== undefined)
				await client.post('app/setPreferences', { json: JSON.stringify(found.preferences) });
			const before = await waitFor(`501 torrents ${found.what}`, async () => {
				const listed = await client.torrents();
				const isSettled = listed.every(({ state }) => found.states.includes(String(state)));
				return isSettled && (await found.isReady(listed)) ? listed : null;
			});
			const now = Date.now() / 1000;
			const never = before.filter(
				({ progress, downloaded, completed, state }) =>
					progress === 0 &&
					downloaded === 0 &&
					completed === 0 &&
					found.states.includes(String(state)),
			);
			assert.equal(never.length, 466);
			assert.ok(before.every(({ added_on: added }) => now - Number(added) > 24 * HOUR));
			assert.equal(
				before.filter(
					({ progress, state }) =>
						progress > 0.4 && progress < 0.6 && found.states.includes(String(state)),
				).length,
				35,
			);

			const dry = await scenario.flows.runManually(JANITOR);
			assertSucceeded(dry);
			assert.deepEqual(dry.items('Judge Torrents', 2)[0].planned, {
				unregistered: 0,
				never_started: 466,
				stalled_old: 0,
				graceful_retire: 0,
				zero_demand: 0,
				satisfied_redundant: 0,
			});
			assert.ok(
				clientProxy.requests.every(
					({ method, path }) => method === 'GET' || path.endsWith('/auth/login'),
				),
			);
			assert.equal((await client.torrents()).length, 501);
			assert.deepEqual(scenario.takePushes(), { 'PUT mam-farming-janitor/kind/dry_run': 1 });

			const [run] = await scenario.flows.runScheduled(JANITOR);
			assertSucceeded(run);
			measured('janitor, 501 torrents', run);
			assert.match(
				run.customData.farming_janitor_line,
				/Done: deleted=466 preserved_hnr=0 skipped_active=35 dry_run=False/,
			);
			const deletes = clientProxy.requests.filter(({ path }) => path.endsWith('/torrents/delete'));
			assert.ok(deletes.length >= 1 && deletes.length <= 2, String(deletes.length));
			assert.ok((await client.torrents()).every(({ name }) => name.startsWith('progress-')));
			const files = await readdir(client.downloads);
			assert.equal(files.filter((name) => name.startsWith('progress-')).length, 35);
			assert.equal(files.filter((name) => name.startsWith('never-')).length, 0);
			assert.deepEqual(scenario.takePushes(), JANITOR_GROUPS);

			const [again] = await scenario.flows.runScheduled(JANITOR);
			assertSucceeded(again);
			assert.match(
				again.customData.farming_janitor_line,
				/Done: deleted=0 preserved_hnr=0 skipped_active=35 dry_run=False/,
			);
		});
	}

	test('accident 13: only an unprotected, proven torrent past the window and its margin goes', async () => {
		const complete = (hours: number, change: Partial<SeedTorrent> = {}) => ({
			progress: 1,
			addedSecondsAgo: (hours + 1) * HOUR,
			seedingSeconds: hours * HOUR,
			uploadedBytes: 5000,
			...change,
		});
		const seeds = (mam: MamStandIn) => [
			seed(mam, 'at-71-h', complete(71)),
			seed(mam, 'at-95-h', complete(95)),
			seed(mam, 'at-97-h', complete(97)),
			seed(mam, 'kept', complete(97, { tags: ['keep'] })),
			seed(mam, 'book', complete(97, { category: 'books' })),
			seed(mam, 'refused', complete(97)),
		];
		const { client, mam } = await open({
			torrents: (standIn) => {
				const all = registered(standIn, ...seeds(standIn));
				standIn.tracker.refusals.set(
					seedTorrentFile(all[5]).infoHash,
					'Unrecognized host/PassKey. (127.0.0.1) See the FAQ',
				);
				return all;
			},
		});
		for (const one of seeds(mam).slice(0, 5))
			await mam.tracker.addSeeders(seedTorrentFile(one).infoHash, 6);
		const torrents = await client.torrents();
		for (const { hash } of torrents) await client.post('torrents/reannounce', { hashes: hash });
		await waitFor(
			'seven seeders by the announces',
			async () =>
				(await client.torrents()).filter(({ num_complete: seeders }) => Number(seeders) >= 6)
					.length === 5,
		);
		// What the janitor itself has seen takes days to prove.
		scenario.flows.change(JANITOR, 'Judge Torrents', ({ parameters }) => {
			parameters.seedClock = 'client';
			// Satisfied torrents keep seeding while there is room.
			parameters.options = {
				...(parameters.options as object),
				retireOnlyAbove: 0,
				retireBelowFreeGiB: 0,
			};
		});
		const [run] = await scenario.flows.runScheduled(JANITOR);
		assertSucceeded(run);
		const reasons = Object.fromEntries(
			[...run.items('Judge Torrents', 0), ...run.items('Judge Torrents', 1)].map(
				({ name, decision }) => [name, (decision as { reason: string }).reason],
			),
		);
		assert.deepEqual(reasons, {
			'at-71-h': 'hnr_window',
			'at-95-h': 'hnr_window',
			'at-97-h': 'satisfied_redundant',
			kept: 'protected',
			book: 'not_ours',
			refused: 'tracker_refused',
		});
		const left = (await client.torrents()).map(({ name }) => name).sort();
		assert.deepEqual(left, ['at-71-h', 'at-95-h', 'book', 'kept', 'refused']);
		const files = (await readdir(client.downloads)).sort();
		assert.deepEqual(files, left);
	});

	test('an empty client is a success; one that is down is red', async () => {
		const { client } = await open();
		const [run] = await scenario.flows.runScheduled(JANITOR);
		assertSucceeded(run);
		assert.deepEqual(scenario.takePushes(), JANITOR_GROUPS);
		await client.stop();
		const [down] = await scenario.flows.runScheduled(JANITOR);
		assert.equal(down.status, 'error');
		assert.match(down.error, /client_unreachable/);
		assert.deepEqual(scenario.takePushes(), { 'PUT mam-farming-janitor': 1 });
	});
});
