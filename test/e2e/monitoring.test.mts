import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { GIB, healthyAccount } from '../../dev/sandbox/mam/account.mts';
import { dashboardQueries } from '../../dev/scripts/dashboard.mts';
import { startAlertmanager, type Alertmanager } from '../../dev/stack/alertmanager.mts';
import { createClientCredential } from '../../dev/stack/credentials.mts';
import { ensurePrograms } from '../../dev/stack/debian.mts';
import { Flows } from '../../dev/stack/flows.mts';
import type { Execution } from '../../dev/stack/n8nApi.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { waitFor } from '../../dev/stack/process.mts';
import { startPrometheus, type Alert, type Prometheus } from '../../dev/stack/prometheus.mts';
import { startQbittorrent, type Qbittorrent } from '../../dev/stack/qbittorrent.mts';
import { startReceiver, type Receiver } from '../../dev/stack/receiver.mts';
import {
	changeSetting,
	GRABBER,
	JANITOR,
	KEEPER,
	SPENDER,
} from '../../dev/stack/workflowFiles.mts';
import { registered, seed } from '../../dev/stack/seeds.mts';
import { shortRules } from './shortRules.mts';
import { Home, log, Scenario } from '../../dev/stack/world.mts';

const HOUR = 3600;

const deployed = async (...path: string[]) =>
	await readFile(join(REPOSITORY, 'deploy', ...path), 'utf8');
const rules = await deployed('monitoring', 'alerts.yml');

let home: Home;
let scenario: Scenario;
let receiver: Receiver;
let alertmanager: Alertmanager;
let prometheus: Prometheus;

before(async () => {
	await ensurePrograms(['prometheus-alertmanager'], log);
	home = await Home.open();
	scenario = await Scenario.open(home, {
		// A ratio below its target, so that the spender has something to buy.
		mam: {
			catalogueSize: 200,
			account: { uploadedBytes: 36 * GIB, vipUntil: '2099-01-01 00:00:00' },
		},
		torrents: (mam) => {
			const complete = { progress: 1, seedingSeconds: 20 * HOUR };
			return registered(
				mam,
				seed(mam, 'never-1'),
				seed(mam, 'book', complete),
				seed(mam, 'film', { ...complete, category: 'films' }),
			);
		},
	});
	receiver = await startReceiver();
	alertmanager = await startAlertmanager(
		await home.newFolder('alertmanager'),
		await deployed('compose', 'alertmanager', 'alertmanager.yml'),
		receiver.url,
	);
	prometheus = await startPrometheus(
		await home.newFolder('prometheus'),
		scenario.gateway.url,
		shortRules(rules),
		alertmanager.url,
	);
});
after(async () => {
	await prometheus?.stop();
	await alertmanager?.stop();
	await receiver?.stop();
	await scenario?.close();
	await home?.close();
});

function assertSucceeded(runs: Execution[]): void {
	for (const run of runs) {
		assert.equal(run.error, '');
		assert.equal(run.status, 'success');
		assert.equal(run.times('Report Run'), 1);
	}
}

/** The alert's name, with the flow if each flow has its own alert, and the instance if there is one. */
function nameOf({ labels: { alertname, job, instance } }: Alert): string {
	const flow = alertname === 'MAMFlowFailing' ? ` ${job}` : '';
	return `${alertname}${flow}${instance ? ` of ${instance}` : ''}`;
}

const namesOf = (alerts: Alert[]) => alerts.map(nameOf).sort();

/** Waits until `expected` fire, says how long each took since the break, and makes sure that nothing else is alerted. */
async function assertFiring(expected: string[], since: number): Promise<void> {
	const after = (time: number) => `${((time - since) / 1000).toFixed(1)} s`;
	const seen = new Set<string>();
	await waitFor(`alerts: ${expected.join(', ')}`, async () => {
		for (const alert of await prometheus.alerts()) {
			const name = nameOf(alert);
			const activeAt = Date.parse(alert.activeAt);
			if (alert.state !== 'firing' || seen.has(name)) continue;
			seen.add(name);
			if (activeAt > since)
				log(
					`${name}: true ${after(activeAt)} after the break, seen firing after ${after(Date.now())}`,
				);
		}
		return expected.every((name) => seen.has(name));
	});
	assert.deepEqual(namesOf(await prometheus.settledAlerts()), [...expected].sort());
}

async function assertQuiet(): Promise<void> {
	assert.deepEqual(namesOf(await prometheus.settledAlerts()), []);
}

/** What Alertmanager has sent since the last call. */
function takeMessages(): string[] {
	return receiver.received.splice(0).map(({ body }) => {
		const { status, alerts } = JSON.parse(body) as { status: string; alerts: Alert[] };
		return `${status}: ${alerts.map(nameOf).join(', ')}`;
	});
}

const FLOWS = [GRABBER, JANITOR, SPENDER, KEEPER];
const failing = (...jobs: string[]) => jobs.map((job) => `MAMFlowFailing mam-${job}`);

describe('what Prometheus makes of the flows', { concurrency: 1 }, () => {
	test('healthy: no alert is pending or firing', async () => {
		assertSucceeded(await scenario.flows.runScheduled(...FLOWS));
		await assertQuiet();
	});

	test('every query of the dashboard gives data', async () => {
		const empty: string[] = [];
		const queries = await dashboardQueries();
		for (const { panel, expression } of queries) {
			// What Grafana puts in for All.
			const query = expression.replaceAll('$instance', '.*');
			if ((await prometheus.query(query)).length === 0) empty.push(`${panel}: ${query}`);
		}
		log(`${queries.length} queries of the dashboard`);
		assert.ok(queries.length > 0);
		assert.deepEqual(empty, []);
	});

	test('the session is refused: MAMCookieExpired; a new one pasted: quiet', async () => {
		const since = Date.now();
		scenario.mam.session.retireAll();
		const [run] = await scenario.flows.runScheduled(GRABBER);
		assert.match(run.error, /dead_cookie/);
		await assertFiring(['MAMCookieExpired', ...failing('freeleech-grabber')], since);
		await scenario.pasteSession();
		assertSucceeded(await scenario.flows.runScheduled(GRABBER));
		await assertQuiet();
	});

	test('the account is a Mouse: MAMMouseClass and MAMRatioBelowOne, and no flow fails by it', async () => {
		const since = Date.now();
		Object.assign(scenario.mam.account, { uploadedBytes: 0, bonusPoints: 5000 });
		assertSucceeded(await scenario.flows.runScheduled(GRABBER));
		await assertFiring(['MAMMouseClass', 'MAMRatioBelowOne'], since);
		Object.assign(scenario.mam.account, healthyAccount());
		assertSucceeded(await scenario.flows.runScheduled(GRABBER));
		await assertQuiet();
	});

	test('the Pushgateway is down: PushgatewayStale alone, and every flow does its work', async () => {
		const { gateway, client, flows } = scenario;
		await client.post('app/setPreferences', { json: '{"queueing_enabled":false}' });
		const since = Date.now();
		await gateway.stop();
		assertSucceeded(await flows.runScheduled(...FLOWS));
		const preferences = (await client.get('app/preferences')) as Record<string, unknown>;
		assert.equal(preferences.queueing_enabled, true);
		await assertFiring(['PushgatewayStale'], since);
		await gateway.start();
		assertSucceeded(await flows.runScheduled(KEEPER));
		await assertQuiet();
	});

	test('two clients on one Pushgateway: the one that is down alerts, by its name, in one message', async () => {
		const flows: Record<string, Flows> = {};
		const clients: Record<string, Qbittorrent> = {};
		try {
			for (const instance of ['home', 'seedbox']) {
				clients[instance] = await startQbittorrent({ folder: await home.newFolder(instance) });
				const qBittorrentWebApi = await createClientCredential(home.api, clients[instance].url);
				flows[instance] = new Flows(home.api, {
					credentials: { qBittorrentWebApi },
					pushgatewayUrl: scenario.gateway.url,
				});
				for (const file of [JANITOR, KEEPER])
					flows[instance].change(file, 'Settings', (node) =>
						changeSetting(node, 'instance', instance),
					);
			}
			const runBoth = async (file: string) =>
				await Promise.all(
					['home', 'seedbox'].map(async (instance) => await flows[instance].runScheduled(file)),
				);
			for (const file of [JANITOR, KEEPER])
				for (const runs of await runBoth(file)) assertSucceeded(runs);
			await assertQuiet();
			const seen = await prometheus.query('mam_janitor_last_run_timestamp{instance!=""}');
			assert.deepEqual(seen.map(({ labels }) => labels.instance).sort(), ['home', 'seedbox']);
			takeMessages();

			const since = Date.now();
			await clients.seedbox.stop();
			// The keeper's alert explains those of the others: it is the first to begin and the last to end.
			for (const file of [KEEPER, JANITOR]) {
				const [healthy, [failed]] = await runBoth(file);
				assertSucceeded(healthy);
				assert.match(failed.error, /client_unreachable/);
			}
			const alerts = [
				'QBittorrentDisconnected of seedbox',
				...failing('farming-janitor', 'client-keeper').map((name) => `${name} of seedbox`),
			];
			await assertFiring(alerts, since);
			await waitFor('the message', () => receiver.received.length > 0);
			await clients.seedbox.start();
			for (const file of [JANITOR, KEEPER])
				for (const runs of await runBoth(file)) assertSucceeded(runs);
			await assertQuiet();
			await waitFor('the message that it is over', () => receiver.received.length > 1);
			// The alert that explains the two others, when it began and when it was over.
			assert.deepEqual(takeMessages(), [
				'firing: QBittorrentDisconnected of seedbox',
				'resolved: QBittorrentDisconnected of seedbox',
			]);
		} finally {
			for (const instance of Object.keys(flows)) await flows[instance].unpublishAll();
			for (const client of Object.values(clients)) await client.stop();
		}
	});

	const CLIENT_DOWN = [
		'QBittorrentDisconnected',
		...failing('freeleech-grabber', 'farming-janitor', 'client-keeper'),
	];

	test('qBittorrent is down: QBittorrentDisconnected, and its flows fail', async () => {
		const since = Date.now();
		await scenario.client.stop();
		const runs = await scenario.flows.runScheduled(GRABBER, JANITOR, KEEPER);
		for (const run of runs) assert.match(run.error, /client_unreachable/);
		await assertFiring(CLIENT_DOWN, since);
	});

	test('n8n is stopped: an hour is tolerated, then each flow is missed in its time', async () => {
		await home.n8n.stop();
		const ofTwo = ['home', 'seedbox'].flatMap((instance) =>
			['MAMJanitorStuck', 'MAMKeeperStuck'].map((name) => `${name} of ${instance}`),
		);
		const stopped = [
			'MAMFarmingStuck',
			'MAMJanitorStuck',
			'MAMKeeperStuck',
			'PushgatewayStale',
			...ofTwo,
		];
		for (const [hours, more] of [
			[1, []],
			[2, stopped],
			[14, [...stopped, 'MAMSpenderStuck']],
		] as const) {
			log(`n8n stopped for ${hours} h`);
			const since = Date.now();
			await prometheus.setRules(shortRules(rules, hours));
			await assertFiring([...CLIENT_DOWN, ...more], since);
		}
	});
});
