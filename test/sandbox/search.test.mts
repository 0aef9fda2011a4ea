import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { Entry } from '../../dev/sandbox/mam/catalogue.mts';
import { SEARCH_PATH } from '../../dev/sandbox/mam/site.mts';
import { startMam, type MamStandIn } from '../../dev/sandbox/mam/standIn.mts';
import { Visitor } from './visitor.mts';

const MIB = 1024 ** 2;

let mam: MamStandIn;
let visitor: Visitor;

before(async () => {
	mam = await startMam();
	visitor = new Visitor(mam);
});
after(async () => await mam.stop());

const isFree = ({ free, personalFreeleech }: Entry) => free || personalFreeleech;

describe('the catalogue', () => {
	test('is the same for the same seed and another for another', async () => {
		const [same, other] = [await startMam({ seed: 1 }), await startMam({ seed: 2 })];
		assert.deepEqual(same.catalogue.entries, mam.catalogue.entries);
		assert.notDeepEqual(other.catalogue.entries, mam.catalogue.entries);
		await Promise.all([same.stop(), other.stop()]);
	});

	test('has about 1,300 free torrents, about one in a hundred with 50 seeders or fewer', () => {
		const free = mam.catalogue.entries.filter(isFree);
		assert.ok(free.length > 1250 && free.length < 1350, String(free.length));
		const wanted = free.filter(({ seeders }) => seeders >= 1 && seeders <= 50);
		assert.ok(wanted.length >= 12 && wanted.length <= 20, String(wanted.length));
		assert.ok(free.some(({ seeders }) => seeders === 0));
		const usual = free.filter(({ seeders }) => seeders > 50);
		assert.ok(usual.every(({ seeders }) => seeders >= 100 && seeders <= 700));
	});

	test('has titles with entities, titles of digits, and titles that repeat', () => {
		const titles = mam.catalogue.entries.map(({ title }) => title);
		assert.ok(titles.some((title) => /&.*"/.test(title)));
		assert.ok(titles.some((title) => /^\d+$/.test(title)));
		assert.ok(new Set(titles).size < titles.length);
	});
});

describe('paging', () => {
	test('the page size counts at the root only, between 5 and 1000', async () => {
		const size = async (root: object) =>
			((await visitor.search(root)) as { data: unknown[] }).data.length;
		assert.equal(await size({ perpage: 100, tor: { perpage: 7 } }), 100);
		assert.equal(await size({ tor: { perpage: 100 } }), 20);
		assert.equal(await size({ perpage: 1, tor: {} }), 5);
		assert.equal(await size({ perpage: 2000, tor: {} }), 1000);
	});

	test('the pages together are everything once, and "found" says how many', async () => {
		const ids: number[] = [];
		let found = 1;
		for (let start = 0; start < found; start += 100) {
			const tor = { searchType: 'fl', sortType: 'leechersDesc', startNumber: start };
			const page = await visitor.search({ perpage: 100, tor });
			assert.equal(page.start, start);
			found = Number(page.found);
			const data = page.data as Array<{ id: unknown }>;
			ids.push(...data.filter(({ id }) => id !== null).map(({ id }) => Number(id)));
		}
		const free = mam.catalogue.entries.filter(isFree).map(({ id }) => id);
		assert.equal(found, free.length);
		assert.deepEqual(ids.sort(), free.sort());
		const past = await visitor.search({ tor: { startNumber: 100_000 } });
		assert.match(String(past.error), /^Nothing returned, out of \d+$/);
	});
});

describe('filters', () => {
	const cases: Array<[string, object, (entry: Entry) => boolean]> = [
		['freeleech', { searchType: 'fl' }, isFree],
		['VIP', { searchType: 'VIP' }, ({ vip }) => vip],
		['not VIP', { searchType: 'nVIP' }, ({ vip }) => !vip],
		['nobody seeds', { searchType: 'inactive' }, ({ seeders }) => seeders === 0],
		['to be reseeded', { searchIn: 'allReseed' }, ({ seeders }) => seeders === 0],
		['my own', { searchIn: 'mine' }, () => false],
		[
			'sizes by unit',
			{ minSize: 900, maxSize: 1024, unit: MIB },
			({ sizeBytes }) => sizeBytes >= 900 * MIB && sizeBytes <= 1024 * MIB,
		],
		['seeders', { minSeeders: 1, maxSeeders: 50 }, ({ seeders }) => seeders > 0 && seeders <= 50],
		['no seeders', { maxSeeders: 0 }, ({ seeders }) => seeders === 0],
		['leechers', { minLeechers: 25, maxLeechers: 28 }, ({ leechers: n }) => n >= 25 && n <= 28],
		['snatches', { minSnatched: 4900 }, ({ snatched }) => snatched >= 4900],
		['main categories', { main_cat: [13, 16] }, ({ mainCategory: m }) => m === 13 || m === 16],
		['categories', { cat: [42] }, ({ category }) => category === 42],
		['languages', { browse_lang: [2] }, ({ language }) => language === 2],
		[
			'all of the words',
			{ text: 'river stone' },
			({ title }) => /river/i.test(title) && /stone/i.test(title),
		],
		['authors', { text: 'marsh', srchIn: ['author'] }, ({ author }) => author === 'Cleo Marsh'],
		[
			'dates',
			{ startDate: '2026-08-03', endDate: Date.UTC(2026, 7, 4) / 1000 },
			({ added }) => added >= '2026-08-03' && added <= '2026-08-04 00:00:00',
		],
		['one id', { id: 900_090 }, ({ id }) => id === 900_090],
	];
	for (const [name, tor, expected] of cases) {
		test(name, async () => {
			const ids = mam.catalogue.entries.filter(expected).map(({ id }) => id);
			const answer = await visitor.search({ perpage: 100, tor });
			assert.equal(answer.found ?? 0, ids.length);
			assert.deepEqual((await visitor.ids(tor)).sort(), ids.slice(0, 100).sort());
		});
	}

	test('by info hash', async () => {
		const twin = await startMam();
		const { infoHash } = twin.catalogue.file(900_005);
		await twin.stop();
		assert.deepEqual(await visitor.ids({ hash: infoHash }), [900_005]);
		assert.deepEqual(await visitor.ids({ hash: infoHash.toUpperCase() }), [900_005]);
		assert.deepEqual(await visitor.ids({ hash: '00'.repeat(20) }), []);
	});

	test('GET takes the same in brackets', async () => {
		const query =
			'tor[searchType]=fl&tor[main_cat][]=13&tor[main_cat][]=14&tor[browse_lang][0]=1&tor[browse_lang][1]=2&tor[minSize]=900&tor[unit]=1048576&tor[perpage]=7&perpage=5';
		const page = (await visitor.json(`${SEARCH_PATH}?${query}`)) as Record<string, unknown>;
		const expected = mam.catalogue.entries.filter(
			(entry) => isFree(entry) && entry.mainCategory <= 14 && entry.sizeBytes >= 900 * MIB,
		);
		assert.equal(page.found, expected.length);
		assert.equal((page.data as unknown[]).length, 5);
		const logged = mam.requestsTo(SEARCH_PATH).at(-1);
		assert.equal(logged?.query.perpage, '5');
	});

	test('sorting, both ways', async () => {
		const seeders = new Map(mam.catalogue.entries.map(({ id, seeders: n }) => [id, n]));
		for (const [sortType, sign] of [
			['seedersAsc', 1],
			['seedersDesc', -1],
		] as const) {
			const counts = (await visitor.ids({ sortType })).map((id) => seeders.get(id) ?? -1);
			assert.deepEqual(
				counts,
				[...counts].sort((a, b) => sign * (a - b)),
			);
		}
	});
});

describe('answers', () => {
	test('nothing found is an error text; a body that is not JSON gets nothing at all', async () => {
		const nothing = await visitor.search({ tor: { text: 'no such words' } });
		assert.deepEqual(Object.keys(nothing), ['error']);
		assert.match(String(nothing.error), /^Nothing returned, out of \d+$/);
		const answer = await visitor.post('{"tor":');
		assert.deepEqual([answer.status, answer.data], [200, '']);
	});

	test('records come in every odd shape', async () => {
		const data: Array<Record<string, unknown>> = [];
		for (let start = 0; start < mam.catalogue.entries.length; start += 90) {
			const page = await visitor.search({ perpage: 100, tor: { startNumber: start } });
			data.push(...(page.data as typeof data));
		}
		const kinds = (field: string) => [...new Set(data.map((item) => typeof item[field]))].sort();
		for (const field of ['size', 'seeders', 'title']) {
			assert.ok(kinds(field).includes('number') && kinds(field).includes('string'), field);
		}
		assert.deepEqual(kinds('free'), ['boolean', 'number', 'string', 'undefined']);
		assert.ok(data.some(({ size }) => /^1,0[0-2]\d\.\d MiB$/.test(String(size))));
		assert.ok(data.some(({ title }) => /&amp;.*&quot;/.test(String(title))));
		assert.ok(data.some(({ author_info: info }) => String(info).endsWith('Reed')));
		assert.ok(data.some(({ seeders }) => seeders === 0 || seeders === '0'));
		assert.ok(data.some(({ id }) => id === null));
	});

	test('they are plain when that is asked for, and the link hash comes only on request', async () => {
		const plain = await startMam({ catalogueSize: 30, oddShapes: false });
		const guest = new Visitor(plain);
		const { data } = (await guest.search({ perpage: 100, tor: {} })) as {
			data: Array<Record<string, unknown>>;
		};
		assert.equal(data.length, 30);
		assert.ok(
			data.every(
				({ id, free, dl }) =>
					typeof id === 'number' && typeof free === 'number' && dl === undefined,
			),
		);
		const linked = await guest.search({ dlLink: '', tor: {} });
		assert.equal((linked.data as Array<{ dl: string }>)[0].dl, plain.catalogue.entries[0].dl);
		await plain.stop();
	});
});
