import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';

import { http } from '../../dev/http.mts';
import { startMam, type MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { cookieOf, Visitor } from './visitor.mts';

let mam: MamStandIn;
let visitor: Visitor;

before(async () => {
	mam = await startMam({ catalogueSize: 50 });
});
after(async () => await mam.stop());
beforeEach(() => {
	visitor = new Visitor(mam);
});
afterEach(() => mam.clearRefusals());

describe('rotation', () => {
	test('each value is valid once; the answer brings the next one', async () => {
		const first = visitor.session;
		const answer = await visitor.ask('/jsonLoad.php');
		assert.equal(answer.status, 200);
		assert.match(
			cookieOf(answer),
			/^mam_id=[^;]{80,}; Max-Age=1296000; path=\/; domain=\.myanonamouse\.net; secure; SameSite=Lax$/,
		);
		assert.notEqual(visitor.session, first);

		const { refused } = mam.session;
		visitor.session = first;
		const second = await visitor.ask('/jsonLoad.php');
		assert.equal(second.status, 403);
		assert.match(String(second.headers['content-type']), /^text\/html/);
		assert.equal(second.data, 'Error, you are not signed in <br />Invalid/missing cookie');
		assert.match(cookieOf(second), /mam_id=deleted; Max-Age=0/);
		assert.equal(mam.session.refused, refused + 1);
	});

	test('searches, purchases and downloads rotate too', async () => {
		const [{ id, dl }] = mam.catalogue.entries.filter(({ vip }) => !vip);
		for (const path of [
			'/tor/js/loadSearchJSONbasic.php',
			'/json/bonusBuy.php/?spendtype=upload&amount=1',
			`/tor/download.php?tid=${id}`,
			`/tor/download.php/${dl}`,
			'/json/dynamicSeedbox.php',
			'/json/loadUserDetailsTorrents.php',
		]) {
			const before = visitor.session;
			assert.equal((await visitor.ask(path)).status, 200, path);
			assert.notEqual(visitor.session, before, path);
		}
	});

	test('a value comes back verbatim or not at all', async () => {
		assert.match(visitor.session, /%3D/);
		visitor.session = decodeURIComponent(visitor.session);
		assert.equal((await visitor.ask('/jsonLoad.php')).status, 403);
	});

	test('a pasted value starts a line of its own and retires no other', async () => {
		const other = new Visitor(mam);
		for (const one of [visitor, other, visitor, other]) {
			assert.equal((await one.ask('/jsonLoad.php')).status, 200);
		}
	});

	test('an answer that is held back has retired the old value already', async () => {
		mam.refuse({ refusal: 'late', ms: 200, times: 1 });
		const old = new Visitor(mam);
		old.session = visitor.session;
		const { accepted } = mam.session;
		const late = visitor.ask('/jsonLoad.php');
		while (mam.session.accepted === accepted) await new Promise(setImmediate);
		assert.equal((await old.ask('/jsonLoad.php')).status, 403);
		assert.equal((await late).status, 200);
		assert.equal((await visitor.ask('/jsonLoad.php')).status, 200);
	});

	test('leniently, an old value stays valid', async () => {
		const lenient = await startMam({ catalogueSize: 1, strictRotation: false });
		const guest = new Visitor(lenient);
		const first = guest.session;
		await guest.ask('/jsonLoad.php');
		guest.session = first;
		assert.equal((await guest.ask('/jsonLoad.php')).status, 200);
		await lenient.stop();
	});
});

describe('refusals', () => {
	test('without a User-Agent nothing is answered', async () => {
		for (const path of ['/jsonLoad.php', '/json/jsonIp.php', '/tor/download.php/x']) {
			assert.equal((await visitor.ask(path, { headers: { 'user-agent': '' } })).status, 400);
		}
	});

	test('a path that the site does not have', async () => {
		assert.equal((await visitor.ask('/tor/nothing.php')).status, 404);
	});

	for (const [kind, text] of [
		['ip_lock', /^Invalid session - IP mismatch$/],
		['asn_lock', /^Invalid session - ASN mismatch$/],
		['session_type', /^Incorrect session type - not allowed this function$/],
	] as const) {
		test(`a session made as ${kind}`, async () => {
			visitor.session = mam.session.issue(kind);
			const answer = await visitor.ask('/jsonLoad.php');
			assert.equal(answer.status, 403);
			assert.match(answer.data, text);
		});
	}

	for (const [refusal, status, text] of [
		['dead_cookie', 403, /not signed in/],
		['ip_mismatch', 403, /IP mismatch/],
		['asn_mismatch', 403, /^Invalid session - ASN mismatch$/],
		['session_asn_mismatch', 403, /^Session ASN mismatch$/],
		['session_type', 403, /not allowed this function/],
		['non_api_session', 403, /non-API session/],
		['challenge', 403, /Just a moment/],
		['maintenance', 302, /^$/],
		['disabled', 403, /not signed in/],
		['rate_limited', 429, /^$/],
		['login_page', 200, /Login/],
		['empty', 200, /^$/],
		['redirect', 302, /^$/],
		['garbage', 200, /^\{"uid": 12$/],
		['gone', 404, /Not found/],
		['server_error_after_booking', 502, /Bad gateway/],
	] as const) {
		test(`${refusal}, as often as asked for`, async () => {
			mam.refuse({ refusal, times: 1 });
			const answer = await visitor.ask('/jsonLoad.php');
			assert.equal(answer.status, status);
			assert.match(answer.data, text);
			assert.equal(answer.headers['retry-after'], undefined);
			assert.equal((await visitor.ask('/jsonLoad.php')).status, 200);
		});
	}

	test('only on the path that is named', async () => {
		mam.refuse({ refusal: 'rate_limited', path: '/tor/' });
		assert.equal((await visitor.ask('/jsonLoad.php')).status, 200);
		assert.equal((await visitor.post('{}')).status, 429);
	});

	test('no answer at all: a reset, or silence; both are in the log', async () => {
		const before = mam.requests.length;
		mam.refuse({ refusal: 'reset', times: 1 });
		await assert.rejects(visitor.ask('/jsonLoad.php'));
		mam.refuse({ refusal: 'hang', times: 1 });
		const stop = new AbortController();
		const hanging = visitor.ask('/jsonLoad.php', { signal: stop.signal });
		while (mam.requests.length < before + 2) await new Promise(setImmediate);
		stop.abort();
		await assert.rejects(hanging);
		assert.deepEqual(
			mam.requests.slice(before).map(({ status }) => status),
			[0, 0],
		);
	});

	test('a purchase whose answer is lost is booked', async () => {
		mam.account.bonusPoints = 30_000;
		mam.refuse({ refusal: 'server_error_after_booking', times: 1 });
		await visitor.ask('/json/bonusBuy.php/?spendtype=upload&amount=50');
		assert.equal(mam.account.bonusPoints, 5000);
	});

	test('a .torrent file that ends early', async () => {
		const [{ id }] = mam.catalogue.entries.filter(({ vip }) => !vip);
		mam.refuse({ refusal: 'truncated_torrent', times: 1 });
		assert.match(await visitor.text(`/tor/download.php?tid=${id}`), /^d8:announce.{89}$/s);
	});
});

describe('from another process', () => {
	test('refusals, account and session are changed over HTTP, and the state is read', async () => {
		const control = async (method: string, path: string, body?: unknown) =>
			(
				await http.request<Record<string, unknown>>({
					url: `${mam.url}/sandbox/${path}`,
					method,
					data: body,
					responseType: 'json',
				})
			).data;
		await control('POST', 'refuse', { refusal: 'empty' });
		assert.equal(await visitor.text('/jsonLoad.php'), '');
		await control('DELETE', 'refuse');
		await control('POST', 'account', { bonusPoints: 77 });
		visitor.session = String((await control('POST', 'session')).value);
		assert.equal((await visitor.json('/jsonLoad.php?a=1')).seedbonus, 77);
		const { requests, account } = (await control('GET', 'state')) as {
			requests: Array<Record<string, unknown>>;
			account: Record<string, unknown>;
		};
		assert.equal(account.bonusPoints, 77);
		const { path, query, status, cookieAccepted } = requests[requests.length - 1];
		assert.deepEqual(
			{ path, query, status, cookieAccepted },
			{ path: '/jsonLoad.php', query: { a: '1' }, status: 200, cookieAccepted: true },
		);
		assert.ok(!JSON.stringify(requests).includes(visitor.session));
	});
});

test('stopping leaves nothing behind, not even a held-back answer', async () => {
	const short = await startMam({ catalogueSize: 1 });
	const guest = new Visitor(short);
	short.refuse({ refusal: 'late', ms: 60_000 });
	const late = guest.ask('/jsonLoad.php').catch(() => 'cut');
	while (short.session.accepted === 0) await new Promise(setImmediate);
	await short.stop();
	assert.equal(await late, 'cut');
});
