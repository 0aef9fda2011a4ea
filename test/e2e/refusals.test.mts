import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';

import { healthyAccount } from '../../dev/sandbox/mam/account.mts';
import type { RefusalName } from '../../dev/sandbox/mam/refusals.mts';
import { createCredentials } from '../../dev/stack/credentials.mts';
import type { Execution } from '../../dev/stack/n8nApi.mts';
import { freePort } from '../../dev/stack/process.mts';
import { GRABBER, SPENDER } from '../../dev/stack/workflowFiles.mts';
import { Home, Scenario } from '../../dev/stack/world.mts';

const HOUR_MS = 3_600_000;

const ACCOUNT = '/jsonLoad.php';
const SEARCH = '/tor/js/loadSearchJSONbasic.php';
const DOWNLOAD = '/tor/download.php';

/** The calls of a grabber run up to its first download, which reads the torrent once more before. */
const UP_TO_DOWNLOAD = [ACCOUNT, SEARCH, SEARCH, DOWNLOAD];

const FLOW = { [GRABBER]: 'grabber', [SPENDER]: 'spender' };

/** A host that the session is not for; what it was asked. */
const elsewhere = { url: '', requests: [] as string[] };
const otherHost = createServer((request, answer) => {
	elsewhere.requests.push(`${request.url} ${request.headers.cookie ?? ''}`);
	answer.end('{}');
});

let home: Home;
let scenario: Scenario;

before(async () => {
	otherHost.listen(0, '127.0.0.1');
	await once(otherHost, 'listening');
	elsewhere.url = `http://localhost:${(otherHost.address() as AddressInfo).port}/`;
	home = await Home.open();
	scenario = await Scenario.open(home);
});
after(async () => {
	await scenario?.close();
	await home?.close();
	otherHost.close();
});
beforeEach(async () => {
	const { mam } = scenario;
	Object.assign(mam.account, healthyAccount());
	mam.clearRefusals();
	for (const entry of mam.catalogue.entries) entry.mySnatched = false;
	mam.requests.length = 0;
	await scenario.renewCredentials();
	scenario.takePushes();
});

function paths(): string[] {
	return scenario.mam.requests.map(({ path }) => path.replace(/\/$/, ''));
}

async function runOf(file: string): Promise<Execution> {
	return (await scenario.flows.runScheduled(file))[0];
}

/** What a refused run must look like. */
interface Refused {
	cause: string;
	/** What happened, then what to do. */
	says: RegExp;
	calls: string[];
}

/** The run is red by this refusal and nothing else, reported once, counted, and the site was not called again. */
async function assertRefused(
	run: Execution,
	file: keyof typeof FLOW,
	{ cause, says, calls }: Refused,
): Promise<void> {
	const { gateway, mam } = scenario;
	assert.equal(run.status, 'error');
	assert.ok(run.error.startsWith(`${cause}: `), run.error);
	assert.match(run.error, says);
	assert.ok(!run.error.includes('mam_id='), run.error);
	assert.equal(run.times('Report Run'), 1);
	assert.deepEqual(paths(), calls);
	assert.equal(await gateway.value(`mam_${FLOW[file]}_run_failed`, { cause }), 1);
	const pushes = scenario.takePushes();
	assert.ok(Object.values(pushes).every((count) => count === 1));
	assert.ok(!Object.keys(pushes).some((group) => group.endsWith('/kind/success')));
	const expired = (await gateway.value('mam_farming_cookie_expired', {})) ?? 0;
	assert.equal(expired, Number(cause === 'dead_cookie'));
	assert.deepEqual(mam.purchases, []);
}

interface Case extends Refused {
	file: keyof typeof FLOW;
	refusal: RefusalName;
	path?: string;
	location?: () => string;
	body?: string;
}

const CASES: Record<string, Case> = {
	'an IP lock': {
		file: SPENDER,
		refusal: 'ip_mismatch',
		cause: 'ip_lock',
		says: /locked to another IP address.*add n8n's public IP address/,
		calls: [ACCOUNT],
	},
	'an ASN lock': {
		file: GRABBER,
		refusal: 'asn_mismatch',
		path: SEARCH,
		cause: 'asn_lock',
		says: /locked to another network \(ASN\).*add n8n's network/,
		calls: [ACCOUNT, SEARCH],
	},
	'a function that the session may not use': {
		file: SPENDER,
		refusal: 'session_type',
		cause: 'function_not_allowed',
		says: /may not use this function.*No further calls until/,
		calls: [ACCOUNT],
	},
	'a challenge page of a proxy': {
		file: SPENDER,
		refusal: 'challenge',
		cause: 'site_unavailable',
		says: /not available at the moment.*Just a moment.*next run tries again/,
		calls: [ACCOUNT],
	},
	'a session of the wrong type': {
		file: SPENDER,
		refusal: 'non_api_session',
		cause: 'session_type',
		says: /its type may not use this function.*create a session that may use the API/,
		calls: [ACCOUNT],
	},
	'a refusal in words that are not known': {
		file: SPENDER,
		refusal: 'ip_mismatch',
		body: 'Access denied by the house.',
		cause: 'session_refused',
		says: /for an unknown reason.*Access denied by the house\..*No further calls until.*staff may have disabled the account/,
		calls: [ACCOUNT],
	},
	'a page instead of JSON': {
		file: GRABBER,
		refusal: 'login_page',
		path: SEARCH,
		cause: 'not_json',
		says: /something that is not JSON\. It said: "Login"\..*create a new session/,
		calls: [ACCOUNT, SEARCH],
	},
	'a page instead of every .torrent': {
		file: GRABBER,
		refusal: 'login_page',
		path: DOWNLOAD,
		cause: 'bad_torrent',
		says: /not a complete \.torrent file\. It said: "Login"\..*Nothing was added/,
		calls: [...UP_TO_DOWNLOAD, ...Array.from({ length: 4 }, () => [SEARCH, DOWNLOAD]).flat()],
	},
	'garbage instead of JSON': {
		file: SPENDER,
		refusal: 'garbage',
		cause: 'not_json',
		says: /something that is not JSON.*Press Retry in the credential/,
		calls: [ACCOUNT],
	},
	'an empty body': {
		file: GRABBER,
		refusal: 'empty',
		path: SEARCH,
		cause: 'empty_body',
		says: /sent an empty answer.*check that the site is up/,
		calls: [ACCOUNT, SEARCH],
	},
	'a redirect to the login': {
		file: SPENDER,
		refusal: 'redirect',
		cause: 'login_redirect',
		says: /to another page.*not signed in.*create a new session/,
		calls: [ACCOUNT],
	},
	'a redirect of a download to another host, which is not followed': {
		file: GRABBER,
		refusal: 'redirect',
		path: DOWNLOAD,
		location: () => elsewhere.url,
		cause: 'site_unavailable',
		says: /not available at the moment.*to another page/,
		calls: UP_TO_DOWNLOAD,
	},
	'a connection that breaks': {
		file: GRABBER,
		refusal: 'reset',
		path: DOWNLOAD,
		cause: 'unreachable',
		says: /could not be reached: the connection broke.*Check n8n's network/,
		calls: UP_TO_DOWNLOAD,
	},
	'no answer': {
		file: SPENDER,
		refusal: 'hang',
		cause: 'timeout',
		says: /did not answer within 30 seconds.*the next run tries again/,
		calls: [ACCOUNT],
	},
};

for (const [what, { file, refusal, path, location, body, ...refused }] of Object.entries(CASES)) {
	test(`${what}: is identified, fails the run, is counted, and stops further calls`, async () => {
		scenario.mam.refuse({ refusal, path, location: location?.(), body });
		await assertRefused(await runOf(file), file, refused);
		assert.deepEqual(elsewhere.requests, []);
		assert.deepEqual(await scenario.client.torrents(), []);
	});
}

test('a site where nothing listens is identified, fails the run and is counted', async () => {
	const {
		home: { api },
		mam,
		credentials,
		clientProxy,
	} = scenario;
	const nowhere = await createCredentials(api, {
		mamUrl: `http://127.0.0.1:${await freePort()}`,
		session: mam.session.issue(),
		clientUrl: clientProxy.url,
	});
	Object.assign(credentials, nowhere);
	await assertRefused(await runOf(SPENDER), SPENDER, {
		cause: 'unreachable',
		says: /could not be reached: the connection was refused.*Check n8n's network/,
		calls: [],
	});
});

/** The next run of each flow says why and until when, and the site hears nothing. */
async function assertHeld(cause: string, until: RegExp): Promise<void> {
	const { mam } = scenario;
	mam.requests.length = 0;
	for (const file of [GRABBER, SPENDER]) {
		const run = await runOf(file);
		assert.equal(run.status, 'error');
		assert.ok(run.error.startsWith(`${cause}: `), run.error);
		assert.match(run.error, until);
	}
	assert.deepEqual(paths(), []);
	scenario.takePushes();
}

/** `until …` with a time that is `hours` from now, give or take a few minutes of a slow machine. */
function until(hours: number): RegExp {
	const near = Array.from({ length: 16 }, (_, minutes) =>
		new Date(Date.now() + hours * HOUR_MS + (minutes - 8) * 60_000).toISOString().slice(0, 16),
	);
	return new RegExp(`No further calls until (${near.join('|')}):\\d\\d\\.\\d{3}Z\\.`);
}

test('a dead session, a 429 and a download freeze hold every flow, with the time, also after a restart', async () => {
	const { mam, credentials, client } = scenario;
	mam.refuse({ refusal: 'rate_limited', path: SEARCH, times: 1 });
	await assertRefused(await runOf(GRABBER), GRABBER, {
		cause: 'rate_limited',
		says: /fewer requests \(HTTP 429\).*Wait\./,
		calls: [ACCOUNT, SEARCH],
	});
	await assertHeld('rate_limited', until(0.5));
	const limited = { ...credentials };

	await scenario.renewCredentials();
	mam.requests.length = 0;
	mam.account.frozenUntil = Date.now() + 20 * HOUR_MS;
	await assertRefused(await runOf(GRABBER), GRABBER, {
		cause: 'download_freeze',
		says: /froze downloads.*Wait until the time given/,
		calls: UP_TO_DOWNLOAD,
	});
	const frozen = { ...credentials };

	await scenario.renewCredentials();
	mam.requests.length = 0;
	mam.refuse({ refusal: 'dead_cookie', times: 1 });
	await assertRefused(await runOf(SPENDER), SPENDER, {
		cause: 'dead_cookie',
		says: /not signed in.*Preferences > Security, create a new session/,
		calls: [ACCOUNT],
	});
	await home.restartAfterKill();
	await assertHeld('dead_cookie', until(24));

	Object.assign(credentials, limited);
	await assertHeld('rate_limited', until(0.5));

	// A freeze is about downloads: the account is read, nothing is asked for.
	Object.assign(credentials, frozen);
	const grab = await runOf(GRABBER);
	const spend = await runOf(SPENDER);
	assert.match(grab.error, /^download_freeze: /);
	assert.match(grab.error, until(20));
	assert.equal(spend.error, '');
	assert.ok(!paths().includes(DOWNLOAD));
	assert.deepEqual(await client.torrents(), []);
});

test('accident 18: a new value that is refused as well means the account, and no flow calls again', async () => {
	const { mam } = scenario;
	const dead = { refusal: 'disabled', times: 1 } as const;
	mam.refuse(dead);
	assert.match((await runOf(SPENDER)).error, /^dead_cookie: /);
	await scenario.pasteSession();
	mam.refuse(dead);
	mam.requests.length = 0;
	scenario.takePushes();
	await assertRefused(await runOf(SPENDER), SPENDER, {
		cause: 'account_disabled',
		says: /even with a newly made session: staff may have disabled it.*Stop pasting.*contact staff/,
		calls: [ACCOUNT],
	});
	await assertHeld('account_disabled', until(24));
});

test('a VIP torrent, one that is gone and a file that is cut off are skipped, and the others are grabbed', async () => {
	const { mam, client, gateway } = scenario;
	const body = '<html><body>VIP torrent and you are not VIP or higher</body></html>';
	mam.refuse({ refusal: 'login_page', body, path: DOWNLOAD, times: 1 });
	mam.refuse({ refusal: 'gone', path: DOWNLOAD, times: 1 });
	mam.refuse({ refusal: 'truncated_torrent', path: DOWNLOAD, times: 1 });
	const run = await runOf(GRABBER);
	assert.deepEqual([run.status, run.error], ['success', '']);
	assert.equal((await client.torrents()).length, 2);
	for (const reason of ['vip_only', 'gone', 'bad_torrent'])
		assert.equal(await gateway.value('mam_grabber_held', { reason }), 1, reason);
	assert.equal(await gateway.value('mam_grabber_run_failed', { cause: 'none' }), 0);
	assert.equal(await gateway.value('mam_farming_grabbed', {}), 2);
	const causes = run
		.items('Download Torrent')
		.filter(({ error }) => error !== undefined)
		.map(({ error, message, details }) => [(details as { cause: string }).cause, error, message]);
	assert.deepEqual(causes.map(([cause]) => cause).sort(), ['bad_torrent', 'gone', 'vip_only']);
	for (const [, sentence, action] of causes)
		assert.match(
			`${sentence} ${action}`,
			/VIP accounts only|no longer has|not a complete \.torrent/,
		);
});
