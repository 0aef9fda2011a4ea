import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import type { Execution } from '../../dev/stack/n8nApi.mts';
import { waitFor } from '../../dev/stack/process.mts';
import type { ListedTorrent } from '../../dev/stack/qbittorrent.mts';
import { seedTorrentFile, type SeedTorrent } from '../../dev/stack/seedTorrents.mts';
import { KEEPER } from '../../dev/stack/workflowFiles.mts';
import { registered, seed } from '../../dev/stack/seeds.mts';
import { Home, Scenario } from '../../dev/stack/world.mts';

const HOUR = 3600;

const GROUPS = { 'PUT mam-client-keeper': 1, 'PUT mam-client-keeper/kind/success': 1 };

let home: Home;

before(async () => {
	home = await Home.open();
});
after(async () => await home?.close());

function dead(mam: MamStandIn, count: number): SeedTorrent[] {
	return Array.from({ length: count }, (_, at) => seed(mam, `dead-${at}`));
}

function complete(hours: number, change: Partial<SeedTorrent> = {}): Partial<SeedTorrent> {
	const past = { addedSecondsAgo: (hours + 1) * HOUR, seedingSeconds: hours * HOUR };
	return { progress: 1, ...past, ...change };
}

/** A client with torrents that the tracker knows, and preferences as `preferences` has them. */
async function open(
	torrents: (mam: MamStandIn) => SeedTorrent[],
	preferences: Record<string, boolean | number> = {},
): Promise<Scenario> {
	const scenario = await Scenario.open(home, {
		torrents: (mam) => registered(mam, ...torrents(mam)),
	});
	await scenario.client.post('app/setPreferences', { json: JSON.stringify(preferences) });
	return scenario;
}

async function inState(scenario: Scenario, state: string): Promise<ListedTorrent[]> {
	return (await scenario.client.torrents()).filter((torrent) => torrent.state === state);
}

async function waitForState(scenario: Scenario, state: string, count: number): Promise<void> {
	await waitFor(
		`${count} torrents in ${state}`,
		async () => (await inState(scenario, state)).length === count,
	);
}

/** Adds a torrent to a client whose slots are taken, so that it has never been announced. */
async function addQueued({ mam, client }: Scenario, torrent: SeedTorrent): Promise<void> {
	registered(mam, torrent);
	const { bytes, infoHash } = seedTorrentFile(torrent);
	await client.addFile(bytes);
	await waitFor('the torrent in the queue', async () => {
		const added = (await client.torrents()).find(({ hash }) => hash === infoHash);
		return added?.state === 'queuedDL';
	});
	await client.post('torrents/setCategory', { hashes: infoHash, category: torrent.category });
}

/** The bodies of the calls that set preferences. */
function sent({ clientProxy }: Scenario): unknown[] {
	return clientProxy.requests
		.filter(({ path }) => path.endsWith('/app/setPreferences'))
		.map(({ body }) => JSON.parse(new URLSearchParams(body).get('json') ?? ''));
}

function assertSucceeded(run: Execution): void {
	assert.equal(run.error, '');
	assert.equal(run.status, 'success');
	assert.equal(run.times('Report Run'), 1);
}

describe('a client whose queue lets three torrents download and one seed', () => {
	let scenario: Scenario;
	let first: Execution;

	const DRIFTED = {
		queueing_enabled: true,
		max_active_downloads: 3,
		max_active_uploads: 1,
		max_active_torrents: 5,
		dont_count_slow_torrents: false,
		max_ratio_enabled: true,
		max_ratio: 9,
	};

	before(async () => {
		scenario = await open(
			(mam) => [
				...dead(mam, 3),
				seed(mam, 'book-1', complete(30)),
				seed(mam, 'book-2', complete(30)),
				seed(mam, 'book-stopped', complete(40, { stopped: true })),
				seed(mam, 'film', { ...complete(30), category: '', stopped: true }),
			],
			DRIFTED,
		);
		await waitForState(scenario, 'queuedUP', 1);
		for (const one of dead(scenario.mam, 15).slice(3)) await addQueued(scenario, one);
	});
	after(async () => await scenario?.close());

	test('a manual run shows what has drifted, and sends nothing', async () => {
		const run = await scenario.flows.runManually(KEEPER);
		assertSucceeded(run);
		const [held] = run.items('Reconcile Preferences', 1);
		assert.equal(held.dryRun, true);
		assert.match((held.decision as { detail: string }).detail, /max_ratio_enabled is true \(9\)/);
		assert.ok(
			scenario.clientProxy.requests.every(
				({ method, path }) => method === 'GET' || path.endsWith('/auth/login'),
			),
		);
		assert.deepEqual(scenario.takePushes(), { 'PUT mam-client-keeper/kind/dry_run': 1 });
	});

	test('drift is put right once, and only what differs is sent', async () => {
		[first] = await scenario.flows.runScheduled(KEEPER);
		assertSucceeded(first);
		assert.deepEqual(scenario.takePushes(), GROUPS);
		assert.deepEqual(sent(scenario), [
			{
				max_active_downloads: 20,
				max_active_uploads: -1,
				max_active_torrents: -1,
				dont_count_slow_torrents: true,
				max_ratio_enabled: false,
			},
		]);
		assert.match(first.customData.client_keeper_line, /checked=7 drifted=5/);
		assert.equal(await scenario.gateway.value('mam_keeper_preferences_changed', {}), 5);
		assert.equal(
			await scenario.gateway.value('qbt_preference_drift', { preference: 'queueing_enabled' }),
			0,
		);
		assert.equal(
			await scenario.gateway.value('qbt_preference_drift', { preference: 'max_ratio_enabled' }),
			1,
		);
	});

	test('accident 6: queued torrents with an empty tracker count as mam, never as unknown', async () => {
		const { gateway } = scenario;
		const queued = first.items('List Client Torrents').filter(({ state }) => state === 'queuedDL');
		assert.equal(queued.length, 12);
		assert.ok(queued.every(({ tracker }) => tracker === ''));
		assert.equal(await gateway.value('qbt_tracker_torrents_total', { tracker: 'mam' }), 18);
		assert.equal(await gateway.value('qbt_tracker_queued', { tracker: 'mam' }), 13);
		assert.equal(await gateway.value('qbt_tracker_unsatisfied', { tracker: 'mam' }), 18);
	});

	test('accident 13: complete torrents that are queued or stopped in their window are reported', async () => {
		const { gateway } = scenario;
		const reasons = Object.fromEntries(
			first
				.items('Summarize Trackers', 1)
				.filter(({ name }) => String(name).startsWith('book'))
				.map(({ state, decision }) => [state, (decision as { reason: string }).reason]),
		);
		assert.equal(reasons.queuedUP, 'queued_in_hnr_window');
		assert.equal(reasons.stoppedUP, 'stopped_in_hnr_window');
		assert.equal(await gateway.value('qbt_silent_in_hnr_window', { state: 'queued' }), 1);
		assert.equal(await gateway.value('qbt_silent_in_hnr_window', { state: 'stopped' }), 1);
	});

	test('accident 5: everything leaves the queue, and the next run finds nothing to put right', async () => {
		const { clientProxy, gateway } = scenario;
		await waitForState(scenario, 'queuedDL', 0);
		await waitForState(scenario, 'queuedUP', 0);
		clientProxy.requests.length = 0;
		const [run] = await scenario.flows.runScheduled(KEEPER);
		assertSucceeded(run);
		assert.deepEqual(sent(scenario), []);
		assert.equal(await gateway.value('qbt_tracker_queued', { tracker: 'mam' }), 0);
		assert.equal(await gateway.value('qbt_silent_in_hnr_window', { state: 'queued' }), 0);
		// Who stopped it may have had a reason.
		assert.deepEqual((await inState(scenario, 'pausedUP')).map(({ name }) => name).sort(), [
			'book-stopped',
			'film',
		]);
	});

	test('the client is measured: connection, speeds, DHT nodes and free space', async () => {
		const { client, gateway } = scenario;
		for (const name of ['qbt_dht_nodes', 'qbt_ul_speed_bytes', 'qbt_dl_speed_bytes'])
			assert.equal(await gateway.value(name, {}), 0, name);
		assert.ok(Number(await gateway.value('qbt_free_space_bytes', {})) > 0);
		assert.equal(await gateway.value('qbt_connected', {}), 1);
		await client.stop();
		const [down] = await scenario.flows.runScheduled(KEEPER);
		assert.equal(down.status, 'error');
		assert.match(down.error, /client_unreachable/);
		assert.equal(down.times('Report Run'), 1);
		assert.equal(await gateway.value('qbt_connected', {}), 0);
	});
});

describe('a client with five slots, held by five dead torrents', () => {
	let scenario: Scenario;

	before(async () => {
		scenario = await open((mam) => dead(mam, 6), {
			queueing_enabled: true,
			max_active_downloads: 5,
			max_active_uploads: -1,
			max_active_torrents: -1,
			dont_count_slow_torrents: false,
			slow_torrent_inactive_timer: 1,
		});
		await waitForState(scenario, 'queuedDL', 1);
	});
	after(async () => await scenario?.close());

	test('accident 14: dont_count_slow_torrents is reconciled, and the sixth gets its slot', async () => {
		scenario.flows.change(KEEPER, 'Reconcile Preferences', ({ parameters }) => {
			parameters.maxActiveDownloads = 5;
		});
		const [run] = await scenario.flows.runScheduled(KEEPER);
		assertSucceeded(run);
		assert.deepEqual(sent(scenario), [{ dont_count_slow_torrents: true }]);
		await waitForState(scenario, 'queuedDL', 0);
	});

	test('a torrent whose tracker failed for a while is announced again, one that is refused is not', async () => {
		const { mam, client, clientProxy, gateway } = scenario;
		const [passing, refused] = dead(mam, 2).map((one) => seedTorrentFile(one).infoHash);
		const messages = async (hash: string) => (await client.trackers(hash)).map(({ msg }) => msg);
		mam.tracker.refusals.set(passing, 'The database is down, try again later');
		mam.tracker.refusals.set(refused, 'Unrecognized host/PassKey. (127.0.0.1)');
		await client.post('torrents/reannounce', { hashes: `${passing}|${refused}` });
		for (const hash of [passing, refused]) {
			const words = mam.tracker.refusals.get(hash);
			await waitFor(words!, async () => (await messages(hash)).includes(words!));
		}
		clientProxy.requests.length = 0;

		const [run] = await scenario.flows.runScheduled(KEEPER);
		assertSucceeded(run);
		assert.deepEqual(
			run.items('Reannounce Torrents').map(({ hash, result }) => [hash, result]),
			[[passing, 'done']],
		);
		assert.equal(await gateway.value('mam_keeper_reannounced', {}), 1);
		assert.equal(await gateway.value('mam_keeper_held', { reason: 'tracker_refused' }), 1);
		// The client also announces by itself, so what the run asked for is looked at.
		assert.deepEqual(
			clientProxy.requests
				.filter(({ path }) => path.endsWith('/torrents/reannounce'))
				.map(({ body }) => new URLSearchParams(body).get('hashes')),
			[passing],
		);
	});
});
