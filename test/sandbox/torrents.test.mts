import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { http } from '../../dev/http.mts';
import type { Entry } from '../../dev/sandbox/mam/catalogue.mts';
import { startMam, type MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { decoded, Visitor } from './visitor.mts';

let mam: MamStandIn;
let visitor: Visitor;

async function open(snatchLagMinutes = 0): Promise<void> {
	mam = await startMam({ catalogueSize: 200, snatchLagMinutes });
	visitor = new Visitor(mam);
}

beforeEach(async () => await open());
afterEach(async () => await mam.stop());

function anEntry(rule: (entry: Entry) => boolean): Entry {
	const entry = mam.catalogue.entries.find(rule);
	assert.ok(entry !== undefined);
	return entry;
}

/** Announces as one peer and returns the tracker's answer. */
async function announce(infoHash: string, query = ''): Promise<Record<string, unknown>> {
	const hash = infoHash.replace(/../g, '%$&');
	const base = `info_hash=${hash}&peer_id=-XX0001-123456789012&port=6881&compact=1`;
	const left = query.includes('left=') ? '' : '&left=0';
	const url = `${mam.tracker.url}?${base}${left}&${query}`;
	return decoded((await http.get<Buffer>(url, { responseType: 'arraybuffer' })).data);
}

const isPlain = ({ free, vip }: Entry) => free && !vip;
const get = async (id: number, more = '') =>
	await visitor.ask<Buffer>(`/tor/download.php?tid=${id}${more}`, { responseType: 'arraybuffer' });
const textOf = async (id: number, more = '') => String((await get(id, more)).data);
const unsatisfied = async () => {
	const body = await visitor.json('/jsonLoad.php?snatch_summary');
	const summary = (body.snatch_summary ?? body) as { unsat: { count: number } };
	return summary.unsat.count;
};

describe('download', () => {
	test('serves a real, private torrent file that zeros seed', async () => {
		const { id, sizeBytes } = anEntry(isPlain);
		const answer = await get(id);
		assert.equal(answer.headers['content-type'], 'application/x-bittorrent');
		const torrent = decoded(answer.data) as {
			announce: string;
			comment: string;
			info: Record<string, number | string>;
		};
		assert.equal(torrent.announce, mam.tracker.url);
		assert.equal(torrent.comment, `https://www.myanonamouse.net/t/${id}`);
		const { info } = torrent;
		assert.deepEqual([info.length, info.private, info.source], [sizeBytes, 1, 'MyAnonamouse']);
		const pieceLength = Number(info['piece length']);
		const pieces = Buffer.from(String(info.pieces), 'latin1');
		assert.equal(pieces.length, 20 * Math.ceil(sizeBytes / pieceLength));
		const zeros = (bytes: number) => createHash('sha1').update(Buffer.alloc(bytes)).digest();
		assert.deepEqual(pieces.subarray(0, 20), zeros(pieceLength));
		assert.deepEqual(pieces.subarray(-20), zeros(sizeBytes % pieceLength || pieceLength));
	});

	test('past the unsatisfied limit everything is frozen for a day', async () => {
		const [one, other] = mam.catalogue.entries.filter(isPlain);
		mam.account.unsatisfied = { count: 19, limit: 20 };
		assert.equal((await get(one.id)).headers['content-type'], 'application/x-bittorrent');
		assert.equal(mam.account.unsatisfied.count, 20);
		const text =
			/Past Unsatisfied limit\. Happened: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d Time Till Download Allowed: 1d 0[12]:\d\d:\d\d/;
		assert.match(await textOf(other.id), text);
		mam.account.unsatisfied.count = 0;
		assert.match(await textOf(other.id), text);
	});

	test('refuses VIP torrents, bad links, and what is gone', async () => {
		const vip = anEntry((entry) => entry.vip);
		assert.match(await textOf(vip.id), /VIP torrent and you are not VIP or higher/);
		mam.account.baseClass = 'VIP';
		assert.equal((await get(vip.id)).headers['content-type'], 'application/x-bittorrent');
		assert.match(await visitor.text('/tor/download.php'), /Invalid download link/);
		assert.equal((await get(1)).status, 404);
	});

	test('a wedge goes even for a free torrent; without one the download fails', async () => {
		const { id } = anEntry(isPlain);
		await get(id, '&fl');
		assert.equal(mam.account.wedges, 0);
		assert.match(await textOf(id, '&fl'), /no freeleech wedges/);
	});

	test('the link hash works without a session from its own address only', async () => {
		const { dl } = anEntry(isPlain);
		const { session } = visitor;
		visitor.session = '';
		const link = `/tor/download.php/${dl}`;
		assert.match(await visitor.text(link), /^d8:announce/);
		assert.match(await visitor.text('/tor/download.php/none'), /Invalid download link/);
		mam.seedbox.callerIp = '203.0.113.7';
		const foreign = await visitor.ask(link);
		assert.equal(foreign.status, 401);
		const text = 'ip 203.0.113.7 does not match account, and no auth cookie provided';
		assert.equal(foreign.data, text);
		visitor.session = session;
		assert.match(await visitor.text(link), /^d8:announce/);
		assert.notEqual(visitor.session, session);
	});
});

describe('snatches', () => {
	test('search and account show them late, and never those whose announces are refused', async () => {
		const { id } = anEntry(isPlain);
		const { infoHash } = mam.catalogue.file(id);
		const shown = async () => {
			const { data } = (await visitor.search({ tor: { id } })) as {
				data: Array<{ my_snatched: unknown }>;
			};
			return Number(data[0].my_snatched);
		};
		await get(id);
		assert.deepEqual([await shown(), await unsatisfied()], [1, 3]);
		await announce(infoHash);
		assert.equal(await unsatisfied(), 4);

		await mam.stop();
		await open(15);
		await get(id);
		await announce(infoHash);
		assert.deepEqual([await shown(), await unsatisfied()], [0, 3]);
		assert.equal(mam.account.unsatisfied.count, 4);
	});

	test('are listed with the seed time that the tracker counted', async () => {
		const { id } = anEntry(isPlain);
		const { infoHash } = mam.catalogue.file(id);
		await get(id);
		await announce(infoHash, 'event=started&left=10');
		const list = async (type: string, uid = mam.account.uid) =>
			(
				(await visitor.json(
					`/json/loadUserDetailsTorrents.php?uid=${uid}&iteration=0&type=${type}&cacheTime=1`,
				)) as { rows: Array<Record<string, unknown>> }
			).rows;
		assert.equal((await list('unsat'))[0].finished, 0);
		assert.deepEqual(await list('seedUnsat'), []);
		await announce(infoHash, 'event=completed&uploaded=4000');
		const [row] = await list('seedUnsat');
		assert.deepEqual(
			[row.id, row.finished, row.uploaded, row.to_go, row.STG],
			[id, 1, 4000, 259_200, '3d 00:00:00'],
		);

		const snatch = mam.snatches.get(id);
		assert.ok(snatch !== undefined);
		snatch.seedSeconds = 259_200;
		const [satisfied] = await list('sSat');
		assert.deepEqual([satisfied.seedtime, satisfied.STG], [259_200, null]);
		await announce(infoHash, 'event=stopped');
		assert.deepEqual([(await list('sSat')).length, (await list('inactSat')).length], [0, 1]);
		assert.deepEqual(await list('inactSat', 1), []);
	});

	test('come 250 on a page', async () => {
		mam.account.unsatisfied.limit = 1000;
		for (let id = 1; id <= 260; id++) mam.snatches.start(id, Date.now());
		const rows = async (page: number) => {
			const path = `/json/loadUserDetailsTorrents.php?uid=123456&iteration=${page}&type=unsat`;
			return ((await visitor.json(path)) as { rows: unknown[] }).rows.length;
		};
		assert.deepEqual([await rows(0), await rows(1), await rows(2)], [250, 10, 0]);
	});
});

describe('tracker', () => {
	const hashOf = (rule: (entry: Entry) => boolean) => mam.catalogue.file(anEntry(rule).id).infoHash;

	test('counts by what is new; freeleech counts no download', async () => {
		const { account } = mam;
		const [up, down] = [account.uploadedBytes, account.downloadedBytes];
		const free = hashOf(isPlain);
		for (const bytes of [0, 5000, 5000, 9000]) {
			await announce(free, `uploaded=${bytes}&downloaded=${bytes}`);
		}
		assert.deepEqual([account.uploadedBytes - up, account.downloadedBytes - down], [9000, 0]);
		const paid = hashOf((entry) => !entry.free && !entry.personalFreeleech && entry.flVip);
		await announce(paid, 'downloaded=700');
		assert.equal(account.downloadedBytes - down, 700);
		account.baseClass = 'VIP';
		await announce(paid, 'downloaded=900');
		assert.equal(account.downloadedBytes - down, 700);
	});

	test('refuses a Mouse, whose traffic is not counted', async () => {
		const infoHash = hashOf(isPlain);
		Object.assign(mam.account, { uploadedBytes: 0, downloadedBytes: 1 });
		const text = 'User currently mouse rank, you need to get your ratio up!';
		assert.equal((await announce(infoHash, 'uploaded=50'))['failure reason'], text);
		assert.equal(mam.account.uploadedBytes, 0);
	});

	test('refuses what was removed, never registered, or set to be refused', async () => {
		const entry = anEntry(isPlain);
		const { infoHash } = mam.catalogue.file(entry.id);
		mam.tracker.refusals.set(infoHash, 'Unrecognized host/PassKey. (127.0.0.1) See the FAQ');
		assert.match(String((await announce(infoHash))['failure reason']), /^Unrecognized host/);
		mam.tracker.refusals.clear();
		assert.equal((await announce(infoHash)).complete, entry.seeders + 1);
		mam.catalogue.remove(entry.id);
		const text = 'torrent not registered with this tracker';
		assert.equal((await announce(infoHash))['failure reason'], text);
		assert.equal((await announce('00'.repeat(20)))['failure reason'], text);
		assert.deepEqual(await visitor.ids({ id: entry.id }), []);
		assert.deepEqual(
			mam.tracker.announces.map(({ refused }) => refused === null),
			[false, true, false, false],
		);
	});

	test('knows a torrent that an earlier stand-in of the same seed handed out', async () => {
		const { id } = anEntry(isPlain);
		const { infoHash } = mam.catalogue.file(id);
		await mam.stop();
		await open();
		assert.equal((await announce(infoHash))['failure reason'], undefined);
	});

	test("counts the catalogue's seeders and leechers beside the peers that announce", async () => {
		const { id, seeders, leechers } = anEntry(isPlain);
		const { infoHash } = mam.catalogue.file(id);
		const first = await announce(infoHash, 'left=5');
		assert.deepEqual([first.complete, first.incomplete], [seeders, leechers + 1]);
		const done = await announce(infoHash, 'event=completed');
		assert.deepEqual([done.complete, done.incomplete], [seeders + 1, leechers]);
	});

	test('reports seeders that were set, in announces and scrapes', async () => {
		const infoHash = 'ab'.repeat(20);
		mam.tracker.alsoRegistered.add(infoHash);
		await mam.tracker.addSeeders(infoHash, 6);
		assert.equal((await announce(infoHash, 'left=5')).complete, 6);
		const hash = infoHash.replace(/../g, '%$&');
		const scrape = await http.get<Buffer>(
			`${mam.tracker.url.replace(/announce$/, 'scrape')}?info_hash=${hash}`,
			{ responseType: 'arraybuffer' },
		);
		const { files } = decoded(scrape.data) as {
			files: Record<string, { complete: number }>;
		};
		assert.equal(Object.values(files)[0].complete, 6);
	});

	test('is down in several ways', async () => {
		const infoHash = hashOf(isPlain);
		const ask = async (signal?: AbortSignal) =>
			await http.get<string>(
				`${mam.tracker.url}?info_hash=${infoHash.replace(/../g, '%$&')}&peer_id=-XX0001-123456789012&port=1&left=0`,
				{ signal },
			);
		mam.tracker.outage = 'http_503';
		assert.equal((await ask()).status, 503);
		mam.tracker.outage = 'garbage';
		assert.match((await ask()).data, /maintenance/);
		mam.tracker.outage = 'hang';
		await assert.rejects(ask(AbortSignal.timeout(100)));
		mam.tracker.outage = null;
		assert.equal((await announce(infoHash))['failure reason'], undefined);
	});
});
