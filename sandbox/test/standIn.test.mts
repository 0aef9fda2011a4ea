import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';

import bencode from 'bencode';

import { GIB } from '../mam/account.mts';
import { startMam, type MamStandIn } from '../mam/standIn.mts';

const SEARCH = '/tor/js/loadSearchJSONbasic.php';

let mam: MamStandIn;
let session: string;

before(async () => {
	mam = await startMam();
});
after(async () => await mam.stop());
beforeEach(() => {
	session = mam.session.issue();
});
afterEach(() => mam.clearRefusals());

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
	const response = await fetch(mam.url + path, {
		redirect: 'manual',
		...init,
		headers: { 'user-agent': 'test', cookie: `mam_id=${session}`, ...init.headers },
	});
	const next = /mam_id=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
	if (next !== undefined && next !== 'deleted') session = next;
	return response;
}

/** A bencoded value with its byte strings as text. */
function decoded(bytes: Buffer): Record<string, unknown> {
	const plain = (value: unknown): unknown => {
		if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
	};
	return plain(bencode.decode(new Uint8Array(bytes))) as Record<string, unknown>;
}

async function searchFor(body: unknown): Promise<Record<string, unknown>> {
	const response = await ask(SEARCH, {
		method: 'POST',
		body: JSON.stringify(body),
		headers: { 'content-type': 'application/json' },
	});
	return (await response.json()) as Record<string, unknown>;
}

describe('session', () => {
	test('each value is valid once; the answer brings the next one', async () => {
		const first = session;
		assert.equal((await ask('/jsonLoad.php')).status, 200);
		assert.notEqual(session, first);
		const refused = mam.session.refused;
		session = first;
		const answer = await ask('/jsonLoad.php');
		assert.equal(answer.status, 403);
		assert.match(await answer.text(), /not signed in/);
		assert.match(answer.headers.get('set-cookie') ?? '', /mam_id=deleted; Max-Age=0/);
		assert.equal(mam.session.refused, refused + 1);
	});

	test('a value comes back verbatim or not at all', async () => {
		assert.match(session, /%3D/);
		session = decodeURIComponent(session);
		assert.equal((await ask('/jsonLoad.php')).status, 403);
	});

	test('without a User-Agent nothing is answered', async () => {
		assert.equal((await ask('/jsonLoad.php', { headers: { 'user-agent': '' } })).status, 400);
	});
});

describe('account', () => {
	test('comes in both shapes of the snatch summary', async () => {
		const first = (await (await ask('/jsonLoad.php?snatch_summary')).json()) as {
			unsat?: { red: boolean };
		};
		const second = (await (await ask('/jsonLoad.php?snatch_summary')).json()) as {
			unsat?: { red: boolean };
		};
		const [nested, legacy] = 'snatch_summary' in first ? [first, second] : [second, first];
		assert.ok('snatch_summary' in nested);
		assert.equal(legacy.unsat?.red, false);
	});
});

describe('search', () => {
	test('pages by the root perpage only, and counts all results', async () => {
		const page = await searchFor({
			perpage: 100,
			tor: { searchType: 'fl', startNumber: 0, perpage: 7 },
		});
		assert.equal((page.data as unknown[]).length, 100);
		const free = mam.catalogue.entries.filter(
			({ free: isFree, personalFreeleech }) => isFree || personalFreeleech,
		);
		assert.equal(page.found, free.length);
		assert.ok(free.length > 1200 && free.length < 1400);
		assert.equal(((await searchFor({ tor: { perpage: 100 } })).data as unknown[]).length, 20);
	});

	test('about one in a hundred free torrents has 50 seeders or fewer', async () => {
		const { found } = await searchFor({
			perpage: 100,
			tor: { searchType: 'fl', minSeeders: 1, maxSeeders: 50 },
		});
		assert.ok(Number(found) >= 12 && Number(found) <= 25, String(found));
	});

	test('filters sizes by unit, and GET takes the same filter in brackets', async () => {
		const query =
			'tor[searchType]=fl&tor[minSize]=900&tor[maxSize]=1024&tor[unit]=1048576&perpage=100';
		const page = (await (await ask(`${SEARCH}?${query}`)).json()) as { found: number };
		const expected = mam.catalogue.entries.filter(
			({ free, personalFreeleech, sizeBytes }) =>
				(free || personalFreeleech) && sizeBytes >= 900 * 1048576 && sizeBytes <= 1024 * 1048576,
		);
		assert.equal(page.found, expected.length);
	});

	test('nothing found is an error text; a body that is no JSON is answered with nothing', async () => {
		assert.match(
			String((await searchFor({ tor: { text: 'no such words' } })).error),
			/^Nothing returned, out of \d+$/,
		);
		const answer = await ask(SEARCH, {
			method: 'POST',
			body: '{"tor":',
			headers: { 'content-type': 'application/json' },
		});
		assert.equal(answer.status, 200);
		assert.equal(await answer.text(), '');
	});

	test('records come in odd shapes', async () => {
		const { data } = await searchFor({ perpage: 100, tor: {} });
		const types = new Set((data as Array<{ size: unknown }>).map(({ size }) => typeof size));
		assert.deepEqual([...types].sort(), ['number', 'string']);
	});
});

describe('bonus points', () => {
	test('upload is sold from 50 GiB on, as long as the points last', async () => {
		mam.account.bonusPoints = 25_100;
		const before = mam.account.uploadedBytes;
		const buy = async (amount: number) =>
			(await (await ask(`/json/bonusBuy.php/?spendtype=upload&amount=${amount}`)).json()) as Record<
				string,
				unknown
			>;
		assert.match(String((await buy(49)).error), /at least 50 GB/);
		assert.equal((await buy(50)).success, true);
		assert.equal(mam.account.bonusPoints, 100);
		assert.equal(mam.account.uploadedBytes, before + 50 * GIB);
		assert.deepEqual(await buy(50), { success: false, error: 'Not enough bonus, s1' });
	});
});

describe('download', () => {
	test('serves a real torrent file, and freezes at the unsatisfied limit', async () => {
		const [entry] = mam.catalogue.entries.filter(({ vip }) => !vip);
		const file = Buffer.from(await (await ask(`/tor/download.php?tid=${entry.id}`)).arrayBuffer());
		const torrent = decoded(file) as {
			announce: string;
			comment: string;
			info: { length: number };
		};
		assert.equal(torrent.announce, mam.tracker.url);
		assert.equal(torrent.comment, `https://www.myanonamouse.net/t/${entry.id}`);
		assert.equal(torrent.info.length, entry.sizeBytes);
		mam.account.unsatisfied.count = mam.account.unsatisfied.limit;
		const frozen = await (await ask(`/tor/download.php?tid=${entry.id}`)).text();
		assert.match(
			frozen,
			/Past Unsatisfied limit\. Happened: .* Time Till Download Allowed: 1d 0[12]:/,
		);
		mam.account.frozenUntil = 0;
		mam.account.unsatisfied.count = 0;
	});

	test('a wedge goes even for a free torrent', async () => {
		const entry = mam.catalogue.entries.find(({ free, vip }) => free && !vip)!;
		mam.account.wedges = 1;
		await ask(`/tor/download.php?tid=${entry.id}&fl`);
		assert.equal(mam.account.wedges, 0);
		assert.match(
			await (await ask(`/tor/download.php?tid=${entry.id}&fl`)).text(),
			/no freeleech wedges/,
		);
	});
});

describe('refusals', () => {
	for (const [refusal, status, text] of [
		['ip_mismatch', 403, /IP mismatch/],
		['rate_limited', 429, /^$/],
		['login_page', 200, /Login/],
		['empty', 200, /^$/],
		['redirect', 302, /^$/],
		['server_error_after_booking', 502, /Bad gateway/],
	] as const) {
		test(refusal, async () => {
			mam.refuse({ refusal, times: 1 });
			const answer = await ask('/jsonLoad.php');
			assert.equal(answer.status, status);
			assert.match(await answer.text(), text);
		});
	}
});

describe('tracker', () => {
	const announce = async (infoHash: string, more = ''): Promise<Record<string, unknown>> => {
		const hash = infoHash.replace(/../g, '%$&');
		const query = `info_hash=${hash}&peer_id=-XX0001-123456789012&port=6881&left=0&compact=1${more}`;
		const body = await (await fetch(`${mam.tracker.url}?${query}`)).arrayBuffer();
		return decoded(Buffer.from(body));
	};

	test('feeds what is uploaded into the account, refuses a Mouse and what was removed', async () => {
		const entry = mam.catalogue.entries.find(({ free }) => free)!;
		const { infoHash } = mam.catalogue.file(entry.id);
		const before = mam.account.uploadedBytes;
		assert.equal((await announce(infoHash, '&uploaded=0')).complete, 1);
		await announce(infoHash, '&uploaded=5000&downloaded=7000');
		assert.equal(mam.account.uploadedBytes, before + 5000);
		const { downloadedBytes, uploadedBytes } = mam.account;
		mam.account.uploadedBytes = 0;
		assert.match(String((await announce(infoHash))['failure reason']), /mouse rank/);
		mam.account.uploadedBytes = uploadedBytes;
		assert.equal(mam.account.downloadedBytes, downloadedBytes);
		mam.catalogue.remove(entry.id);
		assert.match(String((await announce(infoHash))['failure reason']), /not registered/);
	});
});
